"""A framed connection between two of our programs: hello, typed messages, now and then a socket handed over.

One reader thread a connection, named after the peer; `on_message` runs on it, or where it is posted. Sending is safe
from any thread. Source: docs/protocol.md §1.
"""

import logging
import os
import socket
import struct
import threading
import time
from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from kiosk.ipc.build import BUILD
from kiosk.ipc.listener import LinkError, Listener, check_peer, hang_up, listen
from kiosk.ipc.nobody_there import code_of, words_of
from kiosk.protocol.frames import Decoder, FrameError, Kinds, encode
from kiosk.protocol.hello import PROTOCOL, Hello
from kiosk.protocol.not_json import NOT_JSON

__all__ = [
    "Door",
    "Link",
    "LinkError",
    "OtherBuildError",
    "accept",
    "check_peer",
    "connect",
    "hear_hello",
    "listen",
]

HELLO_TIMEOUT_S = 5.0
# A peer that takes nothing for so long is as good as gone; below every watchdog's patience.
SEND_TIMEOUT_S = 2.0
# So many messages of a peer that the program has not come to, and no more is read from it: it waits, as with TCP.
MOST_UNDER_WAY = 64
_CHUNK_BYTES = 65_536
_MAX_FDS = 4
_MAX_HELLO_BYTES = 4096

log = logging.getLogger(__name__)

M = TypeVar("M")
OnMessage = Callable[[M, socket.socket | None], None]
"""Hears a message, and the socket that came with it."""
Post = Callable[[Callable[[], None]], None]


class OtherBuildError(LinkError):
    """The other program is of another build: one of the two is stale."""


class Link(Generic[M]):
    """An open connection after the hello; its peer sends an M. `peer` is what the other side said it is.

    `heard`: the peer's hello, where it was heard already; ours goes out last then, and says that we are ready.
    """

    def __init__(
        self,
        sock: socket.socket,
        kinds: Kinds[M],
        me: str,
        hello_within_s: float = HELLO_TIMEOUT_S,
        *,
        bundle: str = "",
        heard: Hello | None = None,
    ) -> None:
        self._sock = sock
        self._sending = threading.Lock()
        self._messages = Decoder(kinds)
        self._closed = threading.Event()
        self._room = threading.Semaphore(MOST_UNDER_WAY)
        send_within(sock, SEND_TIMEOUT_S)
        self.send(Hello(me, BUILD, bundle=bundle))
        self.peer = heard or hear_hello(sock, me, hello_within_s)

    def start(self, on_message: OnMessage[M], on_close: Callable[[], None], post: Post | None = None) -> None:
        """Read on a thread of its own until the peer goes or talks nonsense; then `on_close`, once, on that thread.

        `post`: where `on_message` runs instead of there, soon and in this order. A peer that sends faster than that
        goes has to wait.
        """
        if post is not None:
            on_message = partial(self._hand_on, post, on_message)
        threading.Thread(
            target=self._read, args=(on_message, on_close), name=f"link-{self.peer.program}", daemon=True
        ).start()

    def _hand_on(
        self, post: Post, on_message: OnMessage[M], message: M, handed: socket.socket | None
    ) -> None:
        self._room.acquire()
        if self._closed.is_set():
            self._room.release()  # for the one behind it
            if handed is not None:
                handed.close()
            return
        post(partial(self._come_to, on_message, message, handed))

    def _come_to(self, on_message: OnMessage[M], message: M, handed: socket.socket | None) -> None:
        try:
            on_message(message, handed)
        finally:
            self._room.release()

    def _read(self, on_message: OnMessage[M], on_close: Callable[[], None]) -> None:
        while self._hear(on_message):
            pass
        self.close()
        on_close()

    def _hear(self, on_message: OnMessage[M]) -> bool:
        """Read once; False at the end. Nothing of what was read outlives the call: a thread waits long for the next.

        What the peer does wrong ends here. What goes wrong in `on_message` is no fault of the peer's.
        """
        try:
            chunk, handed = _receive(self._sock)
        except OSError:
            return False
        try:
            messages = self._messages.feed(chunk) if chunk else []
        except FrameError as error:
            log.warning("%s is cut off: %s", self.peer.program, error)
            if handed is not None:
                handed.close()
            return False
        if handed is not None and not messages:
            handed.close()  # it belongs to no message
        # A frame that carries a socket is sent whole, and the kernel ends a read behind it: it is the last one.
        for position, message in enumerate(messages):
            on_message(message, handed if position == len(messages) - 1 else None)
        return bool(chunk)

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        """Send one message, and a socket with its first byte if `handing`. False when the peer is gone."""
        frame = encode(message)
        try:
            with self._sending:
                if handing is not None:
                    rights = array("i", [handing.fileno()])
                    sent = self._sock.sendmsg([frame], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
                    frame = frame[sent:]
                self._sock.sendall(frame)
            return True
        except OSError:
            # Perhaps half of it has gone: what came behind it would be taken for its rest.
            hang_up(self._sock)
            return False

    def close(self) -> None:
        """End the connection; the reader thread ends by itself."""
        if not self._closed.is_set():
            self._closed.set()
            self._room.release()  # the reader may be waiting for it
            hang_up(self._sock)
            self._sock.close()


def hear_hello(sock: socket.socket, me: str, within_s: float = HELLO_TIMEOUT_S) -> Hello:
    """The peer's first message. Raises LinkError for one that is no hello, or is not of our protocol and build.

    `within_s` is for all of it: whoever sends it byte by byte has no more time than others.
    """
    until = time.monotonic() + within_s
    try:
        size = int.from_bytes(_read_exactly(sock, 4, until), "big")
        if size > _MAX_HELLO_BYTES:
            raise LinkError(f"{me}: the peer's first message is no hello")
        hello = msgspec.json.decode(_read_exactly(sock, size, until), type=Hello)
    except OSError as error:
        raise LinkError(f"{me}: no hello from the peer ({words_of(error)})", code_of(error)) from error
    except NOT_JSON as error:
        raise LinkError(f"{me}: the peer's first message is no hello ({type(error).__name__})") from error
    if hello.protocol != PROTOCOL:
        raise LinkError(f"{me}: {hello.program} speaks protocol {hello.protocol}, not {PROTOCOL}")
    if hello.version != BUILD:
        raise OtherBuildError(f"{hello.program} is of build {hello.version}, {me} of {BUILD}; restart both")
    sock.settimeout(None)
    return hello


def _read_exactly(sock: socket.socket, size: int, until: float) -> bytes:
    """No byte more, so that nothing behind the hello is taken (a socket may ride on it). Raises OSError."""
    data = b""
    while len(data) < size:
        sock.settimeout(max(until - time.monotonic(), 0.001))
        chunk = sock.recv(size - len(data))
        if not chunk:
            raise OSError("the peer closed the connection")
        data += chunk
    return data


def send_within(sock: socket.socket, seconds: float) -> None:
    """From now on sending waits no longer than this for a peer that reads nothing (socket(7), SO_SNDTIMEO)."""
    whole = int(seconds)
    wait = struct.pack("ll", whole, int((seconds - whole) * 1_000_000))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, wait)


def _receive(sock: socket.socket) -> tuple[bytes, socket.socket | None]:
    chunk, ancillary, _flags, _address = sock.recvmsg(_CHUNK_BYTES, socket.CMSG_SPACE(_MAX_FDS * 4))
    descriptors: list[int] = []
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors += array("i", data[: len(data) - len(data) % 4])
    for surplus in descriptors[1:]:
        os.close(surplus)
    return chunk, socket.socket(fileno=descriptors[0]) if descriptors else None


def connect(
    path: Path, me: str, kinds: Kinds[M], hello_within_s: float = HELLO_TIMEOUT_S, bundle: str = ""
) -> Link[M]:
    """Connect to a program's socket and greet it within that time. Raises LinkError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(str(path))
        check_peer(sock)
        return Link(sock, kinds, me, hello_within_s, bundle=bundle)
    except (OSError, LinkError) as error:
        sock.close()
        if isinstance(error, LinkError):
            raise
        raise LinkError(f"{path.name}: {words_of(error)}", code_of(error)) from error


class Door(Listener, Generic[M]):
    """Where another program of ours calls: greeted, and given to `take`, on the caller's thread.

    The last to come counts. One that came before it and took longer over its hello is hung up on.
    """

    def __init__(self, path: Path, me: str, kinds: Kinds[M], take: Callable[[Link[M]], None]) -> None:
        super().__init__(path, self._greet)
        self._me, self._kinds, self._take = me, kinds, take
        self._taking = threading.Lock()
        self._newest = -1

    def _greet(self, caller: socket.socket, number: int) -> None:
        link = Link(caller, self._kinds, self._me)
        with self._taking:
            if number > self._newest:
                self._newest = number
                self._take(link)
                return
        link.close()


def accept(server: socket.socket, me: str, kinds: Kinds[M]) -> Link[M]:
    """The next peer of a listening socket, greeted. Raises LinkError for one that is not welcome."""
    sock, _address = server.accept()
    try:
        check_peer(sock)
        return Link(sock, kinds, me)
    except LinkError:
        sock.close()
        raise
