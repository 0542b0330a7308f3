"""What the dock shows and what its buttons do: the simulators' state as one value, requests as they are."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from simulators.dock.armed_words import in_words
from simulators.dock.link import Link
from simulators.dock.notes import told

# What is shown while the simulators are away: the shape of their answer to `state`, with nothing in it.
_NOTHING: dict[str, Any] = {
    "power": False,
    "armed": [],
    "coin": {"accepting": []},
    "hopper": {"coins": 0},
    "printer": {"tray": 0, "stopped": False, "jammed": False, "job_sheets": []},
    "presenter": {"stage": "", "binned": 0, "taken": 0, "path": [], "mouth": [], "tray": [], "last": None},
    "receipt": {"paper": 0, "last": None},
    "network": {"mode": ""},
    "terminal": {"stage": "", "amount": 0, "open": 0, "captured": 0, "reversed": 0},
    "card": None,
    "note": {"accepting": [], "stage": "", "fault": "", "removed": False, "full": False},
    "coins": {"in": 0, "out": 0},
    "ups": {"mains": "", "charge": None, "runtime": None},
    "notes": {"in": 0, "back": 0},
    "plugs": {},
}
_GATHER_MS = 40  # a coin or a sheet makes several events; one look is enough for all of them
_POWER_LOOK_MS = 1500
_LOOK_MS = 500  # what is used up inside of a device makes no event


class Panel(QObject):
    """The one object that QML sees."""

    changed = Signal()
    drawerChanged = Signal()
    armedChanged = Signal()

    def __init__(self, run: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = _NOTHING
        self._drawer: list[dict[str, Any]] = []
        self._note = ""
        self._good = True
        self._machine = "unknown"
        self._sim = Link(str(run / "sock" / "sim.sock"), self)
        self._power = Link(str(run / "sock" / "power.sock"), self)
        self._look = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._look.timeout.connect(self._ask_state)
        self._power_look = QTimer(self, interval=_POWER_LOOK_MS)
        self._power_look.timeout.connect(self._ask_power)
        self._again = QTimer(self, interval=_LOOK_MS)
        self._again.timeout.connect(self._ask_state)
        self._sim.connected.connect(self._watch)
        self._sim.told.connect(lambda event: self._look.start() if not self._look.isActive() else None)
        self._sim.lost.connect(self._forget)
        self._power.connected.connect(self._ask_power)
        self._power.lost.connect(lambda: self._machine_is("unknown"))

    def start(self) -> None:
        """Connect to both sockets and keep connected."""
        self._sim.open()
        self._power.open()
        self._power_look.start()
        self._again.start()

    # --- what QML reads ---

    @Property(dict, notify=changed)
    def state(self) -> dict[str, Any]:
        """The simulators' answer to `state`, or the same shape with nothing in it."""
        return self._state

    @Property(list, notify=armedChanged)
    def armed(self) -> list[dict[str, Any]]:
        """The faults that are set at this moment, as the simulators tell it, in words."""
        return in_words(self._state["armed"])

    @Property(list, notify=drawerChanged)
    def drawer(self) -> list[dict[str, Any]]:
        """The cards at hand, as the simulators tell of them; none on a machine without a reader."""
        return self._drawer

    @Property(bool, notify=changed)
    def linked(self) -> bool:
        """Whether the simulators are there."""
        return self._state is not _NOTHING

    @Property(str, notify=changed)
    def note(self) -> str:
        """What the last button did."""
        return self._note

    @Property(bool, notify=changed)
    def good(self) -> bool:
        """Whether the last button did what it says."""
        return self._good

    @Property(str, notify=changed)
    def machine(self) -> str:
        """The kiosk's power as its supervisor says: on, off, or unknown when there is no supervisor."""
        return self._machine

    # --- what QML does ---

    @Slot("QVariantMap")
    def ask(self, request: dict[str, Any]) -> None:
        """Send a request to the simulators; the note tells how it ended."""
        if not self._sim.ask(request, lambda answer: self._done(request, answer)):
            self._say("시뮬레이터가 없음 · no simulators", good=False)

    @Slot(bool)
    def power(self, up: bool) -> None:
        """Cut the power of the whole machine or give it back; without a supervisor that of the devices alone."""
        request = {"do": "power-on" if up else "power-cut"}
        if not self._power.ask(request, self._power_answered):
            self.ask({"do": "power", "up": up})

    @Slot(str)
    def mains(self, now: str) -> None:
        """Let the mains go or come back, or the battery run low. A machine that is off starts when they are back."""
        self.ask({"do": "ups", "mains": now})
        if now == "line" and self._machine == "off":
            self.power(True)

    # --- answers ---

    def _watch(self) -> None:
        self._sim.ask({"do": "watch"}, lambda answer: self._ask_state())

    def _ask_state(self) -> None:
        self._sim.ask({"do": "state"}, self._state_is)

    def _ask_power(self) -> None:
        self._power.ask({"do": "state"}, self._power_answered)

    def _state_is(self, answer: dict[str, Any]) -> None:
        if answer != self._state:
            self._state_becomes(answer)
        if answer["card"] is not None:
            self._sim.ask({"do": "cards"}, lambda look: self._drawer_is(look.get("cards", [])))

    def _drawer_is(self, cards: list[dict[str, Any]]) -> None:
        # Only when it is another one: its buttons are made anew, and one of them may be under a finger.
        if cards != self._drawer:
            self._drawer = cards
            self.drawerChanged.emit()

    def _forget(self) -> None:
        if self._state is not _NOTHING:
            self._state_becomes(_NOTHING)

    def _state_becomes(self, state: dict[str, Any]) -> None:
        before, self._state = self._state, state
        self.changed.emit()
        # Only when others are set: their buttons are made anew, and one of them may be under a finger.
        if before["armed"] != state["armed"]:
            self.armedChanged.emit()

    def _power_answered(self, answer: dict[str, Any]) -> None:
        if not answer.get("ok", True):
            self._say(str(answer.get("error", "?")), good=False)
            return
        self._machine_is("on" if answer.get("powered") else "off")

    def _machine_is(self, machine: str) -> None:
        if machine != self._machine:
            self._machine = machine
            self.changed.emit()

    def _done(self, request: dict[str, Any], answer: dict[str, Any]) -> None:
        if answer.get("ok"):
            self._say(told(request, answer), good=answer.get("coin", "accepted") == "accepted")
        else:
            self._say(str(answer.get("error", "?")), good=False)
        self._look.start()

    def _say(self, note: str, *, good: bool) -> None:
        self._note, self._good = note, good
        self.changed.emit()
