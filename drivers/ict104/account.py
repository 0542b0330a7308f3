"""The account of one validator that remembers nothing: what it has told of each note, in its order. Pure.

Its events are counted here, on from where core has booked. Nothing counts its notes for life.
"""

from msgspec.structs import replace

from drivers.contract import NoteBack, NoteHeld, NotePosition, NotesLost, NoteStacked

Ended = NoteBack | NoteStacked | NotesLost


class Account:
    """`held`: the note in escrow. `stacking`: the same, once the validator was told to take it. `ended`: the last one's
    end.
    """

    def __init__(self, position: NotePosition) -> None:
        self.position = position
        self.held: NoteHeld | None = None
        self.stacking: NoteHeld | None = None
        self.ended: Ended | None = None
        self._unbooked: list[NoteStacked | NotesLost] = []

    def hold(self, value: int) -> list[NoteHeld | Ended]:
        """A note is held. One that was being stacked and is not heard of any more: nobody can tell."""
        doubt = self.lose()
        self.held = NoteHeld(value, self._next())
        return [*doubt, self.held]

    def stacked(self) -> list[Ended]:
        """The note is in the stacker; of one that was only held, too: then the validator does not wait to be told."""
        sent, self.stacking, self.held = self.stacking or self.held, None, None
        if sent is None:
            return []
        at = self._next()
        return [self._keep(NoteStacked(sent.value, at) if sent.value else NotesLost(1, at))]

    def returned(self) -> list[Ended]:
        """The note is with whoever put it in. None is stacked that the validator was not told to take."""
        gone, self.stacking, self.held = self.stacking or self.held, None, None
        if gone is None:
            return []
        self.ended = NoteBack(gone.position.events)
        return [self.ended]

    def forget(self) -> None:
        """The note that is held was told to nobody, and nothing is heard of it: it is back, or was never there."""
        self.held = None

    def lose(self) -> list[Ended]:
        """The validator was not heard for a moment. A note that it was told to take may be in the stacker, or not; one
        that was only held goes back by itself.
        """
        if self.stacking is None:
            return self.returned()
        self.stacking = self.held = None
        return [self._keep(NotesLost(0, self._next()))]

    def _next(self) -> NotePosition:
        self.position = replace(self.position, events=self.position.events % (2**32 - 1) + 1)
        return self.position

    def _keep(self, event: NoteStacked | NotesLost) -> NoteStacked | NotesLost:
        self.ended = event
        self._unbooked.append(event)
        return event

    def book(self, position: NotePosition) -> None:
        """Core has committed everything up to `position`."""
        self._unbooked = [event for event in self._unbooked if event.position.events > position.events]

    def past(self, position: NotePosition) -> list[NoteStacked | NotesLost]:
        """What was told after `position` and not booked, marked as recovered."""
        self.book(position)
        return [
            replace(event, recovered=True) if isinstance(event, NoteStacked) else event
            for event in self._unbooked
        ]
