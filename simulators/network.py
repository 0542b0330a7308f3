"""The cable between the kiosk and the central server: a forwarder that can be cut, stalled, or made to lose replies.

It sees TLS records pass, never what is in them. `lose-reply`: a request gets through and is carried out, the reply does
not come back; the TLS handshake before it still works.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum

from simulators.clock import Clock, Timer
from simulators.loopback_port import LoopbackPort

_PIECE_BYTES = 65536
_CUT_AFTER_LOST_SECONDS = 1.0
_TLS_HANDSHAKE, _TLS_DATA = 22, 23
_RECORD_HEAD_BYTES = 5


class Mode(StrEnum):
    """What the cable does."""

    UP = "up"
    REFUSE = "refuse"
    HANG = "hang"
    LOSE_REPLY = "lose-reply"


class Cable:
    """Listens on `number` on the kiosk's side; central is at `target`."""

    def __init__(self, clock: Clock, target: int | None = None, port: int = 0) -> None:
        self._clock = clock
        self._port = LoopbackPort(self._serve, port)
        self.number = self._port.number
        self.target = target
        self.mode = Mode.UP
        self._replies_to_lose: int | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self.changed: Callable[[], None] = lambda: None

    async def set(self, mode: Mode, lose: int | None = None) -> None:
        """Change what the cable does. `lose`: so many replies, then it is good again; None: all of them."""
        self.mode = mode
        self._replies_to_lose = lose if mode is Mode.LOSE_REPLY else None
        if mode is Mode.HANG:
            self._flows.clear()
        else:
            self._flows.set()
        await (self._port.stop() if mode is Mode.REFUSE else self._port.start())
        self.changed()

    async def close(self) -> None:
        """Take the cable away."""
        await self._port.close()

    def losing(self) -> bool:
        """Whether replies get lost now."""
        return self.mode is Mode.LOSE_REPLY

    def lost_one(self) -> None:
        """A reply was lost."""
        if self._replies_to_lose is not None:
            self._replies_to_lose -= 1
            if self._replies_to_lose <= 0:
                self.mode, self._replies_to_lose = Mode.UP, None
                self.changed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flows.wait()
        if self.target is None:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        wire = _Connection(self, self._clock, writer, far_writer)
        ways = (
            asyncio.ensure_future(self._pump(reader, wire.outward, far_writer)),
            asyncio.ensure_future(self._pump(far_reader, wire.inward, writer)),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            far_writer.transport.abort()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(
        self, reader: asyncio.StreamReader, pass_on: Callable[[bytes], None], writer: asyncio.StreamWriter
    ) -> None:
        while piece := await reader.read(_PIECE_BYTES):
            await self._flows.wait()
            pass_on(piece)
            await writer.drain()
        await self._flows.wait()
        if writer.can_write_eof():
            writer.write_eof()


class _Connection:
    """One connection through the cable: knows whether it is past its handshake, and what has been lost on it."""

    def __init__(
        self, cable: Cable, clock: Clock, near: asyncio.StreamWriter, far: asyncio.StreamWriter
    ) -> None:
        self._cable = cable
        self._clock = clock
        self._near = near
        self._far = far
        self._turns = (
            0  # how often the kiosk spoke after having listened; from the second time on in TLS it may ask
        )
        self._listening = True
        self._tls = False
        self._lost = False
        self._cut: Timer | None = None
        self._records = _Records()

    def outward(self, piece: bytes) -> None:
        """From the kiosk to central: always passes."""
        if self._listening:
            self._listening = False
            self._turns += 1
            if self._turns == 1:
                self._tls = piece[0] == _TLS_HANDSHAKE
        self._far.write(piece)

    def inward(self, piece: bytes) -> None:
        """From central to the kiosk: passes unless it is a reply that gets lost."""
        self._listening = True
        lots = self._records.feed(piece) if self._tls else [(_TLS_DATA, piece)]
        for kind, lot in lots:
            if self._is_reply(kind) and (self._lost or self._cable.losing()):
                self._lose()
            else:
                self._near.write(lot)

    def _is_reply(self, kind: int) -> bool:
        return kind == _TLS_DATA and (self._turns >= 2 or not self._tls)

    def _lose(self) -> None:
        """Nothing more comes back on this connection; it is cut when central has said all it had to say."""
        self._lost = True
        if self._cut is not None:
            self._cut.cancel()
        self._cut = self._clock.later(_CUT_AFTER_LOST_SECONDS, self._cut_off)

    def _cut_off(self) -> None:
        self._cable.lost_one()
        self._near.transport.abort()


class _Records:
    """Cuts a TLS stream at its records' ends."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, piece: bytes) -> list[tuple[int, bytes]]:
        """The records completed by `piece`, as (content type, bytes)."""
        self._buffer += piece
        records: list[tuple[int, bytes]] = []
        while len(self._buffer) >= _RECORD_HEAD_BYTES:
            size = _RECORD_HEAD_BYTES + int.from_bytes(self._buffer[3:5], "big")
            if len(self._buffer) < size:
                break
            records.append((self._buffer[0], bytes(self._buffer[:size])))
            del self._buffer[:size]
        return records
