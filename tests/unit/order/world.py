"""A physical world for the saga: coins, sheets and central as they really are, answering effects, on a virtual clock.

The world never asks the saga what is true; tests compare the saga's books with the world's.
"""

from collections import deque
from dataclasses import dataclass, field

import msgspec

from drivers.contract import (
    CashReading,
    CoinPosition,
    HopperCount,
    NotePosition,
    Outcome,
    PaidOut,
    PaperReading,
)
from kiosk.order import collecting, recovery
from kiosk.order import effects as act
from kiosk.order import events as seen
from kiosk.order.change import Hopper, Till
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.order.reduce import reduce
from kiosk.order.saga import Move, Saga, Stage

POLICY = Policy()
NOTES = POLICY.notes
LIMIT = 2_000


class PowerCut(BaseException):
    """Everything volatile is gone."""


@dataclass
class World:
    """One life of a machine. Fault knobs are attributes; `cut_at` cuts the power at that step.

    `coins` are put in one after the other; a value of 1,000 and more is a note. `note_fate`: what the validator does
    when it is told to stack one: stacks, returns, jams, or is "mute" (it stacks and says nothing). `counts_notes`: it
    has a count of stacked notes that survives a power cut.
    """

    copies: int = 1
    sheets: int = 1
    fee: int = 500
    coins: tuple[int, ...] = (500,)
    hopper: int = 50
    cancel_after: int | None = None
    jam_at: int | None = None
    collected: bool = True
    central: str = "issues"
    worker: str = "works"
    silent_printer: bool = False
    pays_at_most: int | None = None
    pulls_in_the_dark: bool = False
    cut_at: int | None = None
    policy: Policy = POLICY
    note_fate: str = "stacks"
    counts_notes: bool = True
    hopper_of_500: int | None = None

    now_ms: int = 0
    steps: int = 0
    saga: Saga | None = None
    stored: Order | None = None
    records: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    inbox: deque[OrderEvent] = field(default_factory=deque)
    accepting: bool = False
    takes: tuple[int, ...] = ()
    accepted: int = 0
    escrow: int = 0
    stuck_note: bool = False
    note_events: int = 0
    stacked: int = 0
    notes_back: list[int] = field(default_factory=list)
    value_of_500s: int = 0
    value_in: int = 0
    dispensed: int = 0
    pages: int = 0
    retracts: int = 0
    path: int = 0
    mouth: int = 0
    taken: int = 0
    stuck: bool = False
    numbers: dict[str, str] = field(default_factory=dict)
    unbooked: list[tuple[int, CoinPosition]] = field(default_factory=list)

    # --- the machine --------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """A point at which the power may fail."""
        self.steps += 1
        if self.cut_at is not None and self.steps == self.cut_at:
            raise PowerCut

    def apply(self, move: Move) -> None:
        """What core does: store, then act."""
        if move.records:
            self.step()
            self.stored = move.saga.order
            self.records += [(record.kind, record.body) for record in move.records]
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
                self.inbox.append(seen.Stop("cancelled"))
                self._drain()
            self.offer(value) if value in NOTES else self.drop(value)
            self._drain()
        if self.cancel_after == len(self.coins):
            self.inbox.append(seen.Stop("cancelled"))

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
            self.inbox.append(seen.Tick())
        raise AssertionError(f"the order never ends: stage {self.saga.stage if self.saga else None}")

    def _hand(self) -> None:
        """The citizen's hand at the mouth."""
        if self.mouth and self.collected:
            self.taken, self.mouth = self.taken + self.mouth, 0
            self.inbox.append(seen.Taken())

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
                self.inbox.append(seen.CoinIn(value, position))
        self._tell_of_notes()
        self.inbox.append(seen.CashReady(self.cash()))

    def _tell_of_notes(self) -> None:
        """What a driver says that has just come: the validator was reset, so only its count can tell."""
        assert self.stored is not None
        booked = self.stored.booked_note
        missing = self.stacked - ((booked.stacked or 0) if booked is not None else 0)
        if not self.counts_notes:
            self.inbox.append(seen.NotesUnknown(0, self.note_position()))
        elif missing:
            self.inbox.append(seen.NotesUnknown(missing, self.note_position()))

    # --- the wires ----------------------------------------------------------------------------------------------------

    def position(self) -> CoinPosition:
        return CoinPosition("A1", self.accepted, self.accepted)

    def cash(self) -> CashReading:
        second = (
            ()
            if self.hopper_of_500 is None
            else (HopperCount("H2", self.value_of_500s // 500, paying=False),)
        )
        return CashReading(
            "A1",
            self.accepted,
            self.accepted,
            "H1",
            self.dispensed,
            paying=False,
            low=False,
            note_serial="V1",
            note_events=self.note_events,
            stacked=self.stacked if self.counts_notes else None,
            note_clear=not self.escrow,
            more_hoppers=second,
        )

    def note_position(self) -> NotePosition:
        return NotePosition("V1", self.note_events, self.stacked if self.counts_notes else None)

    def paper(self) -> PaperReading | None:
        if self.silent_printer:
            return PaperReading("P1", None, "R1", self.retracts, bool(self.path), bool(self.mouth))
        return PaperReading("P1", self.pages, "R1", self.retracts, bool(self.path), bool(self.mouth))

    def drop(self, value: int) -> None:
        """A coin falls: taken while accepting, else it comes back into the hand."""
        if self.accepting and value in self.takes:
            self.accepted += 1
            self.value_in += value
            self.unbooked.append((value, self.position()))
            self.step()
            self.inbox.append(seen.CoinIn(value, self.position()))

    def offer(self, value: int) -> None:
        """A note is put in: held while notes of its kind are taken, else it stays in the hand."""
        if self.accepting and value in self.takes:
            self.escrow = value
            self.note_events += 1
            self.step()
            self.inbox.append(seen.NoteOffered(value, self.note_position()))
        else:
            self.notes_back.append(value)

    def _note_comes_back(self) -> None:
        self.notes_back.append(self.escrow)
        self.escrow = 0
        self.note_events += 1

    def _stack(self, key: str, held: int) -> None:
        """Point of no return and the word about it are two things; the power may fail between them."""
        match self.note_fate:
            case "returns":
                self._note_comes_back()
                self.inbox += (seen.NoteOut(held), seen.StackOver(key, Outcome.NOT_DONE))
            case "jams":
                self.stuck_note = True
                self.inbox.append(seen.StackOver(key, Outcome.UNKNOWN))
            case fate:
                value, self.escrow = self.escrow, 0
                self.stacked += 1
                self.value_in += value
                self.step()
                self.note_events += 1
                told = (seen.NoteIn(value, self.note_position()), seen.StackOver(key, Outcome.DONE))
                self.inbox += told if fate == "stacks" else (seen.StackOver(key, Outcome.UNKNOWN),)

    def do(self, effect: Effect) -> None:  # noqa: C901, PLR0912, PLR0915  (one arm an effect)
        """What really happens on an effect, and what is heard of it."""
        hear = self.inbox.append
        match effect:
            case act.StartCollect(denominations, notes):
                self.accepting, self.takes = True, (*denominations, *notes)
            case act.StackNote(key, held):
                self._stack(key, held)
            case act.ReturnNote(held):
                self._note_comes_back()
                hear(seen.NoteOut(held))
            case act.StopCollect():
                self.accepting = False
                if self.escrow and not self.stuck_note:
                    self._note_comes_back()
                hear(seen.Counted(self.cash()))
            case act.AskWorker(key=key):
                hear(seen.Sealed(key, b"s") if self.worker == "works" else seen.WorkFailed("worker-gone"))
            case act.AskCentral(key=key):
                self._central(key)
            case act.OpenAnswer(key=key, number=number):
                good = self.worker == "works"
                hear(seen.Prepared(key, number, self.sheets) if good else seen.WorkFailed("seal-invalid"))
            case act.HoldGate():
                hear(seen.GateHeld(Outcome.DONE))
            case act.ReadPaper():
                hear(seen.PaperRead(Outcome.DONE, self.paper()))
            case act.OpenJob(key=key):
                hear(seen.JobOpen(key))
            case act.SendDocument(key=key):
                hear(seen.DocumentSent(key, Outcome.DONE))
                self._print(key)
            case act.FollowJob(key=key):
                hear(seen.JobFailed(key))
            case act.CancelJob():
                self.stuck = False
                hear(seen.PaperRead(Outcome.DONE, self.paper()))
            case act.Offer():
                self.mouth, self.path = self.mouth + self.path, 0
                self.step()
                hear(seen.Offered(Outcome.DONE, self.paper()))
            case act.RetractPaper():
                if self.path or self.mouth:
                    self.path = self.mouth = 0
                    self.retracts += 1
                    self.step()
                hear(seen.PaperRead(Outcome.DONE, self.paper()))
            case act.ReadCash(about):
                hear(seen.CashRead(self.cash(), about))
            case act.PayOut(key, coins, hopper):
                self._pay_500s(key, coins) if hopper else self._pay(key, coins)
            case act.AskClaims():
                raise AssertionError("an order for papers asks for no claims")
            case _:
                raise AssertionError(f"{effect}: this world has no payment terminal (card_world.py)")

    def _central(self, key: str) -> None:
        if self.central in ("issues", "loses the answer"):
            self.numbers[key] = f"{len(self.numbers):016}"
            self.step()
        if self.central == "issues":
            self.inbox.append(seen.Answered(key, self.numbers[key], b"s"))
        elif self.central == "refuses":
            self.inbox.append(seen.Answered(key, code="record-under-change"))

    def _print(self, key: str) -> None:
        for sheet in range(1, self.sheets + 1):
            if sheet == self.jam_at:
                self.stuck = True
                self.inbox.append(seen.PrinterBlocked("paper-jam"))
                return
            self.pages += 1
            self.path += 1
            self.step()
            self.inbox.append(seen.SheetMoved(key, sheet))
        self.inbox.append(seen.JobOver(key, Outcome.DONE, self.sheets))

    def _pay(self, key: str, coins: int) -> None:
        most = coins if self.pays_at_most is None else min(coins, self.pays_at_most)
        paid = 0
        while paid < most and self.dispensed < self.hopper:
            self.dispensed += 1
            paid += 1
            self.step()
        result = PaidOut(key, paid, coins - paid, self.dispensed)
        self.inbox.append(seen.PayoutOver(key, Outcome.DONE, result))

    def _pay_500s(self, key: str, coins: int) -> None:
        before = self.value_of_500s // 500
        while self.value_of_500s // 500 - before < min(coins, self.hopper_of_500 or 0):
            self.value_of_500s += 500
            self.step()
        now = self.value_of_500s // 500
        result = PaidOut(key, now - before, coins - now + before, now)
        self.inbox.append(seen.PayoutOver(key, Outcome.DONE, result))

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
