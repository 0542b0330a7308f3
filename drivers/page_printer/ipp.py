"""IPP messages as bytes: version, code, request id, groups of attributes, document data. Pure.

Source: RFC 8010 section 3 (encoding), RFC 8011 (operations and attributes). Values keep their tag and raw bytes; the
accessors of `Group` read those kinds that this kiosk asks for and take anything else for missing.
"""

from msgspec import Struct

VERSION = (1, 1)
OPERATION_GROUP, JOB_GROUP, END_OF_GROUPS, PRINTER_GROUP = 0x01, 0x02, 0x03, 0x04
INTEGER, BOOLEAN, ENUM, OCTETS, TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME = (
    0x21, 0x22, 0x23, 0x30, 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49,
)  # fmt: skip
# A text or name that says in which language it is: two counted fields, the language and the text.
TEXT_WITH_LANGUAGE, NAME_WITH_LANGUAGE = 0x35, 0x36
_WITH_LANGUAGE = frozenset({TEXT_WITH_LANGUAGE, NAME_WITH_LANGUAGE})
_TEXTS = frozenset({OCTETS, TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME})
_FIRST_VALUE_TAG = 0x10
_MAX_FIELD_BYTES = 0x7FFF
# Groups and values of one message; 500 jobs have 4,000. Each costs time that other devices of the bus wait for.
MAX_TAGS = 16_384
_HEAD_BYTES = 8


class IppError(Exception):
    """Bytes that are no IPP message."""


class Value(Struct, frozen=True):
    """One value: its tag and its bytes as on the wire."""

    tag: int
    raw: bytes


class Attribute(Struct, frozen=True):
    """A name and its values; the members of a collection stay flat in their order."""

    name: str
    values: tuple[Value, ...]


class Group(Struct, frozen=True):
    """Attributes that belong together: of the operation, of one job, of the printer."""

    tag: int
    attributes: tuple[Attribute, ...] = ()

    def values(self, name: str) -> tuple[Value, ...]:
        """All values of an attribute; none when the printer did not send it."""
        return next((attribute.values for attribute in self.attributes if attribute.name == name), ())

    def integer(self, name: str) -> int | None:
        """The first value as integer or enum."""
        for value in self.values(name)[:1]:
            if value.tag in (INTEGER, ENUM) and len(value.raw) == 4:
                return int.from_bytes(value.raw, "big", signed=True)
        return None

    def count(self, name: str) -> int | None:
        """The first value as a number of things, 0 to 2**31 - 1. One below says nothing."""
        number = self.integer(name)
        return number if number is not None and number >= 0 else None

    def boolean(self, name: str) -> bool | None:
        """The first value as boolean."""
        for value in self.values(name)[:1]:
            if value.tag == BOOLEAN and len(value.raw) == 1:
                return value.raw != b"\0"
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """All textual values; of those that name their language, the text."""
        found = (_text_in(value) for value in self.values(name))
        return tuple(raw.decode("utf-8", "replace") for raw in found if raw is not None)

    def text(self, name: str) -> str:
        """The first textual value, or nothing."""
        return next(iter(self.texts(name)), "")


def _text_in(value: Value) -> bytes | None:
    """The bytes of a textual value; None for any other, and for one whose lengths do not fit."""
    if value.tag in _TEXTS:
        return value.raw
    if value.tag not in _WITH_LANGUAGE:
        return None
    reader = _Reader(value.raw)
    try:
        reader.field()
        words = reader.field()
    except IppError:
        return None
    return words if not reader.rest() else None


class Message(Struct, frozen=True):
    """A request (`code` is the operation) or an answer (`code` is the status)."""

    code: int
    request_id: int
    groups: tuple[Group, ...] = ()
    data: bytes = b""
    version: tuple[int, int] = VERSION

    def group(self, tag: int) -> Group:
        """The first group of that kind; an empty one when there is none."""
        return next((group for group in self.groups if group.tag == tag), Group(tag))


def text(name: str, tag: int, *values: str) -> Attribute:
    """An attribute of textual values."""
    return Attribute(name, tuple(Value(tag, value.encode()) for value in values))


def integer(name: str, value: int, tag: int = INTEGER) -> Attribute:
    """An attribute of one integer or enum."""
    return Attribute(name, (Value(tag, value.to_bytes(4, "big", signed=True)),))


def boolean(name: str, value: bool) -> Attribute:
    """An attribute of one boolean."""
    return Attribute(name, (Value(BOOLEAN, bytes((int(value),))),))


def build(message: Message) -> bytes:
    """The message's bytes. Raises ValueError for what IPP cannot carry."""
    parts = [bytes(message.version), message.code.to_bytes(2, "big"), message.request_id.to_bytes(4, "big")]
    for group in message.groups:
        parts.append(bytes((group.tag,)))
        for attribute in group.attributes:
            name = attribute.name.encode()
            if not name or not attribute.values:
                raise ValueError("an attribute needs a name and a value")
            for position, value in enumerate(attribute.values):
                parts += (bytes((value.tag,)), _field(name if position == 0 else b""), _field(value.raw))
    return b"".join([*parts, bytes((END_OF_GROUPS,)), message.data])


def _field(raw: bytes) -> bytes:
    if len(raw) > _MAX_FIELD_BYTES:
        raise ValueError(f"{len(raw)} bytes do not fit an IPP field")
    return len(raw).to_bytes(2, "big") + raw


class _Reader:
    """A cursor that refuses to read past the end."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, size: int) -> bytes:
        if self._at + size > len(self._raw):
            raise IppError("message ends in the middle of a field")
        self._at += size
        return self._raw[self._at - size : self._at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def field(self) -> bytes:
        size = self.number(2)
        if size > _MAX_FIELD_BYTES:
            raise IppError("field with a negative length")
        return self.take(size)

    def rest(self) -> bytes:
        return self._raw[self._at :]


def parse(raw: bytes) -> Message:
    """The message in `raw`. Raises IppError."""
    reader = _Reader(raw)
    version = (reader.number(1), reader.number(1))
    code, request_id = reader.number(2), reader.number(4)
    groups: list[tuple[int, list[tuple[str, list[Value]]]]] = []
    tags = 0
    while (tag := reader.number(1)) != END_OF_GROUPS:
        tags += 1
        if tags > MAX_TAGS:
            raise IppError("too many attributes")
        if tag < _FIRST_VALUE_TAG:
            groups.append((tag, []))
            continue
        if not groups:
            raise IppError("attribute before the first group")
        attributes = groups[-1][1]
        name, value = reader.field(), Value(tag, reader.field())
        if name:
            attributes.append((_name(name), [value]))
        elif attributes:
            attributes[-1][1].append(value)
        else:
            raise IppError("value without an attribute")
    built = tuple(
        Group(tag, tuple(Attribute(name, tuple(values)) for name, values in attributes))
        for tag, attributes in groups
    )
    return Message(code, request_id, built, reader.rest(), version)


def _name(raw: bytes) -> str:
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError as error:
        raise IppError("attribute name is not ASCII") from error
