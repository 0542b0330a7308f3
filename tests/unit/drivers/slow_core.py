"""A core whose words, and the driver's, are on the wire for a while; it dies and comes up again at any moment."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from drivers.contract import AnyCommand, Event
from tests.unit.drivers.virtual import Clockwork


class SlowCore(ABC):
    """Gives commands that arrive when they are sent on, and reads events one by one. What it has booked outlives it."""

    def __init__(self, bench: Clockwork) -> None:
        self._bench = bench
        self._out: deque[Callable[[], str]] = deque()
        self._read = 0

    @abstractmethod
    def resume(self) -> None:
        """Begin from what is booked."""

    @abstractmethod
    def hear(self, event: Event) -> None:
        """An event has arrived."""

    @abstractmethod
    def at_rest(self) -> None:
        """Until everything that happened has been heard of and booked."""

    def live(self, acts: list[str]) -> None:
        """Do what these methods say, in this order, and come to rest."""
        for act in acts:
            getattr(self, act)()
        self.at_rest()

    def say(self, kind: Callable[..., AnyCommand], **fields: Any) -> None:
        """A command sets out."""
        self._out.append(partial(self._bench.start, kind, **fields))

    def comes_up(self) -> None:
        """A new process at a new connection: what was on the wire to or from the old one is gone."""
        self._out.clear()
        self._read = len(self._bench.told)
        self.resume()

    def die(self) -> None:
        """And the next one comes up."""
        assert self._bench.bus is not None
        self._bench.bus.core_gone()
        self.comes_up()

    def send(self) -> bool:
        """The next command arrives, if one is on its way."""
        if self._out:
            self._out.popleft()()
            return True
        return False

    def read(self) -> bool:
        """The next event arrives, if one is on its way."""
        if self._read == len(self._bench.told):
            return False
        self._read += 1
        self.hear(self._bench.told[self._read - 1])
        return True

    def all_arrives(self) -> None:
        """Until nothing is on the wire any more."""
        while self.send() or self.read():
            pass
