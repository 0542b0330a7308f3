"""The way to a card without a card service: the virtual card over its socket (docs/protocol.md §3.9), for a desk."""

import socket

from kiosk.worker.card import CardBroken, NoCard, ReaderGone

_LENGTH_BYTES = 2
_LOOK, _CONNECT, _TRANSMIT = b"L", b"C", b"A"
_LOOK_BYTES = 4
_PRESENT = 1
_STATUS_BYTES = 2


class DirectTransport:
    """The reader that listens at `path`."""

    def __init__(self, path: str) -> None:
        self._path = path

    def connect(self, reader: str) -> "DirectChannel":
        """Connect to the card in the reader. Raises ReaderGone, NoCard or CardBroken; waits while another has it."""
        end = socket.socket(socket.AF_UNIX)
        try:
            end.connect(self._path)
            channel = DirectChannel(end)
            channel.take()
        except OSError as error:
            end.close()
            raise ReaderGone(error.strerror) from error
        except BaseException:
            end.close()
            raise
        return channel


class DirectChannel:
    """See kiosk.worker.card.Channel: the card is ours alone until `close`, and is reset by it."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def take(self) -> None:
        """Have the card that is in to ourselves. Raises NoCard or CardBroken."""
        self._done(self._ask(_CONNECT), _CONNECT)

    def counter(self) -> int:
        """The reader's counter as it is now."""
        said = self._done(self._ask(_LOOK), _LOOK)
        if len(said) < _LOOK_BYTES:
            raise ReaderGone("the reader talks nonsense")
        if not said[3] & _PRESENT:
            raise NoCard
        return int.from_bytes(said[1:3], "big")

    def noticed(self) -> int:
        """The reader's counter: it notices at once."""
        return self.counter()

    def begin(self) -> None:
        """Nothing: nobody else talks to the card as it is."""

    def end(self) -> None:
        """Nothing."""

    def transmit(self, command: bytes | bytearray) -> bytes:
        """One command; data and status word."""
        request = bytearray(_TRANSMIT)
        request += command
        try:
            answer = self._done(self._ask(request), _TRANSMIT)[1:]
        finally:
            request[:] = bytes(len(request))  # it may have been a PIN
        if len(answer) < _STATUS_BYTES:
            raise CardBroken("no answer")
        return answer

    def close(self) -> None:
        """Hang up: the reader resets the card."""
        self._end.close()

    def _ask(self, request: bytes | bytearray) -> bytes:
        try:
            # Length and request apart: no copy of a PIN is made to join them.
            self._end.sendall(len(request).to_bytes(_LENGTH_BYTES, "big"))
            self._end.sendall(request)
            return self._receive(int.from_bytes(self._receive(_LENGTH_BYTES), "big"))
        except OSError as error:
            raise ReaderGone(error.strerror) from error

    def _receive(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            more = self._end.recv(size - len(got))
            if not more:
                raise ReaderGone("the reader hung up")
            got += more
        return got

    def _done(self, answer: bytes, wanted: bytes) -> bytes:
        match answer[:1]:
            case kind if kind == wanted:
                return answer
            case b"N":
                raise NoCard
            case _:
                raise CardBroken
