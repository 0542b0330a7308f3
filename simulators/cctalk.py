"""ccTalk frames with the simple checksum: [to][length][from][header][data…][checksum].

All bytes of a frame add up to 0 mod 256.
Source: ccTalk Serial Communication Protocol, generic specification, issue 4.7, part 1.
"""

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


class Splitter:
    """Cuts the bytes heard on the bus into frames. A frame with a wrong checksum is passed over in silence."""

    def __init__(self) -> None:
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
            if sum(raw) & 0xFF == 0:
                frames.append(Frame(raw[0], raw[2], raw[3], raw[4:-1]))
        return frames


def counter24(value: int) -> bytes:
    """A lifetime counter or serial number as the bus carries it: 3 bytes, low byte first."""
    return (value & 0xFFFFFF).to_bytes(3, "little")


def next_event(counter: int) -> int:
    """The event counter after one more event: 1..255 and then 1 again; 0 is only for power-up."""
    return 1 if counter == 255 else counter + 1
