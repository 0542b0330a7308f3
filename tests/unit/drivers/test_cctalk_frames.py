"""ccTalk frames: what is built is read again, in any chunks; nothing with a wrong checksum ever is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cctalk.frames import HOST, SILENCE_S, UNTOLD, Frame, Receiver, build, crc16

byte = st.integers(0, 255)
frames = st.builds(Frame, byte, byte, byte, st.binary(max_size=60))


def read(chunks: list[bytes], apart: float = 0.001) -> list[Frame]:
    receiver = Receiver()
    return [frame for at, chunk in enumerate(chunks) for frame in receiver.feed(chunk, 1.0 + at * apart)]


def chopped(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def test_the_examples_of_the_specification_are_right() -> None:
    assert build(Frame(2, 1, 245)) == bytes.fromhex("020001f508")
    assert read([bytes.fromhex("010302004e61bc8f")]) == [Frame(1, 2, 0, bytes.fromhex("4e61bc"))]
    assert int.from_bytes(bytes.fromhex("4e61bc"), "little") == 12345678


def test_the_examples_of_the_crc_mode_are_right() -> None:
    assert crc16(b"123456789") == 0x31C3
    assert build(Frame(40, HOST, 1), crc=True) == bytes.fromhex("280046013f")
    assert build(Frame(40, HOST, 254), crc=True) == bytes.fromhex("2800b6fe21")
    assert Receiver(crc=True).feed(bytes.fromhex("0100300037"), 1.0) == [Frame(HOST, UNTOLD, 0)]


@given(st.lists(frames, max_size=5), st.lists(st.integers(0, 400)))
def test_what_is_built_with_a_crc_is_read_again_in_any_chunks(sent: list[Frame], cuts: list[int]) -> None:
    line = b"".join(build(frame, crc=True) for frame in sent)
    receiver = Receiver(crc=True)
    got = [frame for chunk in chopped(line, cuts) for frame in receiver.feed(chunk, 1.0)]
    expected = [(frame.dest, frame.header, frame.data) for frame in sent]
    assert [(frame.dest, frame.header, frame.data) for frame in got] == expected


@given(frames, st.integers(0), st.integers(1, 255))
def test_a_frame_with_a_crc_and_one_wrong_byte_is_never_read(frame: Frame, position: int, flip: int) -> None:
    raw = bytearray(build(frame, crc=True))
    raw[position % len(raw)] ^= flip
    assert Receiver(crc=True).feed(bytes(raw), 1.0) == [] or raw[1] != len(frame.data)


@given(st.binary(max_size=600))
def test_any_noise_in_crc_mode_is_read_without_an_accident(noise: bytes) -> None:
    for frame in Receiver(crc=True).feed(noise, 1.0):
        assert build(frame, crc=True) in noise


@given(st.lists(frames, max_size=5), st.lists(st.integers(0, 400)))
def test_what_is_built_is_read_again_in_any_chunks(sent: list[Frame], cuts: list[int]) -> None:
    line = b"".join(build(frame) for frame in sent)
    assert read(chopped(line, cuts)) == sent


@given(frames, st.integers(0), st.integers(1, 255))
def test_a_frame_with_one_wrong_byte_is_never_read(frame: Frame, position: int, flip: int) -> None:
    raw = bytearray(build(frame))
    raw[position % len(raw)] ^= flip
    assert frame not in read([bytes(raw)])
    assert all(sum(build(got)) % 256 == 0 for got in read([bytes(raw)]))


@given(st.binary(max_size=600), frames)
def test_after_any_noise_and_silence_the_next_frame_is_read(noise: bytes, frame: Frame) -> None:
    receiver = Receiver()
    receiver.feed(noise, 1.0)
    assert receiver.feed(build(frame), 1.0 + SILENCE_S) == [frame]


def test_half_a_frame_does_not_eat_the_next_one() -> None:
    receiver = Receiver()
    assert receiver.feed(build(Frame(1, 2, 0, b"abc"))[:-2], 1.0) == []
    assert receiver.feed(build(Frame(1, 2, 0)), 1.0 + SILENCE_S) == [Frame(1, 2, 0)]


def test_after_a_wrong_checksum_the_receiver_is_deaf_until_the_line_is_silent() -> None:
    receiver = Receiver()
    receiver.feed(b"\x01\x00\x02\x00\x00", 1.0)
    assert receiver.deaf
    assert receiver.feed(build(Frame(1, 2, 0)), 1.01) == []
    assert receiver.feed(build(Frame(1, 2, 0)), 1.2) == [Frame(1, 2, 0)]


def test_data_that_no_frame_can_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="253 bytes"):
        build(Frame(2, 1, 231, bytes(253)))
