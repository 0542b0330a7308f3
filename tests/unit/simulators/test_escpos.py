"""ESC/POS as a stream: commands, Hangul, and the real-time channel beside them."""

from hypothesis import example, given
from hypothesis import strategies as st

from simulators.escpos import (
    Ask,
    Command,
    Cut,
    Feed,
    LineFeed,
    Parser,
    Raster,
    RealTime,
    Set,
    Symbol,
    Text,
    Unknown,
)

pieces = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [
            b"\x1b@",
            b"\x1ba\x01",
            b"\x1d!\x11",
            b"\x1c&" + "토지대장".encode("cp949") + b"\x1c.",
            b"\x1d(k\x03\x001Q0",
            b"\x1d(H\x06\x0000abcd",
            b"\x1dv0\x00\x02\x00\x02\x00\xff\x00\x10\x04",
            b"\x1dVB\x10",
            b"\x1bd\x03",
            b"text\n",
            b"\x10\x04\x01",
        ]
    ),
)


def parse(*chunks: bytes) -> list[Command]:
    parser = Parser()
    return [command for chunk in chunks for command in parser.feed(chunk)]


def joined(commands: list[Command]) -> list[Command]:
    """Runs of text as one, however they were cut."""
    merged: list[Command] = []
    for command in commands:
        last = merged[-1] if merged else None
        if isinstance(command, Text) and isinstance(last, Text) and last.wide == command.wide:
            merged[-1] = Text(last.text + command.text, command.wide)
        else:
            merged.append(command)
    return merged


@given(st.lists(pieces, max_size=8).map(b"".join), st.data())
@example(b"\x10", None)
def test_any_stream_is_understood_the_same_in_any_chunks(stream: bytes, data: st.DataObject | None) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6))) if data else [0, 1]
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert joined(parse(*chunks)) == joined(parse(stream))

    def real_time(parts: list[bytes]) -> tuple[bytes, list[int]]:
        channel, rest, asked = RealTime(), b"", []
        for part in parts:
            left, questions = channel.feed(part)
            rest += left
            asked += questions
        return rest, asked

    assert real_time(chunks) == real_time([stream])


def test_hangul_is_read_between_its_two_switches_only() -> None:
    line = b"\x1c&" + "영수증 A".encode("cp949") + b"\x1c.B"
    assert joined(parse(line)) == [
        Set("FS &", 1),
        Text("영수증", wide=True),
        Text(" A", wide=False),
        Set("FS .", 0),
        Text("B", wide=False),
    ]


def test_bytes_that_are_no_hangul_print_a_question_mark_and_lose_nothing_behind_them() -> None:
    assert joined(parse(b"\x1c&\xff\xffOK")) == [Set("FS &", 1), Text("??OK", wide=False)]


def test_the_commands_of_a_receipt_are_told_apart() -> None:
    stream = (
        b"\x1b@\x1bE\x01\x1bd\x02\x1bJ\x10\n\x1dV\x00\x1dVB\x20"
        b"\x1d(k\x05\x001P0hi\x1d(H\x06\x0000abcd\x1dr\x01\x1dI\x44"
    )
    assert parse(stream) == [
        Set("ESC @", 0),
        Set("ESC E", 1),
        Feed(2, dots=False),
        Feed(16, dots=True),
        LineFeed(),
        Cut(0),
        Cut(32),
        Symbol(80, b"0hi"),
        Ask("GS ( H", b"00abcd"),
        Ask("GS r", b"\x01"),
        Ask("GS I", b"\x44"),
    ]


def test_a_raster_carries_its_rows() -> None:
    assert parse(b"\x1dv0\x00\x02\x00\x03\x00" + b"\xaa" * 6) == [Raster(2, 3, b"\xaa" * 6)]


def test_an_unknown_command_is_named_and_its_parameter_becomes_text() -> None:
    assert parse(b"\x1bYxA") == [Unknown(b"\x1bY"), Text("xA", wide=False)]


def test_a_status_question_is_found_inside_a_picture_and_taken_out_of_it() -> None:
    picture = b"\x1dv0\x00\x01\x00\x05\x00\x01\x02\x10\x04\x02\x03\x04"
    rest, asked = RealTime().feed(picture)
    assert asked == [2]
    assert rest == b"\x1dv0\x00\x01\x00\x05\x00\x01\x02\x03\x04"


def test_what_only_looks_like_a_real_time_command_stays_in_the_buffer() -> None:
    assert RealTime().feed(b"\x10\x04\x09\x10\x41") == (b"\x10\x04\x09\x10\x41", [])
