"""The power supply: hears the UPS, tells order and visit, and turns the machine off in good order.

The rules are in kiosk/health/power.py. The books are right without this module: it only makes a power cut
gentler.
"""

import socket
from collections.abc import Callable

import msgspec

from drivers import contract as device
from kiosk.clocks import Clocks
from kiosk.core.order_runner import OrderRunner
from kiosk.core.visit_runner import VisitRunner
from kiosk.health import power
from kiosk.health.health import Ailment
from kiosk.health.power import Power, PowerPolicy, Watch
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import Ledger
from kiosk.order import events as order_events
from kiosk.protocol import journal
from kiosk.settings import Settings
from kiosk.visit import events as visit_events

# How long the screen announces the halt before core asks for it.
SAID_MS = 1_000
HALT_MS = 10_000
# If core still runs after this time, the machine was not turned off: core tries again, or goes on.
STILL_HERE_MS = 60_000


class PowerControl:
    """Runs on core's one thread.

    `busy`: whether a receipt is being printed. `changed` is called when `ailments` may have changed.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        ups: Bus,
        order: OrderRunner,
        visit: VisitRunner,
        clocks: Clocks,
        *,
        busy: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        self._ledger, self._ups, self._order, self._visit = ledger, ups, order, visit
        self._now_ms = clocks.now_ms
        self._policy = PowerPolicy(
            grace_ms=settings.ups.battery_s * 1_000, hold_ms=settings.ups.halt_after_s * 1_000
        )
        self._watch = Watch()
        self._told = Power.GOOD
        self._quiet_since: int | None = None
        self._halting_since: int | None = None
        self._asked = False
        self._busy, self._changed = busy, changed

    def bus_up(self) -> None:
        """The bus is (again) there: ask for its last reading of the UPS."""
        self._ups.ask(device.ReadPower(request=self._ups.request()), self._read)

    def bus_down(self) -> None:
        """The bus has gone: nothing is known about the power."""
        self.heard(device.PowerReading())

    def _read(self, end: device.Completed, _handed: socket.socket | None) -> None:
        if isinstance(end.result, device.PowerReading):
            self.heard(end.result)

    def heard(self, reading: device.PowerReading) -> None:
        """The UPS has reported a new reading, or an empty one."""
        self._watch = power.heard(self._watch, reading, self._now_ms())
        self._follow()

    def counted(self, status: device.Status) -> device.Status:
        """The UPS's status with the last figures, which change more often than the status."""
        reading = self._watch.reading
        figures = {"charge": reading.charge, "runtime_s": reading.runtime_s}
        known = {name: value for name, value in figures.items() if value is not None}
        return msgspec.structs.replace(status, counters=known)

    def ailments(self) -> tuple[Ailment, ...]:
        """The faults of the machine's power supply."""
        halting = self._halting_since is not None
        return power.ailments(self._watch, self._policy, self._now_ms(), halting=halting)

    def tick(self) -> None:
        """Time has passed: check the state of the power again, and whether it is time to turn off."""
        now_ms = self._now_ms()
        self._watch = power.passed(self._watch, self._policy, now_ms)
        self._follow()
        if self._halting_since is not None:
            self._turn_off(self._halting_since, now_ms)
            return
        quiet = not self._order.open and not self._busy()
        self._quiet_since = (now_ms if self._quiet_since is None else self._quiet_since) if quiet else None
        if power.halt_due(
            self._watch,
            self._policy,
            now_ms,
            serving=self._visit.state.serving,
            quiet_since_ms=self._quiet_since,
        ):
            self._halting_since, self._asked = now_ms, False
            self._follow()

    def _follow(self) -> None:
        """Tell a new state to journal, visit and order.

        Tell the order each time, because each stage reacts itself.
        """
        state = self._state()
        if state is not self._told:
            self._told = state
            self._commit(_TOLD[state](*self._figures()))
            self._visit.post(visit_events.PowerTold(state))
            if state is Power.GOOD:
                self._order.event(order_events.PowerBack())
        if state:
            self._order.event(order_events.PowerFailing(power.left_ms(self._watch)))
        self._changed()

    def _state(self) -> Power:
        if self._halting_since is not None:
            return Power.HALTING
        return Power.ENDING if power.failing(self._watch, self._policy, self._now_ms()) else Power.GOOD

    def _turn_off(self, since_ms: int, now_ms: int) -> None:
        """Turn off once the screen has announced it, also if the mains come back meanwhile.

        The operating system may already be on its way down.
        """
        if not self._asked and now_ms - since_ms >= SAID_MS:
            self._asked = True
            self._commit(journal.HaltAsked(*self._figures()))
            self._ledger.checkpoint()
            self._ups.ask(device.Halt(request=self._ups.request(), deadline_ms=HALT_MS), self._halted)
        elif now_ms - since_ms >= STILL_HERE_MS:
            self._halting_since = None

    def _halted(self, end: device.Completed, _handed: socket.socket | None) -> None:
        if end.outcome is device.Outcome.NOT_DONE:
            code = end.code.value if end.code else ""
            self._commit(journal.HaltRefused(*self._figures(), code=code, detail=end.detail))

    def _figures(self) -> tuple[str, int | None, int | None]:
        reading = self._watch.reading
        return reading.supply.value, reading.charge, reading.runtime_s

    def _commit(self, fact: journal.Row) -> None:
        self._ledger.commit((fact,))


_TOLD: dict[Power, type[journal.PowerGood | journal.PowerEnding | journal.PowerHalting]] = {
    Power.GOOD: journal.PowerGood,
    Power.ENDING: journal.PowerEnding,
    Power.HALTING: journal.PowerHalting,
}
