"""How programs talk: 4-byte big-endian length, then one tagged JSON message.

Source: docs/architecture.md, "How programs talk". A frame past the cap or a message that does not fit its type is a
`FrameError`; the connection that sent it is closed.
"""

from typing import Generic, TypeVar

import msgspec

from kiosk.protocol.not_json import NOT_JSON

MAX_FRAME_BYTES = 1 << 20
_LENGTH_BYTES = 4

T = TypeVar("T")


class Kinds(Generic[T]):
    """The messages that one side sends: `of` is their union for msgspec, T the same union for mypy.

    As in `FROM_UI: Kinds[FromUi] = Kinds(FromUi)`: a union is no type that an argument could carry.
    """

    def __init__(self, of: object) -> None:
        self.of = of


class FrameError(Exception):
    """Bytes that are not a frame of this protocol, or a message that is not of the expected type."""


def encode(message: msgspec.Struct) -> bytes:
    """One message as one frame."""
    body = msgspec.json.encode(message)
    if len(body) > MAX_FRAME_BYTES:
        raise FrameError(f"message of {len(body)} bytes is past the cap of {MAX_FRAME_BYTES}")
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


class Decoder(Generic[T]):
    """Turns a stream of bytes into messages of one closed union, whatever the chunks. Holds at most one frame."""

    def __init__(self, kinds: Kinds[T]) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kinds.of)
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> list[T]:
        """The messages completed by `chunk`. Raises FrameError; the stream is unusable afterwards."""
        self._buffer += chunk
        messages: list[T] = []
        while len(self._buffer) >= _LENGTH_BYTES:
            size = int.from_bytes(self._buffer[:_LENGTH_BYTES], "big")
            if size > MAX_FRAME_BYTES:
                raise FrameError(f"frame of {size} bytes is past the cap of {MAX_FRAME_BYTES}")
            if len(self._buffer) < _LENGTH_BYTES + size:
                break
            body = bytes(self._buffer[_LENGTH_BYTES : _LENGTH_BYTES + size])
            del self._buffer[: _LENGTH_BYTES + size]
            try:
                messages.append(self._decoder.decode(body))
            except NOT_JSON as error:
                raise FrameError("message does not fit its type") from error
        return messages
