"""The whole machine: visit, order, devices and the line to central, joined on core's one thread.

It runs in the same way on real peers and, in tests, on peers in memory under a virtual clock: the caller
hands in clocks and ids. wiring.py makes its parts.
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
    """Core without its threads. Call everything from one thread, and `settle_screen` after each task.

    `disk`: the disk of the ledger. Without one there is no upkeep (copies, days, room).
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
        """At boot: continue an order that a crash left open, from evidence.

        Nothing leaves the machine by itself (M5).
        """
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
        """What can be sold now, and why the rest can't be sold."""
        return self._parts.sale.health

    @property
    def sweeping(self) -> bool:
        """Whether paper without an order is being pulled in, or will be next."""
        return self._parts.paper.sweeping

    def idle(self) -> bool:
        """Nobody is here, no order is open, no paper is being pulled in, and the power is stable."""
        return self._parts.idle()

    def surely_in(self, hopper: int) -> int | None:
        """The coins that core relies on in a hopper (from 0), with its low sensor; None: not known."""
        return self.cash.hoppers.surely_in(hopper, self._parts.statuses.known.get(HOPPERS[hopper]))

    def silent_since_ms(self, hopper: int) -> int | None:
        """Since when (wall clock) a hopper does not answer; None: it answers."""
        return self._parts.statuses.silences.since_ms(HOPPERS[hopper])

    def tick(self) -> None:
        """Time has passed: check the deadlines of order and visit, and run all regular work."""
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
        parts.outbox.pump()  # send rows that were stored but not sent
        parts.heartbeat.tick(state, statuses.known, self.health)

    def _keep_current(self) -> None:
        """If nobody is here, take over a new bundle or a new day.

        If no worker can serve from the new bundle, go back to the one before it.
        """
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
        """Show on the screen the changes since the last task."""
        self._parts.drawing.settle()
