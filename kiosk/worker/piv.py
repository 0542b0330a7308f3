"""What is said to a PIV card, and how its answers are taken apart (NIST SP 800-73-4 part 2; ISO/IEC 7816-4).

Nothing that a card answers is believed: lengths, rounds and kinds are bounded, all else is Garbled.
"""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

AID: Final = bytes.fromhex("A000000308000010000100")
PIN_DIGITS: Final = range(6, 9)
STATEMENT_BYTES: Final = 32
# A certificate is about 1 kB; the standard allows the object about 3 kB.
LARGEST_ANSWER: Final = 8_192
_MOST_ROUNDS: Final = 64

OK: Final = 0x9000
BLOCKED: Final = 0x6983
# How a card says that it has no such application, or no applications at all: function, file, instruction,
# class (ISO/IEC 7816-4, 5.6).
NOT_HERE: Final = frozenset({0x6A81, 0x6A82, 0x6D00, 0x6E00})

SELECT: Final = bytes([0x00, 0xA4, 0x04, 0x00, len(AID)]) + AID + b"\x00"
READ_CERTIFICATE: Final = bytes.fromhex("00CB3FFF 05 5C035FC105 00")
ASK_TRIES: Final = bytes.fromhex("00200080")
_VERIFY: Final = bytes.fromhex("00200080 08")
_SIGN: Final = bytes.fromhex("0087119A 26 7C24 8200 8120")

Exchange = Callable[[bytes | bytearray], bytes]


class Garbled(Exception):
    """An answer that no card of this kind gives. The message never holds what the card said."""


class Answer(Struct, frozen=True):
    """What came back: data and status word."""

    data: bytes
    status: int


def ask(exchange: Exchange, command: bytes | bytearray) -> Answer:
    """One command to its end: asked again with the length that the card wants (6C xx), and for the rest (61 xx).

    Again only where the command ends with its expected length (00): a PIN is never sent twice.
    """
    answer = _answer(exchange(command))
    if answer.status >> 8 == 0x6C and command[-1] == 0x00:
        answer = _answer(exchange(bytes(command[:-1]) + bytes([answer.status & 0xFF])))
    data, rounds = answer.data, 0
    while answer.status >> 8 == 0x61:
        rounds += 1
        answer = _answer(exchange(bytes([0x00, 0xC0, 0x00, 0x00, answer.status & 0xFF])))
        if answer.status >> 8 == 0x61 and not answer.data:
            raise Garbled("more is promised and nothing comes")
        data += answer.data
        if len(data) > LARGEST_ANSWER or rounds > _MOST_ROUNDS:
            raise Garbled("an answer without an end")
    return Answer(data, answer.status)


def verify(pin: bytes | bytearray) -> bytearray:
    """VERIFY with the PIN (6 to 8 ASCII digits), padded. The caller wipes it. Raises ValueError."""
    if len(pin) not in PIN_DIGITS or any(not 0x30 <= digit <= 0x39 for digit in pin):
        raise ValueError("a PIN has 6 to 8 digits")
    command = bytearray(len(_VERIFY) + 8)
    command[:] = _VERIFY + b"\xff" * 8
    for at, digit in enumerate(pin, len(_VERIFY)):  # no other copy of it
        command[at] = digit
    return command


def sign(statement: bytes) -> bytes:
    """GENERAL AUTHENTICATE: sign this hash with the PIV authentication key, EC P-256. Raises ValueError."""
    if len(statement) != STATEMENT_BYTES:
        raise ValueError(f"a statement has {STATEMENT_BYTES} bytes")
    return _SIGN + statement + b"\x00"


def tries_left(status: int) -> int | None:
    """The tries that a status word of VERIFY speaks of; 0 for a blocked card; None if it speaks of something else."""
    if status == BLOCKED:
        return 0
    return status & 0x0F if status & 0xFFF0 == 0x63C0 else None


def check_selected(data: bytes) -> None:
    """The answer to SELECT is an application property template. Raises Garbled."""
    if [tag for tag, _value in _objects(data)] != [0x61]:
        raise Garbled("no application property template")


def certificate_of(data: bytes) -> bytes:
    """The certificate (DER) in a data object (part 1, table 10). A compressed one is Garbled: ours are not."""
    parts = dict(_objects(_only(data, 0x53)))
    if 0x70 not in parts or any(parts.get(0x71, b"")):
        raise Garbled("no plain certificate in its object")
    return parts[0x70]


def signature_of(data: bytes) -> bytes:
    """The signature (DER) in a dynamic authentication template. Raises Garbled."""
    return _only(_only(data, 0x7C), 0x82)


def _answer(response: bytes) -> Answer:
    if len(response) < 2:
        raise Garbled("an answer without a status")
    return Answer(response[:-2], int.from_bytes(response[-2:], "big"))


def _only(data: bytes, tag: int) -> bytes:
    """The value of the one object that `data` is."""
    objects = list(_objects(data))
    if len(objects) != 1 or objects[0][0] != tag:
        raise Garbled(f"not one object {tag:02X}")
    return objects[0][1]


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Objects with tags of one byte and lengths of up to three (BER-TLV; ISO/IEC 7816-4, 5.2.2)."""
    at = 0
    while at < len(data):
        tag, at = data[at], at + 1
        if tag & 0x1F == 0x1F:
            raise Garbled("a tag of more than one byte")
        first = data[at : at + 1]
        at += 1
        wide = {0x81: 1, 0x82: 2}.get(first[0] if first else 0xFF, 0)
        if not first or (first[0] > 0x7F and not wide):
            raise Garbled("a length that is none")
        length = int.from_bytes(data[at : at + wide], "big") if wide else first[0]
        at += wide
        if at + length > len(data):
            raise Garbled("an object longer than its data")
        yield tag, data[at : at + length]
        at += length
