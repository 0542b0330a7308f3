"""From a coin's event in the acceptor to its credit, while hoppers and validator are dead: every set of them.

Drivers and simulated devices share one virtual clock, so a bus minute takes a moment and each byte its true time on the
line; what Python needs is not in it. dead_on_the_line.py measures one set again, on a pty and by the clock on the wall.
"""

from collections.abc import Callable
from itertools import chain, combinations

from msgspec import Struct

from drivers.cash.bus import FULL, CashBus
from drivers.contract import Collect, Credited, Event, Outcome, Resume
from kiosk.bench.bar import Bar, percentile
from simulators.bill import BillValidator, validator_memory
from simulators.cash_bus import CashBus as Line
from simulators.clock import ManualClock
from simulators.coin import CoinAcceptor, acceptor_memory
from simulators.hopper import Hopper, hopper_memory
from simulators.station import Station
from simulators.world import SECOND_HOPPER_VALUE, Levels, World

LIMIT_MS = 150.0
NEIGHBOURS = ("hopper", "hopper-2", "note")
COINS = 80
COIN_VALUE = 500
# Coins fall so far apart that no two share a poll, and at every phase of it: 0.37 s is no multiple of any pause.
BETWEEN_COINS_S = 0.37
READY_S = 12.0
DIES_AFTER_COINS = 5
_STEP_S = 0.000_1


class Delays(Struct, frozen=True):
    """What one set of dead neighbours did to the coins, in ms; when the acceptor was not asked for longest, in s."""

    dead: tuple[str, ...]
    during: bool
    ms: tuple[float, ...]
    unasked_s: float

    @property
    def p95(self) -> float:
        """95 of 100 coins were credited within so many ms."""
        return percentile(list(self.ms), 0.95)


class Bus:
    """The cash bus with two hoppers and a validator, drivers and devices, on one virtual clock."""

    def __init__(self) -> None:
        self._clock = ManualClock()
        world = World(self._clock, Levels(second_hopper=40))
        self._coin = CoinAcceptor(self._clock, acceptor_memory(None), world)
        second = hopper_memory(None, SECOND_HOPPER_VALUE)
        self._neighbours: dict[str, Station] = {
            "hopper": Hopper(self._clock, hopper_memory(None), world),
            "hopper-2": Hopper(self._clock, second, world, SECOND_HOPPER_VALUE, address=4),
            "note": BillValidator(self._clock, validator_memory(None), world),
        }
        self._line = Line(self._clock, (self._coin, *self._neighbours.values()))
        self._heard = bytearray()
        self._line.to_host = self._heard.extend
        self._events: list[tuple[float, Event]] = []
        self._asked_at = 0.0
        self.unasked_s = 0.0
        fittings = FULL
        self._driver = CashBus("/dev/none", self._emit, lambda _path, _baud: self, fittings)

    # --- the drivers' port --------------------------------------------------------------------------------------

    def read(self) -> bytes:
        """What has come from the devices."""
        heard, self._heard[:] = bytes(self._heard), b""
        return heard

    def write(self, data: bytes) -> int:
        """What the drivers send."""
        if data[0] == CoinAcceptor.address:
            now = self._clock.monotonic()
            self.unasked_s = max(self.unasked_s, now - self._asked_at)
            self._asked_at = now
        self._line.received(data)
        return len(data)

    def discard(self) -> None:
        """Forget what has come."""
        self._heard.clear()

    def close(self) -> None:
        """Nothing to give back."""

    # --- time and hands -----------------------------------------------------------------------------------------

    def _emit(self, event: Event) -> None:
        self._events.append((self._clock.monotonic(), event))

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, the drivers ticking whenever they want to."""
        end = self._clock.monotonic() + seconds
        while self._clock.monotonic() < end and not until():
            due = self._driver.tick(self._clock.monotonic())
            if until():
                return
            pause = min(due, end) - self._clock.monotonic()
            self._clock.advance(max(pause, _STEP_S))

    def collecting(self, dead: tuple[str, ...]) -> "Bus":
        """Coins are taken, while these neighbours are dead."""
        for name in dead:
            self._neighbours[name].power(False)
        self._command(Resume(request="resume", deadline_ms=round(READY_S * 1000)))
        self._command(Collect(request="collect", denominations=(COIN_VALUE,), notes=(1_000,)))
        self._asked_at, self.unasked_s = self._clock.monotonic(), 0.0
        return self

    def _command(self, command: Resume | Collect) -> None:
        ends: list[Event] = []
        self._driver.submit(command, lambda event, _handed: ends.append(event))
        self.run(READY_S + 1, lambda: bool(ends))
        if not ends or getattr(ends[0], "outcome", None) is not Outcome.DONE:
            raise ValueError(f"the virtual cash bus did not come up: {ends}")

    def die(self, dead: tuple[str, ...]) -> None:
        """The neighbours lose their power."""
        for name in dead:
            self._neighbours[name].power(False)

    def coin(self) -> float:
        """A coin makes its event now; how long until it is credited, in ms."""
        before, began = len(self._credits()), self._clock.monotonic()
        self._coin.credit_at_once(COIN_VALUE)
        self.run(5.0, lambda: len(self._credits()) > before)
        if len(self._credits()) == before:
            raise ValueError("a coin was not credited within 5 s")
        return (self._credits()[-1] - began) * 1000

    def _credits(self) -> list[float]:
        return [at for at, event in self._events if isinstance(event, Credited)]


def sets() -> tuple[tuple[str, ...], ...]:
    """Every set of neighbours, the empty one included."""
    sizes = range(len(NEIGHBOURS) + 1)
    return tuple(chain.from_iterable(combinations(NEIGHBOURS, size) for size in sizes))


def delays(dead: tuple[str, ...], *, during: bool, coins: int = COINS) -> Delays:
    """Coins fall while these are dead: from the start on, or from the moment when a few coins have fallen."""
    bus = Bus().collecting(() if during else dead)
    if not during:
        bus.run(READY_S)
    took = []
    for number in range(coins):
        if during and number == DIES_AFTER_COINS:
            bus.die(dead)
        took.append(bus.coin())
        bus.run(max(BETWEEN_COINS_S - took[-1] / 1000, 0.0))
    return Delays(dead, during, tuple(took), bus.unasked_s)


def measure() -> Bar:
    """The worst set of dead neighbours, dead before the coins or dying among them."""
    found = [delays(dead, during=during) for dead in sets() for during in (False, True)]
    worst = max(found, key=lambda each: each.p95)
    when = "dying meanwhile" if worst.during else "dead before"
    detail = f"{len(found)} sets of {COINS} coins; worst: {', '.join(worst.dead) or 'none'} {when}"
    return Bar("coin → credit with dead neighbours on the bus, p95", worst.p95, LIMIT_MS, "ms", detail)
