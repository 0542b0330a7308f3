"""The printer and the presenter as things: sheets that move, stick and lie about, and what is counted for life."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.crash.lives.current import Current
from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Of, Timeline
from tests.crash.lives.truth import Lies, Sheet, Truth

WARM_UP_MS = 250
SHEET_MS = 350
PRESENT_MS = 600
RETRACT_MS = 800
MENDED_MS = 90_000
REMEMBERED_JOBS = 20


class JobState(Enum):
    """Where a print job stands."""

    OPEN = auto()
    PRINTING = auto()
    DONE = auto()
    CANCELLED = auto()


@dataclass
class Job:
    """One job in the printer's memory, which is gone with the current. `document`: (number, sheets)."""

    key: str
    state: JobState = JobState.OPEN
    document: tuple[str, int] | None = None
    out: int = 0
    heard: list[Callable[[], None]] = field(default_factory=list)


class Printer:
    """Counts the sheets that left it for life (P). `jams`: at which sheets from now on one sticks."""

    serial = "P1"

    def __init__(self, timeline: Timeline, power: Power, truth: Truth, presenter: "Presenter") -> None:
        self.current = Current(timeline)
        self._timeline, self._power, self._truth, self._presenter = timeline, power, truth, presenter
        self.sheets = 0
        self.jobs: list[Job] = []
        self.jams: Collection[int] = ()
        self._fed = 0
        self._moving: Sheet | None = None
        self.stuck = False
        self.heard: Callable[[], None] = _nothing

    def find(self, key: str) -> Job | None:
        """The newest job of that name."""
        return next((job for job in reversed(self.jobs) if job.key == key), None)

    def create(self, key: str) -> Job:
        """A job that waits for its document."""
        self._power.step(f"job {key[-6:]} is created", Place.DEVICE)
        self.jobs = [*self.jobs[-REMEMBERED_JOBS:], Job(key)]
        self._power.step("job created", Place.DEVICE)
        return self.jobs[-1]

    def take(self, job: Job, document: tuple[str, int]) -> bool:
        """The whole document; False for a job that has ended."""
        if job not in self.jobs or job.state is not JobState.OPEN:
            return False
        job.document, job.state = document, JobState.PRINTING
        self._power.step("the printer has the document", Place.DEVICE)
        self.current.later(WARM_UP_MS, lambda: self._feed(job))
        return True

    def cancel(self, job: Job) -> None:
        """Stop it; a sheet that is moving comes out first."""
        self._power.step("cancel", Place.DEVICE)
        if self._moving is None and job.state is not JobState.DONE:
            job.state = JobState.CANCELLED
            self._changed(job)
        elif job.state is JobState.PRINTING:
            job.document = (job.document[0], job.out + 1) if job.document else None

    def _feed(self, job: Job) -> None:
        if job.state is not JobState.PRINTING or job.document is None or self.stuck:
            return
        self._power.step("a sheet begins to move", Place.DEVICE)
        self._fed += 1
        number, of = job.document
        self._moving = self._truth.feed(number, job.out + 1, of)
        if self._fed in self.jams:
            self._jam()
            return
        self.current.later(SHEET_MS, lambda: self._out(job))

    def _out(self, job: Job) -> None:
        sheet, self._moving = self._moving, None
        if sheet is None or job.document is None:
            return
        self._truth.lay(sheet, self._presenter.falls_to())
        self.sheets += 1
        job.out += 1
        if job.out >= job.document[1]:
            full = sheet.of == job.document[1]
            job.state = JobState.DONE if full else JobState.CANCELLED
        self._power.step(f"sheet {sheet.sheet} is out", Place.DEVICE)
        self._changed(job)
        if job.state is JobState.PRINTING:
            self.current.later(SHEET_MS, lambda: self._feed(job))

    def _jam(self) -> None:
        self._moving, self.stuck = None, True
        self._timeline.later(MENDED_MS, Of.WORLD, self.mend)
        self.heard()

    def mend(self) -> None:
        """A hand takes the stuck sheet out; a job that waits goes on."""
        self.stuck = False
        self._truth.move(Lies.BIN, Lies.STUCK)
        self.heard()
        for job in self.jobs:
            if job.state is JobState.PRINTING:
                self._feed(job)

    def _changed(self, job: Job) -> None:
        for heard in job.heard:
            heard()

    def dies(self) -> None:
        """No current: jobs are forgotten, a moving sheet sticks."""
        self.jobs.clear()
        if self._moving is not None:
            self._moving = None
            self.stuck = True
            self._timeline.later(MENDED_MS, Of.WORLD, self.mend)


class Presenter:
    """Holds sheets behind its gate, pushes them into the mouth, pulls them back; counts that for life (R).

    `jams`: at which motions from now on the motor sticks. `somebody_waits`: whether anybody of this boot
    waits for paper.
    """

    serial = "R1"

    def __init__(self, timeline: Timeline, power: Power, truth: Truth) -> None:
        self.current = Current(timeline)
        self._timeline, self._power, self._truth = timeline, power, truth
        self.retracts = 0
        self.gate_open = True
        self.moving = False
        self.jammed = False
        self.jams: Collection[int] = ()
        self._motions = 0
        self.somebody_waits: Callable[[], bool] = lambda: True
        self.heard: Callable[[], None] = _nothing
        self.at_mouth: Callable[[], None] = _nothing

    @property
    def path(self) -> bool:
        """Whether the path sensor sees paper."""
        return bool(self._truth.at(Lies.PATH))

    @property
    def mouth(self) -> bool:
        """Whether the mouth sensor sees paper."""
        return bool(self._truth.at(Lies.MOUTH))

    def falls_to(self) -> Lies:
        """Where a sheet that leaves the printer comes to lie."""
        return Lies.TRAY if self.gate_open else Lies.PATH

    def hold(self) -> bool:
        """Close the gate."""
        self._power.step("the gate closes", Place.DEVICE)
        if self.moving or self.jammed or self.mouth:
            return False
        self.gate_open = False
        return True

    def present(self, over: Callable[[], None]) -> bool:
        """Push out; `over` is called when the motor stands."""
        if self.moving or self.jammed or self.mouth or not self.path:
            return False
        if not self.somebody_waits():
            self._truth.wrong("M5: paper is offered, and nobody of this boot waits for any")
        self._motor(PRESENT_MS, lambda: self._truth.move(Lies.MOUTH, Lies.PATH), over)
        return True

    def retract(self, over: Callable[[], None]) -> bool:
        """Pull in; `over` is called when the motor stands."""
        if self.moving or self.jammed or not (self.path or self.mouth):
            return False
        self._motor(RETRACT_MS, self._pull_in, over)
        return True

    def _pull_in(self) -> None:
        if self._truth.move(Lies.BIN, Lies.PATH, Lies.MOUTH):
            self.retracts += 1
            self.gate_open = True

    def _motor(self, ms: int, done: Callable[[], object], over: Callable[[], None]) -> None:
        self._power.step("a motor starts", Place.DEVICE)
        self.moving = True
        self._motions += 1
        stuck = self._motions in self.jams

        def stands() -> None:
            self._power.step("the motor is about to stand", Place.DEVICE)
            self.moving = False
            if stuck:
                self.jammed = True
                self._timeline.later(MENDED_MS, Of.WORLD, self.mend)
            else:
                done()
            self._power.step("the motor stands", Place.DEVICE)
            self.heard()
            if self.mouth:
                self.at_mouth()
            over()

        self.current.later(ms, stands)

    def mend(self) -> None:
        """A hand frees the rollers; paper stays where it is."""
        self.jammed = False
        self.heard()

    def take(self) -> int:
        """A hand pulls out what sticks out of the mouth, with or without current; how many sheets."""
        if self.moving:
            return 0
        taken = self._truth.move(Lies.HAND, Lies.MOUTH)
        if taken:
            self.gate_open = True
            self.heard()
            if self._power.on:
                self._power.step("the paper is taken", Place.OUTSIDE)
        return taken

    def dies(self) -> None:
        """No current: motors stand, the gate falls open."""
        self.moving = False
        self.gate_open = not self.path


def _nothing() -> None: ...
