"""What is to be sent next of journal rows and heartbeats, and when. Pure: the clock's readings are handed in.

Offline there are only probes. The first failure of a kind waits for the link alone, so that everything goes out at once
when it is back; a kind that fails again and again keeps its back-off over the link's changes.
"""

import hashlib
import logging
import random
from typing import Final

import msgspec
from msgspec import Struct

from kiosk.courier.backoff import pause_s
from kiosk.courier.results import Refused, Result, Unknown, read
from kiosk.protocol.central import EventsReply, Heartbeat, HeartbeatReply
from kiosk.protocol.courier import EventsAcked, EventsRefused, JournalRow
from kiosk.protocol.not_json import NOT_JSON
from kiosk.protocol.steps import whole_steps

HEARTBEAT_PERIOD_S = 30
PROBE_PERIOD_S = 2.0
_PAUSE_BASE_S = 0.5
_PAUSE_CAP_S = 60.0
_BATCH_ROWS = 100
_BATCH_BYTES = 256 * 1024
# Core sends the oldest rows first; more than this at once is not kept, it will come again.
_KEPT_ROWS = 5_000
CHAIN_BROKEN: Final = "chain-broken"

log = logging.getLogger(__name__)


class PostEvents(Struct, frozen=True):
    """Send these rows now."""

    rows: tuple[JournalRow, ...]


class PostHeartbeat(Struct, frozen=True):
    """Send this heartbeat now."""

    body: bytes


class Probe(Struct, frozen=True):
    """Ask whether central is back."""


class Rest(Struct, frozen=True):
    """Nothing to do for `seconds`, unless something comes in."""

    seconds: float


Step = PostEvents | PostHeartbeat | Probe | Rest


class _Turn:
    """When one kind may go out next, and how often it failed in a row."""

    def __init__(self) -> None:
        self.failures = 0
        self.due = 0.0


class Outbox:
    """The sender's memory. `phase_s` is this machine's place in the fleet's 30 seconds (`heartbeat_phase_s`)."""

    def __init__(self, rng: random.Random, phase_s: float) -> None:
        self._rng = rng
        self._phase_s = phase_s
        self._rows: dict[int, JournalRow] = {}
        self._events = _Turn()
        self._beats = _Turn()
        self._beat: bytes | None = None
        self._told = b""
        self._probe_due = 0.0
        self._refusal: EventsRefused | None = None

    def add_rows(self, rows: tuple[JournalRow, ...]) -> None:
        """Rows from core, the oldest that central lacks; those already here or acknowledged are known by their seq.

        Rows before all that is here: central lacks what lies between, too. Core sends it, so what is here goes.
        """
        if rows and self._rows and rows[0].seq < min(self._rows):
            self._rows.clear()
        self._refusal = None
        fresh = [row for row in rows if row.seq not in self._rows]
        if fresh and not self._events.failures:
            self._events.due = 0.0
        self._rows.update((row.seq, row) for row in rows)
        for seq in sorted(self._rows)[_KEPT_ROWS:]:
            del self._rows[seq]

    def add_heartbeat(self, body: bytes, wall_s: float, now: float) -> None:
        """Core's present state. A change goes out at once, a repetition in this machine's place of the 30 seconds."""
        essence = _essence(body)
        urgent = essence != self._told
        if self._beat is None and not self._beats.failures:
            self._beats.due = now if urgent else now + (self._phase_s - wall_s) % HEARTBEAT_PERIOD_S
        elif urgent and not self._beats.failures:
            self._beats.due = now
        self._beat = body

    def link_up(self, now: float) -> None:
        """Central answers again."""
        for turn in (self._events, self._beats):
            if turn.failures <= 1:
                turn.due = now

    def next_step(self, now: float, online: bool) -> Step:
        """What to do now. Events come before the heartbeat: they are money, it is a light."""
        if not online:
            return Probe() if now >= self._probe_due else Rest(self._probe_due - now)
        events_wait = self._events.due - now if self._rows else float("inf")
        beat_wait = self._beats.due - now if self._beat is not None else float("inf")
        if events_wait <= 0:
            return PostEvents(self._batch())
        if beat_wait <= 0 and self._beat is not None:
            return PostHeartbeat(self._beat)
        return Rest(min(events_wait, beat_wait, float(HEARTBEAT_PERIOD_S)))

    def events_ended(
        self, step: PostEvents, result: Result, now: float
    ) -> EventsAcked | EventsRefused | None:
        """The end of a batch; what core is to hear of it."""
        reply = read(result, EventsReply)
        if isinstance(reply, EventsReply):
            reply = self._believed(step, reply)
        if isinstance(reply, EventsReply):
            return self._acknowledged(step, reply.acked, now)
        self._failed(self._events, reply, now)
        if not isinstance(reply, Refused):
            return None
        told, self._refusal = self._refusal, _refusal(step, reply)
        return self._refusal if self._refusal != told else None

    def _believed(self, step: PostEvents, reply: EventsReply) -> EventsReply | Unknown:
        """An answer acknowledges what it was asked about, and nothing else.

        Central names the last row that it has, which may lie far behind the batch: its answer to that one was lost, or
        it is whole again after it lacked rows. Whatever it names, it acknowledges the batch at most.
        """
        first, last = step.rows[0].seq, step.rows[-1].seq
        if first <= reply.acked:
            return EventsReply(min(reply.acked, last))
        log.warning("events %d to %d: central acknowledges row %d", first, last, reply.acked)
        return Unknown("acked-invalid", answered=True)

    def heartbeat_ended(self, step: PostHeartbeat, result: Result, now: float) -> HeartbeatReply | None:
        """The end of a heartbeat; what central said, if it did. The next one replaces a failed one."""
        reply = read(result, HeartbeatReply)
        if not isinstance(reply, HeartbeatReply):
            self._failed(self._beats, reply, now)
            return None
        self._beats.failures = 0
        self._told = _essence(step.body)
        if self._beat is step.body:
            self._beat = None
        elif self._beat is not None:
            self._beats.due = now if _essence(self._beat) != self._told else now + HEARTBEAT_PERIOD_S
        return reply

    def probe_ended(self, now: float) -> None:
        """A probe is over. The spread keeps a district's machines from knocking in one beat."""
        self._probe_due = now + PROBE_PERIOD_S * self._rng.uniform(0.75, 1.25)

    def _acknowledged(self, step: PostEvents, acked: int, now: float) -> EventsAcked:
        for row in step.rows:
            if row.seq <= acked:
                self._rows.pop(row.seq, None)
        self._refusal = None
        self._events.failures = 0
        self._events.due = now
        return EventsAcked(acked)

    def _failed(self, turn: _Turn, result: Result, now: float) -> None:
        turn.failures += 1
        wish = result.retry_after_s if isinstance(result, Unknown) else None
        turn.due = now + pause_s(
            self._rng, turn.failures, base_s=_PAUSE_BASE_S, cap_s=_PAUSE_CAP_S, wish_s=wish
        )

    def _batch(self) -> tuple[JournalRow, ...]:
        """The oldest rows without a gap, at most 100 and about 256 KiB, up to the end of a step."""
        rows: list[JournalRow] = []
        size = 0
        for seq in sorted(self._rows):
            row = self._rows[seq]
            size += len(row.body) + 256
            if rows and (len(rows) == _BATCH_ROWS or size > _BATCH_BYTES or seq != rows[-1].seq + 1):
                break
            rows.append(row)
        return whole_steps(rows, self._rows.get(rows[-1].seq + 1) if rows else None)


def _refusal(step: PostEvents, refused: Refused) -> EventsRefused:
    """What core is to hear. Where central stands belongs to it only if it lacks rows older than these."""
    first, acked = step.rows[0].seq, refused.acked
    behind = refused.code == CHAIN_BROKEN and acked is not None and acked < first - 1
    return EventsRefused(refused.code, acked if behind else None)


def heartbeat_phase_s(kiosk: str) -> float:
    """This machine's place in the 30 seconds, from its name, so that a fleet switched on together spreads out."""
    digest = hashlib.sha256(kiosk.encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 * HEARTBEAT_PERIOD_S


def _essence(body: bytes) -> bytes:
    """What makes a heartbeat news: the machine's state, its devices' states and reasons, what can be sold."""
    try:
        beat = msgspec.json.decode(body, type=Heartbeat)
    except NOT_JSON:
        return body
    devices = [(status.device, status.state, status.reasons) for status in beat.devices]
    return msgspec.json.encode((beat.kiosk, beat.boot, beat.state, beat.version, devices, beat.types))
