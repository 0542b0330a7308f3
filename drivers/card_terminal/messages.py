"""What is said to the terminal, and what its short answers mean. Pure.

The kiosk reserves first (06 22) and, once the papers are in a hand, gives back what was not delivered (06 23), whereby
the terminal charges the rest; or gives back everything (06 25). 06 23 with receipt FFFF asks which reservations are
open. Sources: ZVT protocol (PA00P015), 2.8 to 2.10; usage as in the public qwello/zvt and EVerest payment modules.
"""

from typing import NamedTuple

from drivers.card_terminal.apdu import Apdu, Breach, ProtocolError
from drivers.card_terminal.fields import (
    AMOUNT,
    AMOUNT_BYTES,
    CONTAINER,
    CURRENCY,
    RECEIPT,
    RECEIPT_BYTES,
    RESULT,
    TERMINAL,
    bcd,
    digits,
    fields,
    open_receipts,
)

ACKNOWLEDGED, STATUS, INTERMEDIATE, COMPLETION, ABORTED = 0x8000, 0x040F, 0x04FF, 0x060F, 0x061E
PRINTS = frozenset({0x06D1, 0x06D3})
REFUSED_CLASS = 0x84
BUSY_CODES = frozenset({0x9C, 0xA0})
CANCELLED_CODE = 0x6C
# The bank (01..63) or the terminal (64..7E) will not have this card: nothing is reserved.
DECLINED_CODES = frozenset(range(0x01, 0x7F)) - {CANCELLED_CODE}

_KRW = 410
_ANY_RECEIPT = b"\xff\xff"
# Receipts are not printed by the terminal, and payments only begin here: it sends them to us, and we drop them.
_CONFIG = 0x02 | 0x04 | 0x08 | 0x10 | 0x20
_REFERENCE, _REFERENCE_PREFIX, _REFERENCE_TEXT = 0xE9, b"\x1f\x62", b"\x1f\x63"
_PREFIX = b"AC"
_PROMPTS = {
    0x0A: "present",
    0x01: "pin",
    0x02: "pin",
    0x0B: "remove",
    **dict.fromkeys((0x04, 0x0E, 0x17), "wait"),
}


class Told(NamedTuple):
    """What is kept of a status information (04 0F): the result (0: good), the receipt number, the amount."""

    result: int | None
    receipt: int | None
    amount: int | None


class Aborted(NamedTuple):
    """What is kept of an abort (06 1E): why, and the reservations that it names as open. None: it names none at all."""

    code: int
    receipts: tuple[int, ...] | None


def register(password: str) -> Apdu:
    """Take part in the dialogue; sums are KRW."""
    return Apdu(0x0600, bytes.fromhex(password) + bytes([_CONFIG]) + bcd(_KRW, 2))


def enquire() -> Apdu:
    """Are you well?"""
    return Apdu(0x0501)


def reserve(amount: int, reference: str) -> Apdu:
    """Reserve `amount` KRW on the next card, known to the bank under our own `reference`."""
    return Apdu(0x0622, _amount(amount) + _currency() + _named(reference))


def give_back(receipt: int, amount: int, reference: str) -> Apdu:
    """Give back `amount` KRW of a reservation (perhaps none); the terminal charges what is left of it."""
    return Apdu(
        0x0623, _receipt(bcd(receipt, RECEIPT_BYTES)) + _amount(amount) + _currency() + _named(reference)
    )


def give_all_back(receipt: int) -> Apdu:
    """Give back a whole reservation."""
    return Apdu(0x0625, _receipt(bcd(receipt, RECEIPT_BYTES)) + _currency())


def ask_open() -> Apdu:
    """Which reservations are open? Always ends with an abort that names them."""
    return Apdu(0x0623, _receipt(_ANY_RECEIPT))


def stop() -> Apdu:
    """Wait no longer."""
    return Apdu(0x06B0)


def told(apdu: Apdu) -> Told:
    """Read a status information. Raises ProtocolError."""
    found = fields(apdu.data, frozenset({RESULT, RECEIPT, AMOUNT}))
    result = found.get(RESULT)
    receipt, amount = found.get(RECEIPT), found.get(AMOUNT)
    return Told(
        None if result is None else result[0],
        None if receipt is None else digits(receipt, RECEIPT_BYTES),
        None if amount is None else digits(amount, AMOUNT_BYTES),
    )


def aborted(apdu: Apdu) -> Aborted:
    """Read an abort. Raises ProtocolError."""
    if not apdu.data:
        raise ProtocolError(Breach.CUT_SHORT, "abort")
    code = apdu.data[0]
    if code not in DECLINED_CODES and code != CANCELLED_CODE:
        found = fields(apdu.data[1:], frozenset({RECEIPT, CONTAINER}))
        return Aborted(code, _open(found))
    return Aborted(code, None)


def _open(found: dict[int, bytes]) -> tuple[int, ...] | None:
    first = found.get(RECEIPT)
    if first is None:
        return None
    one = () if first == _ANY_RECEIPT else (digits(first, RECEIPT_BYTES),)
    return tuple(sorted({*one, *open_receipts(found.get(CONTAINER, b""))}))


def terminal_id(apdu: Apdu) -> str:
    """Who has taken us in, from the completion of a registration: "" when it does not say. Raises ProtocolError."""
    return fields(apdu.data, frozenset({TERMINAL})).get(TERMINAL, b"").hex()


def health_code(apdu: Apdu) -> int:
    """How it is (00 well), from the completion of an enquiry: a version, its length in three digits, one code."""
    head = apdu.data[:3]
    if len(head) < 3 or any(digit & 0xF0 != 0xF0 or digit & 0x0F > 9 for digit in head):
        raise ProtocolError(Breach.NOT_DIGITS, "version")
    hundreds, tens, ones = (digit & 0x0F for digit in head)
    at = 3 + 100 * hundreds + 10 * tens + ones
    if len(apdu.data) <= at:
        raise ProtocolError(Breach.CUT_SHORT, "enquiry")
    return apdu.data[at]


def prompt(apdu: Apdu) -> str:
    """What it asks of the citizen: present, pin, remove or wait; "" for anything else."""
    return _PROMPTS.get(apdu.data[0], "") if apdu.data else ""


def _amount(krw: int) -> bytes:
    return bytes([AMOUNT]) + bcd(krw, AMOUNT_BYTES)


def _currency() -> bytes:
    return bytes([CURRENCY]) + bcd(_KRW, 2)


def _receipt(number: bytes) -> bytes:
    return bytes([RECEIPT]) + number


def _named(reference: str) -> bytes:
    """Our own name for the payment, which goes to the bank with it."""
    text = reference.encode("ascii")
    inner = _tlv(_REFERENCE_PREFIX, _PREFIX) + _tlv(_REFERENCE_TEXT, text)
    outer = _tlv(bytes([_REFERENCE]), inner)
    return bytes([CONTAINER, len(outer)]) + outer


def _tlv(tag: bytes, value: bytes) -> bytes:
    return tag + bytes([len(value)]) + value
