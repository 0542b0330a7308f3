"""A reader for the small part of CBOR (RFC 8949) that a seal is made of, for bytes that anybody may have written.

Unsigned and negative integers, byte and text strings, arrays, maps, tag 18. Only deterministic encoding (section
4.2.1): shortest heads, definite lengths, keys in order and once. Everything else is refused, so one value has one
encoding, and none of the general decoder's tags (big numbers, expressions, shared references) can be reached from a
piece of paper.
"""

from typing import Any, NamedTuple

MAX_DEPTH = 8
_COSE_SIGN1_TAG = 18


class CborError(ValueError):
    """Bytes that are not deterministic CBOR of the kinds above."""


class Sign1(NamedTuple):
    """The value of a tag 18."""

    value: Any


def decode(data: bytes) -> Any:
    """The one value that `data` holds. Raises CborError."""
    value, end = _item(data, 0, 0)
    if end != len(data):
        raise CborError("bytes after the value")
    return value


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument, and where the content starts."""
    if at >= len(data):
        raise CborError("ends too early")
    major, info = data[at] >> 5, data[at] & 31
    if info < 24:
        return major, info, at + 1
    if info > 27:
        raise CborError("indefinite or reserved length")
    size = 1 << (info - 24)
    raw = data[at + 1 : at + 1 + size]
    argument = int.from_bytes(raw, "big")
    shortest = 24 if size == 1 else 1 << (4 * size)
    if len(raw) != size or argument < shortest:
        raise CborError("head is cut off or longer than needed")
    return major, argument, at + 1 + size


def _item(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise CborError("nested too deeply")
    major, argument, at = _head(data, at)
    match major:
        case 0:
            return argument, at
        case 1:
            return -1 - argument, at
        case 2 | 3:
            return _string(data, at, argument, text=major == 3)
        case 4:
            return _array(data, at, argument, depth)
        case 5:
            return _map(data, at, argument, depth)
        case 6 if argument == _COSE_SIGN1_TAG:
            value, at = _item(data, at, depth + 1)
            return Sign1(value), at
        case _:
            raise CborError("a kind of value that a seal does not have")


def _string(data: bytes, at: int, size: int, *, text: bool) -> tuple[bytes | str, int]:
    raw = data[at : at + size]
    if len(raw) != size:
        raise CborError("string is cut off")
    if not text:
        return raw, at + size
    try:
        return raw.decode("utf-8"), at + size
    except UnicodeDecodeError as error:
        raise CborError("text is not UTF-8") from error


def _array(data: bytes, at: int, count: int, depth: int) -> tuple[list[Any], int]:
    items = []
    for _ in range(count):  # every item takes a byte at least, so a huge count ends with the data
        value, at = _item(data, at, depth + 1)
        items.append(value)
    return items, at


def _map(data: bytes, at: int, count: int, depth: int) -> tuple[dict[int | str | bytes, Any], int]:
    entries: dict[int | str | bytes, Any] = {}
    last = b""
    for _ in range(count):
        start = at
        key, at = _item(data, at, depth + 1)
        if data[start:at] <= last or not isinstance(key, (int, str, bytes)):
            raise CborError("map keys out of order, repeated, or of a wrong kind")
        last = data[start:at]
        entries[key], at = _item(data, at, depth + 1)
    return entries, at
