"""IPP messages as bytes."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.ipp import Attribute, Group, IppError, Message, Tag, Value, Worded, decode, encode

int32 = st.integers(-(2**31), 2**31 - 1)
short = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)
plain = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), int32),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.sampled_from([Tag.KEYWORD, Tag.URI, Tag.TEXT, Tag.NAME, Tag.MIME]), short),
    st.builds(
        Value,
        st.sampled_from([Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE]),
        st.builds(Worded, short, short),
    ),
    st.builds(Value, st.sampled_from([Tag.OCTETS, Tag.DATE_TIME]), st.binary(max_size=20)),
    st.builds(Value, st.just(Tag.RANGE), st.tuples(int32, int32)),
    st.builds(Value, st.just(Tag.RESOLUTION), st.tuples(int32, int32, st.integers(-128, 127))),
    st.builds(Value, st.sampled_from([Tag.NO_VALUE, Tag.UNKNOWN, Tag.UNSUPPORTED])),
)
members = st.builds(Attribute, names, st.lists(plain, min_size=1, max_size=2).map(tuple))
values = st.one_of(
    plain, st.builds(Value, st.just(Tag.BEGIN_COLLECTION), st.lists(members, max_size=3).map(tuple))
)
attributes = st.builds(Attribute, names, st.lists(values, min_size=1, max_size=3).map(tuple))
groups = st.builds(
    Group,
    st.sampled_from([Tag.OPERATION, Tag.JOB, Tag.PRINTER, Tag.UNSUPPORTED_GROUP]),
    st.lists(attributes, max_size=4).map(tuple),
)
messages = st.builds(
    Message,
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
    st.lists(groups, max_size=3).map(tuple),
    st.binary(max_size=50),
)


@given(messages)
def test_a_message_is_read_as_it_was_written(message: Message) -> None:
    assert decode(encode(message)) == message


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_clear_error(raw: bytes) -> None:
    with contextlib.suppress(IppError):
        assert isinstance(decode(raw), Message)


@given(messages, st.data())
def test_a_message_cut_short_or_changed_is_a_message_or_a_clear_error(
    message: Message, data: st.DataObject
) -> None:
    raw = bytearray(encode(message))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    with contextlib.suppress(IppError):
        assert isinstance(decode(cut), Message)


def test_the_request_of_the_standard_s_appendix_is_understood() -> None:
    raw = (
        bytes.fromhex("0101 000b 00000001 01")
        + field(0x47, "attributes-charset", b"utf-8")
        + field(0x48, "attributes-natural-language", b"en")
        + field(0x45, "printer-uri", b"ipp://printer.example.com/ipp/print")
        + field(0x44, "requested-attributes", b"printer-state")
        + field(0x44, "", b"media-ready")
        + b"\x03"
    )
    message = decode(raw)
    assert (message.version, message.code, message.request_id) == ((1, 1), 0x000B, 1)
    assert message.group(Tag.OPERATION).values("requested-attributes") == ("printer-state", "media-ready")


def test_collections_nested_without_end_are_refused() -> None:
    deep = bytes.fromhex("0101 000b 00000001 01") + field(0x34, "media-col", b"")
    deep += (field(0x4A, "", b"x") + field(0x34, "", b"")) * 5000
    with pytest.raises(IppError, match="without end"):
        decode(deep)


def field(tag: int, name: str, value: bytes) -> bytes:
    raw = name.encode()
    return bytes((tag,)) + len(raw).to_bytes(2, "big") + raw + len(value).to_bytes(2, "big") + value
