"""The presenter's frames: 02 LEN SEQ CODE DATA… CRC-HI CRC-LO (docs/protocol.md §3.3).

LEN counts the bytes from SEQ to the end of DATA, 2..32. The CRC is CCITT-FALSE (0x1021, start 0xFFFF) over LEN..DATA.
"""

import binascii
from dataclasses import dataclass

START = 0x02
_SHORTEST, _LONGEST = 2, 32
_BYTES_BESIDE_BODY = 4


@dataclass(frozen=True)
class PresenterFrame:
    """One request or reply."""

    seq: int
    code: int
    data: bytes = b""


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE; of b"123456789" it is 0x29B1."""
    return binascii.crc_hqx(data, 0xFFFF)


def encode(frame: PresenterFrame) -> bytes:
    """The frame's bytes. ValueError when DATA is longer than 30 bytes."""
    body = bytes((frame.seq, frame.code)) + frame.data
    if len(body) > _LONGEST:
        raise ValueError(f"{len(frame.data)} bytes of data do not fit into a presenter frame")
    counted = bytes((len(body),)) + body
    return bytes((START,)) + counted + crc16(counted).to_bytes(2, "big")


class Splitter:
    """Finds frames in what arrives. A damaged one is passed over, and the next 02 inside it is tried."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def reset(self) -> None:
        """Forget half a frame: the line was silent for too long."""
        self._buffer.clear()

    def feed(self, chunk: bytes) -> list[PresenterFrame]:
        """The frames completed by `chunk`."""
        self._buffer += chunk
        frames: list[PresenterFrame] = []
        while (start := self._buffer.find(START)) >= 0:
            del self._buffer[:start]
            if len(self._buffer) < 2:
                return frames
            length = self._buffer[1]
            if not _SHORTEST <= length <= _LONGEST:
                del self._buffer[0]
                continue
            if len(self._buffer) < length + _BYTES_BESIDE_BODY:
                return frames
            frame = self._whole(length)
            if frame is None:
                del self._buffer[0]
            else:
                frames.append(frame)
                del self._buffer[: length + _BYTES_BESIDE_BODY]
        self._buffer.clear()
        return frames

    def _whole(self, length: int) -> PresenterFrame | None:
        counted = bytes(self._buffer[1 : length + 2])
        if crc16(counted) != int.from_bytes(self._buffer[length + 2 : length + 4], "big"):
            return None
        return PresenterFrame(counted[1], counted[2], counted[3:])
