"""What a power cut may leave of a disk: all that was flushed, and some of what was written since."""

import random
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from tests.crash.blocks.log import NOTHING, Event, Flush, Mark, Recording, Write

SECTOR = 512


class Left(StrEnum):
    """What is left of the writes after the last flush."""

    NONE = "none"
    ALL = "all"
    SECTORS = "sectors"


class Image(Struct, frozen=True):
    """The disk as it is found; `at` is where in the log the power went, `told` the last acknowledgement before."""

    at: int
    left: Left
    disk: bytes
    told: Mark


def cuts(recording: Recording, count: int, seed: int) -> Iterator[Image]:
    """So many images, at random places of the log, in its order. Of one recording, one seed is one set of images."""
    rng = random.Random(seed)
    safe, waiting, told = bytearray(recording.base), list[Write](), NOTHING
    chosen = sorted(rng.choices(range(len(recording.events) + 1), k=count))
    kinds = [list(Left)[index % len(Left)] for index in range(count)]
    rng.shuffle(kinds)
    done = 0
    for at, left in zip(chosen, kinds, strict=True):
        for event in recording.events[done:at]:
            told = _happened(event, safe, waiting, told)
        done = at
        yield Image(at, left, _found(safe, waiting, left, rng), told)


def _happened(event: Event, safe: bytearray, waiting: list[Write], told: Mark) -> Mark:
    match event:
        case Write():
            waiting.append(event)
        case Flush():
            for write in waiting:
                _put(safe, write)
            waiting.clear()
        case Mark():
            return event
    return told


def _found(safe: bytearray, waiting: list[Write], left: Left, rng: random.Random) -> bytes:
    disk = bytearray(safe)
    for write in waiting if left is not Left.NONE else ():
        for piece in _sectors(write):
            if left is Left.ALL or rng.random() < 0.5:
                _put(disk, piece)
    return bytes(disk)


def _sectors(write: Write) -> Iterator[Write]:
    """A write cut where sectors begin; the kernel writes whole ones."""
    for at in range(0, len(write.data), SECTOR):
        yield Write(write.offset + at, write.data[at : at + SECTOR])


def _put(disk: bytearray, write: Write) -> None:
    disk[write.offset : write.offset + len(write.data)] = write.data
