"""Orders from journal rows: what a rebuilt ledger knows of each, when all that is left are the rows that central holds.

Pure. An order that the rows close is as they say. One that they leave open may have gone on after the last row that
reached central, and nothing here can know how: it ends DISPUTED, and what was put in and not accounted for is a claim.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from kiosk.ledger import replay_card
from kiosk.order.model import FINAL, Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.order.saga import Record
from kiosk.protocol.courier import JournalRow

LOST = "ledger-lost"


class Replay:
    """Takes rows in order; `orders` by id are as far as the rows tell, `kept` the last positions by device."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.kept: dict[str, Any] = {}

    def take(self, row: JournalRow) -> Order | None:
        """The order that this row closed, if it did. Rows of other kinds move nothing."""
        body = msgspec.json.decode(row.body)
        self.kept.update(body.get("kept", {}))
        if row.kind == "order-opened":
            self.orders[body["order"]] = _opened(body, row.at_ms)
            return None
        step, order = _STEPS.get(row.kind), self.orders.get(body.get("order", ""))
        if step is None or order is None:
            return None
        after = step(order, body)
        if after.state is OrderState.CLOSED:
            del self.orders[order.id]
            return after
        self.orders[order.id] = after
        return None


def end_unproved(order: Order) -> tuple[Order, tuple[Record, ...]]:
    """An order whose end nobody has: DISPUTED, and the rows that say so."""
    records, issues = [], []
    for issue in order.issues:
        if issue.state in FINAL:
            issues.append(issue)
        elif issue.state is IssueState.WAITING:
            issues.append(_with(issue, state=IssueState.UNDELIVERED, reason=LOST))
        else:
            issues.append(_with(issue, state=IssueState.DISPUTED, reason=LOST))
            body = {"order": order.id, "line": issue.line, "copy": issue.copy, "key": issue.key}
            more = {"type_code": issue.type_code, "number": issue.number, "reason": LOST}
            records.append(Record("issue-disputed", {**body, **more}))
    card = replay_card.unproved(order.card)
    ended = msgspec.structs.replace(
        order, issues=tuple(issues), reason=order.reason or LOST, disputed=True, card=card
    )
    closed = msgspec.structs.replace(
        ended, state=OrderState.CLOSED, payout=None, claim=max(0, ended.due), outcome=OrderOutcome.DISPUTED
    )
    sums = {"fee": closed.earned, "credit": closed.credit, "paid": closed.paid, "claim": closed.claim}
    end = {"order": closed.id, "outcome": closed.outcome, **sums, "reason": closed.reason}
    return closed, (*records, Record("order-closed", end))


def _opened(body: dict[str, Any], at_ms: int) -> Order:
    issues = tuple(
        Issue(line, copy, f"{body['order']}-{line}-{copy}", kind, fee, sheets, "")
        for line, copy, kind, sheets, fee in body["lines"]
    )
    return Order(body["order"], at_ms, issues, holder=body.get("holder", ""))


def _with(issue: Issue, **fields: Any) -> Issue:
    return msgspec.structs.replace(issue, **fields)


def _on_issue(state: IssueState) -> Callable[[Order, dict[str, Any]], Order]:
    def step(order: Order, body: dict[str, Any]) -> Order:
        said = {"number": body.get("number", ""), "state": state}
        for name, told in _COUNTERS.items():
            if told in body:
                said[name] = body[told]
        return msgspec.structs.replace(
            order,
            state=OrderState.LINES,
            issues=tuple(_with(i, **said) if i.key == body["key"] else i for i in order.issues),
        )

    return step


_COUNTERS = {
    "pages_before": "pages_before",
    "retracts_before": "retracts_before",
    "printer_serial": "printer",
    "presenter_serial": "presenter",
    "reason": "reason",
    "spoiled": "spoiled",
}


def _credit(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, credit=body["credit"], coins=order.coins + 1)


def _unknown(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, unknown_coins=order.unknown_coins + body["count"])


def _paying(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, state=OrderState.PAYING, payouts=order.payouts + 1)


def _closed(order: Order, body: dict[str, Any]) -> Order:
    """The row's own sums count; copies that no row ended had not been begun."""
    issues = tuple(
        i if i.state in FINAL else _with(i, state=IssueState.UNDELIVERED, reason=body.get("reason", ""))
        for i in order.issues
    )
    return msgspec.structs.replace(
        order,
        issues=issues,
        state=OrderState.CLOSED,
        credit=body["credit"],
        paid=body["paid"],
        claim=body["claim"],
        outcome=OrderOutcome(body["outcome"]),
        reason=body.get("reason", ""),
    )


_STEPS: dict[str, Callable[[Order, dict[str, Any]], Order]] = {
    **replay_card.STEPS,
    "credit": _credit,
    "coins-unknown": _unknown,
    "issue-intent": _on_issue(IssueState.ISSUING),
    "issue-numbered": _on_issue(IssueState.ISSUED),
    "print-intent": _on_issue(IssueState.PRINTING),
    "present-intent": _on_issue(IssueState.PRESENTING),
    "issue-delivered": _on_issue(IssueState.DELIVERED),
    "issue-void": _on_issue(IssueState.UNDELIVERED),
    "issue-disputed": _on_issue(IssueState.DISPUTED),
    "pay-intent": _paying,
    "order-closed": _closed,
}
