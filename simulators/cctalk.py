"""ccTalk frames: [to][length][from][header][data…][checksum], all bytes adding up to 0 mod 256.

To and from a device in CRC mode: [to][length][CRC low][header][data…][CRC high], a CRC-16 of polynomial 0x1021 that
begins at 0, over everything but itself.
Source: ccTalk Serial Communication Protocol, generic specification, issue 4.7, part 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

_FRAME_BYTES_BESIDE_DATA = 5
MAX_DATA_BYTES = 252

HOST = 1
REPLY = 0
NAK = 5


@dataclass(frozen=True)
class Frame:
    """One message on the bus. `header` 0 in a reply is ACK or data, 5 is NAK."""

    to: int
    sender: int
    header: int
    data: bytes = b""


def encode(frame: Frame) -> bytes:
    """The frame's bytes. ValueError when the data is longer than a frame holds."""
    if len(frame.data) > MAX_DATA_BYTES:
        raise ValueError(f"{len(frame.data)} bytes of data do not fit into a ccTalk frame")
    body = bytes((frame.to, len(frame.data), frame.sender, frame.header)) + frame.data
    return body + bytes((-sum(body) & 0xFF,))


def encode_with_crc(frame: Frame) -> bytes:
    """The frame's bytes in CRC mode."""
    covered = bytes((frame.to, len(frame.data), frame.header)) + frame.data
    low, high = crc(covered).to_bytes(2, "little")
    return covered[:2] + bytes((low,)) + covered[2:] + bytes((high,))


def crc(covered: bytes) -> int:
    """CRC-CCITT from 0, most significant bit first."""
    remainder = 0
    for bit in range(len(covered) * 8):
        top = remainder >> 15 ^ covered[bit // 8] >> (7 - bit % 8) & 1
        remainder = remainder << 1 & 0xFFFF ^ (0x1021 if top else 0)
    return remainder


class Splitter:
    """Cuts the bytes heard on the bus into frames. A frame with a wrong checksum is passed over in silence.

    `with_crc` tells whether a frame to this address has to carry a CRC.
    """

    def __init__(self, with_crc: Callable[[int], bool] = lambda address: False) -> None:
        self._with_crc = with_crc
        self._buffer = bytearray()

    def reset(self) -> None:
        """Forget half a frame: the line was silent for too long."""
        self._buffer.clear()

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames completed by `chunk`."""
        self._buffer += chunk
        frames: list[Frame] = []
        while len(self._buffer) >= 2 and len(self._buffer) >= (
            size := self._buffer[1] + _FRAME_BYTES_BESIDE_DATA
        ):
            raw = bytes(self._buffer[:size])
            del self._buffer[:size]
            if self._with_crc(raw[0]):
                if crc(raw[:2] + raw[3:-1]) == raw[2] | raw[-1] << 8:
                    frames.append(Frame(raw[0], HOST, raw[3], raw[4:-1]))
            elif sum(raw) & 0xFF == 0:
                frames.append(Frame(raw[0], raw[2], raw[3], raw[4:-1]))
        return frames


def counter24(value: int) -> bytes:
    """A lifetime counter or serial number as the bus carries it: 3 bytes, low byte first."""
    return (value & 0xFFFFFF).to_bytes(3, "little")


def next_event(counter: int) -> int:
    """The event counter after one more event: 1..255 and then 1 again; 0 is only for power-up."""
    return 1 if counter == 255 else counter + 1
