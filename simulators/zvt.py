"""ZVT as a terminal speaks it: messages, fields, containers (PA00P015). Read leniently, written exactly."""

from typing import NamedTuple

ACK = 0x8000
NO_REFERENCE = ""
_LONG = 0xFF


class Message(NamedTuple):
    """One message: class and instruction as one number, and its data."""

    code: int
    data: bytes

    def __bytes__(self) -> bytes:
        size = len(self.data)
        length = bytes([size]) if size < _LONG else b"\xff" + size.to_bytes(2, "little")
        return self.code.to_bytes(2, "big") + length + self.data


class Stream:
    """Cuts what the cash register sends into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are whole now."""
        self._rest += data
        whole = []
        while (message := self._next()) is not None:
            whole.append(message)
        return whole

    def _next(self) -> Message | None:
        head, rest = 3, self._rest
        if len(rest) < head:
            return None
        size = rest[2]
        if size == _LONG:
            head = 5
            if len(rest) < head:
                return None
            size = int.from_bytes(rest[3:5], "little")
        if len(rest) < head + size:
            return None
        self._rest = rest[head + size :]
        return Message(int.from_bytes(rest[:2], "big"), rest[head : head + size])


def packed(number: int, digits: int) -> bytes:
    """Decimal digits, two a byte."""
    return bytes.fromhex(str(number).zfill(digits))


def unpacked(data: bytes) -> int | None:
    """The number that packed digits spell; None when they are no digits."""
    return int(data.hex()) if data.hex().isdecimal() else None


def amount(krw: int) -> bytes:
    """Field 04."""
    return b"\x04" + packed(krw, 12)


def receipt(number: int | None) -> bytes:
    """Field 87; None: FFFF, no receipt."""
    return b"\x87" + (b"\xff\xff" if number is None else packed(number, 4))


def text_field(name: int, text: bytes, digits: int = 2) -> bytes:
    """A field that says its length in two or three digits."""
    length = bytes(0xF0 | int(digit) for digit in str(len(text)).zfill(digits))
    return bytes([name]) + length + text


def container(inner: bytes) -> bytes:
    """Field 06."""
    return b"\x06" + tlv(b"", inner)


def tlv(tag: bytes, value: bytes) -> bytes:
    """One tagged value."""
    size = len(value)
    if size < 0x80:
        return tag + bytes([size]) + value
    return tag + b"\x82" + size.to_bytes(2, "big") + value


class Asked(NamedTuple):
    """What a command carries that this terminal looks at; None: not there. `receipt` -1 stands for FFFF."""

    amount: int | None
    receipt: int | None
    currency: int | None
    reference: str


def asked(data: bytes) -> Asked | None:
    """Read the fields of a command; None when they are no fields."""
    found: dict[int, bytes] = {}
    sizes = {0x04: 6, 0x87: 2, 0x49: 2, 0x19: 1, 0x01: 1, 0x02: 1}
    at = 0
    while at < len(data):
        name, at = data[at], at + 1
        if name == 0x06 and at < len(data):
            size, at = data[at], at + 1
        elif name in sizes:
            size = sizes[name]
        else:
            return None
        if at + size > len(data):
            return None
        found[name] = data[at : at + size]
        at += size
    number = found.get(0x87)
    return Asked(
        unpacked(found[0x04]) if 0x04 in found else None,
        None if number is None else -1 if number == b"\xff\xff" else unpacked(number),
        unpacked(found[0x49]) if 0x49 in found else None,
        _reference(found.get(0x06, b"")),
    )


def _reference(data: bytes) -> str:
    """The register's own name for the payment: E9, in it 1F63."""
    at = data.find(b"\x1f\x63")
    if data[:1] != b"\xe9" or at < 0 or at + 2 >= len(data):
        return NO_REFERENCE
    return data[at + 3 : at + 3 + data[at + 2]].decode("ascii", "replace")
