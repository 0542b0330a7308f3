"""Which notes were held, stacked or given back, from an event counter that wraps and a count that does not lie. Pure.

Of an event of ccTalk header 159: type and 1, the note is held; type and 0, it is in the stacker. Header 225, where the
validator has it, counts stacked notes.
"""

from msgspec import Struct
from msgspec.structs import replace

from drivers.cctalk.event_buffer import (
    MOST_UNBOOKED,
    Fresh,
    fresh_events,
    lifetime_after,
    lifetime_since,
    parse_event_buffer,
)
from drivers.contract import NoteBack, NoteHeld, NotePosition, NotesLost, NoteStacked

RETURNED, PULLED_BACK = 1, 8
HELD, STACKED = 1, 0


class Told(Struct, frozen=True):
    """The validator said something about itself: a code of header 159 (6 jam in transport, 14 stacker full …)."""

    code: int


Stacked = NoteStacked | NotesLost
NoteEvent = NoteHeld | NoteStacked | NoteBack | NotesLost | Told


class NoteAccount:
    """The running account of one validator. `held`: the note in escrow; `stacking`: the same once it was sent on.

    `ended`: how the last note ended that was held.
    """

    def __init__(self, position: NotePosition, values: dict[int, int]) -> None:
        self.position = position
        self.values = values
        self.held: NoteHeld | None = None
        self.stacking: NoteHeld | None = None
        self.ended: NoteBack | Stacked | None = None
        self._unbooked: list[Stacked] = []
        self._first = True

    def take(self, data: bytes, *, recovered: bool = False) -> tuple[list[NoteEvent], Fresh]:
        """Account for an answer to header 159. After a `reset` or with `missed` events the caller calls `settle`."""
        counter, pairs = parse_event_buffer(data)
        fresh = fresh_events(self.position.events, counter, pairs)
        told: list[NoteEvent] = []
        for at, kind, what in fresh.events:
            self.position = replace(self.position, events=at)
            told += self._event(kind, what, recovered)
        self.position = replace(self.position, events=counter)
        if fresh.reset and self.stacking is None:
            told += (
                self._back()
            )  # no power holds no note; one that was being stacked is for the count to tell
        return told, fresh

    def _event(self, kind: int, what: int, recovered: bool) -> list[NoteEvent]:
        if kind and what == HELD:
            self.stacking = None
            self.held = NoteHeld(self.values.get(kind, 0), self.position)
            return [self.held]
        if kind and what == STACKED:
            return [self._stacked(self.values.get(kind), recovered)]
        if what in (RETURNED, PULLED_BACK):
            return [*self._back(), Told(what)]
        return [Told(what)] if what else []

    def _stacked(self, value: int | None, recovered: bool) -> Stacked:
        self.held = self.stacking = None
        if self.position.stacked is not None:
            self.position = replace(self.position, stacked=lifetime_after(self.position.stacked, 1))
        at = self.position
        return self._keep(NotesLost(1, at) if value is None else NoteStacked(value, at, recovered))

    def _keep(self, event: Stacked) -> Stacked:
        """Too many: of the oldest two only how many notes they were is kept."""
        self.ended = event
        self._unbooked.append(event)
        if len(self._unbooked) > MOST_UNBOOKED:
            first, second = self._unbooked[:2]
            self._unbooked[:2] = [NotesLost(_notes(first) + _notes(second), second.position)]
        return event

    def _back(self) -> list[NoteEvent]:
        """What was held, or on its way to the stacker, is with whoever put it in."""
        gone, self.held, self.stacking = self.stacking or self.held, None, None
        if gone is None:
            return []
        self.ended = NoteBack(gone.position.events)
        return [self.ended]

    def missing(self, stacked: int | None) -> int | None:
        """Notes that the count knows and nobody has told of; None when there is no count to compare."""
        if stacked is None or self.position.stacked is None:
            return None
        return lifetime_since(self.position.stacked, stacked)

    def settle(self, stacked: int | None, *, reset: bool, overrun: bool = False) -> list[NoteEvent]:
        """After a doubt: take the count as ours. One note more while one was being stacked: it was that one.

        After a `reset` no event will tell any more of a note that was being stacked; the count has the last word.
        Without a count a reset or an `overrun` leaves a doubt, of that note or of what was before our time.
        """
        missing = self.missing(stacked)
        self.position = replace(self.position, stacked=stacked)
        sent, first, self._first = self.stacking, self._first, False
        if missing == 0:
            return self._back() if sent is not None and reset else []
        if missing is None and not ((reset or overrun) and (sent is not None or first)):
            return []
        self.held = self.stacking = None
        if missing == 1 and sent is not None and sent.value:
            return [self._keep(NoteStacked(sent.value, self.position))]
        return [self._keep(NotesLost(missing or 0, self.position))]

    def book(self, position: NotePosition) -> None:
        """Core has committed everything up to `position`."""
        self._unbooked = [event for event in self._unbooked if event.position != position]

    def past(self, position: NotePosition) -> list[NoteEvent]:
        """What was told after `position` and not booked, marked as recovered."""
        at = next((n for n, event in enumerate(self._unbooked) if event.position == position), -1)
        self._unbooked = self._unbooked[at + 1 :]
        return [
            replace(event, recovered=True) if isinstance(event, NoteStacked) else event
            for event in self._unbooked
        ]


def _notes(event: Stacked) -> int:
    return event.count if isinstance(event, NotesLost) else 1
