"""The screen's end of the line to core: a reader thread, and sending that never makes the screen wait.

Source: docs/protocol.md §1. The thread hands on what it read through callbacks; they run on the thread.
"""

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from kiosk.protocol.frames import Decoder, FrameError, Kinds, encode
from kiosk.protocol.hello import PROTOCOL, Hello
from kiosk.protocol.screen import Snapshot

BACK_OFF_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
HELLO_TIMEOUT_S = 5.0
FROM_CORE: Kinds[Hello | Snapshot] = Kinds(Hello | Snapshot)
_CHUNK_BYTES = 65_536


class WireError(Exception):
    """Core is not there, is not who it should be, speaks another protocol, or is of another build."""


class Wire:
    """Keeps a connection to core: connects, greets, reads, and begins anew when it breaks."""

    def __init__(
        self,
        path: Path,
        version: str,
        on_snapshot: Callable[[Snapshot], None],
        on_lost: Callable[[str], None],
    ) -> None:
        """`on_lost` is called with the reason each time that core is not (or no longer) there."""
        self._path = path
        self._version = version
        self._on_snapshot = on_snapshot
        self._on_lost = on_lost
        self._socket: socket.socket | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def close(self) -> None:
        """End the connection and the thread."""
        self._stop.set()
        self._drop()
        self._thread.join(HELLO_TIMEOUT_S)

    def send(self, message: msgspec.Struct) -> None:
        """Send without waiting. A core that takes nothing is as good as gone: the line is cut and begun anew."""
        sock = self._socket
        if sock is None:
            return
        frame = encode(message)
        try:
            if sock.send(frame, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) != len(frame):
                self._drop()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        sock, self._socket = self._socket, None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        tries = 0
        while not self._stop.is_set():
            try:
                with contextlib.closing(_connect(self._path)) as sock:
                    self._socket = sock
                    for snapshot in self._talk(sock):
                        tries = 0
                        self._on_snapshot(snapshot)
            except (WireError, FrameError, OSError) as error:
                self._lost(str(error) or type(error).__name__)
            self._stop.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])
            tries += 1

    def _lost(self, why: str) -> None:
        self._socket = None
        if not self._stop.is_set():
            self._on_lost(why)

    def _talk(self, sock: socket.socket) -> Iterator[Snapshot]:
        """Greet, then the snapshots as they come. Raises when the line ends."""
        sock.settimeout(HELLO_TIMEOUT_S)
        sock.sendall(encode(Hello("ui", self._version)))
        decoder = Decoder(FROM_CORE)
        greeted = False
        while not self._stop.is_set():
            newest = None
            for message in decoder.feed(_received(sock)):
                if isinstance(message, Hello) != (not greeted):
                    raise WireError("core doesn't greet first, and once")
                if isinstance(message, Hello):
                    self._check(message)
                    greeted = True
                    sock.settimeout(None)
                else:
                    newest = message
            # Of several waiting snapshots only the newest: each is whole, and nobody could have read the others.
            if newest is not None:
                yield newest

    def _check(self, hello: Hello) -> None:
        if hello.program != "core" or hello.protocol != PROTOCOL:
            raise WireError(
                f"{hello.program} speaks protocol {hello.protocol}; this screen needs core and {PROTOCOL}"
            )
        if hello.version != self._version:
            raise WireError(f"core is of build {hello.version}, this screen of {self._version}; restart both")


def _received(sock: socket.socket) -> bytes:
    """What has come. Kept by nobody: while the next one is waited for, an older screen would lie in it."""
    chunk = sock.recv(_CHUNK_BYTES)
    if not chunk:
        raise WireError("core closed the line")
    return chunk


def _connect(path: Path) -> socket.socket:
    """A connected socket to a core of our own user (or root's). Raises WireError, OSError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(HELLO_TIMEOUT_S)
        sock.connect(str(path))
        credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        uid = struct.unpack("3i", credentials)[1]
        if uid not in (os.getuid(), 0):
            raise WireError(f"the socket belongs to uid {uid}")
    except (OSError, WireError):
        sock.close()
        raise
    return sock
