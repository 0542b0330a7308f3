"""Orders as chance leads them: mostly what a stage waits for, at times anything that can be heard at all.

No physical world stands behind it, so nothing here is about what is true of coins and paper: only about what an order's
books, its rows and its screens say of one another, in states that no world of ours comes into.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from drivers.contract import (
    CardReserved,
    CashReading,
    CoinPosition,
    HopperCount,
    NotePosition,
    PaidOut,
    PaperReading,
    TerminalReading,
)
from drivers.contract import Outcome as Proof
from kiosk.order import collecting, recovery, redeeming
from kiosk.order import events as order_events
from kiosk.order.booking import question
from kiosk.order.change import Hopper, Till
from kiosk.order.collecting import Payer
from kiosk.order.counters import Counters
from kiosk.order.events import OrderEvent
from kiosk.order.model import Issue, Order, Policy
from kiosk.order.reduce import reduce, watched_from
from kiosk.order.saga import Move, Saga, Stage

MEANS = (("cash",), ("card",), ("cash", "card"))
REASONS = ("cancelled", "left", "power-failing")
MOST_STEPS = 120
T = TypeVar("T")


class Told(NamedTuple):
    """One move: the order on the disk before it, the move, and whether the machine has just been started."""

    before: Order | None
    move: Move
    boot: bool


@dataclass
class Devices:
    """What devices would say now."""

    rng: random.Random
    odd: float
    accepted: int = 10
    dispensed: list[int] = field(default_factory=lambda: [5, 5])
    note_events: int = 0
    stacked: int | None = 3
    sheets: int = 100
    retracts: int = 7
    path: bool = False
    mouth: bool = False
    reserved: list[int] = field(default_factory=list)
    receipts: int = 40

    def one_of(self, *events: OrderEvent) -> OrderEvent:
        """Any of them."""
        return self.rng.choice(events)

    def mostly(self, usual: T, rare: T) -> T:
        """What devices that are well say; now and then something else."""
        return rare if self.rng.random() < self.odd else usual

    def coin(self) -> CoinPosition:
        self.accepted += 1
        return CoinPosition("A1", self.accepted, self.accepted)

    def note(self, stacked: int = 0) -> NotePosition:
        self.note_events += 1
        if self.stacked is not None:
            self.stacked += stacked
        return NotePosition("B1", self.note_events, self.stacked)

    def cash(self) -> CashReading:
        rng = self.rng
        return CashReading(
            coin_serial=self.mostly("A1", "A2"),
            events=self.accepted,
            accepted=self.accepted + self.mostly(0, rng.choice((1, 2, 1 << 21))),
            hopper_serial=self.mostly("H1", "H9"),
            dispensed=self.mostly(self.dispensed[0], None),
            paying=self.mostly(False, True),
            note_serial=self.mostly("B1", "B2"),
            note_events=self.note_events,
            stacked=self.stacked,
            note_clear=self.mostly(True, False),
            more_hoppers=(HopperCount("H2", self.dispensed[1], paying=False),),
        )

    def paper(self) -> PaperReading:
        serial = self.mostly("P1", "P2")
        sheets = self.mostly(self.sheets, None)
        return PaperReading(serial, sheets, "R1", self.retracts, self.path, self.mouth)

    def terminal(self) -> TerminalReading:
        serial = self.mostly("T1", "T2")
        return TerminalReading(serial, self.mostly(False, True), tuple(self.reserved))


def story(rng: random.Random, policy: Policy, watched: Counters | None = None) -> Iterator[Told]:
    """One order from its first move to its end, with what came between; power cuts among it. `watched`: where the
    lifetime counters stood before it, where somebody wants to know.
    """
    devices = Devices(rng, rng.choice((0.0, 0.0, 0.03, 0.1)), stacked=rng.choice((3, 3, 3, None)))
    surprises, late, cuts = (
        rng.choice((0.0, 0.02, 0.2)),
        rng.choice((0.05, 0.3)),
        rng.choice((0.0, 0.02, 0.1)),
    )
    move = _begin(rng, policy, devices)
    if watched is not None:
        move = watched_from(move, watched)
    stored: Order | None = None
    boot = False
    for step in range(MOST_STEPS):
        yield Told(stored, move, boot)
        stored = move.saga.order if move.records else stored
        saga, boot = move.saga, False
        if saga.stage is Stage.OVER:
            return
        if stored is not None and rng.random() < cuts:
            move, boot = recovery.resume(stored, policy, step), True
            continue
        likely = _LIKELY[saga.stage](saga, devices)
        event = _anything(saga, devices) if rng.random() < surprises else rng.choice(likely)
        move = reduce(saga, event, 1_000_000 * (step + 1) if rng.random() < late else step)


def _begin(rng: random.Random, policy: Policy, devices: Devices) -> Move:
    till = Till(policy.denominations, policy.notes, (Hopper(100, rng.choice((3, 40, 200))), Hopper(500, 40)))
    holder = rng.choice(("", "h"))
    if rng.random() < 0.1:
        return redeeming.begin("O", "h", 2_000, policy, 0, 0, till)
    means = rng.choice(MEANS) if policy.cards else ("cash",)
    base = CoinPosition("A1", 10, 10) if "cash" in means else None
    copies = rng.choice((1, 1, 2, 3))
    fee = rng.choice((0, 500, 500, 800, 300))
    issues = tuple(
        Issue(1, copy, f"O-1-{copy}", "land", fee, rng.choice((1, 2)), "h") for copy in range(1, copies + 1)
    )
    return collecting.begin("O", issues, base, policy, 0, 0, Payer(holder, means), till)


# --- what is likely to be heard next ------------------------------------------------------------------------------


def _money(saga: Saga, devices: Devices) -> list[OrderEvent]:
    coin = order_events.CoinIn(devices.rng.choice((100, 500)), devices.coin())
    note = order_events.NoteOffered(devices.rng.choice((1_000, 5_000)), devices.note())
    rare = [order_events.MeansChosen("card"), order_events.Stop("cancelled")]
    return [coin, coin, coin, coin, note, note, *(rare if devices.rng.random() < 0.2 else ())]


def _stacking(saga: Saga, devices: Devices) -> list[OrderEvent]:
    intent = saga.order.note
    if intent is None:
        return [order_events.Tick()]
    is_in = order_events.NoteIn(intent.value, devices.note(stacked=1))
    return [
        is_in,
        is_in,
        order_events.NoteOut(intent.held.events),
        order_events.StackOver(intent.key, Proof.UNKNOWN),
        order_events.Tick(),
    ]


def _judging(saga: Saga, devices: Devices) -> list[OrderEvent]:
    return [
        order_events.CashRead(devices.cash()),
        order_events.CashReady(devices.cash()),
        order_events.Tick(),
    ]


def _counting(saga: Saga, devices: Devices) -> list[OrderEvent]:
    return [
        order_events.Counted(devices.cash()),
        order_events.Counted(devices.cash()),
        devices.one_of(order_events.Tick(), order_events.Counted(None)),
    ]


def _issuing(saga: Saga, devices: Devices) -> list[OrderEvent]:
    issue = saga.issue
    number = f"{len(saga.order.id)}{issue.copy:015}"
    likely: dict[Stage, list[OrderEvent]] = {
        Stage.SEALING: [order_events.Sealed(issue.key, b"s")],
        Stage.ASKING: [
            *[order_events.Answered(issue.key, number, b"s")] * 7,
            order_events.Answered(issue.key, code="register-down"),
        ],
        Stage.OPENING: [order_events.Prepared(issue.key, issue.number, issue.sheets)],
        Stage.HOLDING: [order_events.GateHeld(Proof.DONE)],
    }
    return likely[saga.stage]


def _ready(saga: Saga, devices: Devices) -> list[OrderEvent]:
    devices.path = devices.mouth = False
    return [order_events.PaperRead(Proof.DONE, devices.paper())]


def _printing(saga: Saga, devices: Devices) -> list[OrderEvent]:
    issue = saga.issue
    if saga.stage is Stage.STARTING:
        return [order_events.JobOpen(issue.key)]
    if not devices.path:
        devices.sheets, devices.path = devices.sheets + issue.sheets, True
    over = order_events.JobOver(issue.key, Proof.DONE, issue.sheets)
    stops = devices.rng.choice(
        (
            order_events.SheetMoved(issue.key, 1),
            order_events.PrinterBlocked("paper-jam"),
            order_events.JobFailed(issue.key),
        )
    )
    return [over, over, over, over, stops]


def _paper(saga: Saga, devices: Devices) -> list[OrderEvent]:
    return [
        order_events.PaperRead(devices.mostly(Proof.DONE, Proof.UNKNOWN), devices.paper()),
        order_events.Tick(),
    ]


def _offering(saga: Saga, devices: Devices) -> list[OrderEvent]:
    devices.path, devices.mouth = False, True
    return [order_events.Offered(Proof.DONE, devices.paper())]


def _waiting(saga: Saga, devices: Devices) -> list[OrderEvent]:
    devices.mouth = False
    return [*[order_events.Taken()] * 5, order_events.Tick(), order_events.VisitOver()]


def _clearing(saga: Saga, devices: Devices) -> list[OrderEvent]:
    if devices.path or devices.mouth or saga.stage is Stage.RETRACTING:
        devices.path = devices.mouth = False
        devices.retracts += 1
    return [order_events.PaperRead(Proof.DONE, devices.paper()), order_events.Tick()]


def _metering(saga: Saga, devices: Devices) -> list[OrderEvent]:
    return [order_events.CashRead(devices.cash()), order_events.Tick()]


def _paying(saga: Saga, devices: Devices) -> list[OrderEvent]:
    payout = saga.order.payout
    if payout is None:
        return [order_events.Tick()]
    coins = devices.mostly(payout.coins, devices.rng.randint(0, payout.coins + 1))
    now = payout.dispensed_before + coins
    devices.dispensed[payout.hopper] = now
    paid = PaidOut(payout.key, coins, payout.coins - coins, now)
    over = order_events.PayoutOver(payout.key, Proof.DONE, paid)
    return [
        over,
        over,
        order_events.PayoutOver(payout.key, Proof.UNKNOWN, None),
        order_events.CashRead(devices.cash(), payout.key),
    ]


def _terminal(saga: Saga, devices: Devices) -> list[OrderEvent]:
    card = saga.order.card
    asked = card is not None and saga.stage is not Stage.TERMINAL
    about = question(saga, saga.stage) if asked else ""
    look = order_events.TerminalRead(devices.terminal(), about)
    if card is None or saga.stage not in (Stage.AUTHORISING, Stage.DOUBTING):
        return [look, look, order_events.MeansChosen("cash"), order_events.Tick()]
    devices.receipts += 1
    devices.reserved = [devices.receipts]
    held = CardReserved(card.key, devices.receipts, devices.mostly(card.amount, card.amount + 100))
    done = order_events.CardAnswered(card.key, Proof.DONE, held)
    lost = order_events.CardAnswered(card.key, Proof.UNKNOWN)
    return [
        done,
        done,
        done,
        order_events.CardAnswered(card.key, Proof.NOT_DONE, None, "declined"),
        devices.one_of(look, lost),
    ]


def _booking(saga: Saga, devices: Devices) -> list[OrderEvent]:
    card = saga.order.card
    if card is None:
        return [order_events.Tick()]
    if devices.rng.random() < 0.7:
        devices.reserved = []
    look = order_events.TerminalRead(devices.terminal(), question(saga, saga.stage))
    return [
        order_events.CardBooked(card.key, devices.mostly(Proof.DONE, Proof.UNKNOWN)),
        look,
        order_events.Tick(),
    ]


def _redeeming(saga: Saga, devices: Devices) -> list[OrderEvent]:
    owed = tuple(order_events.Claimed("k", f"X{n}", 700) for n in range(devices.rng.choice((0, 1, 2))))
    return [order_events.Reserved(saga.order.id, owed), order_events.Confirmed(), order_events.Confirmed()]


Likely = Callable[[Saga, Devices], list[OrderEvent]]
_LIKELY: dict[Stage, Likely] = {
    Stage.RESERVING: _redeeming,
    Stage.CONFIRMING: _redeeming,
    Stage.COLLECTING: _money,
    Stage.STACKING: _stacking,
    Stage.JUDGING: _judging,
    Stage.COUNTING: _counting,
    **dict.fromkeys((Stage.SEALING, Stage.ASKING, Stage.OPENING, Stage.HOLDING), _issuing),
    Stage.READYING: _ready,
    Stage.STARTING: _printing,
    Stage.PRINTING: _printing,
    Stage.LOOKING: _paper,
    Stage.OFFERING: _offering,
    Stage.WAITING: _waiting,
    Stage.CHECKING: _paper,
    Stage.CANCELLING: _clearing,
    Stage.RETRACTING: _clearing,
    Stage.METERING: _metering,
    Stage.PAYING: _paying,
    Stage.WEIGHING: _paying,
    Stage.CHOOSING: lambda _saga, _devices: [
        order_events.MeansChosen("cash"),
        order_events.MeansChosen("card"),
        order_events.Stop("left"),
    ],
    **dict.fromkeys((Stage.TERMINAL, Stage.AUTHORISING, Stage.DOUBTING), _terminal),
    **dict.fromkeys((Stage.BOOKING, Stage.BALANCING), _booking),
}


def _anything(saga: Saga, devices: Devices) -> OrderEvent:
    """What may come at any time, and what is late from somewhere else. A redemption hears of no money (CashBooks)."""
    rng = devices.rng
    money: tuple[OrderEvent, ...] = (
        order_events.CoinIn(rng.choice((100, 500)), devices.coin()),
        order_events.CoinsUnknown(rng.choice((1, 2)), devices.coin()),
        order_events.NotesUnknown(rng.choice((0, 1, 2)), devices.note(stacked=rng.choice((0, 1, 2)))),
        order_events.NoteIn(5_000, devices.note(stacked=rng.choice((0, 1)))),
    )
    others: tuple[OrderEvent, ...] = (
        order_events.Tick(),
        order_events.Tick(),
        order_events.Stop(rng.choice(REASONS)),
        order_events.VisitOver(),
        order_events.CashReady(devices.cash()),
        order_events.PaperRead(Proof.DONE, devices.paper()),
        order_events.WorkFailed("worker-gone"),
        order_events.PowerFailing(rng.choice((None, 0, 5_000))),
        order_events.PowerBack(),
        order_events.JobLost(),
        order_events.MoreTime(),
    )
    return rng.choice(others if saga.order.redeems else (*money, *others))
