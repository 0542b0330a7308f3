"""The supervisor's watchdog: a program that no longer goes round is killed and started again.

systemd's own protocol (sd_notify(3), sd_watchdog_enabled(3)), spoken at both ends: a program in service beats to
systemd, on the desk to the keeper that started it.
"""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

NOTIFY_SOCKET = "NOTIFY_SOCKET"
WATCHDOG_USEC = "WATCHDOG_USEC"
ALIVE = b"WATCHDOG=1"
_BEATS_IN_TIME = 4
_MAX_DATAGRAM = 4_096


class Loop(Protocol):
    """What has to go on as long as the program does, on a thread of its own."""

    @property
    def alive(self) -> bool:
        """Whether it does."""


class Heart:
    """Call `beat` from the loop that must not hang, as often as it goes round. Without a supervisor it does nothing.

    It beats only while all of `loops` live: a program that goes round and lets nobody in any more is of no use.
    """

    def __init__(
        self,
        loops: Sequence[Loop],
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loops = loops
        address, limit = environment.get(NOTIFY_SOCKET, ""), environment.get(WATCHDOG_USEC, "")
        self._clock = clock
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._every_s = int(limit) / 1e6 / _BEATS_IN_TIME if limit.isdecimal() else 0.0
        self._next = float("-inf")
        self._socket: socket.socket | None = None
        if self._address and self._every_s:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.setblocking(False)

    def beat(self) -> None:
        """Say so, if it is time. A supervisor that does not listen is its own affair."""
        now = self._clock()
        if self._socket is None or now < self._next or not all(loop.alive for loop in self._loops):
            return
        self._next = now + self._every_s
        with contextlib.suppress(OSError):
            self._socket.sendto(ALIVE, self._address)

    def close(self) -> None:
        """Beat no more."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class Ear:
    """The supervisor's end for one program. `deaf_for` grows until the program beats again."""

    def __init__(self, limit_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit_s = limit_s
        self._clock = clock
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        self._socket.bind("")  # Linux picks an abstract name
        self._heard = float("inf")

    def environment(self) -> dict[str, str]:
        """What the program has to be started with."""
        name = self._socket.getsockname()
        return {
            NOTIFY_SOCKET: "@" + name[1:].decode("ascii"),
            WATCHDOG_USEC: str(int(self.limit_s * 1e6)),
        }

    def fileno(self) -> int:
        """Readable when there is a beat."""
        return self._socket.fileno()

    def expect(self) -> None:
        """A program was started: it has time until its first beat, however long its libraries take to load."""
        self.listen()
        self._heard = float("inf")

    def listen(self) -> None:
        """Take in the beats that have come."""
        with contextlib.suppress(BlockingIOError):
            while True:
                if ALIVE in self._socket.recv(_MAX_DATAGRAM).split(b"\n"):
                    self._heard = self._clock()

    def hung(self) -> bool:
        """Whether a program that had begun to beat has been silent for longer than its limit."""
        return self._clock() - self._heard > self.limit_s

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()
