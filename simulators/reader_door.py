"""What a client of a reader without a card service may ask, one connection each (docs/protocol.md §3.9)."""

import asyncio
import contextlib

from simulators.reader_link import CardLink, CardOut
from simulators.reader_slot import DirectReader

NAME = "Changgu Reader 00 00"
LOOK, WAIT, CONNECT, TRANSMIT = b"L", b"W", b"C", b"A"
NO_CARD, BROKEN = b"N", b"B"
_LENGTH_BYTES = 2
_WAIT_BYTES = 8


class Client:
    """One connection of a client, and the card that it has to itself from CONNECT on."""

    def __init__(self, reader: DirectReader) -> None:
        self._reader = reader
        self._card: CardLink | None = None

    async def serve(self, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        """Answer until the client hangs up; the card it had is reset then, and free for the next one."""
        try:
            while True:
                size = int.from_bytes(await incoming.readexactly(_LENGTH_BYTES), "big")
                answer = await self._answer(await incoming.readexactly(size))
                outgoing.write(len(answer).to_bytes(_LENGTH_BYTES, "big") + answer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._leave()
            outgoing.close()

    async def _answer(self, request: bytes) -> bytes:
        match request[:1]:
            case b"L":
                return LOOK + self._reader.state + NAME.encode()
            case b"W" if len(request) == _WAIT_BYTES:
                await self._reader.differs(request[1:4], int.from_bytes(request[4:], "big") / 1000)
                return WAIT
            case b"C":
                return await self._connect()
            case b"A":
                return await self._transmit(request[1:])
            case _:
                return BROKEN

    async def _connect(self) -> bytes:
        self._leave()
        link = self._reader.link
        if link is None:
            return NO_CARD
        if self._reader.mute:
            return BROKEN
        await link.free.acquire()
        self._card = link
        return BROKEN if link.out.is_set() else CONNECT

    async def _transmit(self, command: bytes) -> bytes:
        if self._card is None:
            return BROKEN
        try:
            return TRANSMIT + await self._card.ask(command)
        except CardOut:
            return BROKEN

    def _leave(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            with contextlib.suppress(CardOut):
                card.reset()
            card.free.release()
