"""One serial port as the kernel shows it: a pty whose other end is a symlink that can be pulled and put back.

A pty carries no line speed, parity or modem lines; the speed that the host has set can be read, so bytes sent at
another speed than the device's arrive as rubbish here, as they would on a wire.
"""

import asyncio
import os
import termios
import tty
from collections.abc import Callable
from pathlib import Path

_READ_BYTES = 4096
_SPEEDS = {9600: termios.B9600, 19200: termios.B19200, 115200: termios.B115200}
_ISPEED = 4


class SerialPort:
    """A pty master. `received` is called with the bytes that the host wrote; `write` sends bytes to it."""

    def __init__(self, link: Path, baud: int, received: Callable[[bytes], None]) -> None:
        self.link = link
        self._speed = _SPEEDS[baud]
        self._received = received
        self._master = -1
        self._slave = -1

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._master >= 0

    def plug(self) -> None:
        """Make the port appear. Nothing happens when it is there already."""
        if self.plugged:
            return
        self._master, self._slave = (
            os.openpty()
        )  # our own slave handle keeps the master from seeing a hang-up
        tty.setraw(self._slave)
        self._set_speed()
        os.set_blocking(self._master, False)
        self.link.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.link.with_name(f".{self.link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        os.replace(fresh, self.link)
        asyncio.get_running_loop().add_reader(self._master, self._readable)

    def _set_speed(self) -> None:
        settings = termios.tcgetattr(self._slave)
        settings[4] = settings[5] = self._speed
        termios.tcsetattr(self._slave, termios.TCSANOW, settings)

    def unplug(self) -> None:
        """Make the port disappear under whoever has it open."""
        if not self.plugged:
            return
        asyncio.get_running_loop().remove_reader(self._master)
        self.link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1

    def write(self, data: bytes) -> None:
        """Send to the host. What a host that never reads leaves no room for is lost, as on a wire."""
        if not self.plugged:
            return
        try:
            os.write(self._master, data)
        except BlockingIOError:
            return

    def _readable(self) -> None:
        try:
            chunk = os.read(self._master, _READ_BYTES)
        except OSError:
            return
        if termios.tcgetattr(self._master)[_ISPEED] != self._speed:
            chunk = bytes(byte ^ 0xA5 for byte in chunk)
        self._received(chunk)
