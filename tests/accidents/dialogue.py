"""Core's dialogue of one machine, press by press, on real workers and the real central.

What the courier brings back waits until the test delivers it, so that an answer can come late, or to the wrong visit.
"""

import socket
from collections import deque
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from kiosk.clocks import Clocks
from kiosk.core.visit_runner import VisitRunner
from kiosk.core.workers import Workers
from kiosk.courier.calls import Ask
from kiosk.ipc.peer import Peer
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.courier import FromCourier
from kiosk.visit.events import HealthChanged, Pressed
from kiosk.visit.state import first
from tests.accidents.booth import Booth
from tests.unit.core.ports import visit_ports
from tests.unit.visit.walk import catalogue, ready

# From the first screen to the draft of 여의도동 60, which the small town has.
ASK_FOR_LAND = ("start", "type:land", "area:1", "key:6", "key:0", "next", "next")


class LiveWorkers(Workers):
    """The serving worker is a booth's real program; a fresh one for each visit, unless `fresh` is planted away."""

    def __init__(self, hire: Callable[[], Booth]) -> None:
        super().__init__(Path("nowhere"), lambda _task: None)
        self._hire = hire
        self.booth = hire()
        self.dropped = 0
        self.fresh = True
        self.said: deque[Any] = deque()

    @property
    def up(self) -> bool:
        """Always."""
        return True

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        """The worker does it; what it says is heard later, as over a socket."""
        answer = self.booth.tell(message, handing)
        if answer is not None:
            self.said.append(answer)
        return True

    def drop(self) -> None:
        """The visit is over, or this worker is of no use."""
        self.dropped += 1
        if self.fresh:
            self.said.clear()
            self.booth = self._hire()
            self.listener.up()


class HeldCourier(Peer[FromCourier]):
    """What core asks is asked of central at once; the answers wait in `waiting`, oldest first."""

    def __init__(self, workers: LiveWorkers) -> None:
        super().__init__("courier", Path("nowhere"), courier_messages.FROM_COURIER, lambda _task: None)
        self._workers = workers
        self.waiting: deque[courier_messages.CentralAnswer] = deque()
        self.told: list[Any] = []

    def send(self, message: Any, handing: socket.socket | None = None) -> bool:
        """An errand; or a word for the courier itself."""
        if not isinstance(message, Ask):
            self.told.append(message)
            return True
        self.waiting.append(self._workers.booth.ask(message))
        return True


class Dialogue:
    """A machine that nobody uses yet."""

    def __init__(self, hire: Callable[[], Booth], new_id: Callable[[], str]) -> None:
        self.workers = LiveWorkers(hire)
        self.courier = HeldCourier(self.workers)
        ticks = count()
        self.core = self.make(Clocks(lambda: next(ticks), lambda: 0, new_id, "boot"))
        self.core.post(HealthChanged(ready()))

    def make(self, clocks: Clocks) -> VisitRunner:
        """The dialogue by itself; a test may put more of core around it."""
        kiosk = self.workers.booth.kiosk
        return VisitRunner(first(catalogue()), kiosk, self.workers, self.courier, clocks, visit_ports())

    def press(self, *names: str) -> None:
        """Buttons, one after the other; the worker answers after each."""
        for name in names:
            self.core.post(Pressed(name))
            self.listen()

    def listen(self) -> None:
        """Core hears what its worker has said."""
        while self.workers.said:
            self.workers.listener.said(self.workers.said.popleft(), None)

    def deliver(self, answer: courier_messages.CentralAnswer) -> None:
        """The courier brings this."""
        self.core.central_answered(answer)
        self.listen()

    def leave(self) -> None:
        """The citizen goes."""
        self.press("cancel")

    @property
    def drafted(self) -> worker_messages.DraftReady | None:
        """The draft of line 1 in this visit."""
        return self.core.drafts.get(1, ("", None))[1]
