"""IPP and HTTP as bytes: what is built is read again, any other bytes are refused, chunks do not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.page_printer import ipp
from drivers.page_printer.http import MAX_BODY_BYTES, MAX_HEAD_BYTES, Answer, HttpError, post
from drivers.page_printer.ipp import MAX_TAGS, Attribute, Group, IppError, Message, Value, build, parse
from drivers.page_printer.operations import job_view

names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)
values = st.builds(Value, st.integers(0x10, 0xFF), st.binary(max_size=40))
attributes = st.builds(Attribute, names, st.lists(values, min_size=1, max_size=3).map(tuple))
groups = st.builds(Group, st.sampled_from([0, 1, 2, 4, 5, 0x0F]), st.lists(attributes, max_size=4).map(tuple))
messages = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(0, 1 << 31),
    st.lists(groups, max_size=4).map(tuple),
    st.binary(),
)


@given(messages)
def test_what_is_built_is_read_again(message: Message) -> None:
    assert parse(build(message)) == message


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A message with one byte altered: bytes that nobody shaped are hardly ever a message."""
    raw = bytearray(build(draw(messages)))
    raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


@given(st.binary(max_size=300) | damaged())
def test_any_bytes_are_refused_or_a_message_that_is_built_of_the_same_bytes(raw: bytes) -> None:
    try:
        message = parse(raw)
    except IppError:
        return
    assert build(message) == raw


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Value(ipp.INTEGER, b"\xff\xff\xff\xfe"), (-2, None, ())),
        (Value(ipp.ENUM, b"\x00\x00\x00\x05"), (5, None, ())),
        (Value(ipp.INTEGER, b"\x05"), (None, None, ())),
        (Value(ipp.BOOLEAN, b"\x01"), (None, True, ())),
        (Value(ipp.BOOLEAN, b""), (None, None, ())),
        (Value(ipp.KEYWORD, b"idle"), (None, None, ("idle",))),
        (Value(ipp.KEYWORD, b"\xff\x00\x00\x05"), (None, None, ("\ufffd\x00\x00\x05",))),
        (Value(0x13, b""), (None, None, ())),  # "no-value"
        (Value(ipp.NAME_WITH_LANGUAGE, b"\0\2en\0\4name"), (None, None, ("name",))),
        (Value(ipp.TEXT_WITH_LANGUAGE, b"\0\2ko\0\6\xea\xb0\x80\xeb\x82\x98"), (None, None, ("가나",))),
        (Value(ipp.NAME_WITH_LANGUAGE, b"\0\2en\0\5name"), (None, None, ())),
        (Value(ipp.NAME_WITH_LANGUAGE, b"\0\2en\0\3name"), (None, None, ())),
        (Value(ipp.NAME_WITH_LANGUAGE, b"name"), (None, None, ())),
    ],
)
def test_a_value_of_another_kind_or_size_is_taken_for_missing(
    value: Value, read: tuple[int | None, bool | None, tuple[str, ...]]
) -> None:
    group = Group(ipp.PRINTER_GROUP, (Attribute("x", (value,)),))
    assert (group.integer("x"), group.boolean("x"), group.texts("x")) == read


@given(messages, st.integers(0))
def test_a_message_cut_short_is_refused_or_loses_its_data_only(message: Message, size: int) -> None:
    raw = build(message)
    cut = raw[: size % len(raw)]
    try:
        read = parse(cut)
    except IppError:
        return
    assert read.groups == message.groups
    assert message.data.startswith(read.data)


def test_the_bytes_are_those_of_the_specification() -> None:
    message = Message(0x000B, 1, (Group(1, (ipp.text("attributes-charset", ipp.CHARSET, "utf-8"),)),))
    assert build(message) == (
        b"\x01\x01\x00\x0b\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x03"
    )


def body_of(raw: bytes, size: int, *, close: bool = False) -> tuple[bytes, bool]:
    answer = Answer()
    for at in range(0, len(raw), size):
        answer.feed(raw[at : at + size])
    if close:
        answer.feed(b"")
    return answer.body, answer.complete


@given(st.binary(max_size=200), st.integers(1, 60))
def test_a_body_with_a_length_is_read_in_any_chunks(body: bytes, size: int) -> None:
    raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    assert body_of(raw, size) == (body, True)


@given(st.lists(st.binary(min_size=1, max_size=50)), st.integers(1, 60))
def test_a_chunked_body_is_read_in_any_chunks(parts: list[bytes], size: int) -> None:
    chunks = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts)
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\nTrailer: x\r\n\r\n"
    assert body_of(raw, size) == (b"".join(parts), True)


@given(st.binary(max_size=200), st.integers(1, 60))
def test_a_body_without_a_length_ends_with_the_connection(body: bytes, size: int) -> None:
    assert body_of(b"HTTP/1.0 200 OK\r\n\r\n" + body, size, close=True) == (body, True)


pieces = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"Content-Length: 3\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
    ]
)


@given(st.binary(max_size=300) | st.lists(pieces | st.binary(max_size=5)).map(b"".join), st.integers(1, 60))
def test_any_bytes_are_the_same_answer_or_refusal_in_any_chunks(raw: bytes, size: int) -> None:
    try:
        read = body_of(raw, len(raw) or 1, close=True)
    except HttpError:
        with pytest.raises(HttpError):
            body_of(raw, size, close=True)
        return
    assert read[1], "what is not whole when the connection closes is refused"
    assert body_of(raw, size, close=True) == read


@pytest.mark.parametrize(
    "raw",
    [
        b"x" * (MAX_HEAD_BYTES + 5),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + bytes(MAX_BODY_BYTES + 5),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"fffffff\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"-1\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"SMTP 200 OK\r\n\r\n",
        # Python reads no number of more than 4,300 digits.
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"0" * 5_000 + b"\r\n\r\n",
        # No end in sight, though each of them is small.
        b"HTTP/1.1 100 C\r\n\r\n" * 2_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 4_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;%b\r\na\r\n" % (b"x" * 9_000) * 1_000,
    ],
)
def test_too_much_or_too_odd_is_refused(raw: bytes) -> None:
    with pytest.raises(HttpError):
        Answer().feed(raw)


def test_a_post_is_one_request_with_its_length() -> None:
    assert post("h:1", "/ipp/print", b"abc") == (
        b"POST /ipp/print HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/ipp\r\nContent-Length: 3\r\n\r\nabc"
    )


def test_a_message_of_more_attributes_than_a_bus_has_time_for_is_refused() -> None:
    head = b"\x01\x01" + bytes(6)
    for many in (b"\x04", b"\x44\x00\x01a\x00\x00"):
        with pytest.raises(IppError, match="too many"):
            parse(head + b"\x04" + many * MAX_TAGS + b"\x03")
    assert len(parse(head + b"\x04" * MAX_TAGS + b"\x03").groups) == MAX_TAGS


@pytest.mark.parametrize(("told", "count"), [(0, 0), (2**31 - 1, 2**31 - 1), (-1, None), (-(2**31), None)])
def test_a_number_of_things_is_never_below_none(told: int, count: int | None) -> None:
    assert Group(4, (ipp.integer("n", told),)).count("n") == count


def job_group(job_id: int, **counts: int) -> Group:
    told = [ipp.integer(name.replace("_", "-"), count) for name, count in counts.items()]
    return Group(2, (ipp.integer("job-id", job_id), ipp.integer("job-state", 9, ipp.ENUM), *told))


@pytest.mark.parametrize("job_id", [0, -1, -(2**31)])
def test_an_id_that_no_job_can_have_names_none(job_id: int) -> None:
    assert job_view(job_group(job_id)) is None


def test_sheets_of_a_job_that_are_below_none_are_not_told() -> None:
    view = job_view(job_group(7, job_media_sheets_completed=-2))
    assert view is not None
    assert (view.sheets, view.counts) == (None, True)
