"""Orders from journal rows: what a rebuilt ledger knows of each, when all that is left are the rows that central holds.

Pure. An order that the rows close is as they say. One that they leave open may have gone on after the last row that
reached central, and nothing here can know how: it ends DISPUTED, and what was put in and not accounted for is a claim.
"""

from typing import Any, assert_never

import msgspec
from msgspec import UNSET

from drivers.contract import NotePosition
from kiosk.ledger import replay_card, replay_paper
from kiosk.order.counters import NAMES
from kiosk.order.model import FINAL, Issue, IssueState, NoteIntent, Order, OrderOutcome, OrderState, Policy
from kiosk.protocol import journal

NoStep = (
    # where something stands, which is in their `kept`
    journal.AcceptorKnown
    | journal.ValidatorKnown
    | journal.DeviceExchanged
    | journal.CounterImplausible
    | journal.CountersKnown
    | journal.HopperKnown
    | journal.HopperFilled
    | journal.HopperUncounted
    | journal.HopperForgot
    | journal.BundleActivated
    | journal.BundleProved
    | journal.BundleRefused
    | journal.DayOpened
    | journal.DayClosed
    # what happened to the machine
    | journal.Boot
    | journal.ChainRefused
    | journal.HaltAsked
    | journal.HaltRefused
    | journal.PowerEnding
    | journal.PowerGood
    | journal.PowerHalting
    | journal.PaperFound
    | journal.Survey
    | journal.BundleNotTaken
    # about the ledger itself: a rebuilt one has no copy yet, has let go of nothing, and says so by itself
    | journal.CopyMade
    | journal.CopyFailed
    | journal.SegmentDropped
    | journal.LedgerRebuilt
)
"""What a rebuilt ledger has by `kept` alone, or not at all."""
Besides = journal.Surplus | journal.SegmentClosed | journal.CaseResolved
"""What changes claims, surplus or segments: rebuild.py enters it."""
NoteStep = (
    journal.NoteIntent | journal.NoteCredit | journal.NoteReturned | journal.NoteDoubt | journal.NotesUnknown
)
MoneyStep = (
    NoteStep
    | journal.Credit
    | journal.CoinsUnknown
    | journal.CreditDisputed
    | journal.AcceptsDisputed
    | journal.RedeemHeld
    | journal.PayIntent
    | journal.Paid
    | journal.PayoutDisputed
    | journal.PositionTold
)
Step = MoneyStep | journal.OfPaper | journal.OfCards | journal.OrderClosed


class Replay:
    """Takes rows in order; `orders` by id are as far as the rows tell, `kept` the last positions by device.

    `policy`: what the machine takes. A coin or a note of unknown value is owed as the dearest.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.orders: dict[str, Order] = {}
        self.kept: dict[str, Any] = {}

    def take(self, fact: journal.Row, at_ms: int) -> Order | None:
        """The order that this row closed, if it did. `at_ms`: when it was written."""
        for device, told in (fact.kept or {}).items():
            self.kept[device] = self._counted(told) if device == "counters" else told
        if isinstance(fact, journal.OrderOpened):
            self.orders[fact.order] = _opened(fact, at_ms)
        elif isinstance(fact, journal.RedeemIntent):
            self.orders[fact.order] = _redeeming(fact, at_ms)
        elif isinstance(fact, journal.OfOrders):
            return self._step(fact)
        else:
            _pass_over(fact)
        return None

    def _step(self, fact: Step) -> Order | None:
        order = self.orders.get(fact.order)
        if order is None:
            return None
        if isinstance(fact, journal.OrderClosed):
            del self.orders[order.id]
            return _closed(order, fact)
        if isinstance(fact, journal.OfCards):
            self.orders[order.id] = replay_card.after(order, fact)
        elif isinstance(fact, journal.OfPaper):
            self.orders[order.id] = replay_paper.after(order, fact)
        else:
            self.orders[order.id] = self._after_money(order, fact)
        return None

    def _counted(self, told: dict[str, Any]) -> dict[str, Any]:
        """A row says which counters stand elsewhere now; an older machine's row says where each of them stands."""
        return {**dict.fromkeys(NAMES), **self.kept.get("counters", {}), **told}

    def _after_money(self, order: Order, fact: MoneyStep) -> Order:
        match fact:
            case journal.Credit():
                return _with_order(order, credit=fact.credit, coins=order.coins + 1)
            case journal.CoinsUnknown():
                return _with_order(order, unknown_coins=order.unknown_coins + fact.count)
            case journal.RedeemHeld():
                return _with_order(order, state=OrderState.RESERVED, redeem=fact.amount)
            case journal.PayIntent():
                return _with_order(order, state=OrderState.PAYING, payouts=order.payouts + 1)
            case journal.Paid():
                return _with_order(order, state=OrderState.SETTLING, paid=order.paid + fact.value)
            case journal.CreditDisputed() | journal.AcceptsDisputed() | journal.PayoutDisputed():
                return _with_order(order, disputed=True)
            case journal.PositionTold():
                return order  # what it says is in its `kept`
            case _:
                return self._after_note(order, fact)

    def _after_note(self, order: Order, fact: NoteStep) -> Order:
        match fact:
            case journal.NoteIntent():
                intent = NoteIntent(fact.key, fact.value, NotePosition("", 0, None))
                return _with_order(order, note=intent, stackings=order.stackings + 1)
            case journal.NoteCredit():
                doubt = order.in_doubt if order.note is not None else max(0, order.in_doubt - fact.value)
                return _with_order(order, note=None, credit=fact.credit, in_doubt=doubt)
            case journal.NoteReturned():
                return _with_order(order, note=None)
            case journal.NoteDoubt():
                return _with_order(order, note=None, in_doubt=order.in_doubt + fact.value)
            case journal.NotesUnknown():
                return _with_order(order, in_doubt=order.in_doubt + self._worth(order, fact))
            case _:
                assert_never(fact)

    def _worth(self, order: Order, fact: journal.NotesUnknown) -> int:
        """Without a value it is an older machine's: its order held the dearest note for each, but for the one that was
        in doubt already (order/noting.py).
        """
        if fact.value is not UNSET:
            return fact.value
        return max(0, fact.count - (order.in_doubt > 0)) * max(self._policy.notes, default=0)


def _pass_over(_fact: NoStep | Besides) -> None:
    """A kind that is added is a step of an order's, or in one of these."""


def _opened(fact: journal.OrderOpened, at_ms: int) -> Order:
    issues = tuple(
        Issue(
            one.line, one.copy, f"{fact.order}-{one.line}-{one.copy}", one.type_code, one.fee, one.sheets, ""
        )
        for one in fact.lines
    )
    return Order(fact.order, at_ms, issues, holder=fact.holder or "")


def _redeeming(fact: journal.RedeemIntent, at_ms: int) -> Order:
    return Order(fact.order, at_ms, (), state=OrderState.RESERVING, holder=fact.holder, redeems=True)


def _with(issue: Issue, **fields: Any) -> Issue:
    return msgspec.structs.replace(issue, **fields)


def _with_order(order: Order, **fields: Any) -> Order:
    return msgspec.structs.replace(order, **fields)


def _closed(order: Order, fact: journal.OrderClosed) -> Order:
    """The row's own sums count; copies that no row ended had not been begun."""
    issues = tuple(
        i if i.state in FINAL else _with(i, state=IssueState.UNDELIVERED, reason=fact.reason)
        for i in order.issues
    )
    return _with_order(
        order,
        issues=issues,
        state=OrderState.CLOSED,
        credit=fact.credit,
        paid=fact.paid,
        claim=fact.claim,
        outcome=OrderOutcome(fact.outcome),
        reason=fact.reason,
    )
