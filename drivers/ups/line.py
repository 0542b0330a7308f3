"""The connection to upsd: one question at a time, never waiting, each bounded in time and size."""

import contextlib
import select
import socket
from typing import Protocol

from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.ups.words import Address, Reader, UpsdError
from drivers.why import why

ANSWER_S = 2.0
_LOOK_S = 0.05
_READ_BYTES = 16_384


class Wire(Protocol):
    """A connection that never waits. Every method may raise OSError."""

    def read(self) -> bytes:
        """What has arrived, perhaps nothing."""

    def write(self, data: bytes) -> int:
        """How many bytes were taken, perhaps none."""

    def fileno(self) -> int:
        """Readable when there is something; -1 where nothing tells of it."""

    def close(self) -> None:
        """Give it back."""


class SocketWire:
    """TCP, or a local socket. Raises OSError when nobody can be reached at once."""

    def __init__(self, to: Address) -> None:
        family = socket.AF_UNIX if not to.port else socket.AF_INET6 if ":" in to.host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        try:
            with contextlib.suppress(BlockingIOError):
                self._socket.connect(to.host if not to.port else (to.host, to.port))
        except BaseException:
            self._socket.close()
            raise

    def read(self) -> bytes:
        """What has arrived. Raises OSError also when upsd has hung up."""
        try:
            data = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError("hung up")
        return data

    def write(self, data: bytes) -> int:
        """How many bytes were taken; none while the connection is still being made."""
        try:
            return self._socket.send(data, socket.MSG_NOSIGNAL)
        except BlockingIOError:
            return 0

    def fileno(self) -> int:
        """The socket."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class Question:
    """One line to upsd and its whole answer (drivers.scheduler.Exchange). `result` raises DeviceError."""

    # One for all connections of the bus: there is never more than one.
    wire: object = "upsd"

    def __init__(self, wire: Wire, line: bytes, reader: Reader) -> None:
        self._wire, self._unsent, self._reader = wire, line, reader
        self._until = 0.0
        self._failure: DeviceError | None = None

    def begin(self, now: float) -> None:
        """Send."""
        self._until = now + ANSWER_S

    def step(self, now: float) -> float | None:
        """Do what can be done without waiting; when to look again, None when it is over."""
        try:
            if self._unsent:
                self._unsent = self._unsent[self._wire.write(self._unsent) :]
            if data := self._wire.read():
                self._reader.feed(data)
        except UpsdError as error:
            self._failure = DeviceError(ErrorCode.PROTOCOL, str(error))
        except OSError as error:
            self._failure = DeviceError(ErrorCode.REMOVED, why(error)[1])
        if self._failure is not None or self._reader.done:
            return None
        if now >= self._until:
            self._failure = DeviceError(ErrorCode.TIMEOUT, "no answer", outcome=Outcome.UNKNOWN)
            return None
        return min(self._until, now + (_LOOK_S if self._unsent or self._wire.fileno() < 0 else ANSWER_S))

    def interest(self) -> tuple[int, int] | None:
        """Its answer wakes the loop."""
        return None if self._wire.fileno() < 0 else (self._wire.fileno(), select.POLLIN)

    def result(self) -> None:
        """Nothing: the reader has it."""
        if self._failure is not None:
            raise self._failure

    def abandon(self) -> None:
        """Nothing: what still comes would be taken for the next answer, so the conversation ends with it."""
