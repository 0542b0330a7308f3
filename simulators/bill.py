"""The bill validator: draws a note in, holds it in escrow, and puts it into the stacker or gives it back as it is told.

A note needs 0.4 s from the slot to the escrow and 0.3 s from there into the stacker, past the point of no return; the
event that tells of it comes 0.3 s later. One that nobody decides about goes back after ten seconds; so does one that a
power cut left in the escrow, when the power is back. Headers: docs/protocol.md §3.1.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from simulators.cctalk import counter24
from simulators.clock import Clock
from simulators.inlet import Inlet
from simulators.memory import Memory
from simulators.station import Refused, exactly
from simulators.world import NOTE_VALUES, World

TO_ESCROW_SECONDS = 0.4
TO_STACKER_SECONDS = 0.3
TO_EVENT_SECONDS = 0.3
BACK_SECONDS = 0.4
ESCROW_SECONDS = 10.0
STACKER_CAPACITY = 500
TYPES = dict(enumerate(NOTE_VALUES, 1))
_NO_NOTE = b"......."
_SCALING = 100
_HELD, _STACKED = 1, 0
_RETURNED, _INHIBITED, _PULLED_BACK = 1, 4, 8
_JAM_TRANSPORT, _JAM_STACKER = 6, 7
_STACKER_OK, _REMOVED, _INSERTED, _FULL = 10, 11, 12, 14
_FAULT_JAM = 44
_RETURN, _STACK, _MORE_TIME = 0, 1, 255
_EMPTY, _FAILED = b"\xfe", b"\xff"
_STACKER_AND_ESCROW = 0b11

HELD, REJECTED = "held", "rejected"


class Stage(StrEnum):
    """Where the note is that is in the validator."""

    NONE = "none"
    DRAWN_IN = "drawn-in"
    ESCROW = "escrow"
    STACKING = "stacking"
    GOING_BACK = "going-back"
    JAMMED = "jammed"


class BillValidator(Inlet):
    """Address 40. The count of stacked notes (225) is non-volatile; events and inhibits are not."""

    address = 40
    category = b"Bill Validator"
    product = b"BV-3"
    values = TYPES
    told = "note-acceptance"
    escrow_seconds = ESCROW_SECONDS

    def __init__(self, clock: Clock, memory: Memory, world: World) -> None:
        super().__init__(clock, memory, world, poll=159)
        self.stage = Stage.NONE
        self.fault = ""
        self.late_seconds = self._held_until = 0.0
        self.full = self.removed = False
        self.restart()
        self.handlers |= {
            157: self._name,
            156: lambda data: _SCALING.to_bytes(2, "little") + b"\0" if data == b"KR" else b"\0\0\0",
            154: self._route,
            153: self._set_mode,
            152: lambda data: bytes((self._mode,)),
            225: self._count,
            232: lambda data: bytes((_FAULT_JAM if self.stage is Stage.JAMMED else 0,)),
        }

    def restart(self) -> None:
        """Power-up: no events, everything inhibited, no escrow; a note that is still inside goes back."""
        super().restart()
        self._mode = 0
        if not self.alive:
            return
        if self._world.levels.escrow and self.stage is not Stage.JAMMED:
            self._go_back(_RETURNED, "power came back")
        elif not self._world.levels.escrow:
            self.stage = Stage.NONE

    @property
    def ready(self) -> bool:
        """Whether a note would be drawn in now: none is inside, and the stacker has room for it."""
        return super().ready and self.stage is Stage.NONE and not (self.full or self.removed)

    def insert(self, value: int, landed: Callable[[str], None]) -> None:
        """A hand offers a note; `landed` is told held or rejected."""
        if value not in self.accepting:
            if self.alive and self.polled:
                self._event(0, _INHIBITED)
            self._world.note_back(value, "inhibited" if self.alive else "no power")
            landed(REJECTED)
            return
        self.stage = Stage.DRAWN_IN
        self._world.note_inside(value)
        self._later(TO_ESCROW_SECONDS, lambda: self._arrive(landed))

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        life = self.life
        self.clock.later(seconds, lambda: act() if life == self.life else None)

    def _arrive(self, landed: Callable[[str], None]) -> None:
        kind = self._kind()
        if self.fault == "jam-transport":
            self._jam(_JAM_TRANSPORT)
        elif self.fault == "no-escrow" or self._mode & _STACKER_AND_ESCROW != _STACKER_AND_ESCROW:
            self._into_stacker()
        else:
            self.stage = Stage.ESCROW
            self._event(kind, _HELD)
            self._wait_for_a_decision()
        landed(HELD)

    def _wait_for_a_decision(self) -> None:
        self._held_until = self.clock.monotonic() + self.escrow_seconds
        since = self._counter
        self._later(self.escrow_seconds, lambda: self._nobody_decided(since))

    def _nobody_decided(self, since: int) -> None:
        over = self.clock.monotonic() >= self._held_until
        if self.stage is Stage.ESCROW and since == self._counter and over:
            self._go_back(_RETURNED, "nobody decided")

    def _kind(self) -> int:
        return next(kind for kind, value in TYPES.items() if value == self._world.levels.escrow)

    def _route(self, data: bytes) -> bytes:
        where = exactly(data, 1)[0]
        if self.stage is not Stage.ESCROW:
            return _EMPTY if self.stage is Stage.NONE else _FAILED
        if where == _RETURN:
            self._go_back(_RETURNED, "given back")
        elif where == _STACK:
            self._stack()
        elif where == _MORE_TIME:
            self._wait_for_a_decision()
        else:
            raise Refused
        return b""

    def _stack(self) -> None:
        match self.fault:
            case "returned":
                self._go_back(_RETURNED, "could not be stacked")
            case "pulled-back":
                self._go_back(_PULLED_BACK, "pulled back")
            case "jam-stacker":
                self._jam(_JAM_STACKER)
            case _:
                self.stage = Stage.STACKING
                self._later(TO_STACKER_SECONDS, self._into_stacker)

    def _into_stacker(self) -> None:
        """The point of no return: from here on the note is the machine's, and counted, whatever happens."""
        kind = self._kind()
        self.stage = Stage.NONE
        self._world.note_stacked()
        self.memory.keep(stacked=self.memory.number("stacked") + 1)
        self._later(TO_EVENT_SECONDS + self.late_seconds, lambda: self._event(kind, _STACKED))
        if sum(self._world.levels.stacker.values()) >= STACKER_CAPACITY:
            self.fill()

    def _go_back(self, event: int, why: str) -> None:
        self.stage = Stage.GOING_BACK
        self._later(BACK_SECONDS, lambda: self._is_back(event, why))

    def _is_back(self, event: int, why: str) -> None:
        self.stage = Stage.NONE
        self._world.note_given_back(why)
        self._event(0, event)

    def _jam(self, event: int) -> None:
        self.stage = Stage.JAMMED
        self._event(0, event)

    # --- hands ---

    def fill(self) -> None:
        """The stacker is full."""
        self.full = True
        self._event(0, _FULL)

    def take_stacker(self) -> None:
        """Somebody takes the stacker out."""
        self.removed = True
        self._event(0, _REMOVED)

    @property
    def armed(self) -> tuple[str, ...]:
        """The faults that are set, and what is wrong with the stacker."""
        others = {"stacked-late": self.late_seconds > 0, "full": self.full, "removed": self.removed}
        named = (self.fault,) if self.fault else ()
        return (*super().armed, *named, *(name for name, set_ in others.items() if set_))

    def mend(self) -> None:
        """Take all faults away: an empty stacker is in, a jammed note is pulled out by hand."""
        super().mend()
        self.fault, self.late_seconds = "", 0.0
        if self.stage is Stage.JAMMED:
            self.stage = Stage.NONE
            self._world.note_given_back("pulled out by hand")
        if self.full or self.removed:
            self.full = self.removed = False
            self._event(0, _INSERTED)
        self._event(0, _STACKER_OK)

    # --- headers ---

    def _name(self, data: bytes) -> bytes:
        value = TYPES.get(exactly(data, 1)[0])
        return _NO_NOTE if value is None else f"KR{value // _SCALING:04d}A".encode()

    def _count(self, data: bytes) -> bytes:
        if not self.memory.number("counts"):
            raise Refused
        return counter24(self.memory.number("stacked"))

    def _set_mode(self, data: bytes) -> bytes:
        self._mode = exactly(data, 1)[0]
        return b""


def validator_memory(path: Path | None) -> Memory:
    """The validator's memory as it left the factory, or as it is in `path`. `counts` 0: it has no header 225."""
    return Memory(path, serial=4_040_117, stacked=0, counts=1)
