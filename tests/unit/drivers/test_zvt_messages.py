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
    assert digits(bcd(number, 6), 6) == number


def tlv(tag: bytes, value: bytes) -> bytes:
    size = len(value)
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return tag + length + value


def open_list(*receipts: bytes) -> Apdu:
    """What is open, as the terminal says it, each receipt number in as many bytes as the test wants."""
    listed = tlv(b"\x23", b"".join(tlv(b"\x08", number) for number in receipts))
    return Apdu(zvt.ABORTED, b"\xb8\x87\xff\xff" + tlv(b"\x06", listed))


@pytest.mark.parametrize("size", [0, 1, 3, 11, 2_304])
def test_a_receipt_number_of_another_length_than_two_bytes_is_none(size: int) -> None:
    """2304 bytes are more digits than Python makes a number of; 11 would be a receipt that no terminal has."""
    assert zvt.aborted(open_list(b"\x00\x42")).receipts == (42,)
    assert breach_of(lambda: zvt.aborted(open_list(b"\x00\x42", b"\x11" * size))) is Breach.ODD_LENGTH


@given(st.integers(0, 8), st.binary(max_size=8))
def test_a_number_has_its_length_and_digits_or_is_a_protocol_error(size: int, data: bytes) -> None:
    right = len(data) == size and all(byte >> 4 < 10 and byte & 15 < 10 for byte in data) and size > 0
    assert (breach_of(lambda: digits(data, size)) is None) == right


_KNOWN_FIELDS = (0x04, 0x06, 0x22, 0x24, 0x27, 0x29, 0x3C, 0x49, 0x60, 0x87, 0x8A, 0xD1)
_LENGTHS = st.sampled_from((0, 1, 2, 3, 5, 6, 11, 127, 128, 255, 256, 2_000, 2_304, 4_000))
_VALUES = st.builds(
    lambda byte, size: bytes([byte]) * size, st.sampled_from((0x11, 0x99, 0xFF, 0x23)), _LENGTHS
)
_FIELDS = st.builds(
    lambda name, head, value: bytes([name]) + head + value,
    st.sampled_from(_KNOWN_FIELDS),
    st.sampled_from((b"", b"\xf1\xf1", b"\xf0\xf0\xf0", b"\x82\x09\x00", b"\x82\xff\xff", b"\x84")),
    _VALUES,
)
_TAGS = st.sampled_from((b"\x08", b"\x23", b"\x1f\x62", b"\x1f" + b"\xff" * 50 + b"\x01", b"\xe9"))
_TLV = st.builds(tlv, _TAGS, st.recursive(_VALUES, lambda inner: st.builds(tlv, _TAGS, inner), max_leaves=6))


@given(st.sampled_from(READERS), st.binary(max_size=2), st.lists(_FIELDS, max_size=4).map(b"".join))
def test_fields_of_any_length_are_read_or_a_protocol_error(
    read: Callable[[Apdu], Any], head: bytes, data: bytes
) -> None:
    assert breach_of(lambda: read(Apdu(0x040F, head + data))) in (None, *Breach)


@given(st.lists(_TLV, max_size=4).map(b"".join))
def test_containers_of_any_length_hold_receipt_numbers_or_are_a_protocol_error(container: bytes) -> None:
    said = Apdu(zvt.ABORTED, b"\xb8\x87\xff\xff" + tlv(b"\x06", container))
    found: list[zvt.Aborted] = []
    assert breach_of(lambda: found.append(zvt.aborted(said))) in (None, *Breach)
    assert all(0 <= receipt <= 9_999 for one in found for receipt in one.receipts or ())


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
