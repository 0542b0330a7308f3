"""The coin acceptor and the hopper as things: what they swallow, throw out, and remember without current."""

from collections.abc import Callable
from typing import Final

from tests.crash.lives.current import Current
from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Timeline
from tests.crash.lives.truth import Truth

PAST_THE_GATE_MS = 120
COIN_MS = 180
GIVE_UP_MS = 2_000
HOPPER_COIN = 100
SECOND_COIN: Final = 500
REMEMBERED = 5


class Acceptor:
    """Counts what it accepts for life (A). Its list of the newest coins is gone with the current, and it wakes up shut.

    `heard` is told of each coin that was counted; `whose`: the order that is open now, for the truth.
    """

    serial = "A1"

    def __init__(self, timeline: Timeline, power: Power, truth: Truth, whose: Callable[[], str]) -> None:
        self.current = Current(timeline)
        self._power, self._truth, self._whose = power, truth, whose
        self.accepted = 0
        self.values: list[int] = []
        self.takes: frozenset[int] = frozenset()
        self._falling: list[int] = []
        self.heard: Callable[[], None] = _nothing

    @property
    def accepting(self) -> bool:
        """Whether it takes anything now."""
        return bool(self.takes)

    def insert(self, value: int) -> bool:
        """A hand puts a coin in: swallowed, or back in the hand at once."""
        if value not in self.takes or not self.current.lit:
            return False
        self._truth.coins_in[self._whose()] += value
        self._falling.append(value)
        self.current.later(PAST_THE_GATE_MS, self._counted)
        self._power.step(f"{value} KRW past the gate", Place.OUTSIDE)
        return True

    def _counted(self) -> None:
        self.values.append(self._falling.pop(0))
        self.accepted += 1
        self._power.step("the coin is counted", Place.DEVICE)
        self.heard()

    def dies(self) -> None:
        """No current. What is past the gate falls, and is counted while it falls."""
        self.accepted += len(self._falling)
        self._falling.clear()
        self.values.clear()
        self.takes = frozenset()


class Hopper:
    """Counts what it throws out for life (D). Without current it stops, and it does not go on by itself.

    `coins` of `value` KRW are in it. `kind`: how its serial begins.
    """

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        truth: Truth,
        whose: Callable[[], str],
        coins: int,
        value: int = HOPPER_COIN,
        kind: str = "H",
    ) -> None:
        self.current = Current(timeline)
        self._power, self._truth, self._whose = power, truth, whose
        self.serial = f"{kind}1"
        self.coins, self.value = coins, value
        self.dispensed = 0
        self.remaining = 0
        self.somebody_waits: Callable[[], bool] = lambda: True
        self.heard: Callable[[], None] = _nothing

    @property
    def paying(self) -> bool:
        """Whether coins are still to come."""
        return self.remaining > 0

    def pay(self, count: int) -> None:
        """The motor starts."""
        self._power.step(f"the hopper starts for {count}", Place.DEVICE)
        if not self.somebody_waits():
            self._truth.wrong("M5: the hopper pays out, and nobody of this boot is owed anything")
        self.remaining = count
        self._next()

    def _next(self) -> None:
        self.current.later(COIN_MS if self.coins else GIVE_UP_MS, self._coin)

    def _coin(self) -> None:
        self._power.step("a coin is about to fall", Place.DEVICE)
        if not self.coins:
            self.remaining = 0
            self.heard()
            return
        self.coins -= 1
        self.dispensed += 1
        self.remaining -= 1
        self._truth.coins_out[self._whose()] += self.value
        self._power.step("a coin has fallen", Place.DEVICE)
        self.heard()
        if self.remaining:
            self._next()

    def dies(self) -> None:
        """No current."""
        self.remaining = 0

    def exchanged(self, coins: int) -> None:
        """A technician took it out and put in another one, which has counted nothing yet."""
        self.serial, self.coins, self.dispensed = f"{self.serial[0]}{int(self.serial[1:]) + 1}", coins, 0


def _nothing() -> None: ...
