"""The control socket: one JSON object a line, one back. What a hand would do to the machine (docs/protocol.md §3.5)."""

import asyncio
import json
import os
from pathlib import Path

import msgspec

from simulators.bench import Bench
from simulators.requests import BadRequest, Request, act

_MAX_LINE_BYTES = 64 << 10
_MAX_WAITING_BYTES = 1 << 20


class Control:
    """Serves the control socket of one bench."""

    def __init__(self, bench: Bench, path: Path) -> None:
        self._bench = bench
        self._path = path
        self._server: asyncio.Server | None = None
        self._watchers: set[asyncio.StreamWriter] = set()
        self._connections: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}
        bench.world.observers.append(self._changed)

    async def start(self) -> None:
        """Listen. A socket left over from an earlier process is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=_MAX_LINE_BYTES)
        os.chmod(self._path, 0o600)

    async def stop(self) -> None:
        """Say good-bye to everybody."""
        if self._server is not None:
            self._server.close()
        serving = [task for task in self._connections.values() if task is not None]
        for writer in self._connections:
            writer.transport.abort()
        await asyncio.gather(*serving, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections[writer] = asyncio.current_task()
        try:
            while line := await reader.readline():
                _send(writer, await self._answer(line, writer))
                await writer.drain()
        except (ConnectionError, ValueError):  # ValueError: a line longer than the limit
            return
        finally:
            self._connections.pop(writer)
            self._watchers.discard(writer)
            writer.close()

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> dict[str, object]:
        try:
            asked = json.loads(line)
        except (ValueError, RecursionError):
            return {"ok": False, "error": "not a JSON object on one line"}
        if not isinstance(asked, dict):
            return {"ok": False, "error": "not a JSON object on one line"}
        if asked.get("do") == "watch":
            self._watchers.add(writer)
            return {"ok": True}
        try:
            return {"ok": True, **await act(self._bench, Request(asked))}
        except BadRequest as error:
            return {"ok": False, "error": str(error)}

    def _changed(self, event: str, details: dict[str, object]) -> None:
        for writer in tuple(self._watchers):
            if writer.transport.get_write_buffer_size() > _MAX_WAITING_BYTES:
                self._watchers.discard(writer)  # it watches and never reads
                writer.transport.abort()
            else:
                _send(writer, {"event": event, **details})


def _send(writer: asyncio.StreamWriter, message: dict[str, object]) -> None:
    writer.write(msgspec.json.encode(message) + b"\n")
