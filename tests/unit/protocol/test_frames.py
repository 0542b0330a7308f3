"""Frames: what was encoded comes out whatever the chunks; anything else is a FrameError and nothing worse."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.protocol.frames import MAX_FRAME_BYTES, Decoder, FrameError, encode
from kiosk.protocol.screen import FROM_UI, FrameShown, Intent

messages = st.lists(
    st.one_of(
        st.builds(Intent, seq=st.integers(0, 2**53), control=st.text(max_size=40)),
        st.builds(FrameShown, seq=st.integers(0, 2**53)),
    ),
    max_size=6,
)


@given(messages, st.integers(1, 7))
def test_messages_survive_any_chunking(sent: list[Intent | FrameShown], size: int) -> None:
    stream = b"".join(encode(message) for message in sent)
    decoder = Decoder(FROM_UI)
    heard = [m for i in range(0, len(stream), size) for m in decoder.feed(stream[i : i + size])]
    assert heard == sent


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_a_frame_error(noise: bytes) -> None:
    decoder = Decoder(FROM_UI)
    with contextlib.suppress(FrameError):
        assert all(isinstance(message, Intent | FrameShown) for message in decoder.feed(noise))


@pytest.mark.parametrize(
    "body", [b'{"type":"\xff"}', b"[" * 100_000, b"\x00", b"null", b'{"type":"Intent"}', b""]
)
def test_a_frame_that_holds_no_message_is_a_frame_error_whatever_is_wrong_with_it(body: bytes) -> None:
    with pytest.raises(FrameError):
        Decoder(FROM_UI).feed(len(body).to_bytes(4, "big") + body)


def test_a_frame_past_the_cap_is_refused_before_it_is_read() -> None:
    with pytest.raises(FrameError, match="past the cap"):
        Decoder(FROM_UI).feed((MAX_FRAME_BYTES + 1).to_bytes(4, "big"))


def test_a_message_past_the_cap_is_not_sent() -> None:
    with pytest.raises(FrameError, match="past the cap"):
        encode(Intent(1, "x" * MAX_FRAME_BYTES))
