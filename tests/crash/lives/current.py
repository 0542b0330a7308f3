"""The current of one thing: it may go alone, and what the thing meant to do is not done then."""

from collections.abc import Callable

from tests.crash.lives.timeline import Of, Timeline


class Current:
    """`lit`: it is there. `failed`: it has gone alone at least once."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.lit = True
        self.failed = False
        self._life = 0

    def later(self, ms: int, act: Callable[[], None]) -> None:
        """In `ms`, if there has been current all the time till then."""
        life = self._life
        self._timeline.later(ms, Of.MACHINE, lambda: act() if life == self._life else None)

    def goes(self) -> None:
        """Of this thing alone."""
        self.lit, self.failed = False, True
        self._life += 1

    def comes(self) -> None:
        """It is back."""
        self.lit = True
