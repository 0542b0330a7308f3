"""What every device on the cash bus does alike: names itself, restarts, falls silent."""

from collections.abc import Callable
from typing import Protocol

from simulators.cctalk import counter24
from simulators.clock import Clock
from simulators.memory import Memory

RESET_SECONDS = 0.15


class Silent(Exception):
    """The device does not answer: no power, no plug, hung, in its reset, or the header is not one of its own."""


class Refused(Exception):
    """The device answers NAK."""


Handler = Callable[[bytes], bytes]


class OwnLine(Protocol):
    """A port of the device's own, at 9600 baud."""

    to_host: Callable[[bytes], None]

    def received(self, chunk: bytes) -> None:
        """The host wrote `chunk`."""


class Station:
    """A ccTalk device. Subclasses add their headers to `handlers` and forget volatile things in `restart`."""

    address: int
    category: bytes
    product: bytes
    forgets = False
    """This twin is of a model whose lifetime counts are gone with the power (product name ending in F)."""

    def __init__(self, clock: Clock, memory: Memory) -> None:
        self.clock = clock
        self.memory = memory
        self.powered = True
        self.plugged = True
        self.hung = False
        self.life = (
            0  # counts restarts, so that what was under way in an earlier life does not go on in this one
        )
        self._deaf_until = 0.0
        self._unheard: dict[int, int] = {}
        self._unanswered: dict[int, int] = {}
        self.handlers: dict[int, Handler] = {
            254: lambda data: b"",
            246: lambda data: b"CGS",
            245: lambda data: self.category,
            244: lambda data: self.product + (b"F" if self.forgets else b""),
            242: lambda data: counter24(memory.number("serial")),
            241: lambda data: b"CGS-1.0",
            1: self._reset,
        }

    @property
    def own_line(self) -> OwnLine | None:
        """The line of a twin with a port of its own; None: it is on the ccTalk bus."""
        return None

    @property
    def alive(self) -> bool:
        """Whether the device has power and is connected."""
        return self.powered and self.plugged

    def answer(self, header: int, data: bytes) -> bytes | None:
        """The data of the reply; None is NAK. Raises Silent."""
        if (
            not self.alive
            or self.hung
            or self.clock.monotonic() < self._deaf_until
            or header not in self.handlers
        ):
            raise Silent
        if _used_up(self._unheard, header):
            raise Silent
        try:
            reply = self.handlers[header](data)
        except Refused:
            return None
        if _used_up(self._unanswered, header):
            raise Silent
        return reply

    def lose_request(self, header: int, count: int = 1) -> None:
        """The next `count` requests with this header never reach the device."""
        self._unheard[header] = count

    def lose_reply(self, header: int, count: int = 1) -> None:
        """The next `count` requests with this header are carried out, but their replies get lost."""
        self._unanswered[header] = count

    def mend(self) -> None:
        """Take all faults away."""
        self.hung = False
        self._unheard.clear()
        self._unanswered.clear()

    @property
    def armed(self) -> tuple[str, ...]:
        """The faults that are set and not used up yet, as the control socket calls them."""
        found = {
            "hang": self.hung,
            "lose-request": any(self._unheard.values()),
            "lose-reply": any(self._unanswered.values()),
        }
        return tuple(name for name, set_ in found.items() if set_)

    def power(self, up: bool) -> None:
        """Give or take the power."""
        was = self.alive
        self.powered = up
        self._came_or_went(was)

    def plug(self, plugged: bool) -> None:
        """Put in or pull the device's plug; data and power come through the same one."""
        was = self.alive
        self.plugged = plugged
        self._came_or_went(was)

    def _came_or_went(self, was_alive: bool) -> None:
        if was_alive != self.alive:
            self.life += 1
            self._deaf_until = 0.0
            self.restart()

    def _reset(self, data: bytes) -> bytes:
        self.life += 1
        self._deaf_until = self.clock.monotonic() + RESET_SECONDS
        self.restart()
        return b""

    def restart(self) -> None:
        """Forget everything volatile."""
        raise NotImplementedError


def exactly(data: bytes, size: int) -> bytes:
    """`data` if it has `size` bytes; otherwise the device refuses."""
    if len(data) != size:
        raise Refused
    return data


def _used_up(losses: dict[int, int], header: int) -> bool:
    left = losses.get(header, 0)
    if left:
        losses[header] = left - 1
    return left > 0
