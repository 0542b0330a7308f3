"""Core's end of the screen: serves ui.sock, sends whole snapshots, takes intents. The last ui to come wins."""

import contextlib
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.apps.link import Link, LinkError, accept, listen
from kiosk.apps.peer import Post
from kiosk.protocol.screen import FrameShown, FromUi, Intent, SealedEntry, Snapshot


class ScreenServer:
    """The ui that is there, if any. `on_intent` and `on_shown` run on core's thread."""

    def __init__(self, path: Path, post: Post) -> None:
        self._path, self._post = path, post
        self._server: socket.socket | None = None
        self._link: Link | None = None
        self._last: Snapshot | None = None
        self.on_intent: Callable[[Intent | SealedEntry], None] = _unheard
        self.shown_seq = 0

    def start(self) -> None:
        """Listen; a ui that (re)connects gets the present snapshot at once."""
        self._server = listen(self._path)
        threading.Thread(target=self._serve, name="screen-server", daemon=True).start()

    def stop(self) -> None:
        """Stop listening and let go of the ui."""
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
        if self._link is not None:
            self._link.close()

    def _serve(self) -> None:
        server = self._server
        while server is not None and server.fileno() >= 0:
            try:
                link = accept(server, "core", FromUi)
            except LinkError:
                continue  # not welcome, or gone during the hello: wait for the next
            except OSError:
                return
            self._post(partial(self._came, link))

    def _came(self, link: Link) -> None:
        if self._link is not None:
            self._link.close()
        self._link = link
        if self._last is not None:
            link.send(self._last)
        link.start(lambda message, _handed: self._post(lambda: self._heard(message)), lambda: None)

    def _heard(self, message: Any) -> None:
        if isinstance(message, FrameShown):
            self.shown_seq = message.seq
        else:
            self.on_intent(message)

    def show(self, snapshot: Snapshot) -> None:
        """Send a snapshot; kept for a ui that comes later."""
        self._last = snapshot
        if self._link is not None:
            self._link.send(snapshot)


def _unheard(_intent: Intent | SealedEntry) -> None: ...
