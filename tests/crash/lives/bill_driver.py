"""The validator's part of the cash process: each note is told once, counted by the validator itself."""

from collections.abc import Callable
from typing import Any

from drivers import contract as device
from tests.crash.lives.bills import Stage, Validator
from tests.crash.lives.bus import End, absent

DONE, NOT_DONE = device.Outcome.DONE, device.Outcome.NOT_DONE


class BillDriver:
    """`say` tells core. What was held, or told, before the process came is not known to it."""

    def __init__(self, validator: Validator, say: Callable[[Any], None]) -> None:
        self.validator, self._say = validator, say
        self._told: int | None = None
        self._told_held = 0
        self._resumed = False
        self._unbooked: list[device.NoteStacked | device.NotesLost] = []
        self._stacking: tuple[device.StackNote, int, int, End] | None = None
        validator.takes = frozenset()
        self._wanted: frozenset[int] = frozenset()

    def status(self) -> device.Status:
        """The validator."""
        if not self.validator.current.lit:
            return absent("note")
        return device.Status(
            "note",
            device.DeviceState.READY,
            identity=device.Identity(serial=self.validator.serial),
            capabilities=frozenset({"nv-stack-counter"}),
        )

    def met_again(self) -> None:
        """It was reset: what only its count knows is told; what it should take it is told again."""
        self.poll(recovered=True)
        self.validator.takes = self._wanted if self._resumed else frozenset()

    def core_gone(self) -> None:
        """No note may be taken any more, and a held one goes back."""
        self._resumed = False
        self.stop()

    def stop(self) -> None:
        """Inhibit; what is held, and nobody has decided about, goes back."""
        self._wanted = self.validator.takes = frozenset()
        if self._stacking is None:
            self.validator.give_back()

    def collect(self, notes: tuple[int, ...]) -> None:
        """Take these and no others."""
        self._wanted = frozenset(notes) if self._resumed else frozenset()
        self.validator.takes = self._wanted if self.validator.current.lit else frozenset()

    def resume(self, position: device.NotePosition | None) -> None:
        """Tell what is past core's position; give back what nobody waits for."""
        self.stop()
        if self._told is None or position is None:
            booked = position.stacked if position is not None else None
            self._told = booked if booked is not None else self.validator.stacked
            replay = []
        else:
            booked = position.stacked or 0
            replay = [one for one in self._unbooked if (one.position.stacked or 0) > booked]
        self._resumed = True
        for event in replay:
            self._say(event)
        self.poll(recovered=True)

    def poll(self, *, recovered: bool = False) -> None:
        """What is new: a note that is held, that is stacked, that went back."""
        validator = self.validator
        if self._told is None or not validator.current.lit:
            return
        self._tell_stacked(recovered=recovered)
        if validator.held and validator.held != self._told_held and validator.stage is Stage.ESCROW:
            self._told_held = validator.held
            if self._resumed and validator.value in validator.takes:
                self._say(device.NoteHeld(validator.value, self._position(validator.held)))
            else:
                validator.give_back()
        elif self._told_held and not validator.held:
            self._gone()

    def _tell_stacked(self, *, recovered: bool) -> None:
        """By its events; what only the count knows is the note that was being stacked, or nobody knows which."""
        validator = self.validator
        new = validator.stacked - (self._told or 0)
        known = validator.stacked_values[-new:] if new > 0 else []
        if len(known) < new and not recovered:
            return  # its event comes yet
        for value in known:
            self._told = (self._told or 0) + 1
            self._keep(device.NoteStacked(value, self._position(validator.events), recovered))
        lost = new - len(known)
        if lost > 0:
            self._told = (self._told or 0) + lost
            self._keep(device.NotesLost(lost, self._position(validator.events)))

    def _position(self, events: int) -> device.NotePosition:
        return device.NotePosition(self.validator.serial, events, self._told)

    def _keep(self, event: device.NoteStacked | device.NotesLost) -> None:
        self._unbooked.append(event)
        self._told_held = 0
        if self._resumed:
            self._say(event)
        if self._stacking is not None:
            stacking, self._stacking = self._stacking, None
            stacking[3](DONE)

    def _gone(self) -> None:
        """The held note is neither held nor told: it is on its way into the stacker, or back in the hand."""
        validator = self.validator
        if validator.stacked > (self._told or 0):
            return
        held, self._told_held = self._told_held, 0
        if self._resumed:
            self._say(device.NoteBack(held))
        if self._stacking is not None:
            stacking, self._stacking = self._stacking, None
            stacking[3](NOT_DONE, code=device.ErrorCode.REFUSED)

    def carry_out(self, command: Any, end: End) -> None:
        """A command about a note."""
        match command:
            case device.StackNote():
                self.stack(command, end)
            case device.ReturnNote(held=held):
                self.give_back(held)
                end(DONE)
            case device.BookNote(position=position):
                self.book(position)
                end(DONE)
            case _:
                pass

    def stack(self, command: device.StackNote, end: End) -> None:
        """Send the held note into the stacker, and follow it."""
        validator = self.validator
        if validator.held != command.held or validator.stage is not Stage.ESCROW:
            end(NOT_DONE, code=device.ErrorCode.REMOVED)
            return
        self._stacking = (command, validator.held, validator.stacked, end)
        validator.stack()

    def give_back(self, held: int) -> None:
        """Give that note back, if it is still that one."""
        if self.validator.held == held:
            self.validator.give_back()

    def book(self, position: device.NotePosition) -> None:
        """Core has it."""
        booked = position.stacked or 0
        self._unbooked = [one for one in self._unbooked if (one.position.stacked or 0) > booked]
