"""Faults planted into the product on purpose, one at a time: lives that do not find them would prove nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import msgspec

from drivers import contract as device
from kiosk.core.cash_books import CashBooks
from kiosk.core.order_runner import OrderRunner
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.migrations import immediate
from kiosk.ledger.schema import PRAGMAS
from kiosk.order import events as order_events
from kiosk.order import evidence, paper, paying, recovery, settling
from kiosk.order.model import Issue, IssueState, Order, OrderState, Policy
from kiosk.order.saga import Move, Saga, Stage, change, change_issue
from kiosk.protocol import journal
from kiosk.protocol.journal import kind_of
from tests.crash.lives import planted_claims, planted_outages, planted_power
from tests.crash.lives.cash_bus import CashBus
from tests.crash.lives.centre import Centre

_commit = Ledger.commit
_resume = recovery.resume


def _without(kind: str) -> Callable[..., None]:
    """A ledger that does not store the steps with this record."""

    def commit(self: Ledger, records: Sequence[journal.Row], *more: Any, **others: Any) -> None:
        if all(kind_of(record) != kind for record in records):
            _commit(self, records, *more, **others)

    return commit


def _shown_first(self: OrderRunner, move: Move, *more: Any) -> None:
    """The screen hears of a coin at once, the disk in the next task."""
    if all(not isinstance(record, journal.Credit) for record in move.records):
        _apply(self, move, *more)
        return
    self.saga = move.saga
    self._ports.moved(move.saga)
    self._cash._post(lambda: _apply(self, move, *more))


_apply = OrderRunner.apply


def _posted_later(self: Ledger, records: Sequence[journal.Row], *more: Any, **others: Any) -> None:
    """The rows for central are stored in a transaction of their own, after that of the journal."""
    _commit(self, records, *more, **others)
    with immediate(self.db):
        for seq in range(self._seq - len(records) + 1, self._seq + 1):
            self._db.execute("INSERT INTO outbox VALUES (?)", (seq,))


def _append_only(self: Ledger, seq: int, prev: str, record: journal.Row, stamp: Any) -> str:
    hashed = _append(self, seq, prev, record, stamp)
    self._db.execute("DELETE FROM outbox WHERE seq = ?", (seq,))
    return hashed


_append = Ledger._append


def _position_first(self: CashBooks, event: Any) -> None:
    """How far coins are booked is stored before the coin is."""
    self._ledger.commit((), position=event.position)
    _coin(self, event)


_coin = CashBooks.coin


def _assumes_paid(order: Order, policy: Policy, now_ms: int) -> Move:
    if order.state is OrderState.PAYING and order.payout is not None:
        saga = Saga(order, policy, Stage.WEIGHING, live=False)
        paid = order.payout.dispensed_before + order.payout.coins
        return settling._paid(saga, paid % (1 << 24), device.SPAN_24, now_ms)
    return _resume(order, policy, now_ms)


def _assumes_delivered(order: Order, policy: Policy, now_ms: int) -> Move:
    issue = order.current
    if issue is not None and issue.state in (IssueState.PRINTING, IssueState.PRESENTING):
        saga = Saga(order, policy, Stage.LOOKING, live=False)
        with mock.patch.object(evidence, "verdict", return_value=evidence.Verdict.DELIVERED):
            return paper._judge(saga, device.PaperReading("P1", 0, "R1", 0, False, False), now_ms)
    return _resume(order, policy, now_ms)


def _assumes_not_printed(order: Order, policy: Policy, now_ms: int) -> Move:
    issue = order.current
    if issue is not None and issue.state in (IssueState.PRINTING, IssueState.PRESENTING):
        saga = Saga(order, policy, Stage.LOOKING, live=False)
        return settling.undeliver(saga, "interrupted", now_ms)
    return _resume(order, policy, now_ms)


def _somebody_is_there(order: Order, policy: Policy, now_ms: int) -> Move:
    """After a power cut the payer is taken to be still there."""
    move = _resume(order, policy, now_ms)
    saga = msgspec.structs.replace(move.saga, live=True)
    if order.state is OrderState.LINES and order.current is not None:
        return Move(saga, move.records, move.effects)
    return settling.settle(settling.give_up(saga, "interrupted"), now_ms) if order.credit else move


def _one_for_all(issue: Issue, reading: device.PaperReading) -> evidence.Verdict:
    """Whatever was printed was delivered: the retract counter is not looked at."""
    out = evidence.sheets_out(issue, reading) or 0
    return evidence.Verdict.DELIVERED if out >= issue.sheets else evidence.Verdict.UNDELIVERED


_change_issue = change_issue


def _whole_order(saga: Saga, issue: Issue, **fields: Any) -> Saga:
    """What became of one copy is entered for all of them."""
    if fields.get("state") is IssueState.DELIVERED:
        issues = tuple(msgspec.structs.replace(one, **fields) for one in saga.order.issues)
        return change(saga, issues=issues)
    return _change_issue(saga, issue, **fields)


def _pays_the_rest_again(saga: Saga, event: order_events.PayoutOver, now_ms: int) -> Move | None:
    """Whatever the hopper says, what was wanted counts as paid."""
    payout = saga.order.payout
    if payout is None or event.key != payout.key:
        return None
    return settling._paid(saga, payout.dispensed_before + payout.coins, device.SPAN_24, now_ms)


_paid = settling._paid
_counted = paying.counted


def _all_alike(saga: Saga, dispensed: int, span: int, now_ms: int) -> Move:
    """Whichever hopper has paid, its coins are taken for those of the first one."""
    payout = saga.order.payout
    if payout is not None:
        saga = change(saga, payout=msgspec.structs.replace(payout, value=saga.policy.hopper_coin))
    return _paid(saga, dispensed, span, now_ms)


def _first_for_both(reading: device.CashReading | None, hopper: int) -> device.HopperCount | None:
    """Whichever hopper pays, the first one's count is looked at."""
    return _counted(reading, 0)


PLANTED: dict[str, Callable[[], list[Any]]] = {
    "synchronous is NORMAL": lambda: [mock.patch.dict(PRAGMAS, synchronous=("NORMAL", 1))],
    "no PRINT? row": lambda: [mock.patch.object(Ledger, "commit", _without("print-intent"))],
    "no PAY? row": lambda: [mock.patch.object(Ledger, "commit", _without("pay-intent"))],
    "a coin is shown before it is stored": lambda: [mock.patch.object(OrderRunner, "apply", _shown_first)],
    "the outbox outside of the transaction": lambda: [
        mock.patch.object(Ledger, "_append", _append_only),
        mock.patch.object(Ledger, "commit", _posted_later),
    ],
    "boot assumes paid": lambda: [mock.patch.object(recovery, "resume", _assumes_paid)],
    "boot assumes delivered": lambda: [mock.patch.object(recovery, "resume", _assumes_delivered)],
    "boot assumes not printed": lambda: [mock.patch.object(recovery, "resume", _assumes_not_printed)],
    "boot pays out": lambda: [mock.patch.object(recovery, "resume", _somebody_is_there)],
    "no drain after inhibit": lambda: [mock.patch.object(CashBus, "drain", False)],
    "central forgets tombstones": lambda: [mock.patch.object(Centre, "remembers_tombstones", False)],
    "the position before the coin": lambda: [mock.patch.object(CashBooks, "coin", _position_first)],
    "retracts are not looked at": lambda: [mock.patch.object(evidence, "verdict", _one_for_all)],
    "one copy's end for all": lambda: [mock.patch.object(paper, "change_issue", _whole_order)],
    "coins of both hoppers count alike": lambda: [mock.patch.object(settling, "_paid", _all_alike)],
    "the first hopper's count for both": lambda: [mock.patch.object(paying, "counted", _first_for_both)],
    "what was wanted counts as paid": lambda: [
        mock.patch.dict(settling.HANDLERS, {(Stage.PAYING, order_events.PayoutOver): _pays_the_rest_again}),
        mock.patch.dict(
            "kiosk.order.reduce.HANDLERS",
            {(Stage.PAYING, order_events.PayoutOver): _pays_the_rest_again},
        ),
    ],
    **planted_claims.PLANTED,
    **planted_power.PLANTED,
    **planted_outages.PLANTED,
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The product with this fault."""
    with ExitStack() as stack:
        for patch in PLANTED[name]():
            stack.enter_context(patch)
        yield
