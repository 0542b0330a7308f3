"""A terminal that says what the test wants, however odd: the port that a driver opens, and the far end of it."""

from collections.abc import Callable

from drivers.card_terminal import messages as zvt
from drivers.card_terminal.apdu import Apdu, Reader

ACK = Apdu(zvt.ACKNOWLEDGED).encode()
READ_BYTES = 4_096


def well(said: Apdu) -> bytes:
    """The answer of a terminal that takes us in and is well."""
    match said.code:
        case 0x0600:
            return ACK + Apdu(zvt.COMPLETION, bytes.fromhex("2929304711")).encode()
        case 0x0501:
            return ACK + Apdu(zvt.COMPLETION, bytes.fromhex("f0f0f000")).encode()
        case zvt.ACKNOWLEDGED:
            return b""
        case _:
            return ACK


class OddTerminal:
    """`answer` is what it says to each message of ours; `chatter` comes without an end. `deaf`: it takes no bytes."""

    def __init__(self, answer: Callable[[Apdu], bytes] = well) -> None:
        self.answer = answer
        self.chatter = b""
        self.deaf = False
        self.opened = 0
        self.heard: list[Apdu] = []
        self._arrived = bytearray()
        self._reader = Reader()

    def open(self, path: str, speed: int) -> "OddTerminal":
        self.opened += 1
        self._reader = Reader()
        self._arrived.clear()
        return self

    def read(self) -> bytes:
        if not self._arrived and self.chatter:
            self._arrived += self.chatter
        data = bytes(self._arrived[:READ_BYTES])
        del self._arrived[:READ_BYTES]
        return data

    def write(self, data: bytes) -> int:
        if self.deaf:
            return 0
        for said in self._reader.feed(data):
            self.heard.append(said)
            self._arrived += self.answer(said)
        return len(data)

    def discard(self) -> None:
        self._arrived.clear()

    def close(self) -> None:
        """Nothing to give back."""
