"""One bus on one thread: ticks when it is due, when its wire speaks, and when somebody has something to tell it."""

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from drivers.acts import Reply
from drivers.contract import AnyCommand, Status

_LONGEST_SLEEP_S = 1.0


class Bus(Protocol):
    """What every bus offers; all of it is called on the runner's thread only."""

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once."""

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic s), without waiting; when to call again."""

    def interests(self) -> list[tuple[int, int]]:
        """File descriptors with the poll(2) events that should lead to a tick before it is due."""

    def statuses(self) -> tuple[Status, ...]:
        """All devices as they are now."""

    def core_gone(self) -> None:
        """Nobody listens any more."""

    def close(self) -> None:
        """Give everything back."""


class Runner:
    """Runs a bus until `stop`. `call` may be used from any thread; `beat` is called whenever the loop goes round."""

    def __init__(
        self,
        bus: Bus,
        clock: Callable[[], float] = time.monotonic,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self.bus = bus
        self._clock = clock
        self._beat = beat
        self._calls: deque[Callable[[], None]] = deque()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        # Re-entrant: a signal's handler may stop the bus while its own thread holds the lock.
        self._waking = threading.RLock()
        self._stopping = False
        self._ended = False

    def call(self, what: Callable[[], None]) -> None:
        """Let `what` run on the bus's thread soon, in the order of the calls; never, once the bus has ended."""
        with self._waking:
            if not self._ended:
                self._calls.append(what)
                os.eventfd_write(self._wake, 1)

    def stop(self) -> None:
        """Let `run` return after the calls that are waiting."""
        self.call(self._stop)

    def _stop(self) -> None:
        self._stopping = True

    def run(self) -> None:
        """Serve the bus. An exception of the bus is a bug: it ends the program, whose supervisor starts a new one."""
        try:
            while not self._stopping:
                # Those that are there now: while more come and come, the devices have to have their turn.
                for _ in range(len(self._calls)):
                    self._calls.popleft()()
                due = self.bus.tick(self._clock())
                self._beat()
                if not self._calls and not self._stopping:
                    self._sleep(due)
        finally:
            self.bus.close()
            with self._waking:
                self._ended = True
                os.close(self._wake)

    def _sleep(self, due: float) -> None:
        poll = select.poll()
        poll.register(self._wake, select.POLLIN)
        for descriptor, events in self.bus.interests():
            poll.register(descriptor, events)
        seconds = min(max(due - self._clock(), 0.0), _LONGEST_SLEEP_S)
        # Rounded up: a sleep that ends early only costs another round.
        for descriptor, _events in poll.poll(int(seconds * 1000 + 0.999)):
            if descriptor == self._wake:
                os.eventfd_read(self._wake)
