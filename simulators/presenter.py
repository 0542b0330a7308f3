"""The presenter: holds the printed sheets behind a gate, pushes them into the mouth, pulls them back into a bin.

Protocol and status block: docs/protocol.md §3.3. The gate is open in state 0 and whenever there is no power: sheets
then fall into the open tray, where anybody may take them.
"""

from enum import IntEnum
from pathlib import Path

from simulators.clock import Clock
from simulators.memory import Memory
from simulators.presenter_frames import PresenterFrame
from simulators.world import Place, World

PRESENT_SECONDS = 0.6
RETRACT_SECONDS = 0.8
BIN_CAPACITY = 20
_BLIND = 0x06
_MODEL = b"CGS-PR1"
_REFUSED = 0x15


class Stage(IntEnum):
    """STATE of the status block."""

    IDLE = 0
    HOLDING = 1
    PRESENTING = 2
    PRESENTED = 3
    RETRACTING = 4
    JAMMED = 5


class Refusal(IntEnum):
    """Why a request is refused."""

    BUSY = 1
    NO_PAPER = 2
    JAM = 3
    BIN_FULL = 4
    UNKNOWN_CODE = 5
    BAD_DATA = 6


class Presenter:
    """The mechanism and its firmware. R (lifetime retracts) and the serial number are non-volatile."""

    def __init__(self, clock: Clock, memory: Memory, world: World) -> None:
        self._clock = clock
        self._memory = memory
        self._world = world
        self._life = 0
        self._answered: tuple[PresenterFrame, PresenterFrame] | None = None
        self.powered = True
        self.plugged = True
        self.hung = False
        self.jam_next_move = False
        self.blind = False  # a twin of a model without sensors
        self.stage = self._stage_by_sensors()

    @property
    def alive(self) -> bool:
        """Whether the device has power and is connected."""
        return self.powered and self.plugged

    def answer(self, request: PresenterFrame) -> PresenterFrame | None:
        """The reply to one request; None when the device is silent. A repeated request is answered from memory."""
        if not self.alive or self.hung:
            return None
        if self._answered is not None and request.seq != 0:
            asked, reply = self._answered
            if (asked.seq, asked.code) == (request.seq, request.code):
                return reply
        outcome = self._carry_out(request)
        if isinstance(outcome, Refusal):
            reply = PresenterFrame(request.seq, _REFUSED, bytes((outcome,)))
        else:
            reply = PresenterFrame(request.seq, request.code, outcome)
        self._answered = (request, reply) if request.seq else None
        return reply

    def _carry_out(self, request: PresenterFrame) -> bytes | Refusal:
        acts = {0x49: self._identity, 0x53: self._status, 0x48: self._hold, 0x50: self._present}
        acts |= {0x52: self._retract, 0x58: self._reset}
        act = acts.get(request.code)
        if act is None:
            return Refusal.UNKNOWN_CODE
        return Refusal.BAD_DATA if request.data else act()

    # --- requests ---

    def _identity(self) -> bytes | Refusal:
        return self._memory.text("serial").encode("ascii")[:8].ljust(8) + _MODEL

    def _status(self) -> bytes | Refusal:
        sensors = 0 if self.blind else bool(self.path) | bool(self.mouth) << 1
        full = self._world.levels.binned >= BIN_CAPACITY
        retracts = self._memory.number("retracts").to_bytes(4, "big")
        return (
            bytes((self.stage, sensors, min(self._world.levels.binned, 255)))
            + retracts
            + bytes((full | (_BLIND if self.blind else 0),))
        )

    def _hold(self) -> bytes | Refusal:
        if self.stage in (Stage.PRESENTING, Stage.RETRACTING, Stage.PRESENTED):
            return Refusal.BUSY
        if self.stage is Stage.JAMMED:
            return Refusal.JAM
        self._enter(Stage.HOLDING)
        return self._status()

    def _present(self) -> bytes | Refusal:
        if self.stage in (Stage.PRESENTING, Stage.RETRACTING) or self.mouth:
            return Refusal.BUSY
        if self.stage is Stage.JAMMED:
            return Refusal.JAM
        if not self.path:
            return Refusal.NO_PAPER
        self._run_motor(Stage.PRESENTING, PRESENT_SECONDS)
        return self._status()

    def _retract(self) -> bytes | Refusal:
        if self.stage in (Stage.PRESENTING, Stage.RETRACTING):
            return Refusal.BUSY
        if self.stage is Stage.JAMMED:
            return Refusal.JAM
        if not (self.path or self.mouth):
            return Refusal.NO_PAPER
        if self._world.levels.binned >= BIN_CAPACITY:
            return Refusal.BIN_FULL
        self._run_motor(Stage.RETRACTING, RETRACT_SECONDS)
        return self._status()

    def _reset(self) -> bytes | Refusal:
        self._life += 1
        if self.stage is not Stage.JAMMED or not self.jam_next_move:
            self._enter(Stage.PRESENTED if self.mouth else Stage.HOLDING)
        return self._status()

    # --- the mechanism ---

    @property
    def path(self) -> bool:
        """Whether the path sensor sees paper."""
        return bool(self._world.sheets_at(Place.PATH))

    @property
    def mouth(self) -> bool:
        """Whether the mouth sensor sees paper."""
        return bool(self._world.sheets_at(Place.MOUTH))

    @property
    def retracts(self) -> int:
        """R, the lifetime retracts."""
        return self._memory.number("retracts")

    @property
    def serial(self) -> str:
        """The serial number that the device reports."""
        return self._memory.text("serial")

    @serial.setter
    def serial(self, serial: str) -> None:
        self._memory.keep(serial=serial)

    def sheet_goes_to(self) -> Place:
        """Where a sheet that leaves the printer now comes to lie."""
        return Place.TRAY if not self.alive or self.stage is Stage.IDLE else Place.PATH

    def taken(self) -> None:
        """A hand pulled the paper out of the mouth."""
        if self.alive and self.stage is Stage.PRESENTED and not self.mouth:
            self._enter(Stage.IDLE)

    def clear_jam(self) -> None:
        """A hand cleared the rollers; the firmware sees it by its sensors."""
        self.jam_next_move = False
        if self.stage is Stage.JAMMED:
            self._enter(self._stage_by_sensors())

    def power(self, up: bool) -> None:
        """Give or take the power."""
        self.powered = up
        self._came_or_went()

    def plug(self, plugged: bool) -> None:
        """Put in or pull the plug; data and power come through the same one."""
        self.plugged = plugged
        self._came_or_went()

    def _came_or_went(self) -> None:
        self._life += 1
        self._answered = None
        self._enter(self._stage_by_sensors())

    def _stage_by_sensors(self) -> Stage:
        if self.mouth:
            return Stage.PRESENTED
        return Stage.HOLDING if self.path else Stage.IDLE

    def _run_motor(self, stage: Stage, seconds: float) -> None:
        self._enter(stage)
        life = self._life
        self._clock.later(seconds, lambda: self._motor_done(stage, life))

    def _motor_done(self, stage: Stage, life: int) -> None:
        if life != self._life:
            return
        if self.jam_next_move:
            self._enter(Stage.JAMMED)
        elif stage is Stage.PRESENTING:
            self._world.move_sheets((Place.PATH,), Place.MOUTH)
            self._enter(Stage.PRESENTED)
        else:
            # R counts what passes the sensor of the bin, not the motor's runs: a hand may have been quicker.
            if self._world.move_sheets((Place.PATH, Place.MOUTH), Place.BIN):
                self._world.set_levels(binned=self._world.levels.binned + 1)
                self._memory.keep(retracts=self.retracts + 1)
            self._enter(Stage.IDLE)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self._world.tell("presenter", stage=stage.name.lower())


def presenter_memory(path: Path | None) -> Memory:
    """The presenter's memory as it left the factory, or as it is in `path`."""
    return Memory(path, serial="PR260417", retracts=0)
