"""The thread that does what the outbox says: journal rows, heartbeats, probes, on a line of their own."""

import random
import threading
import time
from collections.abc import Callable

from kiosk.courier.calls import events_call, heartbeat_call
from kiosk.courier.line import PROBE, Line
from kiosk.courier.link_state import LinkState
from kiosk.courier.outbox import Outbox, PostEvents, PostHeartbeat, Probe, Rest, Step, heartbeat_phase_s
from kiosk.protocol.central import HeartbeatReply
from kiosk.protocol.courier import FromCourier, JournalRow, LinkChanged

_EVENTS_WITHIN_S = 10.0
_HEARTBEAT_WITHIN_S = 5.0
_PROBE_WITHIN_S = 3.0


class Pump:
    """Feeds from any thread; `tell` gets what core is to hear, `newest` central's word on what there is to fetch."""

    def __init__(
        self,
        kiosk: str,
        line: Line,
        link: LinkState,
        tell: Callable[[FromCourier], None],
        rng: random.Random,
        newest: Callable[[HeartbeatReply], None],
    ) -> None:
        self._kiosk = kiosk
        self._line = line
        self._link = link
        self._tell = tell
        self._newest = newest
        self._outbox = Outbox(rng, heartbeat_phase_s(kiosk))
        self._news = threading.Condition()
        self._fresh = False

    def start(self) -> None:
        """Run until the program ends."""
        threading.Thread(target=self._run, name="pump", daemon=True).start()

    def rows(self, rows: tuple[JournalRow, ...]) -> None:
        """Journal rows from core."""
        with self._news:
            self._outbox.add_rows(rows)
            self._wake()

    def heartbeat(self, body: bytes) -> None:
        """The machine's state from core."""
        with self._news:
            self._outbox.add_heartbeat(body, time.time(), time.monotonic())
            self._wake()

    def link_changed(self, online: bool) -> None:
        """The link went or came back, seen on whatever line."""
        with self._news:
            if online:
                self._outbox.link_up(time.monotonic())
            self._wake()

    def _wake(self) -> None:
        self._fresh = True
        self._news.notify()

    def _run(self) -> None:
        while True:
            with self._news:
                self._fresh = False
            # Not under our lock: the link's own lock is held while it tells us of a change.
            online = self._link.online
            with self._news:
                step = self._outbox.next_step(time.monotonic(), online)
            if isinstance(step, Rest):
                self._rest(step.seconds)
            else:
                self._do(step)

    def _rest(self, seconds: float) -> None:
        with self._news:
            # What came in between choosing to rest and resting has said so in `_fresh`.
            self._news.wait_for(lambda: self._fresh, timeout=seconds)

    def _do(self, step: Step) -> None:
        match step:
            case PostEvents(rows=rows):
                result = self._line.call(events_call(self._kiosk, rows), _EVENTS_WITHIN_S)
                self._link.note(result)
                with self._news:
                    heard = self._outbox.events_ended(step, result, time.monotonic())
                if heard is not None:
                    self._tell(heard)
            case PostHeartbeat(body=body):
                result = self._line.call(heartbeat_call(body), _HEARTBEAT_WITHIN_S)
                with self._news:
                    reply = self._outbox.heartbeat_ended(step, result, time.monotonic())
                self._link.note(result, reply.server_time_ms if reply is not None else None)
                if reply is not None:
                    self._tell(LinkChanged(True, reply.server_time_ms))
                    self._newest(reply)
            case Probe():
                self._link.note(self._line.call(PROBE, _PROBE_WITHIN_S))
                with self._news:
                    self._outbox.probe_ended(time.monotonic())
            case Rest():
                return
