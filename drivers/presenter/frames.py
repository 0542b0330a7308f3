"""Frames of the presenter's line: `02 LEN SEQ CODE DATA… CRC-HI CRC-LO`. Pure.

Source: docs/protocol.md, "Presenter". After a wrong length or checksum the receiver hunts for the next 02 among the
bytes that it already has, so noise costs at most the frames that it touched.
"""

from msgspec import Struct

START = 0x02
MIN_LENGTH, MAX_LENGTH = 2, 32
MAX_DATA_BYTES = MAX_LENGTH - 2
SILENCE_S = 0.05
STATUS_BYTES = 8


class Frame(Struct, frozen=True):
    """One frame with a right checksum. `seq` ties an answer to its question."""

    seq: int
    code: int
    data: bytes = b""


class PresenterStatus(Struct, frozen=True):
    """The status block: motor state, sensors, documents in the bin, lifetime retracts R, flags.

    Where a model has no sensor at a place (`sees_path`, `sees_mouth`), its bit says nothing.
    """

    state: int
    path: bool
    mouth: bool
    bin: int
    retracts: int
    bin_full: bool
    sees_path: bool = True
    sees_mouth: bool = True

    @property
    def clear(self) -> bool:
        """No paper in path or mouth."""
        return not (self.path or self.mouth)


def crc16(data: bytes) -> int:
    """Checksum CRC-16/CCITT-FALSE: polynomial 0x1021, initial 0xFFFF, not reflected (of "123456789": 0x29B1)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _bit in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


def build(frame: Frame) -> bytes:
    """The frame's bytes. Raises ValueError for data that no frame can carry."""
    if len(frame.data) > MAX_DATA_BYTES:
        raise ValueError(f"{len(frame.data)} bytes do not fit a presenter frame")
    body = bytes((2 + len(frame.data), frame.seq, frame.code)) + frame.data
    return bytes((START,)) + body + crc16(body).to_bytes(2, "big")


def parse_status(data: bytes) -> PresenterStatus:
    """The status block. Raises ValueError when it is not one."""
    if len(data) != STATUS_BYTES or data[0] > 5:
        raise ValueError("not a status block")
    return PresenterStatus(
        state=data[0],
        path=bool(data[1] & 0x01),
        mouth=bool(data[1] & 0x02),
        bin=data[2],
        retracts=int.from_bytes(data[3:7], "big"),
        bin_full=bool(data[7] & 0x01),
        sees_path=not data[7] & 0x02,
        sees_mouth=not data[7] & 0x04,
    )


class Receiver:
    """Turns bytes into frames, whatever the chunks."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._heard = float("-inf")

    def feed(self, chunk: bytes, now: float) -> list[Frame]:
        """The frames completed by `chunk`, which arrived at `now` (monotonic s)."""
        if now - self._heard >= SILENCE_S:
            self._buffer.clear()
        if chunk:
            self._heard = now
        self._buffer += chunk
        frames = []
        while (frame := self._take()) is not None:
            frames.append(frame)
        return frames

    def _take(self) -> Frame | None:
        """The next whole frame; bytes that cannot begin one are dropped."""
        while (start := self._buffer.find(START)) >= 0:
            del self._buffer[:start]
            if len(self._buffer) < 2:
                return None
            length = self._buffer[1]
            if not MIN_LENGTH <= length <= MAX_LENGTH:
                del self._buffer[0]
                continue
            if len(self._buffer) < length + 4:
                return None
            body = bytes(self._buffer[1 : 2 + length])
            if crc16(body) != int.from_bytes(self._buffer[2 + length : 4 + length], "big"):
                del self._buffer[0]
                continue
            del self._buffer[: 4 + length]
            return Frame(body[1], body[2], body[3:])
        self._buffer.clear()
        return None
