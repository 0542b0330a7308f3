"""IPP messages as bytes (RFC 8010): groups of named, typed values, then document data.

Integers, booleans, ranges, resolutions, texts (with their language, too) and collections are decoded to Python values;
other octets stay bytes.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum


class Tag(IntEnum):
    """Delimiter and value tags of RFC 8010 §3.5."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED_GROUP = 0x05
    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49
    MEMBER_NAME = 0x4A


_FIRST_VALUE_TAG = 0x10
_MAX_DEPTH = 8
_HEADER_BYTES = 8
_STRINGS = range(0x40, 0x60)
_WITH_LANGUAGE = (Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE)


@dataclass(frozen=True)
class Worded:
    """A text or name that says in which language it is (textWithLanguage, nameWithLanguage; RFC 8010 §3.9)."""

    language: str
    text: str


Content = int | bool | str | bytes | tuple[int, ...] | tuple["Attribute", ...] | Worded | None


class IppError(Exception):
    """Bytes that are not an IPP message."""


@dataclass(frozen=True)
class Value:
    """One value. `content` is None for the out-of-band tags, a tuple of attributes for a collection."""

    tag: int
    content: Content = None


@dataclass(frozen=True)
class Attribute:
    """A name and its one or more values."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Attributes of one kind: operation, job, printer, unsupported."""

    tag: int
    attributes: tuple[Attribute, ...] = ()

    def value(self, name: str) -> Content:
        """The content of the first value of the attribute `name`, or None."""
        found = self.values(name)
        return found[0] if found else None

    def values(self, name: str) -> tuple[Content, ...]:
        """The contents of all values of the attribute `name`."""
        return next((tuple(v.content for v in a.values) for a in self.attributes if a.name == name), ())


@dataclass(frozen=True)
class Message:
    """A request (`code` is the operation) or a response (`code` is the status). `data` is the document."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: tuple[Group, ...] = ()
    data: bytes = b""

    def group(self, tag: int) -> Group:
        """The first group with this tag, or an empty one."""
        return next((group for group in self.groups if group.tag == tag), Group(tag))


# --- to bytes ---


def encode(message: Message) -> bytes:
    """The message's bytes. IppError when a value does not fit its tag."""
    parts = [struct.pack(">BBHI", *message.version, message.code, message.request_id)]
    for group in message.groups:
        parts.append(bytes((group.tag,)))
        parts.extend(_attribute(attribute) for attribute in group.attributes)
    parts.append(bytes((Tag.END,)))
    return b"".join(parts) + message.data


def _attribute(attribute: Attribute) -> bytes:
    name = attribute.name.encode()
    return b"".join(
        _value(name if first == 0 else b"", value) for first, value in enumerate(attribute.values)
    )


def _value(name: bytes, value: Value) -> bytes:
    if value.tag == Tag.BEGIN_COLLECTION:
        return _field(value.tag, name, b"") + _members(value.content) + _field(Tag.END_COLLECTION, b"", b"")
    return _field(value.tag, name, _octets(value))


def _members(content: Content) -> bytes:
    if not isinstance(content, tuple):
        raise IppError("a collection holds attributes")
    parts: list[bytes] = []
    for member in content:
        if not isinstance(member, Attribute):
            raise IppError("a collection holds attributes")
        parts.append(_field(Tag.MEMBER_NAME, b"", member.name.encode()))
        parts.extend(_value(b"", value) for value in member.values)
    return b"".join(parts)


def _field(tag: int, name: bytes, octets: bytes) -> bytes:
    try:
        return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(octets)) + octets
    except struct.error as error:
        raise IppError(f"a field of {len(octets)} bytes is too long") from error


def _octets(value: Value) -> bytes:
    match value.content:
        case None:
            return b""
        case bool(flag):
            return bytes((flag,))
        case int(number):
            return struct.pack(">i", number)
        case str(text):
            return text.encode()
        case bytes(octets):
            return octets
        case Worded(language, text):
            return _counted(language.encode()) + _counted(text.encode())
        case (int(low), int(high)):
            return struct.pack(">ii", low, high)
        case (int(across), int(along), int(unit)):
            return struct.pack(">iib", across, along, unit)
        case _:
            raise IppError(f"no octets for a value of tag {value.tag:#04x}")


def _counted(octets: bytes) -> bytes:
    try:
        return struct.pack(">H", len(octets)) + octets
    except struct.error as error:
        raise IppError(f"a text of {len(octets)} bytes is too long") from error


# --- from bytes ---


def decode(raw: bytes) -> Message:
    """The message in `raw`; what follows the attributes is its `data`. Raises IppError."""
    if len(raw) < _HEADER_BYTES:
        raise IppError("shorter than an IPP header")
    major, minor, code, request_id = struct.unpack_from(">BBHI", raw)
    reader = _Reader(raw, _HEADER_BYTES)
    groups: list[Group] = []
    tag = reader.byte()
    while tag != Tag.END:
        if tag >= _FIRST_VALUE_TAG:
            raise IppError("a value outside of any group")
        attributes, following = _group(reader)
        groups.append(Group(tag, attributes))
        tag = following
    return Message((major, minor), code, request_id, tuple(groups), raw[reader.at :])


class _Reader:
    def __init__(self, raw: bytes, at: int) -> None:
        self._raw = raw
        self.at = at

    def byte(self) -> int:
        return self.take(1)[0]

    def sized(self) -> bytes:
        return self.take(int.from_bytes(self.take(2), "big"))

    def take(self, size: int) -> bytes:
        taken = self._raw[self.at : self.at + size]
        if len(taken) < size:
            raise IppError("the message ends in the middle of an attribute")
        self.at += size
        return taken


def _group(reader: _Reader) -> tuple[tuple[Attribute, ...], int]:
    """The attributes up to the next delimiter tag, and that tag."""
    found: list[tuple[str, list[Value]]] = []
    while (tag := reader.byte()) >= _FIRST_VALUE_TAG:
        name = _text(reader.sized())
        value = _read_value(tag, reader, _MAX_DEPTH)
        if name:
            found.append((name, [value]))
        elif found:
            found[-1][1].append(value)
        else:
            raise IppError("an additional value without an attribute")
    return tuple(Attribute(name, tuple(values)) for name, values in found), tag


def _read_value(tag: int, reader: _Reader, depth: int) -> Value:
    octets = reader.sized()
    if tag == Tag.BEGIN_COLLECTION:
        if depth == 0:
            raise IppError("collections inside collections without end")
        return Value(tag, _read_members(reader, depth - 1))
    return Value(tag, _content(tag, octets))


def _read_members(reader: _Reader, depth: int) -> tuple[Attribute, ...]:
    found: list[tuple[str, list[Value]]] = []
    while (tag := reader.byte()) != Tag.END_COLLECTION:
        if tag < _FIRST_VALUE_TAG or reader.sized():
            raise IppError("a collection that does not end")
        if tag == Tag.MEMBER_NAME:
            found.append((_text(reader.sized()), []))
        elif found:
            found[-1][1].append(_read_value(tag, reader, depth))
        else:
            raise IppError("a collection's value without a name")
    if reader.sized() or reader.sized():
        raise IppError("a collection's end with a value")
    return tuple(Attribute(name, tuple(values)) for name, values in found)


def _content(tag: int, octets: bytes) -> Content:
    try:
        if tag in (Tag.INTEGER, Tag.ENUM):
            return int(struct.unpack(">i", octets)[0])
        if tag == Tag.BOOLEAN:
            return bool(struct.unpack(">?", octets)[0])
        if tag == Tag.RANGE:
            return tuple(struct.unpack(">ii", octets))
        if tag == Tag.RESOLUTION:
            return tuple(struct.unpack(">iib", octets))
    except struct.error as error:
        raise IppError(f"{len(octets)} bytes for a value of tag {tag:#04x}") from error
    if tag in _STRINGS:
        return _text(octets)
    if tag in _WITH_LANGUAGE:
        return _worded(octets)
    return octets if tag > Tag.NO_VALUE else None


def _worded(octets: bytes) -> Worded:
    reader = _Reader(octets, 0)
    worded = Worded(_text(reader.sized()), _text(reader.sized()))
    if reader.at != len(octets):
        raise IppError("bytes behind a text with its language")
    return worded


def _text(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        raise IppError("a name or text that is not UTF-8") from error
