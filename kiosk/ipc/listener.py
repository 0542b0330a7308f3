"""A Unix socket at which others of this machine call: each caller has a thread of its own and ends only itself.

All listeners of our programs are made of this. A caller may send what it likes, or nothing, or never stop: it ends its
own connection. The loop that lets callers in ends with `stop` and not otherwise; if it does, that is a mistake of ours,
which ends the program (programs/running.py), and until then nobody feeds the watchdog (watchdog.py).
"""

import contextlib
import errno
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.faults import border
from kiosk.protocol.frames import FrameError

log = logging.getLogger(__name__)

# So many are heard at once; when one more calls, whoever came first has to go. Above what one machine has of programs.
MOST = 8
# Whoever calls with a deadline is refused at once when the queue is full (connect(2), EAGAIN).
_BACKLOG = 128
# A caller that was gone before it was let in, or a moment without descriptors or memory: the next one may do better.
_PASSING = frozenset(
    (
        errno.ECONNABORTED,
        errno.EPROTO,
        errno.EINTR,
        errno.EAGAIN,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
    )
)
_BREATH_S = 0.1


class LinkError(Exception):
    """The other program is not there, is not who it should be, speaks another protocol, or is of another build.

    `code`: one of nobody_there.py where it is not there, else "unwelcome".
    """

    def __init__(self, message: str, code: str = "unwelcome") -> None:
        super().__init__(message)
        self.code = code


class Listener:
    """Listens at `path` from `start` to `stop`. `visit` serves one caller, on the caller's thread; its number says in
    which order they came.

    Whoever `visit` lets go of with LinkError, FrameError or OSError is hung up on. A visit that returns has closed the
    connection or given it to somebody who will; it counts no longer towards `most`.
    """

    def __init__(self, path: Path, visit: Callable[[socket.socket, int], None], *, most: int = MOST) -> None:
        self._path = path
        self._visit = visit
        self._most = most
        self._server: socket.socket | None = None
        self._loop: threading.Thread | None = None
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._callers: list[socket.socket] = []

    @property
    def alive(self) -> bool:
        """Whether the next caller will be let in."""
        return self._loop is not None and self._loop.is_alive()

    def start(self) -> None:
        """Listen. Raises EnvironmentFault when the socket can't be made."""
        with border(str(self._path)):
            self._server = listen(self._path)
        name = f"listener-{self._path.stem}"
        self._loop = threading.Thread(target=self._let_in, args=(self._server,), name=name, daemon=True)
        self._loop.start()

    def stop(self) -> None:
        """Let nobody in any more, and hang up on whoever is still being heard."""
        self._stopped.set()
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
        with self._lock:
            for caller in self._callers:
                hang_up(caller)

    def _let_in(self, server: socket.socket) -> None:
        for number, caller in enumerate(callers(server, self._stopped)):
            with self._lock:
                if len(self._callers) >= self._most:
                    hang_up(self._callers.pop(0))
                self._callers.append(caller)
            thread = threading.Thread(
                target=self._serve, args=(caller, number), name=f"caller-{self._path.stem}", daemon=True
            )
            try:
                thread.start()
            except RuntimeError as error:  # so many threads are not to be had just now
                log.warning("%s: a caller was sent away: %s", self._path.name, error)
                self._forget(caller)
                caller.close()

    def _serve(self, caller: socket.socket, number: int) -> None:
        try:
            check_peer(caller)
            self._visit(caller, number)
        except (LinkError, FrameError, OSError) as error:
            log.info("%s: a caller was sent away: %s", self._path.name, error)
            caller.close()
        finally:
            self._forget(caller)

    def _forget(self, caller: socket.socket) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._callers.remove(caller)


def callers(server: socket.socket, stopped: threading.Event) -> Iterator[socket.socket]:
    """Everybody who calls, until `stopped`. Raises OSError when the socket itself has become useless."""
    while not stopped.is_set():
        try:
            caller, _address = server.accept()
        except OSError as error:
            if stopped.is_set():
                return
            if error.errno not in _PASSING:
                raise
            stopped.wait(_BREATH_S)
            continue
        yield caller


def hang_up(caller: socket.socket) -> None:
    """Whoever reads from it on another thread finds its end."""
    with contextlib.suppress(OSError):
        caller.shutdown(socket.SHUT_RDWR)


def listen(path: Path) -> socket.socket:
    """A listening socket at `path`, replacing what a dead program left there; only our user can open it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    path.chmod(0o600)
    server.listen(_BACKLOG)
    return server


def peer_uid(sock: socket.socket) -> int:
    """The uid of the process at the other end (SO_PEERCRED)."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    uid: int = struct.unpack("3i", credentials)[1]
    return uid


def check_peer(sock: socket.socket) -> None:
    """Only our own user and root may talk to us. Raises LinkError."""
    uid = peer_uid(sock)
    if uid not in (os.getuid(), 0):
        raise LinkError(f"uid {uid} may not connect")
