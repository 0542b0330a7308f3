"""The whole machine as one value in time: visit, order, devices, link, joined on core's one thread.

Runs the same on real peers and, in tests, on in-memory ones under a virtual clock: clocks and ids are handed in.
What it is made of stands in wiring.py.
"""

from kiosk.clocks import Clocks
from kiosk.core.active_bundle import ActiveBundle
from kiosk.core.drawing import Screen
from kiosk.core.hoppers import HOPPERS
from kiosk.core.ledger_upkeep import Disk
from kiosk.core.peers import Peers
from kiosk.core.wiring import Parts
from kiosk.health.health import SERVING, Health, MachineState
from kiosk.ledger.ledger import Ledger
from kiosk.order import events as order_events
from kiosk.order import recovery
from kiosk.protocol import journal
from kiosk.settings import Settings
from kiosk.visit import events as visit_events


class Machine:
    """Core without its threads. Call everything from one thread; `settle_screen` after each task.

    `disk`: where the ledger lives; without one nobody looks after it (copies, days, room).
    """

    def __init__(
        self,
        settings: Settings,
        active: ActiveBundle,
        ledger: Ledger,
        peers: Peers,
        screen: Screen,
        clocks: Clocks,
        disk: Disk | None = None,
    ) -> None:
        self._ledger, self._active, self._peers, self._now_ms = ledger, active, peers, clocks.now_ms
        parts = self._parts = Parts(settings, active, ledger, peers, screen, clocks, disk)
        self.visit, self.order, self.cash = parts.visit, parts.order, parts.cash
        self.days, self.upkeep = parts.days, parts.upkeep

    def begin(self) -> None:
        """At boot: an order that a crash left open goes on from evidence; nothing leaves the machine by itself (M5)."""
        parts = self._parts
        parts.outbox.record(journal.Boot())
        if parts.upkeep is not None:
            parts.upkeep.booted()
        for waiting in self._ledger.waiting_orders():
            parts.order.apply(recovery.resume(waiting, parts.policy, self._now_ms()))
        left = self._ledger.open_order()
        if left is not None:
            parts.order.apply(recovery.resume(left, parts.policy, self._now_ms()))
        parts.sale.judge()

    @property
    def health(self) -> Health:
        """What can be sold now, and why the rest can't."""
        return self._parts.sale.health

    @property
    def sweeping(self) -> bool:
        """Whether paper that is nobody's is being pulled in."""
        return self._parts.paper.sweeping

    def idle(self) -> bool:
        """Nobody is here, no order is open, no paper is being pulled in, and the power is there to stay."""
        return self._parts.idle()

    def surely_in(self, hopper: int) -> int | None:
        """Coins that are counted on in a hopper, by its number from 0, with what its sensor says; None: not known."""
        return self.cash.hoppers.surely_in(hopper, self._parts.statuses.known.get(HOPPERS[hopper]))

    def silent_since_ms(self, hopper: int) -> int | None:
        """Since when (wall clock) a hopper does not answer; None: it does."""
        return self._parts.statuses.silences.since_ms(HOPPERS[hopper])

    def tick(self) -> None:
        """Time has passed: deadlines of order and visit, the heartbeat."""
        parts, statuses = self._parts, self._parts.statuses
        parts.order.card_event(order_events.Tick())
        parts.visit.post(visit_events.Tick())
        self._keep_current()
        if parts.power is not None:
            parts.power.tick()
        parts.cash.tick(statuses.known)
        parts.paper.tick()
        parts.watch.tick()
        if parts.upkeep is not None:
            parts.upkeep.tick()
        parts.sale.judge()
        state = SERVING if parts.visit.state.serving else MachineState(self.health.state).value
        parts.outbox.pump()  # what was stored without anybody sending it
        parts.heartbeat.tick(state, statuses.known, self.health)

    def _keep_current(self) -> None:
        """With nobody here: another bundle, another day; and back, when no worker can serve from a new one."""
        active, now_ms = self._active, self._now_ms()
        before = active.bundle.name
        proved = active.proved(worker_up=self._peers.worker.up_with(before), now_ms=now_ms)
        if self.visit.state.serving or self.order.open:
            return
        if not proved:
            active.fall_back("no-worker")
        elif not active.change(now_ms):
            return
        self.visit.post(visit_events.CatalogueChanged(active.catalogue))
        if active.bundle.name != before:
            self._peers.worker.renew()
            self._peers.courier.send(active.in_use)
        self._parts.heartbeat.state_changed()

    def settle_screen(self) -> None:
        """Show what has changed since the last task."""
        self._parts.drawing.settle()
