"""A TCP port on this machine that can be pulled and put back without anybody else getting its number meanwhile."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class LoopbackPort:
    """Serves connections on 127.0.0.1 while it is open; refuses them while it is shut."""

    def __init__(self, serve: Serve, wanted: int = 0) -> None:
        """`wanted`: the number to have if it is free, as a device keeps its address; 0 for any."""
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self._reserved = _bound_if_free(wanted)
        self.number = int(self._reserved.getsockname()[1])

    @property
    def open(self) -> bool:
        """Whether connections are taken."""
        return self._server is not None

    async def start(self) -> None:
        """Take connections from now on."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serving, sock=self._reserved)

    async def stop(self) -> None:
        """Cut all connections, refuse new ones, keep the number."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        self.cut()
        self._reserved = _bound(self.number)

    async def close(self) -> None:
        """Stop, and give the number back."""
        await self.stop()
        self._reserved.close()

    def cut(self) -> None:
        """End all connections at once, in the middle of whatever they carry."""
        for writer in tuple(self._connections):
            writer.transport.abort()

    async def _serving(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, TimeoutError):
            return
        except (
            asyncio.CancelledError
        ):  # the process is ending; the streams machinery would report it as an error
            return
        finally:
            self._connections.discard(writer)
            writer.close()


def _bound_if_free(wanted: int) -> socket.socket:
    try:
        return _bound(wanted)
    except OSError:
        return _bound(0)


def _bound(number: int) -> socket.socket:
    port = socket.socket()
    port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port.bind(("127.0.0.1", number))
    return port
