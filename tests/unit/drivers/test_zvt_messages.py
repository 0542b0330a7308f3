"""ZVT's bytes: what was written is read, cut or garbled bytes are a ProtocolError with its breach, never a crash."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.card_terminal import messages as zvt
from drivers.card_terminal.apdu import MAX_DATA_BYTES, Apdu, Breach, ProtocolError, Reader
from drivers.card_terminal.fields import AMOUNT, RECEIPT, bcd, digits, fields, open_receipts

READERS: tuple[Callable[[Apdu], Any], ...] = (
    zvt.told,
    zvt.aborted,
    zvt.terminal_id,
    zvt.health_code,
    zvt.prompt,
)


def breach_of(read: Callable[[], Any]) -> Breach | None:
    """What was wrong with the bytes; None where they were read. Anything else that is raised fails the test."""
    try:
        read()
    except ProtocolError as error:
        return error.breach
    return None


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=600)), max_size=5), st.integers(1, 50))
def test_messages_come_out_of_the_stream_as_they_went_in_however_it_is_cut(
    said: list[tuple[int, bytes]], piece: int
) -> None:
    messages = [Apdu(code, data) for code, data in said]
    stream = b"".join(message.encode() for message in messages)
    reader, heard = Reader(), []
    for at in range(0, len(stream), piece):
        heard += reader.feed(stream[at : at + piece])
    assert heard == messages


@pytest.mark.parametrize("size", [0, 1, 254, 255, 256, 8_000])
def test_a_length_of_255_and_more_takes_two_more_bytes(size: int) -> None:
    message = Apdu(0x040F, bytes(size)).encode()
    assert len(message) == size + (3 if size < 255 else 5)
    assert Reader().feed(message) == [Apdu(0x040F, bytes(size))]


def test_a_message_that_would_fill_the_memory_is_refused_before_it_comes() -> None:
    size = MAX_DATA_BYTES + 1
    with pytest.raises(ProtocolError) as refused:
        Reader().feed(b"\x04\x0f\xff" + size.to_bytes(2, "little"))
    assert refused.value.breach is Breach.TOO_LONG


@given(st.binary(max_size=300))
def test_any_bytes_are_messages_or_a_protocol_error(data: bytes) -> None:
    assert breach_of(lambda: Reader().feed(data)) in (None, *Breach)


@given(st.sampled_from(READERS), st.binary(max_size=60))
@example(zvt.told, b"\x22\xf1")
@example(zvt.told, b"\x04\x00")
@example(zvt.aborted, b"\xb8\x06\x83\x00\x00\x00")
@example(zvt.aborted, b"\xb8\x87\xff\xff\x06\x05\x23\x03\x08\x02\x00")
@example(zvt.health_code, b"\xf9\xf9\xf9")
def test_any_data_is_read_or_a_protocol_error(read: Callable[[Apdu], Any], data: bytes) -> None:
    assert breach_of(lambda: read(Apdu(0x040F, data))) in (None, *Breach)


@given(st.integers(0, 9_999), st.integers(0, 10**12 - 1), st.binary(max_size=40))
def test_what_is_wanted_is_found_among_what_is_not(receipt: int, amount: int, pan: bytes) -> None:
    length = bytes(0xF0 | int(digit) for digit in f"{len(pan):02d}")
    data = b"\x22" + length + pan + bytes([RECEIPT]) + bcd(receipt, 2) + bytes([AMOUNT]) + bcd(amount, 6)
    told = zvt.told(Apdu(0x040F, b"\x27\x00" + data))
    assert told == zvt.Told(0, receipt, amount)
    assert set(fields(data, frozenset({RECEIPT}))) == {RECEIPT}


@given(st.integers(0, 10**12 - 1))
def test_a_number_in_digits_is_the_number(number: int) -> None:
    assert digits(bcd(number, 6)) == number


@given(st.lists(st.integers(1, 9_999), max_size=8, unique=True))
def test_every_open_reservation_of_the_list_is_found(numbers: list[int]) -> None:
    listed = b"".join(b"\x08\x02" + bcd(number, 2) for number in numbers)
    container = b"\x23" + bytes([len(listed)]) + listed
    assert open_receipts(b"\x1f\x10\x01\x02" + container) == tuple(numbers)


def test_none_open_is_said_with_a_receipt_that_is_none() -> None:
    assert zvt.aborted(Apdu(0x061E, b"\xb8\x87\xff\xff")) == zvt.Aborted(0xB8, ())
    assert zvt.aborted(Apdu(0x061E, b"\xb8")) == zvt.Aborted(0xB8, None)


def test_the_commands_are_these_bytes() -> None:
    assert zvt.register("000000").encode().hex() == "06000600000" + "03e0410"
    assert zvt.enquire().encode().hex() == "050100"
    assert zvt.ask_open().encode().hex() == "06230387ffff"
    assert zvt.give_all_back(42).encode().hex() == "0625068700" + "42490410"
    reserve = zvt.reserve(1_500, "O-c1").encode().hex()
    assert reserve.startswith("06221a" + "04000000001500" + "490410" + "06")
    assert b"O-c1".hex() in reserve
