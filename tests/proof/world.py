"""Everything that is true at one moment: the core's memory, the ledger, coins, paper, central, messages on their way.

One value a state, hashable, so that a search can tell whether it has been there. Physical truth is kept apart from what
devices count: a coin in a hand is `out`, what the hopper says about it is `counted_out`. Sums are coins of one kind.
"""

from enum import StrEnum

from msgspec import Struct

from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from kiosk.order.model import Order
from kiosk.order.saga import Saga
from tests.proof.payment import Bill, Terminal

COIN = 100
ACCEPTS_START = (1 << 24) - 1
"""Lifetime counts begin just before they wrap, so that every difference is taken across the wrap."""
COIN_SPAN = 1 << 24
SHEETS_START = RETRACTS_START = (1 << 32) - 1
SHEET_SPAN = 1 << 32

Counts = tuple[int, ...]


class Noted(Struct, frozen=True):
    """One durable move as it was made: from which state of the ledger to which, with which records, what was then done.

    `live`: the payer was there. `boot`: the first move after a loss.
    """

    before: str
    after: str
    records: tuple[str, ...]
    effects: tuple[str, ...]
    live: bool
    boot: bool


class Setting(Struct, frozen=True):
    """What is explored: the order, how much may go wrong, what the hardware can prove.

    `owed`: coins of an earlier order; the order is then their redemption.
    `fees`: coins for each line; `sheets` of each document; `purse`: coins the citizen has. `losses`: power cuts and
    crashes of core; `faults`: device processes that restart, devices that are reset or exchanged; `questions`: how many
    wait at one device at once. `bills`: notes that the citizen has, each worth `note` coins; the hopper can surely pay
    `reach` coins. `means`: how it can be paid; `attempts` with a card at most. `works`: there are documents at all,
    else every worker is gone. `calm`: paper, worker and network do what they are asked and say so; whatever else goes
    wrong is money, power or the clock. `ups`: it says anything at any time. `words_kept`: nothing of a saga is left out
    of the state. `believes_all`: the machine sells as if its devices could prove everything. `noted`: where durable
    moves are noted. The rest is what devices and machine can do, or do; False is one that does not.
    """

    fees: Counts = (1,)
    owed: int = 0
    sheets: int = 1
    purse: int = 2
    losses: int = 1
    faults: int = 0
    questions: int = 1
    lasting_accepts: bool = True
    drains: bool = True
    lasting_payouts: bool = True
    lasting_sheets: bool = True
    mouth_sensor: bool = True
    closed_tray: bool = True
    tombstones: bool = True
    keeps_to_boot_rule: bool = True
    fresh_sensors: bool = True
    tells_payout_to_come: bool = True
    ups: bool = False
    words_kept: bool = False
    believes_all: bool = False
    noted: set[Noted] | None = None
    works: bool = True
    calm: bool = False
    stores_intents: bool = True
    bills: int = 0
    note: int = 2
    reach: int = 4
    lasting_stacks: bool = True
    clears_first: bool = True
    credits_on_event: bool = True
    coins_wait: bool = True
    plans_change: bool = True
    means: tuple[str, ...] = ("cash",)
    attempts: int = 2
    lists_open: bool = True
    tells_busy: bool = True
    looks_twice: bool = True
    reads_before: bool = True
    charges_after: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the copies, one a line."""
        return tuple(f"O-{line}-1" for line in range(1, len(self.fees) + 1))


class Power(StrEnum):
    """Whether the machine runs. DARK: no power at all; DOWN: only core is gone, devices go on."""

    UP = "up"
    DARK = "dark"
    DOWN = "down"


class Core(Struct, frozen=True, cache_hash=True):
    """The program that decides (`saga`, `session`: lost with the power) and its ledger (`stored` and what follows).

    `wrong`: a rule that was broken by what core did (M5). `booked`: the coin position's lifetime count.
    `surplus` coins and `surplus_notes` were booked as nobody's.
    """

    power: Power = Power.UP
    saga: Saga | None = None
    session: bool = True
    stored: Order | None = None
    booked: int = 0
    surplus: int = 0
    surplus_notes: int = 0
    losses: int = 0
    faults: int = 0
    wrong: str = ""


class Cash(Struct, frozen=True, cache_hash=True):
    """Coins, and what acceptor and hopper count. All counts are since the search began.

    `coins_in` past the gate for good, `in_flight` of them not yet at the sensor, `sensed` the rest; `counted` what the
    acceptor says; up to `worthless` its memory of values is lost; `told`: coins that core has heard of.
    `left`: coins that the hopper still has to pay of its last command, of payout `paying`.
    """

    purse: int = 0
    coins_in: int = 0
    in_flight: int = 0
    sensed: int = 0
    counted: int = 0
    worthless: int = 0
    told: int = 0
    accepting: bool = False
    ready: bool = True
    out: int = 0
    counted_out: int = 0
    left: int = 0
    paying: str = ""
    asked: tuple[Effect, ...] = ()
    said: tuple[OrderEvent, ...] = ()


class Job(Struct, frozen=True):
    """The printer's job: of which copy, how many sheets are to come (-1: no document yet), whether it has ended."""

    copy: int
    left: int = -1
    over: bool = False
    whole: bool = False


class Paper(Struct, frozen=True, cache_hash=True):
    """Sheets by copy and place, and what printer and presenter say. `held`: the gate is closed.

    `seen` is (path, mouth) as the sensors were polled last; `hand` is whose it was that took the paper from the mouth;
    what lies in an open `tray` is for anybody and delivered to nobody.
    """

    printed: Counts
    path: Counts
    mouth: Counts
    hand: Counts
    binned: Counts
    tray: Counts
    retracts: int = 0
    held: bool = False
    job: Job | None = None
    seen: tuple[bool, bool] = (False, False)
    taken_untold: bool = False
    asked: tuple[Effect, ...] = ()
    said: tuple[OrderEvent, ...] = ()


class Word(StrEnum):
    """What central has written down for a key."""

    NOTHING = ""
    ISSUED = "issued"
    REFUSED = "refused"
    VOID = "void"
    DELIVERED = "delivered"


class Errand(Struct, frozen=True):
    """What the worker was asked for: seal, open or send, and for which copy."""

    what: str
    copy: int


class Row(Struct, frozen=True):
    """A journal row in the outbox: the last word on a copy, or what a redemption has paid (`coins`)."""

    kind: str
    copy: int
    number: str
    coins: int = 0


class Debt(Struct, frozen=True):
    """What central owes the payer from an earlier order, in coins: `owed`, and `held` of it for this redemption.

    `asked`: the question is out, for ever; `reply`: its answer is on its way; `over`: central knows that it has ended.
    """

    owed: int = 0
    held: int = 0
    asked: bool = False
    reply: bool = False
    over: bool = False


class Far(Struct, frozen=True, cache_hash=True):
    """Worker, network and central.

    `requests`: issue requests that are out, for ever: they may arrive at any time and more than once. `replies`: on
    their way back. `alarm`: central saw two last words that contradict each other.
    """

    words: tuple[Word, ...]
    requests: tuple[bool, ...]
    replies: tuple[Word, ...]
    worker: tuple[Errand, ...] = ()
    outbox: tuple[Row, ...] = ()
    alarm: str = ""
    debt: Debt = Debt()


class World(Struct, frozen=True, cache_hash=True):
    """One state."""

    core: Core
    cash: Cash
    paper: Paper
    far: Far
    bill: Bill = Bill()
    card: Terminal = Terminal()


class Who(StrEnum):
    """Who makes a step. What a citizen or a repairer does is never counted on to bring an order to its end."""

    CITIZEN = "citizen"
    DEVICE = "device"
    NETWORK = "network"
    CLOCK = "clock"
    TROUBLE = "trouble"
    POWER = "power"


class Step(Struct, frozen=True):
    """One transition, as a sentence of a story."""

    who: Who
    what: str


Next = tuple[Step, World]


def put(counts: Counts, index: int, value: int) -> Counts:
    """The counts with one of them replaced."""
    return (*counts[:index], value, *counts[index + 1 :])


def moved(start: Counts, end: Counts) -> tuple[Counts, Counts]:
    """All sheets of one place go to another."""
    return tuple(0 for _ in start), tuple(a + b for a, b in zip(start, end, strict=True))
