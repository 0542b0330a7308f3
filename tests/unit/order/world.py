"""A physical world for the saga: a citizen, a core and what it is wired to, on a virtual clock.

The world never asks the saga what is true; tests compare the saga's books with the world's.
"""

from dataclasses import dataclass, field

import msgspec

from kiosk.order import collecting, recovery
from kiosk.order import events as order_events
from kiosk.order.change import Hopper, Till
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.order.reduce import reduce
from kiosk.order.saga import Move, Saga, Stage
from kiosk.protocol.journal import body_of, kind_of
from tests.unit.order.wires import NOTES, POLICY, PowerCut, Wires

LIMIT = 2_000


@dataclass
class World(Wires):
    """One life of a machine. `coins` are put in one after the other; a value of 1,000 and more is a note."""

    copies: int = 1
    fee: int = 500
    coins: tuple[int, ...] = (500,)
    cancel_after: int | None = None
    collected: bool = True
    policy: Policy = POLICY

    saga: Saga | None = None
    stored: Order | None = None
    records: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def apply(self, move: Move) -> None:
        """What core does: store, then act."""
        if move.records:
            self.step()
            self.stored = move.saga.order
            self.records += [(kind_of(record), body_of(record)) for record in move.records]
            self.step()
        self.saga = move.saga
        for effect in move.effects:
            self.step()
            self.do(effect)
            self.step()

    def serve(self) -> Order:
        """One citizen, from the first coin to CLOSED, with whatever faults are set; survives the power cut."""
        try:
            self.begin()
            self._citizen()
            self._run()
        except PowerCut:
            self._power_returns()
            self._run()
        assert self.stored is not None
        return self.stored

    def begin(self) -> None:
        """Open the order."""
        till = self.till()
        self.apply(
            collecting.begin("O", self._issues(), self.position(), self.policy, self.now_ms, 0, till=till)
        )

    def till(self) -> Till:
        """What the machine may take and give, as it is when an order begins."""
        second = () if self.hopper_of_500 is None else (Hopper(500, self.hopper_of_500),)
        return Till(POLICY.denominations, NOTES, (Hopper(100, self.hopper - self.dispensed), *second))

    def _issues(self) -> tuple[Issue, ...]:
        return tuple(
            Issue(1, c, f"O-1-{c}", "land", self.fee, self.sheets, "h") for c in range(1, self.copies + 1)
        )

    def _citizen(self) -> None:
        for count, value in enumerate(self.coins):
            if self.cancel_after == count:
                self.inbox.append(order_events.Stop("cancelled"))
                self._drain()
            self.offer(value) if value in NOTES else self.drop(value)
            self._drain()
        if self.cancel_after == len(self.coins):
            self.inbox.append(order_events.Stop("cancelled"))

    def _drain(self) -> None:
        while self.inbox and self.saga is not None:
            event = self.inbox.popleft()
            self.apply(reduce(self.saga, event, self.now_ms))

    def _run(self) -> None:
        for _ in range(LIMIT):
            self._drain()
            if self.saga is None or self.saga.stage is Stage.OVER:
                return
            self.now_ms += 250
            self._hand()
            self.inbox.append(order_events.Tick())
        raise AssertionError(f"the order never ends: stage {self.saga.stage if self.saga else None}")

    def _hand(self) -> None:
        """The citizen's hand at the mouth."""
        if self.mouth and self.collected:
            self.taken, self.mouth = self.taken + self.mouth, 0
            self.inbox.append(order_events.Taken())

    def _power_returns(self) -> None:
        """Boot: only what is stored, and what devices remember by themselves."""
        self.cut_at = None
        self.inbox.clear()
        self.accepting = False
        if self.escrow and not self.stuck_note:
            self._note_comes_back()
        if self.pulls_in_the_dark:
            self.taken, self.mouth = self.taken + self.mouth, 0
        if self.stored is None:
            self.saga = None
            return
        if self.stored.state is OrderState.CLOSED:
            self.saga = None
            return
        self.apply(recovery.resume(self.stored, self.policy, self.now_ms))
        booked = self.stored.booked
        for value, position in self.unbooked:
            if booked is None or position.events > booked.events:
                self.inbox.append(order_events.CoinIn(value, position))
        self._tell_of_notes()
        self.inbox.append(order_events.CashReady(self.cash()))

    def _tell_of_notes(self) -> None:
        """What a driver says that has just come: the validator was reset, so only its count can tell."""
        assert self.stored is not None
        booked = self.stored.booked_note
        missing = self.stacked - ((booked.stacked or 0) if booked is not None else 0)
        if not self.counts_notes:
            self.inbox.append(order_events.NotesUnknown(0, self.note_position()))
        elif missing:
            self.inbox.append(order_events.NotesUnknown(missing, self.note_position()))

    # --- the truth ----------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """M1..M4 on physical truth; raises AssertionError with what is wrong."""
        order = self.stored
        if order is None:
            assert self.value_in == 0, "coins were taken for an order that was never stored"
            return
        assert order.state is OrderState.CLOSED
        value_out = self.dispensed * POLICY.hopper_coin + self.value_of_500s
        unsure = {order.credit, order.credit + order.in_doubt}
        assert self.value_in in unsure, f"M1: {self.value_in} KRW fell in, {order.credit} credited"
        assert value_out == order.paid, f"M1: {value_out} KRW came out, {order.paid} booked"
        assert order.credit + order.in_doubt + order.captured == order.earned + order.paid + order.claim, (
            "M1: the sums do not meet"
        )
        assert not order.in_doubt or order.outcome is OrderOutcome.DISPUTED
        assert order.note is None, "a note was forgotten on its way"
        assert not self.escrow or self.stuck_note, "a note was left in escrow"
        delivered = [i for i in order.issues if i.state is IssueState.DELIVERED]
        assert self.taken == sum(i.sheets for i in delivered), (
            "M2: sheets in hand and copies delivered differ"
        )
        final = {
            kind: [str(b["key"]) for k, b in self.records if k == kind]
            for kind in ("issue-delivered", "issue-void")
        }
        asked = {str(b["key"]) for k, b in self.records if k == "issue-intent"}
        disputed = {i.key for i in order.issues if i.state is IssueState.DISPUTED}
        ended = sorted([*final["issue-delivered"], *final["issue-void"], *disputed])
        assert ended == sorted(asked), f"M4: asked {sorted(asked)}, ended {ended}"
        assert self.path == self.mouth == 0, "paper was left lying about"


def structure(order: Order) -> Order:
    """The order as it comes back from the ledger."""
    return msgspec.json.decode(msgspec.json.encode(order), type=Order)
