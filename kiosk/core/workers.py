"""The worker of this visit and, beside it, the next visit's worker, ready early so that nobody waits."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from kiosk.ipc.link import Post
from kiosk.ipc.peer import Listener, Peer
from kiosk.protocol.worker import FROM_WORKER, FromWorker

# A worker greets when it is ready to work. On a busy machine its fonts and libraries load slowly. If core
# gave it up too early, the next worker would begin with the same work again.
HELLO_WITHIN_S = 30.0


class Workers:
    """Two connections to worker.sock: one worker serves, one waits.

    Messages of the waiting worker are ignored. The visit uses this class like a Peer (`up`, `send`, `drop`,
    `listen`).
    """

    def __init__(self, path: Path, post: Post, bundle: Callable[[], str] = str) -> None:
        names = ("worker", "worker-spare")
        self._pair = [Peer(name, path, FROM_WORKER, post, bundle, HELLO_WITHIN_S) for name in names]

    def listen(self, listener: Listener[FromWorker]) -> None:
        """From now on `listener` hears the worker that serves."""
        self.listener = listener
        for peer in self._pair:
            ears = Listener(
                up=partial(self._came, peer), down=partial(self._went, peer), said=partial(self._said, peer)
            )
            peer.listen(ears)

    @property
    def up(self) -> bool:
        """Whether there is a worker that can serve."""
        return self._pair[0].up

    def up_with(self, bundle: str) -> bool:
        """Whether the worker that serves got ready with this bundle.

        A dropped worker may not have left yet.
        """
        return self.up and self._pair[0].bundle == bundle

    def start(self) -> None:
        """Keep both connected."""
        for peer in self._pair:
            peer.start()

    def stop(self) -> None:
        """Close both connections."""
        for peer in self._pair:
            peer.stop()

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        """Send to the worker that serves; False if there is none."""
        return self._pair[0].send(message, handing)

    def drop(self) -> None:
        """The visit is over: drop its worker for good. The waiting worker serves from now on."""
        self._pair.reverse()
        self._pair[1].drop()
        (self.listener.up if self.up else self.listener.down)()

    def renew(self) -> None:
        """Drop both workers, so that new ones start with the active bundle.

        Call it only while nobody is here.
        """
        for peer in self._pair:
            peer.drop()

    def _came(self, peer: Peer[FromWorker]) -> None:
        if not self.up:
            self._pair.reverse()
        if peer is self._pair[0]:
            self.listener.up()

    def _went(self, peer: Peer[FromWorker]) -> None:
        if peer is not self._pair[0]:
            return
        self._pair.reverse()
        self.listener.down()
        if self.up:
            self.listener.up()

    def _said(self, peer: Peer[FromWorker], message: FromWorker, handed: socket.socket | None) -> None:
        if peer is self._pair[0]:
            self.listener.said(message, handed)
