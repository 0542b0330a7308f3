"""Looks after the ledger while nobody is here: closes days and segments, makes the copy, drops old segments.

It also says when nothing may be sold:

- There is too little room on the disk.
- Central refuses the journal.
- Central has not confirmed the journal since this start. Otherwise a disk that was put back could give out
  numbers a second time.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from kiosk.clocks import Clocks
from kiosk.core.day_close import DayClose, seoul, seoul_date
from kiosk.faults import border
from kiosk.health.health import Ailment
from kiosk.ledger import segments
from kiosk.ledger.copies import Copy, CopyError, name_copy, take_copy
from kiosk.ledger.days import last_day
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.room import Room
from kiosk.ledger.terms import LedgerTerms
from kiosk.log import log_event
from kiosk.protocol import journal
from kiosk.protocol.journal import DayClosed

NO_ROOM = Ailment("ledger", "no-room")
REFUSED = Ailment("ledger", "chain-refused")
UNPROVED = Ailment("ledger", "unproved")

QUIET_MS = 60_000
LOOK_MS = 2_000
COPY_AGAIN_MS = 3_600_000
HOUR_MS = 3_600_000

Job = Callable[[], None]


class Disk(Struct, frozen=True):
    """The disk of the ledger. `beside` runs a job on another thread; `post` runs one on core's thread."""

    room: Room
    copies: Path
    beside: Callable[[Job], None]
    post: Callable[[Job], None]


class Interrupted(Exception):
    """The machine stops: give up the copy."""


class LedgerUpkeep:
    """Call it on core's thread. `changed` is called when `ailments` may have changed."""

    def __init__(
        self,
        terms: LedgerTerms,
        ledger: Ledger,
        clocks: Clocks,
        disk: Disk,
        days: DayClose,
        *,
        idle: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        self._terms, self._ledger, self._clocks, self._disk = terms, ledger, clocks, disk
        self._days, self._idle, self._changed = days, idle, changed
        self._boot_seq, self._acked, self._refused = ledger.head[0], 0, False
        self._central_ms: Callable[[], int | None] = lambda: None
        self._low, self._looked_ms, self._quiet_ms = disk.room.low(), 0, clocks.now_ms()
        self._copying, self._leave, self._calm = False, threading.Event(), threading.Event()
        self._copy_due_ms, self.copy_trouble, self.held_ms = clocks.now_ms(), "", 0.0
        ledger.on_full = self._full

    # --- what others should know ----------------------------------------------------------------------------

    def ailments(self) -> tuple[Ailment, ...]:
        """The reasons why nothing may be sold; empty if there is none."""
        found = []
        if self._low:
            found.append(NO_ROOM)
        if self._refused:
            found.append(REFUSED)
        elif self._acked < self._boot_seq:
            found.append(UNPROVED)
        return tuple(found)

    def counters(self) -> dict[str, int]:
        """The counters for the heartbeat. `copy-age-s` is -1 before the first copy."""
        return {
            "room-mb": self._disk.room.free_mb(),
            "room-low": int(self._low),
            "copy-age-s": self.copy_age_s(),
            "copy-failed": int(bool(self.copy_trouble)),
        }

    def copy_age_s(self) -> int:
        """Seconds since the last good copy; -1 before the first; 0 if the clock was set back."""
        at_ms = int(self._ledger.about("copied-ms") or 0)
        return max(0, (self._clocks.wall_ms() - at_ms) // 1_000) if at_ms else -1

    def booted(self) -> None:
        """The row of this start is in the journal. Nothing is sold before central has that row."""
        self._boot_seq = self._ledger.head[0]

    def acked(self, seq: int) -> None:
        """Central holds everything up to `seq`."""
        self._acked, self._refused = max(self._acked, seq), False
        self._changed()

    def lacking(self, after: int) -> None:
        """Central has lost the rows behind `after`.

        Its earlier acknowledgements of those rows count no more.
        """
        self._acked = min(self._acked, after)
        self._changed()

    def refused(self) -> None:
        """Central says that this journal does not follow from the rows that it holds."""
        self._refused = True
        self._changed()

    def central_said(self, at_ms: int | None) -> None:
        """Take the time of central's clock, from an answer just now."""
        if at_ms is not None:
            heard_ms = self._clocks.now_ms()
            self._central_ms = lambda: at_ms + self._clocks.now_ms() - heard_ms

    # --- room -----------------------------------------------------------------------------------------------

    def look_at_room(self) -> bool:
        """Whether there is room enough for another order."""
        with border(str(self._ledger.file.parent)):
            low = self._disk.room.low()
        if low != self._low:
            self._low = low
            log_event("room", low=low, free_mb=self._disk.room.free_mb())
            self._changed()
        return not low

    def _full(self) -> bool:
        with border(str(self._ledger.file.parent)):
            released = self._disk.room.release()
        self._low = True
        log_event("disk-full", released=released)
        return released

    # --- upkeep while nobody is here ------------------------------------------------------------------------

    def tick(self) -> None:
        """Time has passed: do at most one piece of upkeep, if nobody has been here for QUIET_MS."""
        now_ms = self._clocks.now_ms()
        if not self._idle():
            self._calm.clear()
            self._quiet_ms = now_ms
            return
        self._calm.set()
        if now_ms - self._looked_ms < LOOK_MS:
            return
        self._looked_ms = now_ms
        with border(str(self._ledger.file.parent)):
            self._disk.room.settle()
        self.look_at_room()
        if now_ms - self._quiet_ms < QUIET_MS or self._days.busy or self._copying:
            return
        self._one_thing(now_ms)

    def _one_thing(self, now_ms: int) -> None:
        wall_ms = self._clocks.wall_ms()
        if last_day(self._ledger) is None:
            self._days.begin()
        elif self._day_over(wall_ms):
            self._days.close("hour", self._day_closed)
        elif segments.open_rows(self._ledger) >= self._terms.segment_rows:
            segments.close_segment(self._ledger, wall_ms)
        elif now_ms >= self._copy_due_ms and self._copy_wanted(wall_ms):
            self.copy()
        elif (old := self._old()) is not None:
            segments.drop(self._ledger, old)

    def _day_over(self, wall_ms: int) -> bool:
        """Whether to close the day: the date has changed and the closing hour has come.

        If the clock went back, nothing is closed, unless central's clock confirms the time.
        """
        mark = last_day(self._ledger)
        today = seoul_date(wall_ms)
        if mark is None or mark.date == today or seoul(wall_ms).hour < self._terms.close_hour:
            return False
        return today > mark.date or self._clock_is_right(wall_ms)

    def _clock_is_right(self, wall_ms: int) -> bool:
        central = self._central_ms()
        return central is not None and abs(central - wall_ms) < HOUR_MS

    def _day_closed(self, close: DayClosed | None) -> None:
        if close is not None:
            log_event("day-closed", number=close.number, differs=close.differs)
            self.close_segment()

    def close_segment(self) -> None:
        """Close the segment of rows together with the day."""
        segments.close_segment(self._ledger, self._clocks.wall_ms())

    def _copy_wanted(self, wall_ms: int) -> bool:
        copied_ms = int(self._ledger.about("copied-ms") or 0)
        if not copied_ms:
            return True
        another = seoul_date(copied_ms) != seoul_date(wall_ms)
        return another and seoul(wall_ms).hour >= self._terms.copy_hour

    def _old(self) -> segments.Segment | None:
        """The oldest segment, if it is past its term by this machine's clock and by central's; else None.

        So a wrong clock drops nothing.
        """
        central = self._central_ms()
        if central is None:
            return None
        now_ms = min(central, self._clocks.wall_ms())
        return segments.droppable(self._ledger, now_ms - self._terms.keep_days * segments.DAY_MS)

    # --- the copy -------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Begin a copy on another thread.

        It pauses while somebody is here, and gives up when the machine stops.
        """
        self._copying = True
        self._copy_due_ms = self._clocks.now_ms() + COPY_AGAIN_MS
        self._disk.beside(self._take)

    @property
    def copying(self) -> bool:
        """Whether a copy is under way."""
        return self._copying

    def _take(self) -> None:
        try:
            spare = self._terms.room_mb * 1_000_000
            copy: Copy | CopyError = take_copy(self._ledger, self._disk.copies, self._breathe, spare)
        except Interrupted:
            return
        except CopyError as error:
            copy = error
        self._disk.post(lambda: self._taken(copy))

    def _breathe(self) -> None:
        """Runs on the copy's thread, between its parts: wait while core has work.

        Raises Interrupted at a stop.
        """
        while not self._calm.wait(0.2) and not self._leave.is_set():
            pass
        if self._leave.is_set():
            raise Interrupted

    def _taken(self, copy: "Copy | CopyError") -> None:
        self._copying = False
        try:
            if isinstance(copy, CopyError):
                raise copy
            name_copy(self._ledger, self._disk.copies, copy, self._clocks.wall_ms())
        except CopyError as error:
            if error.code != self.copy_trouble:
                self._ledger.commit((journal.CopyFailed(error.code),))
            self.copy_trouble = error.code
            log_event("copy-failed", why=error.code, detail=str(error))
            return
        self.copy_trouble, self.held_ms = "", copy.held_ms
        log_event("copy-made", seq=copy.chain.seq, held_us=round(copy.held_ms * 1000))

    def stop(self) -> None:
        """The machine stops: give up a copy under way."""
        self._leave.set()
