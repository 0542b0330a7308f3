"""Coins, notes, sheets and central as they really are: what an effect does, and what is heard of it.

Nothing here asks the saga what is true.
"""

from collections import deque
from dataclasses import dataclass, field

from drivers.contract import (
    CashReading,
    CoinPosition,
    HopperCount,
    NotePosition,
    Outcome,
    PaidOut,
    PaperReading,
)
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from kiosk.order.model import Policy

POLICY = Policy()
NOTES = POLICY.notes
JOB_ID = 7


class PowerCut(BaseException):
    """Everything volatile is gone."""


@dataclass
class Wires:
    """The far end of one machine. Fault knobs are attributes; `cut_at` cuts the power at that step.

    `note_fate`: what the validator does when it is told to stack one: stacks, returns, jams, or is "mute" (it stacks
    and says nothing). `counts_notes`: it has a count of stacked notes that survives a power cut.
    """

    sheets: int = 1
    hopper: int = 50
    jam_at: int | None = None
    central: str = "issues"
    worker: str = "works"
    silent_printer: bool = False
    pays_at_most: int | None = None
    pulls_in_the_dark: bool = False
    cut_at: int | None = None
    note_fate: str = "stacks"
    counts_notes: bool = True
    hopper_of_500: int | None = None

    now_ms: int = 0
    steps: int = 0
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

    def step(self) -> None:
        """A point at which the power may fail."""
        self.steps += 1
        if self.cut_at is not None and self.steps == self.cut_at:
            raise PowerCut

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
            self.inbox.append(order_events.CoinIn(value, self.position()))

    def offer(self, value: int) -> None:
        """A note is put in: held while notes of its kind are taken, else it stays in the hand."""
        if self.accepting and value in self.takes:
            self.escrow = value
            self.note_events += 1
            self.step()
            self.inbox.append(order_events.NoteOffered(value, self.note_position()))
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
                self.inbox += (order_events.NoteOut(held), order_events.StackOver(key, Outcome.NOT_DONE))
            case "jams":
                self.stuck_note = True
                self.inbox.append(order_events.StackOver(key, Outcome.UNKNOWN))
            case fate:
                value, self.escrow = self.escrow, 0
                self.stacked += 1
                self.value_in += value
                self.step()
                self.note_events += 1
                told = (
                    order_events.NoteIn(value, self.note_position()),
                    order_events.StackOver(key, Outcome.DONE),
                )
                self.inbox += told if fate == "stacks" else (order_events.StackOver(key, Outcome.UNKNOWN),)

    def do(self, effect: Effect) -> None:  # noqa: C901, PLR0912, PLR0915  (one arm an effect)
        """What really happens on an effect, and what is heard of it."""
        hear = self.inbox.append
        match effect:
            case order_effects.StartCollect(denominations, notes):
                self.accepting, self.takes = True, (*denominations, *notes)
            case order_effects.StackNote(key, held):
                self._stack(key, held)
            case order_effects.ReturnNote(held):
                self._note_comes_back()
                hear(order_events.NoteOut(held))
            case order_effects.StopCollect():
                self.accepting = False
                if self.escrow and not self.stuck_note:
                    self._note_comes_back()
                hear(order_events.Counted(self.cash()))
            case order_effects.AskWorker(key=key):
                hear(
                    order_events.Sealed(key, b"s")
                    if self.worker == "works"
                    else order_events.WorkFailed("worker-gone")
                )
            case order_effects.AskCentral(key=key):
                self._central(key)
            case order_effects.OpenAnswer(key=key, number=number):
                good = self.worker == "works"
                hear(
                    order_events.Prepared(key, number, self.sheets)
                    if good
                    else order_events.WorkFailed("seal-invalid")
                )
            case order_effects.HoldGate():
                hear(order_events.GateHeld(Outcome.DONE))
            case order_effects.ReadPaper():
                hear(order_events.PaperRead(Outcome.DONE, self.paper()))
            case order_effects.OpenJob(key=key):
                hear(order_events.JobOpen(key, JOB_ID))
            case order_effects.SendDocument(key=key):
                hear(order_events.DocumentSent(key, Outcome.DONE))
                self._print(key)
            case order_effects.FollowJob(key=key):
                hear(order_events.JobFailed(key))
            case order_effects.CancelJob():
                self.stuck = False
                hear(order_events.PaperRead(Outcome.DONE, self.paper()))
            case order_effects.Offer():
                self.mouth, self.path = self.mouth + self.path, 0
                self.step()
                hear(order_events.Offered(Outcome.DONE, self.paper()))
            case order_effects.RetractPaper():
                if self.path or self.mouth:
                    self.path = self.mouth = 0
                    self.retracts += 1
                    self.step()
                hear(order_events.PaperRead(Outcome.DONE, self.paper()))
            case order_effects.ReadCash(about):
                hear(order_events.CashRead(self.cash(), about))
            case order_effects.PayOut(key, coins, hopper):
                self._pay_500s(key, coins) if hopper else self._pay(key, coins)
            case order_effects.AskClaims():
                raise AssertionError("an order for papers asks for no claims")
            case _:
                raise AssertionError(f"{effect}: this world has no payment terminal (card_world.py)")

    def _central(self, key: str) -> None:
        if self.central in ("issues", "loses the answer"):
            self.numbers[key] = f"{len(self.numbers):016}"
            self.step()
        if self.central == "issues":
            self.inbox.append(order_events.Answered(key, self.numbers[key], b"s"))
        elif self.central == "refuses":
            self.inbox.append(order_events.Answered(key, code="record-under-change"))

    def _print(self, key: str) -> None:
        for sheet in range(1, self.sheets + 1):
            if sheet == self.jam_at:
                self.stuck = True
                self.inbox.append(order_events.PrinterBlocked("paper-jam"))
                return
            self.pages += 1
            self.path += 1
            self.step()
            self.inbox.append(order_events.SheetMoved(key, sheet))
        self.inbox.append(order_events.JobOver(key, Outcome.DONE, self.sheets))

    def _pay(self, key: str, coins: int) -> None:
        most = coins if self.pays_at_most is None else min(coins, self.pays_at_most)
        paid = 0
        while paid < most and self.dispensed < self.hopper:
            self.dispensed += 1
            paid += 1
            self.step()
        result = PaidOut(key, paid, coins - paid, self.dispensed)
        self.inbox.append(order_events.PayoutOver(key, Outcome.DONE, result))

    def _pay_500s(self, key: str, coins: int) -> None:
        before = self.value_of_500s // 500
        while self.value_of_500s // 500 - before < min(coins, self.hopper_of_500 or 0):
            self.value_of_500s += 500
            self.step()
        now = self.value_of_500s // 500
        result = PaidOut(key, now - before, coins - now + before, now)
        self.inbox.append(order_events.PayoutOver(key, Outcome.DONE, result))
