"""One print job as it is followed: which sheets are out, and how it ended, by two counters. Pure.

DONE needs the job completed *and* every sheet counted by the job *and* by the printer's lifetime counter P, as far as
the printer keeps them; by neither, nothing is proved. A power cycle, a lost job, an abort prove no such thing: UNKNOWN.
Source: RFC 8011, 5.3.7.
"""

from msgspec import Struct

from drivers.contract import ErrorCode, JobEnded, Outcome, SheetOut
from drivers.page_printer.operations import ABORTED, CANCELED, COMPLETED, ENDED, JobView

# A counter may lag behind the state by this much.
SETTLE_S = 8.0
# How a job ends that the printer calls completed and whose sheets were not counted so.
MISCOUNTED = ErrorCode.PROTOCOL


class Snapshot(Struct, frozen=True):
    """The printer at one moment: who it is, how long it has been up (s), its lifetime sheets P.

    `serial` is who it is and which count P is.
    """

    uuid: str
    up_time: int | None
    sheets: int | None
    serial: str = ""

    def restarted(self, later: "Snapshot") -> bool:
        """Whether `later` is another run of the printer (or another printer)."""
        if self.uuid != later.uuid:
            return True
        return self.up_time is not None and later.up_time is not None and later.up_time < self.up_time


class Job:
    """A followed job. `base` is P before its first sheet; None when it was found after a restart."""

    def __init__(self, key: str, job_id: int, expected: int, printer: Snapshot, base: int | None) -> None:
        self.key = key
        self.job_id = job_id
        self.expected = expected
        self.following = True
        self._printer = printer
        self._base, self._counted_by = base, printer.serial
        self._told = 0
        self._sheets = 0
        self._ended_at: float | None = None
        self._end: JobEnded | None = None

    def tell_again(self) -> None:
        """Core may have missed what was told: tell sheets and end again."""
        self.following = True
        self._told = 0

    def observe(self, view: JobView | None, printer: Snapshot, now: float) -> list[SheetOut | JobEnded]:
        """What to tell after one look at the job (None: the printer does not know it) and, later, at the printer."""
        if self._end is None:
            restarted = self._printer.restarted(printer)
            self._printer = printer
            self._count(view, printer, restarted=restarted)
            self._end = self._judge(view, now, restarted=restarted)
        told: list[SheetOut | JobEnded] = [
            SheetOut(self.key, sheet) for sheet in range(self._told + 1, self._sheets + 1)
        ]
        self._told = self._sheets
        if self._end is not None:
            self.following = False
            told.append(self._end)
        return told

    def _count(self, view: JobView | None, printer: Snapshot, *, restarted: bool) -> None:
        counted = view.sheets if view is not None and view.sheets is not None else 0
        if not restarted or self._base is not None:
            counted = max(counted, self._by_lifetime(printer) or 0)
        self._sheets = max(self._sheets, min(counted, self.expected))

    def _by_lifetime(self, printer: Snapshot) -> int | None:
        if self._base is None or printer.sheets is None or printer.serial != self._counted_by:
            return None
        return printer.sheets - self._base

    def _judge(self, view: JobView | None, now: float, *, restarted: bool) -> JobEnded | None:
        if view is None or restarted:
            return self._over(Outcome.UNKNOWN, ErrorCode.RESET)
        if view.state not in ENDED:
            return None
        if self._ended_at is None:
            self._ended_at = now
        by_lifetime = self._by_lifetime(self._printer)
        if view.state == COMPLETED:
            if self._all_counted(view.sheets, by_lifetime):
                return self._over(Outcome.DONE, None)
            if now - self._ended_at < SETTLE_S:
                return None
            return self._over(Outcome.UNKNOWN, MISCOUNTED)
        lags = self._base is not None and (by_lifetime or 0) < (view.sheets or 0)
        if lags and now - self._ended_at < SETTLE_S:
            return None
        code = {CANCELED: ErrorCode.CANCELLED, ABORTED: ErrorCode.REFUSED}[view.state]
        untouched = by_lifetime == 0 and not view.sheets
        return self._over(Outcome.NOT_DONE if untouched else Outcome.UNKNOWN, code)

    def _all_counted(self, by_job: int | None, by_lifetime: int | None) -> bool:
        """Every count that there is says that all sheets are out, and there is one. A silent P is waited for."""
        if by_lifetime is None and self._base is not None:
            return False
        return {by_job, by_lifetime} - {None} == {self.expected}

    def _over(self, outcome: Outcome, code: ErrorCode | None) -> JobEnded:
        return JobEnded(self.key, outcome, self._sheets, code)
