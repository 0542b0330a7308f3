"""Core as it is composed, on a real ledger, but for its threads; nothing answers on its buses."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.clocks import Clocks
from kiosk.core.active_bundle import ActiveBundle
from kiosk.core.machine import Machine
from kiosk.core.peers import Peers
from kiosk.core.visit_runner import VisitRunner
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.settings import Printer, Settings
from tests.accidents.booth import Booth
from tests.accidents.dialogue import Dialogue
from tests.accidents.machine_room import WiredBus
from tests.unit.visit.walk import TODAY

SETTINGS = Settings(
    "YDP-0001", "/nowhere", "", "", "", "", "https://central.test", Printer("ipp://printer.test/ipp")
)


class Unseen:
    """A screen that nobody looks at."""

    def listen(self, intent: Any) -> None:
        """Nobody presses."""

    def show(self, snapshot: Any) -> None:
        """Nobody."""


class WholeCore(Dialogue):
    """Dialogue and order joined by the real Machine; each visit's order is named `name`."""

    def __init__(self, hire: Callable[[], Booth], place: Path, name: str) -> None:
        self.ledger = Ledger(place / "ledger.db", lambda: Stamp("boot", 0, 0))
        super().__init__(hire, lambda: name)

    def make(self, clocks: Clocks) -> VisitRunner:
        """The machine's own."""
        cash, printer, receipt = (WiredBus(name, deque()) for name in ("cash", "printer", "receipt"))
        peers = Peers(cash, printer, receipt, self.courier, self.workers)
        self.machine = Machine(SETTINGS, self._active(), self.ledger, peers, Unseen(), clocks)
        return self.machine.visit

    def _active(self) -> ActiveBundle:
        return ActiveBundle(Path("/nowhere"), self.ledger, card_reader=False, day=lambda: TODAY)
