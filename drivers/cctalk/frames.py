"""ccTalk frames: `[dest][length][source][header][data…][checksum]`, all bytes summing to 0 mod 256. Pure.

In CRC mode, usual on bill validators, the source's place holds the low byte of a CRC-16 (0x1021 from 0, over all but
these two bytes) and the last byte the high one. So such a frame does not say who sent it.

Source: ccTalk Generic Specification 4.7, part 1. There is no start byte: a receiver that has lost the rhythm can only
wait for silence, so after a wrong checksum this one is deaf until the line has been quiet.
"""

from msgspec import Struct

HOST = 1
UNTOLD = 0
MAX_DATA_BYTES = 252
SILENCE_S = 0.05
_OVERHEAD_BYTES = 5


class Frame(Struct, frozen=True):
    """One frame with a right checksum. `src` is UNTOLD in an answer in CRC mode."""

    dest: int
    src: int
    header: int
    data: bytes = b""


def build(frame: Frame, *, crc: bool = False) -> bytes:
    """The frame's bytes, in CRC mode or with the plain checksum. Raises ValueError for data that no frame can carry."""
    if len(frame.data) > MAX_DATA_BYTES:
        raise ValueError(f"{len(frame.data)} bytes do not fit a ccTalk frame")
    if crc:
        body = bytes((frame.dest, len(frame.data), frame.header)) + frame.data
        high, low = divmod(crc16(body), 256)
        return body[:2] + bytes((low,)) + body[2:] + bytes((high,))
    body = bytes((frame.dest, len(frame.data), frame.src, frame.header)) + frame.data
    return body + bytes((-sum(body) & 0xFF,))


def crc16(data: bytes) -> int:
    """CRC-CCITT as ccTalk uses it: polynomial 0x1021, from 0, not reflected. Of b"123456789" it is 0x31C3."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = crc << 1 ^ (0x1021 if crc & 0x8000 else 0)
            crc &= 0xFFFF
    return crc


class Receiver:
    """Turns bytes into frames. `deaf` after a wrong checksum, until the line has been silent for SILENCE_S."""

    def __init__(self, *, crc: bool = False) -> None:
        self.deaf = False
        self._crc = crc
        self._buffer = bytearray()
        self._heard = float("-inf")

    def feed(self, chunk: bytes, now: float) -> list[Frame]:
        """The frames completed by `chunk`, which arrived at `now` (monotonic s)."""
        if now - self._heard >= SILENCE_S:
            self._buffer.clear()
            self.deaf = False
        if chunk:
            self._heard = now
        frames: list[Frame] = []
        if not self.deaf:
            self._buffer += chunk
            while (frame := self._take()) is not None:
                frames.append(frame)
        return frames

    def missing(self) -> int:
        """How many bytes at least until the next frame can be complete."""
        if len(self._buffer) < 2:
            return _OVERHEAD_BYTES - len(self._buffer)
        return self._buffer[1] + _OVERHEAD_BYTES - len(self._buffer)

    def _take(self) -> Frame | None:
        if len(self._buffer) < _OVERHEAD_BYTES or self.missing() > 0:
            return None
        size = self._buffer[1] + _OVERHEAD_BYTES
        raw = bytes(self._buffer[:size])
        if not self._right(raw) or raw[1] > MAX_DATA_BYTES:
            self._buffer.clear()
            self.deaf = True
            return None
        del self._buffer[:size]
        src = raw[2] if not self._crc else HOST if raw[0] != HOST else UNTOLD
        return Frame(raw[0], src, raw[3], raw[4:-1])

    def _right(self, raw: bytes) -> bool:
        if not self._crc:
            return sum(raw) & 0xFF == 0
        return crc16(raw[:2] + raw[3:-1]) == raw[-1] << 8 | raw[2]


def printable(raw: bytes) -> str:
    """A device's own text for people: printable ASCII, anything else as `?`."""
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in raw).strip()
