"""What can be sold now, and why the rest can't be sold. Judged again after each change that may matter."""

import msgspec

from kiosk.clocks import Clocks, minute_in_seoul
from kiosk.core.active_bundle import ActiveBundle
from kiosk.core.cash_books import CashBooks
from kiosk.core.device_statuses import DeviceStatuses
from kiosk.core.health_log import log_health
from kiosk.core.heartbeat_sender import HeartbeatSender
from kiosk.core.ledger_upkeep import UNPROVED, LedgerUpkeep
from kiosk.core.order_opening import Standing
from kiosk.core.order_runner import OrderRunner
from kiosk.core.paper_sweep import PaperSweep
from kiosk.core.power_control import PowerControl
from kiosk.core.start_watch import StartWatch
from kiosk.core.visit_runner import VisitRunner
from kiosk.health.cash import CashLevels
from kiosk.health.health import CARD_UNRESOLVED, STALE, UNRESOLVED, Ailment, Health, device_reason, health
from kiosk.order import policies
from kiosk.order.model import Policy
from kiosk.visit import events as visit_events


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that decide what can be sold. `power`: None without a UPS; `upkeep`: None without a disk."""

    active: ActiveBundle
    statuses: DeviceStatuses
    start: StartWatch
    cash: CashBooks
    order: OrderRunner
    paper: PaperSweep
    power: PowerControl | None
    upkeep: LedgerUpkeep | None


class SaleState:
    """Runs on core's one thread.

    `policy`: the settings for sales; its rules for the present devices are kept current.
    """

    def __init__(
        self, policy: Policy, judged: Judged, visit: VisitRunner, heartbeat: HeartbeatSender, clocks: Clocks
    ) -> None:
        self._policy, self._of, self._visit, self._heartbeat = policy, judged, visit, heartbeat
        self._wall_ms = clocks.wall_ms
        self._online = False
        self.health = Health()

    def standing(self) -> Standing:
        """The state of the machine now, for a new order."""
        return Standing(self._policy, self.health, self._of.cash.levels(self._of.statuses.known))

    def link(self, *, online: bool) -> None:
        """Whether central can be reached."""
        if online != self._online:
            self._online = online
            self.judge()

    def judge(self) -> None:
        """Judge again what can be sold now. While an order waits for evidence, nothing is sold (M8)."""
        known, lacking = self._of.statuses.known, self._take_policy()
        levels, books = self._levels(), self._of.upkeep.ailments() if self._of.upkeep is not None else ()
        judged = health(
            self._of.active.catalogue,
            known,
            online=self._online,
            starting=self._starting(books, counted=levels is not None),
            besides=(*self._of.start.worker(), *lacking, *self._ailments(books)),
            cash=levels,
            minute=minute_in_seoul(self._wall_ms()),
        )
        if judged != self.health:
            log_health(self.health, judged)
            self.health = judged
            self._visit.post(visit_events.HealthChanged(judged))
            self._heartbeat.state_changed()

    def _starting(self, books: tuple[Ailment, ...], *, counted: bool) -> tuple[Ailment, ...]:
        """What core still waits for since its start. `books`: the faults of the ledger."""
        return self._of.start.ailments(
            self._of.statuses.known,
            counted=counted,
            sweeping=self._of.paper.sweeping,
            proved=not self._online or UNPROVED not in books,
        )

    def _ailments(self, books: tuple[Ailment, ...]) -> tuple[Ailment, ...]:
        """The faults of the machine besides those of its devices."""
        of, order = self._of, self._of.order
        unresolved = order.open and not (order.saga is not None and order.saga.live)
        return (
            *((CARD_UNRESOLVED,) if order.waiting else ()),
            *of.cash.hoppers.ailments(),
            *((UNRESOLVED,) if unresolved or of.paper.sweeping else ()),
            *((STALE,) if of.active.stale(self._wall_ms() // 1_000) else ()),
            *books,
            *(of.power.ailments() if of.power is not None else ()),
        )

    def _take_policy(self) -> tuple[Ailment, ...]:
        """Take the rules for the devices that are there now.

        Returns the fault of a machine that may not sell at all.
        """
        known = self._of.statuses.known
        sale = policies.policy(policies.of_all((n, s.capabilities) for n, s in known.items()))
        if sale != self._policy.sale:
            self._policy = msgspec.structs.replace(self._policy, sale=sale)
        if sale.missing is None or device_reason(known.get(sale.missing[0])):
            return ()
        return (Ailment(sale.missing[0], policies.REASONS[sale.missing]),)

    def _levels(self) -> CashLevels | None:
        levels = self._of.cash.levels(self._of.statuses.known)
        remembers = self._policy.sale.acceptor_remembers
        return None if levels is None else msgspec.structs.replace(levels, remembers=remembers)
