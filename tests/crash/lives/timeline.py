"""The one clock: what is due when, and what dies with core or with the power before it is due."""

import heapq
from collections.abc import Callable
from enum import IntEnum

Act = Callable[[], None]


class Of(IntEnum):
    """Whose act it is: of core's process, of something on the machine's current, or of the world outside."""

    CORE = 0
    MACHINE = 1
    WORLD = 2


class Timeline:
    """Acts in the order of their time; those of one moment in the order in which they were entered."""

    def __init__(self, now_ms: int = 0) -> None:
        self.now_ms = now_ms
        self._due: list[tuple[int, int, Of, int, Act]] = []
        self._entered = 0
        self._lives = [0, 0, 0]

    def later(self, ms: int, whose: Of, act: Act) -> None:
        """In `ms`, if whose it is still lives."""
        self._entered += 1
        heapq.heappush(self._due, (self.now_ms + ms, self._entered, whose, self._lives[whose], act))

    def dies(self, whose: Of) -> None:
        """What it meant to do will not be done. The machine's end is core's too."""
        for kind in range(whose + 1):
            self._lives[kind] += 1

    def next(self) -> tuple[Of, Act] | None:
        """Move the clock to the next act that still counts; None when nothing will ever happen again."""
        while self._due:
            at_ms, _entered, whose, life, act = heapq.heappop(self._due)
            if life == self._lives[whose]:
                self.now_ms = max(self.now_ms, at_ms)
                return whose, act
        return None
