"""The cash bus' frames."""

from hypothesis import given
from hypothesis import strategies as st

from simulators.cctalk import Frame, Splitter, encode, next_event

octet = st.integers(0, 255)
frames = st.builds(Frame, octet, octet, octet, st.binary(max_size=252))


@given(st.lists(frames, max_size=5), st.data())
def test_frames_survive_the_wire_in_any_chunks(sent: list[Frame], data: st.DataObject) -> None:
    stream = b"".join(encode(frame) for frame in sent)
    splitter = Splitter()
    heard: list[Frame] = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        heard += splitter.feed(stream[:size])
        stream = stream[size:]
    assert heard == sent


@given(frames, st.data())
def test_a_frame_with_one_changed_bit_is_never_taken_for_what_was_sent(
    frame: Frame, data: st.DataObject
) -> None:
    raw = bytearray(encode(frame))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    assert frame not in Splitter().feed(bytes(raw))


@given(st.binary(max_size=600))
def test_any_bytes_are_heard_without_harm_and_silence_repairs_the_line(noise: bytes) -> None:
    splitter = Splitter()
    splitter.feed(noise)
    splitter.reset()
    poll = Frame(2, 1, 254)
    assert splitter.feed(encode(poll)) == [poll]


def test_the_specification_s_own_example_is_understood() -> None:
    serial = Frame(1, 2, 0, (12_345_678).to_bytes(3, "little"))
    assert encode(serial) == bytes.fromhex("01 03 02 00 4E 61 BC 8F")


def test_the_event_counter_goes_from_255_to_1_and_never_back_to_0() -> None:
    assert [next_event(counter) for counter in (0, 1, 254, 255)] == [1, 2, 255, 1]
