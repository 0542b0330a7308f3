"""The whole far end inside the test's own event loop, and small clients for its wires."""

import asyncio
import http.client
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from simulators.bench import Bench, BenchOptions
from simulators.control import Control
from simulators.ipp import Attribute, Message, decode, encode
from simulators.page_printer import PrinterTimes

WITHIN_SECONDS = 10.0
FAST = PrinterTimes(warm_up=0.0, sheet=0.01)


class Hand:
    """A client of the control socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def at(cls, run: Path) -> "Hand":
        """A fresh connection."""
        return cls(*await asyncio.open_unix_connection(run / "sock" / "sim.sock"))

    async def line(self, raw: bytes) -> dict[str, Any]:
        """Send one line as it is; the answer."""
        self.writer.write(raw + b"\n")
        return await self.next()

    async def do(self, do: str, **fields: object) -> dict[str, Any]:
        """Send one request; its answer."""
        return await self.line(json.dumps({"do": do, **fields}).encode())

    async def next(self) -> dict[str, Any]:
        """The next line that comes."""
        line = await asyncio.wait_for(self._reader.readline(), WITHIN_SECONDS)
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer


@asynccontextmanager
async def far_end(central_port: int | None = None) -> AsyncIterator[tuple[Bench, Hand]]:
    """Everything plugged in, and a hand at the control socket; taken away afterwards."""
    run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    bench = Bench(BenchOptions(run, central_port=central_port, paced=False, times=FAST))
    control = Control(bench, run / "sock" / "sim.sock")
    await control.start()
    await bench.start()
    hand = await Hand.at(run)
    await hand.do("state")
    try:
        yield bench, hand
    finally:
        hand.writer.close()
        await control.stop()
        await bench.stop()
        shutil.rmtree(run)


async def post(port: int, message: Message, connection: http.client.HTTPConnection | None = None) -> Message:
    """Send an IPP request as a driver would; the response. Raises what http.client raises."""

    def send() -> Message:
        wire = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_SECONDS)
        try:
            wire.request("POST", "/ipp/print", encode(message), {"Content-Type": "application/ipp"})
            return decode(wire.getresponse().read())
        finally:
            if connection is None:
                wire.close()

    return await asyncio.to_thread(send)


async def until(condition: Any, what: str) -> None:
    """Let the loop run until `condition()` holds; AssertionError naming `what` after ten seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + WITHIN_SECONDS
    while not condition():
        assert loop.time() < end, f"waited in vain for {what}"
        await asyncio.sleep(0.002)


__all__ = ["FAST", "Attribute", "Hand", "far_end", "post", "until"]
