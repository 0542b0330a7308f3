"""One conversation with a reader that has no card service: a virtual card over its socket (docs/protocol.md §3.9).

For a desk where pcscd can't run; a machine in the field has PC/SC (service.py).
"""

import contextlib
import socket
import time

from drivers.card_reader.service import ServiceLost
from drivers.card_reader.slots import Slot
from drivers.why import why

_LENGTH_BYTES = 2
_LOOK, _WAIT = b"L", b"W"
_STATE_BYTES = 3
_PRESENT, _MUTE = 1, 2
_ANSWER_S = 2.0
_MOST_NAME_BYTES = 128


class DirectService:
    """See drivers.card_reader.service.Service. Raises ServiceLost when nobody listens at `path`."""

    def __init__(self, path: str, answer_s: float = _ANSWER_S) -> None:
        self._answer_s = answer_s
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(answer_s)
        try:
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise ServiceLost(f"{path}: {why(error)[1]}") from error

    def look(self) -> tuple[Slot, ...]:
        """The one reader as it is now. Raises ServiceLost."""
        said = self._ask(_LOOK, self._answer_s)
        if not 0 < len(said) - 1 - _STATE_BYTES <= _MOST_NAME_BYTES:
            raise ServiceLost("the reader talks nonsense")
        counter, flags = int.from_bytes(said[1:3], "big"), said[3]
        name = said[1 + _STATE_BYTES :].decode("utf-8", "replace")
        return (Slot(name, counter, bool(flags & _PRESENT), bool(flags & _MUTE)),)

    def wait(self, seen: tuple[Slot, ...], timeout_s: float) -> None:
        """Return when something may differ from `seen`, or after `timeout_s`. Raises ServiceLost."""
        if seen:
            known = _state(seen[0]) + int(timeout_s * 1000).to_bytes(4, "big")
            self._ask(_WAIT + known, timeout_s + self._answer_s)

    def cancel(self) -> None:
        """Let a `wait` on another thread return now; the conversation is over with it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the conversation."""
        self._socket.close()

    def _ask(self, request: bytes, within_s: float) -> bytes:
        """The answer, of the request's own kind. A byte now and then keeps nobody longer than `within_s`."""
        until = time.monotonic() + within_s
        try:
            self._socket.settimeout(within_s)
            self._socket.sendall(len(request).to_bytes(_LENGTH_BYTES, "big") + request)
            said = self._receive(int.from_bytes(self._receive(_LENGTH_BYTES, until), "big"), until)
        except OSError as error:
            raise ServiceLost(f"the reader does not answer ({error.strerror or error})") from error
        if said[:1] != request[:1]:
            raise ServiceLost("the reader talks nonsense")
        return said

    def _receive(self, size: int, until: float) -> bytes:
        got = bytearray()
        while len(got) < size:
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise TimeoutError("timed out")
            self._socket.settimeout(left_s)
            more = self._socket.recv(size - len(got))
            if not more:
                raise ServiceLost("the reader hung up")
            got += more
        return bytes(got)


def _state(slot: Slot) -> bytes:
    flags = (_PRESENT if slot.present else 0) | (_MUTE if slot.mute else 0)
    return slot.counter.to_bytes(2, "big") + bytes((flags,))
