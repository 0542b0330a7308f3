"""A program that core talks to: connected again whenever it is gone, its messages posted to core's one inbox."""

import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from drivers.contract import Command, Completed, ErrorCode, Event, Outcome
from kiosk.ipc.link import HELLO_TIMEOUT_S, Link, LinkError, OtherBuildError, Post, connect
from kiosk.log import log_event
from kiosk.protocol.frames import Kinds

Done = Callable[[Completed, socket.socket | None], None]
M = TypeVar("M")

EVENTS: Kinds[Event] = Kinds(Event)

FIRST_RETRY_S = 0.05
LAST_RETRY_S = 1.0


class Listener(msgspec.Struct, Generic[M], frozen=True, kw_only=True):
    """Who hears a program: that it is there, that it is gone, and what it says, with what it handed over.

    On core's thread.
    """

    up: Callable[[], None]
    down: Callable[[], None]
    said: Callable[[M, socket.socket | None], None]


class Peer(Generic[M]):
    """One connection to one program, which sends an M. Somebody must `listen` before it starts.

    `bundle` names the bundle that core serves from; the other program has to serve from the same. `hello_within_s`: how
    long it may take to greet.
    """

    def __init__(
        self,
        name: str,
        path: Path,
        kinds: Kinds[M],
        post: Post,
        bundle: Callable[[], str] = str,
        hello_within_s: float = HELLO_TIMEOUT_S,
    ) -> None:
        self.name = name
        self._bundle = bundle
        self._path, self._kinds, self._post = path, kinds, post
        self._hello_within_s = hello_within_s
        self._link: Link[M] | None = None
        self._offered: Link[M] | None = None
        self._wanted = threading.Event()
        self._stopped = threading.Event()
        self._listener: Listener[M] | None = None

    def listen(self, listener: Listener[M]) -> None:
        """From now on `listener` hears this program."""
        self._listener = listener

    @property
    def listener(self) -> Listener[M]:
        """Who hears it. Raises RuntimeError: nobody does, so core was put together without somebody."""
        if self._listener is None:
            raise RuntimeError(f"nobody listens to {self.name}")
        return self._listener

    @property
    def up(self) -> bool:
        """Whether the program is there now."""
        return self._link is not None

    @property
    def bundle(self) -> str:
        """What the program got ready with; "" for what it was shipped with, and when it is not there."""
        return self._link.peer.bundle if self._link is not None else ""

    def start(self) -> None:
        """Connect, and connect again whenever the connection ends. Raises RuntimeError: nobody listens."""
        _somebody_hears = self.listener
        self._wanted.set()
        threading.Thread(target=self._keep, name=f"peer-{self.name}", daemon=True).start()

    def stop(self) -> None:
        """Let go of the program for good."""
        self._stopped.set()
        self._wanted.set()
        self.drop()
        if self._offered is not None:  # connected, and core has not come to it
            self._offered.close()

    def _keep(self) -> None:
        retry_s, told = FIRST_RETRY_S, ""
        while not self._stopped.is_set():
            self._wanted.wait()
            try:
                link = connect(self._path, "core", self._kinds, self._hello_within_s, self._bundle())
            except LinkError as error:
                told = self._say_why(error, told)
                self._stopped.wait(retry_s)
                retry_s = min(LAST_RETRY_S, retry_s * 2)
                continue
            retry_s, told = FIRST_RETRY_S, ""
            self._wanted.clear()
            self._offered = link
            if self._stopped.is_set():
                link.close()
                return
            self._post(partial(self._came, link))

    def _say_why(self, error: LinkError, told: str) -> str:
        """Once for each cause: somebody has to read it, and it may last for days. What was told last."""
        if isinstance(error, OtherBuildError):
            if told != "other-build":
                log_event("other-build", peer=self.name, detail=str(error))
            return "other-build"
        if told != error.code:
            log_event("peer-away", peer=self.name, why=error.code, detail=str(error))
        return error.code

    def _came(self, link: Link[M]) -> None:
        if link.peer.bundle != self._bundle():  # it got ready for what core served from a moment ago
            link.close()
            self._wanted.set()
            return
        self._link = link
        self.listener.up()
        link.start(
            self._heard,
            lambda: self._post(lambda: self._went(link)),
            self._post,
        )

    def _went(self, link: Link[M]) -> None:
        if self._link is link:
            self._link = None
            self.listener.down()
        self._wanted.set()

    def _heard(self, message: M, handed: socket.socket | None) -> None:
        self.listener.said(message, handed)

    def drop(self) -> None:
        """End this connection; a new one is made at once (a fresh worker)."""
        if self._link is not None:
            self._link.close()

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        """Send; False when the program is not there."""
        return self._link is not None and self._link.send(message, handing)


class Bus(Peer[Event]):
    """A devices process: every command asked ends with exactly one Completed, also when the process dies."""

    def __init__(self, name: str, path: Path, post: Post) -> None:
        super().__init__(name, path, EVENTS, post)
        self._asked: dict[str, Done] = {}
        self._count = 0

    def request(self) -> str:
        """A new request id."""
        self._count += 1
        return f"{self.name}-{self._count}"

    def ask(self, command: Command, done: Done) -> None:
        """Send a command; `done` hears its end on core's thread. A bus that is not there: NOT_DONE at once."""
        if not self.send(command):
            absent = Completed(
                command.request, Outcome.NOT_DONE, ErrorCode.NOT_PRESENT, f"{self.name} is not there"
            )
            self._post(lambda: done(absent, None))
            return
        self._asked[command.request] = done

    def _heard(self, event: Event, handed: socket.socket | None) -> None:
        if not isinstance(event, Completed):
            super()._heard(event, handed)
            return
        done = self._asked.pop(event.request, None)
        if done is not None:
            done(event, handed)
        elif handed is not None:
            handed.close()

    def _went(self, link: Link[Event]) -> None:
        asked, self._asked = self._asked, {}
        super()._went(link)
        for request, done in asked.items():
            done(Completed(request, Outcome.UNKNOWN, ErrorCode.REMOVED, f"{self.name} went away"), None)
