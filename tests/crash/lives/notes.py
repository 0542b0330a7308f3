"""The bill validator as a thing: what it draws in, holds, swallows and gives back, and the count that it keeps (S)."""

from collections.abc import Callable

from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Of, Timeline
from tests.crash.lives.truth import Truth

DRAW_MS = 400
FALL_MS = 300
TOLD_MS = 300
HELD_MS = 10_000
REMEMBERED = 5


class Validator:
    """`heard` is told whenever something has happened to a note; `back` when one is in the hand again.

    What it remembers of notes one by one is gone with the current, and it wakes up shut; what was in escrow comes out.
    """

    serial = "V1"

    def __init__(self, timeline: Timeline, power: Power, truth: Truth, whose: Callable[[], str]) -> None:
        self._timeline, self._power, self._truth, self._whose = timeline, power, truth, whose
        self.stacked = 0
        self.values: list[int] = []
        self.taking: tuple[int, ...] = ()
        self.escrow = 0
        self.offered = 0
        self.held = False
        self.falling = False
        self.heard: Callable[[], None] = _nothing
        self.back: Callable[[int], None] = lambda _value: None

    def insert(self, value: int) -> bool:
        """A hand puts a note in: drawn in, or not."""
        if self.escrow or value not in self.taking:
            return False
        self.escrow = value
        self._timeline.later(DRAW_MS, Of.MACHINE, self._hold)
        self._power.step(f"a note of {value} KRW is drawn in", Place.OUTSIDE)
        return True

    def _hold(self) -> None:
        self.offered += 1
        self.held = True
        this = self.offered
        self._timeline.later(HELD_MS, Of.MACHINE, lambda: self._impatient(this))
        self.heard()

    def _impatient(self, held: int) -> None:
        if self.held and self.offered == held and not self.falling:
            self.give_back()

    def stack(self) -> None:
        """Into the stacker, as it is told."""
        if self.held and not self.falling:
            self.falling = True
            self._timeline.later(FALL_MS, Of.MACHINE, self._falls)

    def _falls(self) -> None:
        self._power.step("a note is about to fall", Place.DEVICE)
        value, self.escrow, self.held, self.falling = self.escrow, 0, False, False
        self._truth.coins_in[self._whose()] += value
        self.stacked += 1
        self._timeline.later(TOLD_MS, Of.MACHINE, lambda: self._tell(value))
        self._power.step("a note has fallen", Place.DEVICE)

    def _tell(self, value: int) -> None:
        self.values.append(value)
        self.heard()

    def give_back(self) -> None:
        """Out of the slot again, as it is told."""
        if self.held and not self.falling:
            value, self.escrow, self.held = self.escrow, 0, False
            self._power.step(f"a note of {value} KRW comes out again", Place.DEVICE)
            self.back(value)
            self.heard()

    def dies(self) -> None:
        """No current."""
        self.escrow, self.held, self.falling, self.taking, self.offered = 0, False, False, (), 0
        self.values.clear()


def _nothing() -> None: ...
