"""What stands in a ZVT message: numbers in BCD, fields named by one byte, and containers of tagged ones. Pure.

Only what is asked for is kept. Card numbers, tracks, names and receipts are stepped over where they stand.
Source: ZVT protocol (PA00P015), summary of the bitmaps used, and TLV container.
"""

from drivers.card_terminal.apdu import Breach, ProtocolError

AMOUNT, CONTAINER, RESULT, TERMINAL, CURRENCY, RECEIPT = 0x04, 0x06, 0x27, 0x29, 0x49, 0x87
AMOUNT_BYTES, RECEIPT_BYTES = 6, 2

_FIXED = {
    **dict.fromkeys((0x01, 0x02, 0x03, 0x05, 0x19, 0x27, 0x72, 0x73, 0x74, 0x75, 0x8A, 0x8C), 1),
    **dict.fromkeys((0xA0, 0xD0, 0xD2, 0xD3, 0xE0, 0xE9, 0xEA, 0xF0, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD), 1),
    **dict.fromkeys((0x0D, 0x0E, 0x17, 0x3A, 0x49, 0x87), 2),
    **dict.fromkeys((0x0B, 0x0C, 0x37, 0x3D, 0x88, 0xAA), 3),
    **dict.fromkeys((0x29, 0x70, 0x71), 4),
    0xBA: 5,
    0x04: 6,
    **dict.fromkeys((0x3B, 0xEB), 8),
    0x2A: 15,
}
_TWO_DIGITS = frozenset({0x22, 0x23, 0x2D, 0x8B, 0xA7, 0xD1, *range(0xE1, 0xE9), *range(0xF1, 0xF9)})
_THREE_DIGITS = frozenset({0x24, 0x2E, 0x3C, 0x60, 0x9A, 0xAF})
_OPEN_PAYMENTS, _OPEN_RECEIPT = 0x23, 0x08
_MAX_DEPTH = 4


def bcd(number: int, size: int) -> bytes:
    """A number as 2 x `size` decimal digits."""
    return bytes.fromhex(f"{number:0{2 * size}d}")


def digits(data: bytes, size: int) -> int:
    """The number that exactly `size` BCD bytes spell. Raises ProtocolError."""
    if len(data) != size:
        raise ProtocolError(Breach.ODD_LENGTH, "number")
    text = data.hex()
    if not text.isdecimal():
        raise ProtocolError(Breach.NOT_DIGITS, "number")
    return int(text)


def fields(data: bytes, wanted: frozenset[int]) -> dict[int, bytes]:
    """The wanted fields of a data block; all others are stepped over. Raises ProtocolError."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        name = data[at]
        start, size = _extent(name, data, at + 1)
        value = _slice(data, start, size)
        if name in wanted:
            found[name] = value
        at = start + size
    return found


def open_receipts(container: bytes) -> tuple[int, ...]:
    """The receipt numbers in the list of open pre-authorisations, wherever in the container it is."""
    found: list[int] = []
    _collect(container, found, inside=False, depth=0)
    return tuple(found)


def _collect(data: bytes, found: list[int], *, inside: bool, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ProtocolError(Breach.TOO_LONG, "containers in containers")
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        size, at = _tlv_size(data, at)
        value = _slice(data, at, size)
        at += size
        if inside and tag == _OPEN_RECEIPT:
            found.append(digits(value, RECEIPT_BYTES))
        elif tag == _OPEN_PAYMENTS:
            _collect(value, found, inside=True, depth=depth + 1)


def _extent(name: int, data: bytes, at: int) -> tuple[int, int]:
    """Where a field's value begins, and how many bytes it has."""
    if name in _FIXED:
        return at, _FIXED[name]
    if name == CONTAINER:
        size, at = _tlv_size(data, at)
        return at, size
    count = 2 if name in _TWO_DIGITS else 3 if name in _THREE_DIGITS else 0
    if not count:
        raise ProtocolError(Breach.UNKNOWN_FIELD, f"field {name:02x}")
    size = 0
    for digit in _slice(data, at, count):
        if digit & 0xF0 != 0xF0 or digit & 0x0F > 9:
            raise ProtocolError(Breach.NOT_DIGITS, f"length of field {name:02x}")
        size = size * 10 + (digit & 0x0F)
    return at + count, size


def _tag(data: bytes, at: int) -> tuple[int, int]:
    tag = data[at]
    at += 1
    if tag & 0x1F != 0x1F:
        return tag, at
    while True:
        (more,) = _slice(data, at, 1)
        tag = (tag << 8 | more) & 0xFFFFFF
        at += 1
        if not more & 0x80:
            return tag, at


def _tlv_size(data: bytes, at: int) -> tuple[int, int]:
    (first,) = _slice(data, at, 1)
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if count not in (1, 2):
        raise ProtocolError(Breach.TOO_LONG, "container")
    return int.from_bytes(_slice(data, at + 1, count), "big"), at + 1 + count


def _slice(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise ProtocolError(Breach.CUT_SHORT, "field")
    return data[at : at + size]
