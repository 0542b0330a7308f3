"""Sends central the heartbeat: the state of the machine, every 30 s and soon after a change."""

from collections.abc import Callable, Mapping

import msgspec

from drivers.contract import Status
from kiosk.clocks import Clocks
from kiosk.health.health import Health
from kiosk.ipc.build import BUILD
from kiosk.ipc.peer import Peer
from kiosk.ledger.ledger import Ledger
from kiosk.protocol.central import Heartbeat
from kiosk.protocol.courier import FromCourier, SendHeartbeat
from kiosk.settings import Settings

HEARTBEAT_MS = 30_000
AFTER_CHANGE_MS = 1_000


class HeartbeatSender:
    """`bundle` gives the version of the active bundle; `besides` gives further counters."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        courier: Peer[FromCourier],
        clocks: Clocks,
        *,
        bundle: Callable[[], str],
        besides: Callable[[], dict[str, int]],
    ) -> None:
        self._bundle, self._besides = bundle, besides
        self._settings, self._ledger, self._courier, self._boot = settings, ledger, courier, clocks.boot
        self._wall_ms, self._now_ms = clocks.wall_ms, clocks.now_ms
        self._born_ms = self._due_ms = self._now_ms()

    def courier_up(self) -> None:
        """A courier has connected and knows nothing: send a heartbeat at once."""
        self._due_ms = self._now_ms()

    def state_changed(self) -> None:
        """The state has changed: send a heartbeat soon, for the fleet page."""
        self._due_ms = min(self._due_ms, self._now_ms() + AFTER_CHANGE_MS)

    def tick(self, state: str, statuses: Mapping[str, Status], health: Health) -> None:
        """Send the heartbeat when it is due."""
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
