"""A bench with a card reader, seen from both sides, and one card in it."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from simulators.bench import Bench, BenchOptions
from simulators.control import Control
from tests.card_drawer import PIN, put_card

from .far_end import FAST, WITHIN_SECONDS, Hand

SELECT = bytes.fromhex("00A4040009A0000003080000100000")
ASK_TRIES = bytes.fromhex("00200080")
WRONG = bytes.fromhex("0020008008") + b"000000\xff\xff"
RIGHT = bytes.fromhex("0020008008") + PIN + b"\xff\xff"
RESET, GET_ATR = b"\x02", b"\x04"
PROOF_SECONDS = 0.05  # so long nothing must come


class Reader:
    """A virtual reader: listens, and a card that is put in connects."""

    def __init__(self) -> None:
        self.cards: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._server: asyncio.Server | None = None
        self.port = 0
        self._ends: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        """Listen, at the same port as before."""
        self._server = await asyncio.start_server(self._came, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """The service is gone, and with it all connections."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for end in self._ends:
            end.transport.abort()
            with suppress(ConnectionError):
                await end.wait_closed()

    async def card(self) -> "Card":
        """The next card that is put in."""
        return Card(*await asyncio.wait_for(self.cards.get(), WITHIN_SECONDS))

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)
        self.cards.put_nowait((reader, writer))


class Card:
    """The reader's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def say(self, payload: bytes) -> None:
        """One message to the card."""
        self._writer.write(len(payload).to_bytes(2, "big") + payload)

    async def ask(self, payload: bytes) -> bytes:
        """One message and its answer."""
        self.say(payload)
        return await self.hear()

    async def hear(self) -> bytes:
        """The next answer. Raises EOFError when the card is pulled."""
        try:
            size = await asyncio.wait_for(self._reader.readexactly(2), WITHIN_SECONDS)
            return await asyncio.wait_for(
                self._reader.readexactly(int.from_bytes(size, "big")), WITHIN_SECONDS
            )
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise EOFError from None

    async def silent(self) -> bool:
        """Whether nothing comes for a moment."""
        try:
            await asyncio.wait_for(self._reader.readexactly(1), PROOF_SECONDS)
        except TimeoutError:
            return True
        return False


Scene = Callable[[Reader, Hand, Bench], Awaitable[None]]


@asynccontextmanager
async def bench_with_reader() -> AsyncIterator[tuple[Reader, Hand, Bench]]:
    run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    for label, kind in (("citizen-1", "citizen"), ("staff-1", "staff"), ("transit-1", "transit")):
        put_card(run, label, kind)
    reader = Reader()
    await reader.start()
    bench = Bench(BenchOptions(run, card_reader=str(reader.port), paced=False, times=FAST))
    control = Control(bench, run / "sock" / "sim.sock")
    await control.start()
    await bench.start()
    hand = await Hand.at(run)
    try:
        yield reader, hand, bench
    finally:
        hand.writer.close()
        await control.stop()
        await bench.stop()
        await reader.stop()
        shutil.rmtree(run)


def play(scene: Scene) -> None:
    async def whole() -> None:
        async with bench_with_reader() as (reader, hand, bench):
            await scene(reader, hand, bench)

    asyncio.run(whole())


async def inserted(reader: Reader, hand: Hand, label: str = "citizen-1") -> Card:
    """A card that was just put in, with its application selected if it has one."""
    assert await hand.do("card", card=label) == {"ok": True}
    card = await reader.card()
    await card.ask(SELECT)
    return card
