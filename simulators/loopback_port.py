"""A TCP port on this machine that can be pulled and put back without anybody else getting its number meanwhile.

Calls are taken here and not by an asyncio.Server: one that closes while it lets somebody in forgets that connection,
which then hangs until memory is tidied up (Python 3.11). A pulled plug has to cut it like all others.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class LoopbackPort:
    """Serves connections on 127.0.0.1 while it is open; refuses them while it is shut."""

    def __init__(self, serve: Serve, wanted: int = 0) -> None:
        """`wanted`: the number to have if it is free, as a device keeps its address; 0 for any."""
        self._serve = serve
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self._visits: set[asyncio.Task[None]] = set()
        self._pulled = 0
        self._reserved = _bound_if_free(wanted)
        self.number = int(self._reserved.getsockname()[1])

    @property
    def open(self) -> bool:
        """Whether connections are taken."""
        return self._loop is not None

    async def start(self) -> None:
        """Take connections from now on."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._reserved.listen()
            self._loop.add_reader(self._reserved, self._let_in)

    async def stop(self) -> None:
        """Cut all connections, refuse new ones, keep the number."""
        loop, self._loop = self._loop, None
        if loop is None:
            return
        loop.remove_reader(self._reserved)
        self._reserved.close()
        self._pulled += 1
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

    def _let_in(self) -> None:
        try:
            caller, _ = self._reserved.accept()
        except (BlockingIOError, ConnectionError):  # gone before the door was opened
            return
        visit = asyncio.ensure_future(self._serving(caller, self._pulled))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _serving(self, caller: socket.socket, pulled: int) -> None:
        caller.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=caller)
        if pulled != self._pulled:
            writer.transport.abort()
            return
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
    port.setblocking(False)
    port.bind(("127.0.0.1", number))
    return port
