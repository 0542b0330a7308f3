"""The page printer's engine: jobs, tray, sheets, jams, and the lifetime sheet counter P that survives power cuts.

A jammed or empty printer is stopped, with its job processing-stopped, and goes on when a hand has mended it. Jobs do
not survive a power cut; a sheet that was moving then is stuck inside afterwards.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from simulators.clock import Clock
from simulators.memory import Memory
from simulators.paper import PrintedPage, count_sheets, print_page, safe_name
from simulators.presenter import Presenter
from simulators.print_job import JobState, PrintJob
from simulators.printer_model import PrinterModel, own
from simulators.workshop import Workshop
from simulators.world import World

LOW_SHEETS = 20
TRAY_CAPACITY = 250
_KEPT_JOBS = 50


class Names(StrEnum):
    """What the printer makes of a job-name: keeps it, cuts it after eight characters, says one of its own instead, or
    says it with a language (nameWithLanguage).
    """

    KEPT = "kept"
    SHORTENED = "shortened"
    REPLACED = "replaced"
    TAGGED = "tagged"


@dataclass(frozen=True)
class PrinterTimes:
    """How fast the engine is, and how long a job waits for its document. Seconds."""

    warm_up: float = 0.25
    sheet: float = 0.35
    document: float = 60.0


class PagePrinter:
    """Takes documents, puts sheets out into the presenter. IPP is spoken by `printer_operations`."""

    def __init__(
        self,
        clock: Clock,
        memory: Memory,
        world: World,
        presenter: Presenter,
        workshop: Workshop,
        out: Path,
        times: PrinterTimes | None = None,
        model: PrinterModel | None = None,
    ) -> None:
        self.clock = clock
        self.memory = memory
        self.world = world
        self._presenter = presenter
        self._workshop = workshop
        self._out = out
        self._times = times or PrinterTimes()
        self.model = model or own()
        self.powered = True
        self.jam_sheet: int | None = None
        self.names = Names.KEPT
        self.forgets_jobs = False
        self._life = 0
        self._switch_on()

    def _switch_on(self) -> None:
        self._started = self.clock.monotonic()
        self.jobs: list[PrintJob] = []
        self._numbers = 0
        self._current: PrintJob | None = None
        self._moving = (
            False  # a sheet is on its way through: it is out when it has moved and its picture is drawn
        )
        self._rolled = False
        self._page: PrintedPage | None = None

    # --- what can be seen ---

    @property
    def up_time(self) -> int:
        """Seconds since power-up, at least 1."""
        return 1 + int(self.clock.monotonic() - self._started)

    @property
    def jammed(self) -> bool:
        """Whether a sheet is stuck inside. Paper does not vanish when the power does."""
        return bool(self.memory.number("jammed"))

    @property
    def stopped(self) -> bool:
        """Whether a hand is needed before a sheet can move."""
        return self.jammed or (self.world.levels.tray == 0 and not self._moving)

    @property
    def busy(self) -> bool:
        """Whether a job is in the engine."""
        return self._current is not None

    @property
    def sheets(self) -> int:
        """P, the lifetime sheets."""
        return self.memory.number("sheets")

    @property
    def sides(self) -> int:
        """The lifetime sides."""
        return self.memory.number("sides")

    def job(self, number: int) -> PrintJob | None:
        """The job with this job-id."""
        return next((job for job in self.jobs if job.number == number), None)

    # --- jobs ---

    def create(self, name: str, user: str, *, held: bool = False, two_sided: bool = False) -> PrintJob:
        """A new job that waits for its document, and longer if it is `held`."""
        self._numbers += 1
        job = PrintJob(self._numbers, name, user, self.up_time, held=held, two_sided=two_sided)
        self.jobs = [*self._remembered(), job]
        life = self._life
        self.clock.later(self._times.document, lambda: self._document_overdue(job, life))
        self._tell()
        return job

    def _remembered(self) -> list[PrintJob]:
        ended = [job for job in self.jobs if job.ended]
        forgotten = ended if self.forgets_jobs else ended[:-_KEPT_JOBS]
        return [job for job in self.jobs if job not in forgotten]

    def take_document(self, job: PrintJob, document: bytes) -> None:
        """The job's whole document has arrived."""
        job.document = document
        if job.held:
            job.reason = "job-hold-until-specified"
        else:
            job.state, job.reason = JobState.PENDING, "none"
        life = self._life
        self._workshop.run(partial(count_sheets, document), lambda sheets: self._checked(job, sheets, life))

    def abort(self, job: PrintJob, reason: str) -> None:
        """The printer gives the job up."""
        if not job.ended:
            job.end(JobState.ABORTED, reason, self.up_time)
            self._left(job)

    def cancel(self, job: PrintJob) -> None:
        """Stop the job; a sheet that is moving comes out first."""
        job.cancel_asked = True
        if job is self._current and self._moving:
            job.reason = "processing-to-stop-point"
            return
        job.end(JobState.CANCELED, "job-canceled-by-user", self.up_time)
        self._left(job)

    def _document_overdue(self, job: PrintJob, life: int) -> None:
        if life == self._life and job.document is None:
            self.abort(job, "aborted-by-system")

    def _checked(self, job: PrintJob, pages: int | None, life: int) -> None:
        if life != self._life or job.ended:
            return
        if pages is None:
            self.abort(job, "document-format-error")
            return
        job.pages, job.sheets = pages, (pages + 1) // 2 if job.two_sided else pages
        self._keep_document(job)
        self._start_next()

    def _keep_document(self, job: PrintJob) -> None:
        folder = self._out / "pdf"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{safe_name(job.name)}.pdf").write_bytes(job.document or b"")

    def _left(self, job: PrintJob) -> None:
        if job is self._current:
            self._current = None
        self.jobs = self._remembered()
        self._tell()
        self._start_next()

    # --- the engine ---

    def _start_next(self) -> None:
        ready = (job for job in self.jobs if job.state is JobState.PENDING and job.sheets)
        if not self.powered or self._current is not None or (job := next(ready, None)) is None:
            return
        self._current = job
        job.state, job.reason, job.processing_at = JobState.PROCESSING, "job-printing", self.up_time
        self._tell()
        self._later(self._times.warm_up, job, self._feed)

    def _later(self, seconds: float, job: PrintJob, act: Callable[[PrintJob], None]) -> None:
        life = self._life
        self.clock.later(seconds, lambda: act(job) if life == self._life and job is self._current else None)

    def _feed(self, job: PrintJob) -> None:
        """Pull the next sheet, or stop until a hand has helped."""
        if self.jammed or not self.world.feed_sheet():
            job.state, job.reason = JobState.STOPPED, "printer-stopped"
            self._tell()
            return
        if self.jam_sheet == job.sheets_done + 1:
            self.jam_sheet = None
            self._stick(job)
            return
        self._moving, self._rolled, self._page = True, False, None
        self._later(self._times.sheet, job, self._rollers_turned)
        image = self._out / "pages" / f"{safe_name(job.name)}-{job.sheets_done + 1}.png"
        life = self._life
        page = job.sheets_done * 2 if job.two_sided else job.sheets_done
        work = partial(print_page, job.document or b"", page, image)
        self._workshop.run(work, lambda page: self._page_drawn(job, page) if life == self._life else None)

    def _rollers_turned(self, job: PrintJob) -> None:
        self._rolled = True
        if self._page is not None:
            self._sheet_out(job, self._page)

    def _page_drawn(self, job: PrintJob, page: PrintedPage) -> None:
        self._page = page
        if self._rolled:
            self._sheet_out(job, page)

    def _stick(self, job: PrintJob) -> None:
        self.memory.keep(jammed=1)
        self.world.sheet_spoiled(job.name, job.sheets_done + 1)
        job.state, job.reason = JobState.STOPPED, "printer-stopped"
        self._tell()

    def _sheet_out(self, job: PrintJob, page: PrintedPage) -> None:
        self._moving = False
        before = job.sides_done
        job.sheets_done += 1
        self.memory.keep(sheets=self.sheets + 1, sides=self.sides + job.sides_done - before)
        place = self._presenter.sheet_goes_to()
        self.world.sheet_out(job.name, job.sheets_done, job.sheets, page.number, page.image, place)
        if job.cancel_asked:
            job.end(JobState.CANCELED, "job-canceled-by-user", self.up_time)
            self._left(job)
        elif job.sheets_done == job.sheets:
            job.end(JobState.COMPLETED, "job-completed-successfully", self.up_time)
            self._left(job)
        else:
            self._feed(job)

    # --- hands ---

    def mended(self) -> None:
        """Paper was put in or a jam cleared: the job that waits goes on."""
        job = self._current
        if job is not None and job.state is JobState.STOPPED and not self.stopped:
            job.state, job.reason = JobState.PROCESSING, "job-printing"
            self._later(self._times.warm_up, job, self._feed)
        self._tell()

    def clear_jam(self) -> None:
        """A hand pulled the stuck sheet out."""
        self.jam_sheet = None
        self.memory.keep(jammed=0)
        self.mended()

    def power(self, up: bool) -> None:
        """Give or take the power."""
        if up == self.powered:
            return
        self.powered = up
        self._life += 1
        if self._moving and self._current is not None:
            self._stick(self._current)
        self._switch_on()
        self._tell()

    def _tell(self) -> None:
        self.world.tell("printer", stopped=self.stopped, busy=self.busy)


def printer_memory(path: Path | None) -> Memory:
    """The printer's memory as it left the factory, or as it is in `path`."""
    return Memory(
        path,
        uuid=f"urn:uuid:{uuid.UUID(int=0x4C474E20_0417_4A34_8000_00C0FFEE0417)}",
        sheets=0,
        sides=0,
        jammed=0,
    )
