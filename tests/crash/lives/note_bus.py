"""The cash process of a machine with a bill validator: notes are held, stacked or given back as core says."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from drivers import contract as device
from tests.crash.lives.bus import End, Fate
from tests.crash.lives.cash_bus import CashBus
from tests.crash.lives.coins import Acceptor, Hopper
from tests.crash.lives.notes import REMEMBERED, Validator
from tests.crash.lives.power import Power
from tests.crash.lives.timeline import Timeline

POLL_MS = 60


class NoteBus(CashBus):
    """Beside the coins of CashBus the notes of `validator`."""

    devices: tuple[str, ...] = ("coin", "hopper", "note")

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fate: Callable[[Any], Fate],
        start_again: Callable[[str], None],
        things: tuple[Acceptor, Hopper, Validator],
    ) -> None:
        super().__init__(timeline, power, fate, start_again, things[:2])
        self.validator = things[2]
        self._told_notes: int | None = None
        self._said: int = 0
        self._unbooked_notes: list[device.NoteStacked | device.NotesLost] = []
        self._stacking: tuple[int, int, End] | None = None
        self.validator.taking = ()
        self.validator.heard = lambda: self.soon(self._look, POLL_MS)

    def core_gone(self) -> None:
        """No note may be taken any more; one that is held goes back."""
        super().core_gone()
        if self._alive:
            self.validator.taking = ()
            self.soon(self._shut)

    def _shut(self) -> None:
        if self._resumed and self._channel is not None:
            return  # another core is there by now
        self._inhibit()

    def _inhibit(self) -> None:
        self.validator.taking = ()
        if self._stacking is None:
            self.validator.give_back()

    def status(self, name: str) -> device.Status:
        """Coin, hopper or note."""
        if name != "note":
            return super().status(name)
        identity = device.Identity(serial=self.validator.serial)
        capabilities = frozenset({"nv-stack-counter"})
        return device.Status(name, device.DeviceState.READY, identity=identity, capabilities=capabilities)

    def carry_out(self, command: Any, end: End) -> None:
        """The commands about notes; the others also where they are about both."""
        match command:
            case device.StackNote():
                self._stack(command, end)
            case device.ReturnNote(held=held):
                if held == self.validator.offered:
                    self.validator.give_back()
                end(device.Outcome.DONE)
            case device.BookNote(position=position):
                self._unbooked_notes = [
                    one for one in self._unbooked_notes if _count(one.position) > _count(position)
                ]
                end(device.Outcome.DONE)
            case device.Resume(notes=booked):
                self._inhibit()
                self.soon(lambda: self._resume_notes(booked), POLL_MS)
                super().carry_out(command, end)
            case device.Collect(denominations=coins, notes=notes) if self._resumed:
                self.validator.taking = notes
                self.acceptor.accepting = bool(coins)
                self.soon(lambda: end(device.Outcome.DONE))
            case device.StopCollect():
                self._inhibit()
                super().carry_out(command, end)
            case _:
                super().carry_out(command, end)

    def _reading(self) -> device.CashReading:
        """Every note behind it has been told, too."""
        self._look()
        validator = self.validator
        return replace(
            super()._reading(),
            note_serial=validator.serial,
            note_events=validator.offered,
            stacked=validator.stacked,
            note_clear=not validator.escrow,
        )

    # --- notes --------------------------------------------------------------------------------------------------------

    def _resume_notes(self, position: device.NotePosition | None) -> None:
        if self._told_notes is None or position is None:
            self._told_notes = _count(position) if position is not None else self.validator.stacked
        elif position is not None:
            for event in [one for one in self._unbooked_notes if _count(one.position) > _count(position)]:
                self.say(event)
        self._look(replaying=True)

    def _look(self, *, replaying: bool = False) -> None:
        """Tell what is held, what has fallen, and what came back."""
        validator = self.validator
        if self._told_notes is not None and (self._resumed or replaying):
            new = validator.stacked - self._told_notes
            known = validator.values[-min(new, REMEMBERED) :] if new and validator.values else []
            # One that has fallen and was not told of yet is told of in a moment; after a power cut only counted.
            for value in known[:new]:
                self._told_notes += 1
                self._tell_note(device.NoteStacked(value, self._place(), replaying))
            lost = validator.stacked - self._told_notes
            if lost and not validator.values and self._stacking is None:
                self._told_notes += lost
                self._tell_note(device.NotesLost(lost, self._place()))
        if validator.held and validator.offered != self._said and self._resumed:
            self._said = validator.offered
            self.say(device.NoteHeld(validator.escrow, self._place(validator.offered)))
        self._end_stacking()

    def _place(self, events: int | None = None) -> device.NotePosition:
        at = self.validator.offered if events is None else events
        return device.NotePosition(self.validator.serial, at, self._told_notes or 0)

    def _tell_note(self, event: device.NoteStacked | device.NotesLost) -> None:
        self._unbooked_notes.append(event)
        self.say(event)

    def _stack(self, command: device.StackNote, end: End) -> None:
        validator = self.validator
        if not (validator.held and validator.offered == command.held and validator.taking):
            end(device.Outcome.NOT_DONE, code=device.ErrorCode.REMOVED)
            return
        self._stacking = (command.held, validator.stacked, end)
        validator.stack()

    def _end_stacking(self) -> None:
        """In the stacker and told of, or back in the hand."""
        if self._stacking is None:
            return
        held, before, end = self._stacking
        validator = self.validator
        if validator.stacked > before and (self._told_notes or 0) >= validator.stacked:
            self._stacking = None
            end(device.Outcome.DONE)
        elif not validator.falling and validator.stacked == before and not validator.held:
            self._stacking = None
            self.say(device.NoteBack(held))
            end(device.Outcome.NOT_DONE, code=device.ErrorCode.REFUSED)


def _count(position: device.NotePosition) -> int:
    return position.stacked or 0
