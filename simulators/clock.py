"""Time, handed in: the only clock that a simulated device knows.

`LoopClock` is the event loop's; `ManualClock` stands still until a test moves it, so that nothing has to be waited for.
"""

import asyncio
import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Timer(Protocol):
    """Something that will happen unless it is cancelled."""

    def cancel(self) -> None:
        """Make it not happen. Harmless when it already has."""


class Clock(Protocol):
    """What a device may ask about time. Seconds throughout."""

    def wall(self) -> datetime:
        """The date and time of day, with its zone."""

    def monotonic(self) -> float:
        """Seconds since some start; never goes back."""

    def later(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Call `act` once, `seconds` from now."""


class LoopClock:
    """The clock of the running event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def wall(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)

    def monotonic(self) -> float:
        return self._loop.time()

    def later(self, seconds: float, act: Callable[[], None]) -> Timer:
        return self._loop.call_later(seconds, act)


@dataclass(order=True)
class _Alarm:
    due: float
    order: int
    act: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class ManualClock:
    """A clock that only `advance` moves; what falls due is called in order, at its own time."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._now = 0.0
        self._count = 0
        self._alarms: list[_Alarm] = []

    def wall(self) -> datetime:
        return self._start + timedelta(seconds=self._now)

    def monotonic(self) -> float:
        return self._now

    def later(self, seconds: float, act: Callable[[], None]) -> Timer:
        self._count += 1
        alarm = _Alarm(self._now + max(0.0, seconds), self._count, act)
        heapq.heappush(self._alarms, alarm)
        return alarm

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        until = self._now + seconds
        while self._alarms and self._alarms[0].due <= until + 1e-9:
            alarm = heapq.heappop(self._alarms)
            self._now = max(self._now, alarm.due)
            if not alarm.cancelled:
                alarm.act()
        self._now = until
