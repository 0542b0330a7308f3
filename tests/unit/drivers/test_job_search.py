"""That the printer has no job of ours is said only where its lists prove it; else nobody knows."""

import socket

import pytest

from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.page_printer import ipp
from drivers.page_printer import operations as op
from drivers.page_printer.client import Client
from drivers.page_printer.ipp import JOB_GROUP, PRINTER_GROUP, Attribute, Group, Message
from drivers.page_printer.operations import JobView
from drivers.page_printer.search import JobSearch
from drivers.scheduler import Exchange, Scheduler, Task

PROBE = "the probe's"
URI = "ipp://printer/ipp/print"
OURS, OTHER = "01KB-1-1", "01KA-1-1"
PENDING, PROCESSING = 3, 5


class Answered:
    """One question, answered at once."""

    def __init__(self, wire: object, body: bytes) -> None:
        self.wire = wire
        self._body = body

    def begin(self, now: float) -> None: ...

    def step(self, now: float) -> float | None:
        return None

    def interest(self) -> tuple[int, int] | None:
        return None

    def result(self) -> bytes:
        return self._body

    def abandon(self) -> None: ...


class Printer:
    """Tells of its jobs as it likes. `queued` None: it does not tell how many; `garbled`: one entry says nothing."""

    def __init__(
        self,
        jobs: tuple[JobView, ...] = (),
        *,
        listed: tuple[JobView, ...] | None = None,
        queued: int | None = 0,
        garbled: bool = False,
        refuses: int = 0,
    ) -> None:
        self.jobs = jobs
        self.listed = jobs if listed is None else listed
        self.queued, self.garbled, self.refuses = queued, garbled, refuses

    def post(self, body: bytes, timeout_s: float, *, once: bool) -> Answered:
        question = ipp.parse(body)
        groups, code = self._answer(question), 0
        if self.refuses == question.code:
            groups, code = (), 0x0401
        elif question.code == op.GET_JOB and not groups:
            code = op.NOT_FOUND
        return Answered(self, ipp.build(Message(code, question.request_id, groups)))

    def _answer(self, question: Message) -> tuple[Group, ...]:
        asked = question.group(ipp.OPERATION_GROUP)
        if question.code == op.GET_PRINTER:
            count = () if self.queued is None else (ipp.integer("queued-job-count", self.queued),)
            return (Group(PRINTER_GROUP, count),)
        if question.code == op.GET_JOB:
            return tuple(_group(job) for job in self.jobs if job.job_id == asked.integer("job-id"))
        assert asked.boolean("my-jobs") is False
        done = asked.text("which-jobs") == "completed"
        groups = [_group(job) for job in self.listed if (job.state in op.ENDED) == done]
        if self.garbled and not done:
            groups.append(Group(JOB_GROUP, (ipp.integer("job-id", 9),)))
        return tuple(groups)

    def connect(self, timeout_s: float) -> Exchange[socket.socket]:
        raise NotImplementedError

    def close(self) -> None: ...


def _group(job: JobView) -> Group:
    attributes: tuple[Attribute, ...] = (
        ipp.integer("job-id", job.job_id),
        ipp.text("job-name", ipp.NAME, job.name),
        ipp.integer("job-state", job.state, ipp.ENUM),
    )
    return Group(JOB_GROUP, attributes)


def look(printer: Printer, job_id: int = 0, *, names_kept: bool = True) -> JobView | DeviceError | None:
    """What a search ends with: the job, None, or the error."""
    turns, ends = Scheduler(), list[JobView | DeviceError | None]()
    search = JobSearch(Client(printer), URI, {PROBE, OTHER})
    search.names_kept = names_kept

    def run() -> Task[None]:
        try:
            ends.append((yield from search.ours(OURS, job_id)))
        except DeviceError as error:
            ends.append(error)

    turns.start(run())
    for tick in range(20):
        turns.tick(tick / 10)
    return ends[0]


def job(job_id: int = 5, name: str = OURS, state: int = PROCESSING) -> JobView:
    return JobView(job_id, name, state, None)


@pytest.mark.parametrize(
    ("printer", "job_id"),
    [
        (Printer((job(),), queued=1), 5),
        (Printer((job(),), queued=1), 0),
        (Printer((job(state=op.COMPLETED),)), 0),
        (Printer((job(),), listed=(), queued=7), 5),  # its id is enough
        (Printer((job(4, OTHER), job()), queued=2), 4),  # the id was given anew: its name finds it
        (Printer((job(),), queued=None), 0),
    ],
)
def test_a_job_is_found_by_its_id_or_by_its_name(printer: Printer, job_id: int) -> None:
    assert look(printer, job_id) == job(state=printer.jobs[-1].state)


@pytest.mark.parametrize("job_id", [0, 5])
@pytest.mark.parametrize(
    "printer",
    [
        Printer(),
        Printer((job(3, OTHER),), queued=1),
        Printer((job(3, OTHER, op.COMPLETED), job(4, OTHER, op.CANCELED))),
    ],
)
def test_with_all_that_goes_on_listed_and_names_kept_there_is_proved_to_be_none(
    printer: Printer, job_id: int
) -> None:
    assert look(printer, job_id) is None


@pytest.mark.parametrize(
    "printer",
    [
        Printer((job(),), listed=(), queued=1),  # a list that leaves one out
        Printer(queued=None),
        Printer(queued=-1),  # fewer than none
        Printer(garbled=True, queued=1),
        Printer(refuses=op.GET_JOBS),
        Printer(refuses=op.GET_PRINTER),
    ],
)
def test_what_the_lists_do_not_prove_is_unknown(printer: Printer) -> None:
    end = look(printer)
    assert isinstance(end, DeviceError)
    assert (end.code, end.outcome) == (ErrorCode.PROTOCOL, Outcome.UNKNOWN)


def test_where_names_are_altered_only_an_empty_list_proves_that_there_is_none() -> None:
    assert look(Printer(), names_kept=False) is None
    other = look(Printer((job(3, OTHER),), queued=1), names_kept=False)
    assert isinstance(other, DeviceError)
    assert other.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("state", [PENDING, PROCESSING, op.COMPLETED])
def test_where_a_name_was_altered_since_the_id_is_the_job(kept: bool, state: int) -> None:
    altered = job(5, "Document", state)
    queued = 0 if state in op.ENDED else 1
    assert look(Printer((altered,), queued=queued), 5, names_kept=kept) == altered


def test_an_id_that_another_job_of_ours_has_now_is_not_the_job() -> None:
    assert look(Printer((job(5, PROBE, op.CANCELED),)), 5) is None
    assert look(Printer((job(5, PROBE),), queued=1), 5) is None
