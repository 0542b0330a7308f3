"""The reader's end of vpcd's wire (card_wire.py has the card's): power, the answer to reset, one command at a time."""

import asyncio
import contextlib
import socket

_LENGTH_BYTES = 2
_POWER_ON, _RESET, _GET_ATR = b"\x01", b"\x02", b"\x04"
_ATR_SECONDS = 1.0
_CONVENTIONS = (0x3B, 0x3F)
_SHORTEST_ATR = 2


class CardOut(Exception):
    """The card is out: it answers nothing any more."""


class CardLink:
    """A card in the reader, from its connection to the end of it. `free` is held by who speaks to the card."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._answers: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.out = asyncio.Event()
        self.free = asyncio.Lock()
        self._listening = asyncio.ensure_future(self._listen())

    @classmethod
    async def over(cls, end: socket.socket) -> "CardLink":
        """The card at the other end of this connection."""
        end.setblocking(False)
        return cls(*await asyncio.open_connection(sock=end))

    async def wake(self) -> bool:
        """Power it; whether it answers to reset as a card does. Raises CardOut."""
        self._send(_POWER_ON)
        try:
            atr = await asyncio.wait_for(self.ask(_GET_ATR), _ATR_SECONDS)
        except TimeoutError:
            return False
        return len(atr) > _SHORTEST_ATR and atr[0] in _CONVENTIONS and _complete(atr)

    async def ask(self, command: bytes) -> bytes:
        """Its answer, whenever it comes. Raises CardOut."""
        self._send(command)
        answer = await self._answers.get()
        if answer is None:
            raise CardOut
        return answer

    def reset(self) -> None:
        """It forgets who has shown it a PIN."""
        self._send(_RESET)

    def drop(self) -> None:
        """No power, no contact."""
        self._listening.cancel()
        self._gone()

    def _send(self, payload: bytes) -> None:
        if self.out.is_set():
            raise CardOut
        self._writer.write(len(payload).to_bytes(_LENGTH_BYTES, "big") + payload)

    async def _listen(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                size = int.from_bytes(await self._reader.readexactly(_LENGTH_BYTES), "big")
                self._answers.put_nowait(await self._reader.readexactly(size))
        self._gone()

    def _gone(self) -> None:
        self.out.set()
        self._answers.put_nowait(None)
        self._writer.close()


def _complete(atr: bytes) -> bool:
    """Whether interface and historical bytes are all there (ISO/IEC 7816-3, 8.2)."""
    at, follows = 1, atr[1] >> 4
    while follows:
        at += follows.bit_count()
        if at >= len(atr):
            return False
        follows = atr[at] >> 4 if follows & 0b1000 else 0
    return len(atr) > at + (atr[1] & 0x0F)
