"""Orders from journal rows: what a rebuilt ledger knows of each, when all that is left are the rows that central holds.

Pure. An order that the rows close is as they say. One that they leave open may have gone on after the last row that
reached central, and nothing here can know how: it ends DISPUTED, and what was put in and not accounted for is a claim.

Every kind of row that core can write stands in `kinds.py`, as one that changes something or as one that does not.
"""

from collections.abc import Callable, Container
from typing import Any, Final

import msgspec

from drivers.contract import NotePosition
from kiosk.ledger import replay_card
from kiosk.ledger.kinds import CHANGES_NOTHING, ONLY_POSITIONS
from kiosk.order.counters import NAMES
from kiosk.order.model import FINAL, Issue, IssueState, NoteIntent, Order, OrderOutcome, OrderState, Policy
from kiosk.order.saga import Record, owed
from kiosk.protocol.courier import JournalRow

LOST = "ledger-lost"


class UnknownRowError(Exception):
    """A row of a kind that this program does not know: what it changes can't be known either."""


class Replay:
    """Takes rows in order; `orders` by id are as far as the rows tell, `kept` the last positions by device.

    `policy`: what the machine takes. A coin or a note of unknown value is owed as the dearest. `besides`: kinds that
    whoever asks takes care of.
    """

    def __init__(self, policy: Policy, besides: Container[str] = ()) -> None:
        self._policy, self._besides = policy, besides
        self.orders: dict[str, Order] = {}
        self.kept: dict[str, Any] = {}

    def take(self, row: JournalRow) -> Order | None:
        """The order that this row closed, if it did. Raises UnknownRowError."""
        body = msgspec.json.decode(row.body)
        for device, told in body.get("kept", {}).items():
            self.kept[device] = self._counted(told) if device == "counters" else told
        if row.kind in _OPENS:
            self.orders[body["order"]] = _OPENS[row.kind](body, row.at_ms)
            return None
        step, order = _STEPS.get(row.kind), self.orders.get(body.get("order", ""))
        if step is None:
            self._must_know(row)
            return None
        if order is None:
            return None
        after = step(order, self._valued(row.kind, order, body))
        if after.state is OrderState.CLOSED:
            del self.orders[order.id]
            return after
        self.orders[order.id] = after
        return None

    def _counted(self, told: dict[str, Any]) -> dict[str, Any]:
        """A row says which counters stand elsewhere now; an older machine's row says where each of them stands."""
        return {**dict.fromkeys(NAMES), **self.kept.get("counters", {}), **told}

    def _must_know(self, row: JournalRow) -> None:
        if row.kind not in _NO_STEP and row.kind not in self._besides:
            raise UnknownRowError(f"row {row.seq} says {row.kind}")

    def _valued(self, kind: str, order: Order, body: dict[str, Any]) -> dict[str, Any]:
        """A `notes-unknown` without a value is an older machine's: its order held the dearest note for each, but for
        the one that was in doubt already (order/noting.py).
        """
        if kind != "notes-unknown" or "value" in body:
            return body
        more = max(0, body["count"] - (order.in_doubt > 0))
        return {**body, "value": more * max(self._policy.notes, default=0)}


def end_unproved(order: Order, policy: Policy) -> tuple[Order, tuple[Record, ...]]:
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
    if card is not None and card != order.card:
        body = {"order": order.id, "payment": card.key, "receipt": card.receipt, "amount": card.amount}
        records.append(Record("card-disputed", body))
    ended = msgspec.structs.replace(
        order, issues=tuple(issues), reason=order.reason or LOST, disputed=True, card=card
    )
    # What a redemption held stays owed at central, whatever of it was paid. A note may be in or out: it is owed.
    doubt = order.in_doubt + (order.note.value if order.note is not None else 0)
    closed = msgspec.structs.replace(
        ended,
        state=OrderState.CLOSED,
        payout=None,
        note=None,
        in_doubt=doubt,
        outcome=OrderOutcome.DISPUTED,
        counters=None,  # they stand where the last row told, which may be a later one than the order's own
    )
    closed = msgspec.structs.replace(closed, claim=0 if closed.redeems else owed(closed, policy))
    sums = {"fee": closed.earned, "credit": closed.credit, "paid": closed.paid, "claim": closed.claim}
    whose = {"redeems": True} if closed.redeems else {"holder": closed.holder} if closed.holder else {}
    end = {"order": closed.id, "outcome": closed.outcome, **sums, "reason": closed.reason, **whose}
    records.append(Record("order-closed", end))
    return closed, tuple(records)


def _opened(body: dict[str, Any], at_ms: int) -> Order:
    issues = tuple(
        Issue(line, copy, f"{body['order']}-{line}-{copy}", kind, fee, sheets, "")
        for line, copy, kind, sheets, fee in body["lines"]
    )
    return Order(body["order"], at_ms, issues, holder=body.get("holder", ""))


def _redeeming(body: dict[str, Any], at_ms: int) -> Order:
    holder = body.get("holder", "")
    return Order(body["order"], at_ms, (), state=OrderState.RESERVING, holder=holder, redeems=True)


_OPENS: dict[str, Callable[[dict[str, Any], int], Order]] = {
    "order-opened": _opened,
    "redeem-intent": _redeeming,
}


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
    "job_id": "job",
    "pages_remembered": "pages_remembered",
}


def _credit(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, credit=body["credit"], coins=order.coins + 1)


def _unknown(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, unknown_coins=order.unknown_coins + body["count"])


def _held(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, state=OrderState.RESERVED, redeem=body["amount"])


def _stacking(order: Order, body: dict[str, Any]) -> Order:
    intent = NoteIntent(body["key"], body["value"], NotePosition("", 0, None))
    return msgspec.structs.replace(order, note=intent, stackings=order.stackings + 1)


def _note_in(order: Order, body: dict[str, Any]) -> Order:
    doubt = order.in_doubt if order.note is not None else max(0, order.in_doubt - body["value"])
    return msgspec.structs.replace(order, note=None, credit=body["credit"], in_doubt=doubt)


def _note_back(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, note=None)


def _note_in_doubt(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, note=None, in_doubt=order.in_doubt + body["value"])


def _notes_unknown(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, in_doubt=order.in_doubt + body["value"])


def _in_doubt(order: Order, body: dict[str, Any]) -> Order:
    return msgspec.structs.replace(order, disputed=True)


def _paid(order: Order, body: dict[str, Any]) -> Order:
    paid = order.paid + body.get("value", 0)
    return msgspec.structs.replace(order, state=OrderState.SETTLING, paid=paid)


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
    "paid": _paid,
    "redeem-held": _held,
    "note-intent": _stacking,
    "note-credit": _note_in,
    "note-returned": _note_back,
    "note-doubt": _note_in_doubt,
    "notes-unknown": _notes_unknown,
    "credit-disputed": _in_doubt,
    "accepts-disputed": _in_doubt,
    "payout-disputed": _in_doubt,
    "order-closed": _closed,
}
_NO_STEP = ONLY_POSITIONS | CHANGES_NOTHING
KINDS: Final = frozenset({*_OPENS, *_STEPS, *_NO_STEP})
"""What `take` knows by itself."""
