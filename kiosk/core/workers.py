"""The visit's worker, and the next visit's beside it: warm before anybody comes, so that nobody waits for one."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from kiosk.ipc.link import Post
from kiosk.ipc.peer import Listener, Peer
from kiosk.protocol.worker import FROM_WORKER, FromWorker

# A worker greets when it is ready to work: on a busy machine its fonts and libraries take their time to load, and one
# that is given up begins anew, with as much work again.
HELLO_WITHIN_S = 30.0


class Workers:
    """Two connections to worker.sock; one serves, one waits. What the waiting one says or does not say is nobody's.

    Looks like a Peer to the visit: `up`, `send`, `drop`, `listen`.
    """

    def __init__(self, path: Path, post: Post, bundle: Callable[[], str] = str) -> None:
        names = ("worker", "worker-spare")
        self._pair = [Peer(name, path, FROM_WORKER, post, bundle, HELLO_WITHIN_S) for name in names]

    def listen(self, listener: Listener[FromWorker]) -> None:
        """From now on `listener` hears the one that serves."""
        self.listener = listener
        for peer in self._pair:
            ears = Listener(
                up=partial(self._came, peer), down=partial(self._went, peer), said=partial(self._said, peer)
            )
            peer.listen(ears)

    @property
    def up(self) -> bool:
        """Whether a worker is there to serve."""
        return self._pair[0].up

    def up_with(self, bundle: str) -> bool:
        """Whether the one that serves got ready with this bundle; one that was let go may not have left yet."""
        return self.up and self._pair[0].bundle == bundle

    def start(self) -> None:
        """Keep both connected."""
        for peer in self._pair:
            peer.start()

    def stop(self) -> None:
        """Let both go."""
        for peer in self._pair:
            peer.stop()

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        """Send to the one that serves; False when there is none."""
        return self._pair[0].send(message, handing)

    def drop(self) -> None:
        """The visit is over: its worker goes for good, the waiting one serves from now on."""
        self._pair.reverse()
        self._pair[1].drop()
        (self.listener.up if self.up else self.listener.down)()

    def renew(self) -> None:
        """Both go, and others come with what core serves from now. Nobody is here meanwhile."""
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
