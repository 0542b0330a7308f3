"""A serial line by its path, opened again for ever: one owner, no waiting, one kind of failure.

pyserial fails in three families after an unplug (SerialException, OSError, termios.error); here each is a `LineLost`.
pyserial only opens and reads: its own non-blocking write spins when the kernel's buffer is full.
"""

import contextlib
import fcntl
import logging
import os
import termios
from collections.abc import Callable
from typing import Protocol

import serial

from drivers.contract import DeviceError, ErrorCode, Outcome, ReasonCode
from drivers.scheduler import Task
from drivers.why import why

log = logging.getLogger(__name__)

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
_READ_BYTES = 4096
_WATCH_S = 0.5
_FAILURES = (serial.SerialException, OSError, termios.error)
# The majors of pseudo-terminals (Linux, admin-guide/devices.txt: "Unix98 PTY slaves").
_PTY_MAJORS = range(136, 144)


class LineLost(DeviceError):
    """The port cannot be opened, or vanished while open. Proves nothing about what was last sent.

    `reason`: what the device's status says then (why.py).
    """

    def __init__(self, detail: str, reason: ReasonCode = ReasonCode.UNPLUGGED) -> None:
        super().__init__(ErrorCode.NOT_PRESENT, detail, outcome=Outcome.UNKNOWN, retryable=True)
        self.reason = reason


def reason_gone(error: DeviceError) -> ReasonCode:
    """Why a device on a serial line can't be reached: what is the matter with the port, else it is SILENT."""
    return error.reason if isinstance(error, LineLost) else ReasonCode.SILENT


class Port(Protocol):
    """An open serial port that never waits. Every method may raise one of the three families."""

    def read(self) -> bytes:
        """What has arrived, perhaps nothing."""

    def write(self, data: bytes) -> int:
        """How many bytes were taken, perhaps none."""

    def discard(self) -> None:
        """Forget what has arrived and what was not sent yet."""

    def close(self) -> None:
        """Give the port back."""


def keep_others_out(terminal: int) -> None:
    """Close an open terminal to those who ask for no lock (TIOCEXCL), where that ends with its owner.

    The mark belongs to the terminal. That of hardware ends with the last who closes it. A pty's lives as long as its
    far end does, so the mark would outlive its owner and keep out the next one, unless it is root.
    """
    if os.major(os.fstat(terminal).st_rdev) in _PTY_MAJORS:
        return
    with contextlib.suppress(OSError):  # not every driver knows it; the lock holds all the same
        fcntl.ioctl(terminal, termios.TIOCEXCL)


class _SerialPort:
    """A real port with one owner: by a lock, which the kernel lifts when the owner ends, and against the impolite."""

    def __init__(self, path: str, baud: int, parity: str = serial.PARITY_NONE) -> None:
        self._port = serial.Serial(path, baud, parity=parity, timeout=0, exclusive=True)
        keep_others_out(self._port.fileno())

    def read(self) -> bytes:
        return self._port.read(_READ_BYTES)

    def write(self, data: bytes) -> int:
        try:
            return os.write(self._port.fileno(), data)
        except BlockingIOError:
            return 0

    def discard(self) -> None:
        termios.tcflush(self._port.fileno(), termios.TCIOFLUSH)

    def close(self) -> None:
        self._port.close()


def even_parity(path: str, baud: int) -> Port:
    """Open a real port as 8E1."""
    return _SerialPort(path, baud, serial.PARITY_EVEN)


class SerialLine:
    """The line of one port. `opened` counts openings: a changed number means that the far end may be another one."""

    def __init__(self, path: str, baud: int, open_port: Callable[[str, int], Port] = _SerialPort) -> None:
        self.path = path
        self.baud = baud
        self.opened = 0
        self._trouble = LineLost("not opened yet")
        self._told = ""
        self._open_port = open_port
        self._port: Port | None = None

    @property
    def connected(self) -> bool:
        """Whether the port is open."""
        return self._port is not None

    @property
    def byte_s(self) -> float:
        """How long one byte (start, 8 data, stop) takes on the wire, in seconds."""
        return 10 / self.baud

    def keep_open(self) -> Task[None]:
        """Open the port whenever it is closed, with growing pauses, for ever."""
        failures = 0
        while True:
            if self._port is None and not self._open():
                yield BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                failures += 1
                continue
            failures = 0
            yield _WATCH_S

    def _open(self) -> bool:
        try:
            self._port = self._open_port(self.path, self.baud)
        except _FAILURES as error:
            self._note(error)
            return False
        self.opened += 1
        log.info("%s is open", self.path)
        self._told = ""
        return True

    def _note(self, error: Exception) -> LineLost:
        """What is the matter with the port; in the log once, for as long as it stays the same."""
        reason, words = why(error)
        self._trouble = LineLost(f"{os.path.basename(self.path)}: {words}", reason)
        if words != self._told:
            log.warning("%s: %s", self.path, words)
            self._told = words
        return self._trouble

    def read(self) -> bytes:
        """What has arrived, perhaps nothing. Raises LineLost."""
        port = self._need()
        try:
            return port.read()
        except _FAILURES as error:
            raise self._lose(error) from error

    def write(self, data: bytes) -> int:
        """Send what the kernel takes now; how many bytes that was. Raises LineLost."""
        port = self._need()
        try:
            return port.write(data)
        except _FAILURES as error:
            raise self._lose(error) from error

    def discard(self) -> None:
        """Forget bytes that nobody waits for, both ways. Raises LineLost."""
        port = self._need()
        try:
            port.discard()
        except _FAILURES as error:
            raise self._lose(error) from error

    def close(self) -> None:
        """Give the port back; `keep_open` would open it again."""
        if self._port is not None:
            with contextlib.suppress(*_FAILURES):
                self._port.close()
            self._port = None

    def _need(self) -> Port:
        if self._port is None:
            raise LineLost(self._trouble.detail, self._trouble.reason)
        return self._port

    def _lose(self, error: Exception) -> LineLost:
        self.close()
        return self._note(error)
