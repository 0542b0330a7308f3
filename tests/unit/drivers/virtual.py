"""Virtual time and virtual wires for driver tests: a bus is ticked exactly when it asks for it, and nothing waits."""

from collections.abc import Callable
from typing import Any, Protocol

from drivers.contract import AnyCommand, Completed, Event, ReasonCode
from drivers.runner import Bus

FOREVER_S = 600.0


class FarEnd(Protocol):
    """The other end of a serial line."""

    def receive(self, data: bytes, now: float) -> None:
        """The host sent bytes."""

    def send(self, now: float) -> bytes:
        """What has arrived at the host by now."""


class Wire:
    """A serial port to a far end that can be unplugged. Give `open` to a driver as its way of opening ports."""

    def __init__(self, far: FarEnd, clock: Callable[[], float]) -> None:
        self.far = far
        self.plugged = True
        self._clock = clock

    def open(self, path: str, baud: int) -> "Wire":
        if not self.plugged:
            raise FileNotFoundError(path)
        return self

    def read(self) -> bytes:
        self._check()
        return self.far.send(self._clock())

    def write(self, data: bytes) -> int:
        self._check()
        self.far.receive(data, self._clock())
        return len(data)

    def discard(self) -> None:
        self._check()
        self.far.send(self._clock())

    def close(self) -> None:
        """Nothing to give back."""

    def _check(self) -> None:
        if not self.plugged:
            raise OSError(5, "unplugged")


class Clockwork:
    """Runs one bus in virtual time and keeps what it tells."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.told: list[Event] = []
        self.bus: Bus | None = None
        self.ticks = 0
        self._requests = 0

    def clock(self) -> float:
        return self.now

    def emit(self, event: Event) -> None:
        self.told.append(event)

    def until(self, over: Callable[[], Any], limit_s: float = FOREVER_S) -> None:
        """Run until `over()` is true; fails after `limit_s` of virtual time."""
        assert self.bus is not None
        end = self.now + limit_s
        while not over():
            due = self.bus.tick(self.now)
            self.ticks += 1
            if over():
                return
            assert self.now < end, f"not over after {limit_s} s; told: {self.told[-10:]}"
            self.now = min(max(due, self.now + 0.000_1), end)

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        self.until(lambda: self.now >= end, seconds + 1)

    def start(self, kind: Callable[..., AnyCommand], **fields: Any) -> str:
        """Give a command; its request id."""
        assert self.bus is not None
        self._requests += 1
        request = f"r{self._requests}"
        self.bus.submit(kind(request=request, **fields), lambda event, handed: self.told.append(event))
        return request

    def end_of(self, request: str) -> Completed | None:
        """The end of a command, if it has ended."""
        ends = [event for event in self.told if isinstance(event, Completed) and event.request == request]
        assert len(ends) <= 1, ends
        return ends[0] if ends else None

    def run(self, kind: Callable[..., AnyCommand], **fields: Any) -> Completed:
        """Give a command and run until it has ended."""
        return self.finish(self.start(kind, **fields))

    def finish(self, request: str) -> Completed:
        """Run until a command has ended."""
        self.until(lambda: self.end_of(request))
        end = self.end_of(request)
        assert end is not None
        return end

    def reasons(self, device: str) -> set[ReasonCode]:
        """What is the matter with a device now."""
        assert self.bus is not None
        statuses = [status for status in self.bus.statuses() if status.device == device]
        return {reason.code for status in statuses for reason in status.reasons}

    def of(self, kind: Any) -> list[Any]:
        """All events of a kind."""
        return [event for event in self.told if isinstance(event, kind)]
