"""HTTP whose heads have an end: in bytes, in fields, and in seconds. uvicorn's own protocol has none of the three.

What is counted are the bytes that the parser has kept to itself: a head, a trailer, the frame of a chunk. A body goes
on to whoever reads it, with a cap and a deadline of its own.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 32 * 1024
HEAD_FIELDS: Final = 100
HEAD_S: Final = 10
PIPELINED: Final = (
    8  # requests that wait behind the one that is answered; no browser and no machine of ours sends any
)
_BITE = 4 * 1024  # how much the parser gets at once: by so much a count can be too low

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_NO_HTTP = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class _PastBoundsError(Exception):
    """Raised inside the parser, which then stops where it is."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. Past a bound it is refused with 431, past the deadline closed."""

    _kept = 0
    _gave = False
    _fields = 0
    _too_large = False
    _deadline: asyncio.TimerHandle | None = None

    # uvicorn narrows asyncio's BaseTransport in the same way.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Who connects has so long to say what for."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser in bites, and count what it gives nothing out for."""
        for start in range(0, len(data), _BITE):
            if self.transport.is_closing():
                return
            bite = data[start : start + _BITE]
            self._gave = False
            super().data_received(bite)
            self._kept = 0 if self._gave else self._kept + len(bite)
            if self._kept > HEAD_BYTES:
                self._too_large = True
                self.send_400_response("")
        if self._idle() and self._deadline is None:  # these bytes have ended the wait after the last answer
            self._await_head()

    def on_message_begin(self) -> None:
        """A new request on this connection."""
        super().on_message_begin()
        self._fields = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field of a head, or of a trailer."""
        self._fields += 1
        if self._fields > HEAD_FIELDS:
            self._refuse_head()
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        if len(self.pipeline) >= PIPELINED:
            self._refuse_head()
        self._gave = True
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._gave = True
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Who was answered before the end of the body has no longer to send the rest than for a head."""
        unread = self.cycle.more_body
        super().on_response_complete()
        if unread and self._deadline is None and not self.transport.is_closing():
            self._await_head()

    def send_400_response(self, msg: str) -> None:
        """Refuse, without a word where an answer is under way: it would stand in the middle of that one."""
        if self._idle() and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE if self._too_large else _NO_HTTP)
        self.transport.close()

    def _refuse_head(self) -> None:
        self._too_large = True
        raise _PastBoundsError

    def _idle(self) -> bool:
        """No request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
