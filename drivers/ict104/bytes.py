"""The bytes of ICT104, one a word, and what a validator's stream of them says. Pure.

9600 baud, 8 data bits, even parity. A byte whose parity is wrong arrives as 0 and is none of these.
"""

from enum import IntEnum
from typing import Final

from msgspec import Struct

from drivers.contract import ReasonCode

# What the host says.
ACCEPT, REJECT, HOLD = b"\x02", b"\x0f", b"\x18"
ENABLE, INHIBIT = b"\x3e", b"\x5e"
POLL = b"\x0c"

_POWER_UP, _POWER_UP_2 = 0x80, 0x8F
_ESCROW = 0x81
_TYPES = range(0x40, 0x45)
# KRW by bill type, as a validator is set up that is sold for Korean won.
VALUES: Final = {0x40: 1_000, 0x41: 5_000, 0x42: 10_000, 0x43: 50_000}

TROUBLES: Final = {
    0x21: ReasonCode.HARDWARE,  # motor
    0x22: ReasonCode.HARDWARE,  # checksum of its own memory
    0x23: ReasonCode.NOTE_JAM,
    0x24: ReasonCode.STACKER_OUT,  # removed
    0x25: ReasonCode.STACKER_OUT,  # opened
    0x27: ReasonCode.HARDWARE,  # sensor
    0x28: ReasonCode.OPTO_FRAUD,  # fishing
    0x29: ReasonCode.STACKER_FULL,  # the stacker does not take it
}
REJECTED_BILL: Final = 0x2A
_OTHER_TROUBLES = range(0x20, 0x30)


class Word(IntEnum):
    """What a validator says that is no bill in escrow and no trouble."""

    STACKED = 0x10
    RETURNED = 0x11
    ENABLED = 0x3E
    INHIBITED = 0x5E
    POWERED_UP = 0x8F


class Escrow(Struct, frozen=True):
    """A bill is held; 0 KRW: of a type that nobody knows."""

    value: int


class Trouble(Struct, frozen=True):
    """Something is wrong with it; None: the bill was no bill, and is back."""

    reason: ReasonCode | None
    code: int


Said = Word | Escrow | Trouble


class Stream:
    """Takes bytes as they come; a word of two bytes may come in two pieces."""

    def __init__(self) -> None:
        self._first = 0

    def feed(self, data: bytes) -> list[Said]:
        """What these bytes say, oldest first. Bytes that say nothing are left out."""
        said = (self._word(byte) for byte in data)
        return [word for word in said if word is not None]

    def _word(self, byte: int) -> Said | None:
        first, self._first = self._first, 0
        if byte in (_POWER_UP, _ESCROW):
            self._first = byte
            return None
        if first == _ESCROW:
            # The bill is there, whatever has become of the byte that tells its type.
            return Escrow(VALUES.get(byte, 0) if byte in _TYPES else 0)
        if byte == _POWER_UP_2:
            return Word.POWERED_UP if first == _POWER_UP else None
        if byte == REJECTED_BILL:
            return Trouble(None, byte)
        if byte in _OTHER_TROUBLES:
            return Trouble(TROUBLES.get(byte, ReasonCode.HARDWARE), byte)
        return Word(byte) if byte in set(Word) else None
