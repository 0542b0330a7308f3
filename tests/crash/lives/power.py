"""One counter over everything that happens, on disk and in matter, and the moments at which the blow falls."""

from collections.abc import Callable, Sequence
from enum import StrEnum


class PowerCut(BaseException):
    """Everything volatile is gone. No `except Exception` of the product may hold it up."""


class Blow(StrEnum):
    """What dies: everything that lives on current, or core alone (kill -9)."""

    POWER = "power"
    CORE = "core"


class Place(StrEnum):
    """Where a step is taken. Central and people go on when the machine has no current; devices when core dies."""

    DISK = "disk"
    DEVICE = "device"
    OUTSIDE = "outside"


_HIT = {Blow.POWER: (Place.DISK, Place.DEVICE), Blow.CORE: (Place.DISK,)}


class Power:
    """`cuts`: how many steps from the last coming of the power to the next blow. `due`: it falls after this task."""

    def __init__(self, cuts: Sequence[int], blow: Blow, tell: Callable[[str], None]) -> None:
        self._cuts, self._blow, self._tell = list(cuts), blow, tell
        self.on = True
        self.due = False
        self.core_lives = True
        self.steps = 0
        self.most = 0  # between two comings of the power: so far a blow can be aimed
        self.fallen = 0

    @property
    def blow(self) -> Blow:
        """What kind of blow falls in this life."""
        return self._blow

    def step(self, what: str, place: Place) -> None:
        """Something is about to happen, or has just happened. Raises PowerCut where it can't be finished."""
        if not self.on:
            raise PowerCut
        if not self.core_lives:
            return
        self.steps += 1
        self.most = max(self.most, self.steps)
        if not self._cuts or self.steps < self._cuts[0] or self.due:
            return
        self._cuts.pop(0)
        self._tell(f"*** the {self._blow} goes at step {self.steps}: {place}, {what}")
        self.fallen += 1
        self.due = True
        if place in _HIT[self._blow]:
            self.on = False
            raise PowerCut

    def fails(self, why: str) -> None:
        """All current goes, between two steps."""
        self._tell(f"*** {why}")
        self.fallen += 1
        self.on, self.due = False, True
        raise PowerCut

    def core_died(self) -> None:
        """The current is there, and what is on it goes on; nothing more can be struck before core is back."""
        self.on, self.due, self.core_lives = True, False, False

    def back(self) -> None:
        """The next life of the machine begins; its steps are counted from here."""
        self.on, self.due, self.core_lives, self.steps = True, False, True, 0
