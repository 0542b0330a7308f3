"""What reached the disk, in its order: writes, flushes, and between them what the worker was told is safe."""

from pathlib import Path

import msgspec
from msgspec import Struct


class Write(Struct, frozen=True, tag="w", array_like=True):
    """Bytes that the disk has taken, and may still lose."""

    offset: int
    data: bytes


class Flush(Struct, frozen=True, tag="f", array_like=True):
    """From here on everything that was written before is safe."""


class Mark(Struct, frozen=True, tag="m", array_like=True):
    """A commit has returned: the journal's last seq and hash, and up to where central is known to hold the rows."""

    seq: int
    head: str
    sent: int


Event = Write | Flush | Mark
# What was told to a machine that has sold nothing.
NOTHING = Mark(0, "", 0)


class Recording(Struct, frozen=True):
    """The disk as mkfs left it, and all that happened on it, from the first mount to the last unmount."""

    base: bytes
    events: tuple[Event, ...]

    @property
    def commits(self) -> int:
        """How many commits were acknowledged."""
        return sum(isinstance(event, Mark) for event in self.events)

    @property
    def flushes(self) -> int:
        """How many times the disk was told to make safe what it had."""
        return sum(isinstance(event, Flush) for event in self.events)


def keep(events: list[Event], file: Path) -> None:
    """Write a log."""
    file.write_bytes(msgspec.msgpack.encode(events))


def kept(file: Path) -> list[Event]:
    """Read it back."""
    return msgspec.msgpack.decode(file.read_bytes(), type=list[Event])
