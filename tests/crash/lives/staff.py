"""The programs beside core: devices processes, courier, workers; who starts again, who hears that core is gone."""

from collections.abc import Callable
from typing import Any

from drivers import contract as device
from kiosk.core.peers import BUS_DEVICES
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages
from tests.crash.lives.bus import Bus
from tests.crash.lives.cards import TerminalBus
from tests.crash.lives.cash_bus import CashBus
from tests.crash.lives.chance import Chance
from tests.crash.lives.channel import Channel, join
from tests.crash.lives.clerk import Clerk
from tests.crash.lives.core import Core
from tests.crash.lives.mains import UpsBus
from tests.crash.lives.paper_bus import PaperBus
from tests.crash.lives.post import Courier, Network
from tests.crash.lives.power import Power
from tests.crash.lives.reader import CardBus
from tests.crash.lives.slips import SlipBus
from tests.crash.lives.things import Things
from tests.crash.lives.timeline import Of, Timeline

UP_MS = 60
BUS_OF = {device: bus for bus in ("cash", "printer") for device in BUS_DEVICES[bus]}


class Staff:
    """`core`: the one that lives now. `late`: buses that join so many ms after a core has come."""

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        things: Things,
        network: Network,
        chance: Chance,
        core: Callable[[], Core | None],
    ) -> None:
        self._timeline, self._power, self._things, self._network = timeline, power, things, network
        self._chance, self._core = chance, core
        self._buses: dict[str, Bus] = {}
        self._courier: Courier | None = None
        self._clerks: list[Clerk] = []
        self.late: dict[str, int] = {}

    def connect(self, core: Core) -> None:
        """A core has come: whoever is there joins it, whoever is not is started."""
        for name in ("cash", "printer", "receipt", *(("terminal",) if self._things.terminal else ())):
            if name not in self._buses:
                self._buses[name] = self._make(name)
            self._join(core, name, self._chance.rng.randint(1, 5) * UP_MS)
        fitted = {"card": self._things.reader, "ups": self._things.ups}
        for name in (name for name, thing in fitted.items() if thing is not None):
            if name not in self._buses:
                self._buses[name] = self._make(name)
            self._join(core, name, 2 * UP_MS)
        if self._courier is None:
            self._courier = Courier(self._timeline, self._network)
        asks, says = courier_messages.ToCourier, courier_messages.FromCourier
        line = Channel(self._timeline, self._courier, "courier", asks, says)
        self._timeline.later(2 * UP_MS, Of.CORE, lambda: join(core.courier, line))
        for peer in core.workers._pair:
            self._hire(core, peer, 3 * UP_MS)

    def lost(self, name: str, *, process_too: bool) -> None:
        """A device has lost its current."""
        bus = self._buses.get(BUS_OF[name])
        if bus is not None and process_too:
            bus.die()
        elif bus is not None:
            bus.lost(name)

    def found(self, name: str) -> None:
        """It has it back."""
        bus = self._buses.get(BUS_OF[name])
        if bus is not None:
            bus.found(name)

    def die(self) -> None:
        """No current; what they would still say of it is said by nobody, so this comes before the clock forgets it."""
        if self._courier is not None:
            self._courier.die()
        for bus in self._buses.values():
            bus.dies()
        self._buses, self._courier, self._clerks = {}, None, []

    def core_gone(self) -> None:
        """They hear that core has died."""
        for bus in self._buses.values():
            bus.core_gone()
        for clerk in self._clerks:
            clerk.core_gone()
        if self._courier is not None:
            self._courier.core_gone()
        self._clerks = []

    def _make(self, name: str) -> Bus:
        common = (self._timeline, self._power, self._chance.fate, self._again)
        things = self._things
        if name == "cash":
            return CashBus(*common, things)
        if name == "printer":
            return PaperBus(*common, (things.printer, things.presenter))
        if name == "terminal" and things.terminal is not None:
            return TerminalBus(*common, things.terminal)
        if name == "card" and things.reader is not None:
            return CardBus(*common, things.reader)
        if name == "ups" and things.ups is not None:
            return UpsBus(*common, things.ups)
        return SlipBus(*common)

    def _again(self, name: str) -> None:
        """A process that died is there again."""
        self._buses[name] = self._make(name)
        core = self._core()
        if core is not None:
            self._join(core, name, UP_MS)

    def _join(self, core: Core, name: str, ms: int) -> None:
        bus = self._buses[name]
        line = Channel(self._timeline, bus, name, device.AnyCommand, device.Event)

        def come() -> None:
            if bus.alive:
                join(getattr(core, name), line)

        self._timeline.later(max(ms, self.late.get(name, 0)), Of.CORE, come)

    def _hire(self, core: Core, peer: Any, ms: int) -> None:
        """A fresh worker for this place."""

        def next_one() -> None:
            if clerk in self._clerks:
                self._clerks.remove(clerk)
            if self._core() is core:
                self._hire(core, peer, UP_MS)

        clerk = Clerk(self._timeline, self._power, self._chance.worker_dies, next_one, self._things.reader)
        self._clerks.append(clerk)
        line = Channel(self._timeline, clerk, peer.name, worker_messages.ToWorker, worker_messages.FromWorker)
        self._timeline.later(ms, Of.CORE, lambda: join(peer, line))
