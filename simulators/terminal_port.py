"""The terminal's place on the network: a TCP port, and what a bad cable does to it."""

import asyncio

from simulators.card_terminal import CardTerminal
from simulators.loopback_port import LoopbackPort

_PIECE_BYTES = 4096


class TerminalPort:
    """Serves one terminal on a loopback port. `cut_after`: the cable breaks after so many more bytes to the kiosk."""

    def __init__(self, terminal: CardTerminal, port: int = 0) -> None:
        self._terminal = terminal
        self._port = LoopbackPort(self._serve, port)
        self.number = self._port.number
        self.cut_after: int | None = None

    @property
    def open(self) -> bool:
        """Whether connections are taken."""
        return self._port.open

    async def reachable(self, reachable: bool) -> None:
        """Plug in or pull the cable, or the power."""
        await (self._port.start() if reachable else self._port.stop())

    async def close(self) -> None:
        """Take the terminal off the network for good."""
        await self._port.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line(self, writer)
        self._terminal.connected(line)
        try:
            while data := await reader.read(_PIECE_BYTES):
                self._terminal.received(data)
        finally:
            self._terminal.disconnected(line)

    def spend(self, data: bytes) -> bytes:
        """What of `data` still gets through the cable."""
        if self.cut_after is None:
            return data
        through = data[: self.cut_after]
        self.cut_after -= len(through)
        return through


class _Line:
    """One connection."""

    def __init__(self, port: TerminalPort, writer: asyncio.StreamWriter) -> None:
        self._port, self._writer = port, writer

    def send(self, data: bytes) -> None:
        """Bytes to the kiosk, as far as they get."""
        through = self._port.spend(data)
        if through:
            self._writer.write(through)
        if self._port.cut_after == 0:
            self._port.cut_after = None
            self._hang_up()

    def cut(self) -> None:
        """In the middle of whatever it carries."""
        self._writer.transport.abort()

    def _hang_up(self) -> None:
        """What got through arrives; then the end."""
        self._writer.close()
