"""The bill validator as a thing: draws a note in, holds it, stacks it or gives it back; counts for life."""

from collections.abc import Callable
from enum import Enum, auto

from tests.crash.lives.current import Current
from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Timeline
from tests.crash.lives.truth import Truth

TO_ESCROW_MS = 400
TO_STACKER_MS = 300
TO_EVENT_MS = 300
BACK_MS = 400
ESCROW_MS = 10_000


class Stage(Enum):
    """Where the note is that is in the validator."""

    NONE = auto()
    DRAWN_IN = auto()
    ESCROW = auto()
    STACKING = auto()
    GOING_BACK = auto()


class Validator:
    """Events are gone with the current, the count of stacked notes is not; what is not stacked then goes back later.

    `events` numbers what happened since it has current; `stacked_values` are the notes told of in that time.
    """

    serial = "N1"

    def __init__(self, timeline: Timeline, power: Power, truth: Truth, whose: Callable[[], str]) -> None:
        self.current = Current(timeline)
        self._power, self._truth, self._whose = power, truth, whose
        self.takes: frozenset[int] = frozenset()
        self.stage = Stage.NONE
        self.value = 0
        self.events = 0
        self.stacked = 0
        self.stacked_values: list[int] = []
        self.held = 0
        self.heard: Callable[[], None] = _nothing

    @property
    def clear(self) -> bool:
        """No note is held or moves."""
        return self.stage is Stage.NONE

    def insert(self, value: int) -> bool:
        """A hand offers a note; whether it is drawn in."""
        if value not in self.takes or not self.clear:
            return False
        self.stage, self.value = Stage.DRAWN_IN, value
        self._power.step(f"a note of {value} is drawn in", Place.OUTSIDE)
        self.current.later(TO_ESCROW_MS, self._arrive)
        return True

    def _arrive(self) -> None:
        self.stage = Stage.ESCROW
        self.events += 1
        self.held = held = self.events
        self._power.step("the note is held", Place.DEVICE)
        self.heard()
        self.current.later(ESCROW_MS, lambda: self.give_back() if self.held == held else None)

    def stack(self) -> None:
        """Take what is held for good."""
        self._power.step("the note is about to be stacked", Place.DEVICE)
        if self.stage is Stage.ESCROW:
            self.stage = Stage.STACKING
            self.current.later(TO_STACKER_MS, self._in)

    def _in(self) -> None:
        """The point of no return."""
        self._truth.coins_in[self._whose()] += self.value
        self.stacked += 1
        self.stage, self.held = Stage.NONE, 0
        value, self.value = self.value, 0
        self._power.step("the note is in the stacker", Place.DEVICE)

        def told() -> None:
            self.events += 1
            self.stacked_values.append(value)
            self.heard()

        self.current.later(TO_EVENT_MS, told)

    def give_back(self) -> None:
        """Give back what is held."""
        if self.stage is Stage.ESCROW:
            self.stage = Stage.GOING_BACK
            self._power.step("the note goes back", Place.DEVICE)
            self.current.later(BACK_MS, self._back)

    def _back(self) -> None:
        self.stage, self.value, self.held = Stage.NONE, 0, 0
        self.events += 1
        self._power.step("the note is back in the hand", Place.DEVICE)
        self.heard()

    def dies(self) -> None:
        """No current: events are forgotten, nothing is taken."""
        self.takes = frozenset()
        self.events = self.held = 0
        self.stacked_values.clear()

    def wakes(self) -> None:
        """Current again: a note that is still inside goes back."""
        if self.stage is not Stage.NONE:
            self.stage = Stage.GOING_BACK
            self.current.later(BACK_MS, self._back)


def _nothing() -> None: ...
