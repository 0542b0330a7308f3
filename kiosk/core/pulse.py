"""What central hears of the machine: the journal through the outbox, and a heartbeat each 30 s and at changes."""

from collections.abc import Callable, Mapping

import msgspec

from drivers.contract import Status
from kiosk.clocks import Clocks
from kiosk.health.health import Health
from kiosk.ipc.build import BUILD
from kiosk.ipc.peer import Peer
from kiosk.ledger.ledger import Ledger
from kiosk.log import log_event
from kiosk.protocol.central import Heartbeat
from kiosk.protocol.courier import SendEvents, SendHeartbeat
from kiosk.protocol.journal import Row
from kiosk.settings import Settings

HEARTBEAT_MS = 30_000
AFTER_CHANGE_MS = 1_000
BATCH_ROWS = 100


class Pulse:
    """Feeds the courier. One batch under way at a time; the oldest rows first.

    `bundle` says which version core serves from; `besides` what else is counted in a heartbeat.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        courier: Peer,
        clocks: Clocks,
        *,
        bundle: Callable[[], str],
        besides: Callable[[], dict[str, int]],
    ) -> None:
        self._bundle, self._besides = bundle, besides
        self._settings, self._ledger, self._courier, self._boot = settings, ledger, courier, clocks.boot
        self._wall_ms, self._now_ms = clocks.wall_ms, clocks.now_ms
        self._born_ms = self._now_ms()
        self._sent_from = self._sent_up_to = 0
        self._due_ms = self._born_ms

    def courier_up(self) -> None:
        """A new courier knows of nothing: the batch under way is sent again."""
        self._sent_up_to = 0
        self._due_ms = self._now_ms()
        self.pump()

    def record(self, fact: Row) -> None:
        """Write a row down, and send it on."""
        self._ledger.commit((fact,))
        self.pump()

    def pump(self) -> None:
        """Send the oldest rows that central has not acknowledged, unless a batch is under way."""
        if self._sent_up_to or not self._courier.up:
            return
        rows = self._ledger.outbox(BATCH_ROWS)
        if rows and self._courier.send(SendEvents(rows)):
            self._sent_from, self._sent_up_to = rows[0].seq, rows[-1].seq

    def acked(self, seq: int) -> bool:
        """Central holds everything up to `seq`. False: it was not asked about that, so nothing is believed."""
        if not self._sent_up_to or not self._sent_from <= seq <= self._sent_up_to:
            log_event("acked-unasked", seq=seq, sent=self._sent_up_to)
            return False
        self._ledger.acknowledge(seq)
        if seq == self._sent_up_to:
            self._sent_up_to = 0
        self.pump()
        return True

    def lacking(self, after: int) -> bool:
        """Central lacks rows behind `after` that it acknowledged once: send them again, before all others.

        False: they are not here any more. Said twice, it changes nothing: they are on their way.
        """
        if self._ledger.waits_for_central(after + 1):
            return True
        if not self._ledger.send_again(after):
            return False
        log_event("rows-again", after=after)
        self._sent_up_to = 0
        self.pump()
        return True

    def state_changed(self) -> None:
        """Something that the people who watch the fleet would want to know soon."""
        self._due_ms = min(self._due_ms, self._now_ms() + AFTER_CHANGE_MS)

    def tick(self, state: str, statuses: Mapping[str, Status], health: Health) -> None:
        """Send the heartbeat when it is due, and what was stored without anybody calling `pump`."""
        self.pump()
        if self._now_ms() < self._due_ms or not self._courier.up:
            return
        depth, oldest_ms = self._ledger.outbox_depth()
        seq, head = self._ledger.head
        beat = Heartbeat(
            kiosk=self._settings.kiosk_id,
            at_ms=self._wall_ms(),
            boot=self._boot,
            uptime_s=(self._now_ms() - self._born_ms) // 1_000,
            state=state,
            version=BUILD,
            catalogue=self._bundle(),
            templates=self._bundle(),
            devices=tuple(statuses.values()),
            types=health.types,
            counters={
                **self._ledger.totals(),
                **self._besides(),
                "hopper": health.cash.hopper_coins if health.cash else 0,
            },
            outbox=depth,
            oldest_outbox_s=(self._wall_ms() - oldest_ms) // 1_000 if depth else 0,
            journal_seq=seq,
            journal_head=head,
        )
        if self._courier.send(SendHeartbeat(msgspec.Raw(msgspec.json.encode(beat)))):
            self._due_ms = self._now_ms() + HEARTBEAT_MS
