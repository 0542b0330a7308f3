"""ZVT messages on a TCP stream: class, instruction, length, data. Pure; whatever comes in, no crash and no guess.

Source: ZVT protocol (PA00P015), message structure: one length byte, or FF and two more, low byte first.
"""

from enum import StrEnum
from typing import NamedTuple

from drivers.contract import DeviceError, ErrorCode, Outcome

_LONG = 0xFF
MAX_DATA_BYTES = 8_192


class Breach(StrEnum):
    """What is wrong with bytes that are no ZVT."""

    TOO_LONG = "too-long"
    CUT_SHORT = "cut-short"
    NOT_DIGITS = "not-digits"
    ODD_LENGTH = "odd-length"
    UNKNOWN_FIELD = "unknown-field"
    UNEXPECTED = "unexpected"


class ProtocolError(DeviceError):
    """The terminal said something that means nothing. It proves nothing about what was asked of it."""

    def __init__(self, breach: Breach, where: str) -> None:
        super().__init__(ErrorCode.PROTOCOL, f"{breach} in {where}", outcome=Outcome.UNKNOWN)
        self.breach = breach


class Apdu(NamedTuple):
    """One message. `code` is class and instruction as one number, 0x0622."""

    code: int
    data: bytes = b""

    def encode(self) -> bytes:
        """The message as it goes over the wire."""
        size = len(self.data)
        length = bytes([size]) if size < _LONG else bytes([_LONG, size & 0xFF, size >> 8])
        return self.code.to_bytes(2, "big") + length + self.data


class Reader:
    """Cuts a stream into messages. Holds at most one that is not whole yet."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Apdu]:
        """The messages that `data` completes. Raises ProtocolError."""
        self._buffer += data
        found = []
        while (apdu := self._take()) is not None:
            found.append(apdu)
        return found

    def forget(self) -> None:
        """Drop what is not whole."""
        self._buffer.clear()

    def _take(self) -> Apdu | None:
        buffer = self._buffer
        if len(buffer) < 3:
            return None
        head, size = (5, buffer[3] | buffer[4] << 8) if _is_long(buffer) else (3, buffer[2])
        if size > MAX_DATA_BYTES:
            raise ProtocolError(Breach.TOO_LONG, "message")
        if (buffer[2] == _LONG and len(buffer) < 5) or len(buffer) < head + size:
            return None
        apdu = Apdu(buffer[0] << 8 | buffer[1], bytes(buffer[head : head + size]))
        del buffer[: head + size]
        return apdu


def _is_long(buffer: bytearray) -> bool:
    return buffer[2] == _LONG and len(buffer) >= 5
