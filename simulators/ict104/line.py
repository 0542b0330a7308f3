"""The wire of one ICT104 validator: 9600 8E1. A pty carries no parity, so each byte is framed with its bit here.

A bit that is turned over on the way makes the parity wrong: the twin drops such a byte, a host reads 0 in its place.
"""

from collections.abc import Callable

from simulators.clock import Clock

BYTE_SECONDS = 11 / 9600


def framed(byte: int) -> int:
    """The byte with its even parity bit on top."""
    return byte | (byte.bit_count() & 1) << 8


def unframed(frame: int) -> int | None:
    """The byte of a frame; None: its parity is wrong."""
    return None if frame.bit_count() & 1 else frame & 0xFF


class Line:
    """Both directions. `flip_to_…`: which bit of each of the next bytes is turned over; None: none of this one."""

    def __init__(self, clock: Clock, heard: Callable[[int], None], *, paced: bool = True) -> None:
        self._clock, self._heard = clock, heard
        self._byte = BYTE_SECONDS if paced else 0.0
        self._free_at = 0.0
        self.to_host: Callable[[bytes], None] = lambda data: None
        self.flip_to_host: list[int | None] = []
        self.flip_to_twin: list[int | None] = []

    def received(self, chunk: bytes) -> None:
        """The host wrote `chunk`."""
        for byte in chunk:
            arrived = unframed(_flipped(framed(byte), self.flip_to_twin))
            if arrived is not None:
                self._heard(arrived)

    def say(self, *word: int) -> None:
        """The twin says these bytes, one after the other."""
        for byte in word:
            arrived = unframed(_flipped(framed(byte), self.flip_to_host))
            self._free_at = max(self._clock.monotonic(), self._free_at) + self._byte
            self._at(self._free_at, bytes((arrived or 0,)))

    def _at(self, moment: float, data: bytes) -> None:
        if self._byte:
            self._clock.later(moment - self._clock.monotonic(), lambda: self.to_host(data))
        else:
            self.to_host(data)


def _flipped(frame: int, bits: list[int | None]) -> int:
    bit = bits.pop(0) if bits else None
    return frame if bit is None else frame ^ 1 << bit
