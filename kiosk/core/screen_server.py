"""Core's end of ui.sock: sends whole snapshots and takes intents.

The ui that connected last replaces an earlier one.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from kiosk.ipc.link import Door, Link, Post
from kiosk.protocol.screen import FROM_UI, FrameShown, FromUi, Intent, SealedEntry, Snapshot


class ScreenServer:
    """Serves the ui that is connected, if any."""

    def __init__(self, path: Path, post: Post) -> None:
        self._post = post
        self._listener = Door(path, "core", FROM_UI, lambda link: self._post(partial(self._came, link)))
        self._link: Link[FromUi] | None = None
        self._last: Snapshot | None = None
        self._intent: Callable[[Intent | SealedEntry], None] | None = None
        self.shown_seq = 0

    def listen(self, intent: Callable[[Intent | SealedEntry], None]) -> None:
        """From now on `intent` hears each press, on core's thread."""
        self._intent = intent

    def start(self) -> None:
        """Listen.

        A ui that (re)connects gets the present snapshot at once. Raises RuntimeError without a listener.
        """
        if self._intent is None:
            raise RuntimeError("nobody listens to the screen")
        self._listener.start()

    @property
    def alive(self) -> bool:
        """Whether the socket would accept a ui."""
        return self._listener.alive

    def stop(self) -> None:
        """Stop listening and close the connection to the ui."""
        self._listener.stop()
        if self._link is not None:
            self._link.close()

    def _came(self, link: Link[FromUi]) -> None:
        if self._link is not None:
            self._link.close()
        self._link = link
        if self._last is not None:
            link.send(self._last)
        link.start(lambda message, _handed: self._heard(message), lambda: None, self._post)

    def _heard(self, message: FromUi) -> None:
        if isinstance(message, FrameShown):
            self.shown_seq = message.seq
        elif self._intent is not None:
            self._intent(message)

    def show(self, snapshot: Snapshot) -> None:
        """Send a snapshot, and keep it for a ui that connects later."""
        self._last = snapshot
        if self._link is not None:
            self._link.send(snapshot)
