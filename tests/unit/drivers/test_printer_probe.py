"""Whatever a printer answers to its probe, its status soon says READY or why not, and few jobs are made for that."""

import logging
import socket
from collections.abc import Mapping
from itertools import cycle

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.contract import DeviceError, DeviceState, ErrorCode, Event, Outcome, ReasonCode, Status
from drivers.page_printer import ipp
from drivers.page_printer import operations as op
from drivers.page_printer.ipp import JOB_GROUP, OPERATION_GROUP, PRINTER_GROUP, Group, Message
from drivers.page_printer.printer import PagePrinter
from drivers.scheduler import Exchange, Scheduler
from tests.unit.drivers.test_job_search import Answered

URI = "ipp://printer/ipp/print"
HOUR_S = 3_600.0
# After so long at most it is known what is the matter with it.
SOON_S = 60.0
NOT_SUPPORTED, OTHER_VERSION, GONE, FAILED, BUSY, FORBIDDEN = 0x0501, 0x0503, 0x0407, 0x0500, 0x0507, 0x0403
# Stand for an answer that is none, and for no answer.
GARBAGE, SILENCE = -1, -2
Codes = Mapping[int, tuple[int, ...]]


class Unanswered(Answered):
    """One question that is not answered."""

    def result(self) -> bytes:
        raise DeviceError(ErrorCode.TIMEOUT, "the printer does not answer", outcome=Outcome.UNKNOWN)


class Coded:
    """A printer that is as it should be, but for the codes that it answers operations with, one after the other.

    `forgets`: what it says of a job that has ended.
    """

    def __init__(self, codes: Codes, forgets: int = 0) -> None:
        self._codes = {operation: cycle(said) for operation, said in codes.items()}
        self._forgets = forgets
        self.states: dict[int, int] = {}
        self.created = 0

    def post(self, body: bytes, timeout_s: float, *, once: bool) -> Answered:
        question = ipp.parse(body)
        code = next(self._codes.get(question.code, cycle((0,))))
        self.created += question.code == op.CREATE_JOB
        if code == SILENCE:
            return Unanswered(self, b"")
        if code == GARBAGE:
            return Answered(self, b"nothing of the kind")
        if code >= 0x0100:
            return Answered(self, ipp.build(Message(code, question.request_id, ())))
        code, groups = self._do(question, code)
        return Answered(self, ipp.build(Message(code, question.request_id, groups)))

    def _do(self, question: Message, code: int) -> tuple[int, tuple[Group, ...]]:
        asked = question.group(OPERATION_GROUP)
        job_id = asked.integer("job-id") or 0
        match question.code:
            case op.CREATE_JOB:
                self.states[self.created] = op.HELD
                self.name = asked.text("job-name")
                return code, (self._job(self.created),)
            case op.CANCEL_JOB:
                self.states[job_id] = op.CANCELED
                return code, ()
            case op.GET_JOB:
                ended = self.states.get(job_id) in op.ENDED
                return (self._forgets, ()) if ended and self._forgets else (code, (self._job(job_id),))
            case op.GET_JOBS:
                done = asked.text("which-jobs") == "completed"
                return code, tuple(self._job(one) for one in self.states if (self._over(one)) is done)
            case _:
                queued = sum(not self._over(one) for one in self.states)
                who = ipp.text("printer-uuid", ipp.URI, "urn:uuid:1")
                return code, (Group(PRINTER_GROUP, (who, ipp.integer("queued-job-count", queued))),)

    def _over(self, job_id: int) -> bool:
        return self.states[job_id] in op.ENDED

    def _job(self, job_id: int) -> Group:
        name = ipp.text("job-name", ipp.NAME, self.name)
        state = ipp.integer("job-state", self.states[job_id], ipp.ENUM)
        return Group(JOB_GROUP, (ipp.integer("job-id", job_id), name, state))

    def connect(self, timeout_s: float) -> Exchange[socket.socket]:
        raise NotImplementedError  # the driver connects to send a page, and here none is sent

    def close(self) -> None: ...


class Bench:
    """One printer, its driver, and a clock of its own."""

    def __init__(self, codes: Codes, forgets: int = 0) -> None:
        self.far, self.turns, told = Coded(codes, forgets), Scheduler(), list[Event]()
        self.printer = PagePrinter(self.turns, URI, told.append, self.far)
        self.turns.start(self.printer.run())
        self._due = 0.0

    def until(self, now: float) -> Status:
        while self._due <= now:
            self._due = self.turns.tick(self._due)
        return self.printer.reporter.status


def silent_about_it(status: Status) -> bool:
    return status.state is not DeviceState.READY and not status.reasons


UNDOABLE = [
    ({op.CREATE_JOB: (NOT_SUPPORTED,)}, "Create-Job"),
    ({op.CREATE_JOB: (OTHER_VERSION,)}, "Create-Job"),
    ({op.GET_JOBS: (NOT_SUPPORTED,)}, "Get-Jobs"),
    ({op.GET_JOB: (NOT_SUPPORTED,)}, "Get-Job-Attributes"),
    ({op.CANCEL_JOB: (NOT_SUPPORTED,)}, "Cancel-Job"),
]


@pytest.mark.parametrize(("codes", "operation"), UNDOABLE)
def test_an_operation_that_the_printer_does_not_have_is_named_after_the_first_probe(
    codes: Codes, operation: str
) -> None:
    bench = Bench(codes)
    status = bench.until(4.0)
    assert status.state is DeviceState.DEGRADED
    assert [reason.code for reason in status.reasons] == [ReasonCode.PROTOCOL]
    assert status.reasons[0].detail.startswith(f"{operation} is not supported")
    assert bench.far.created <= 1


@pytest.mark.parametrize("code", [op.NOT_FOUND, GONE])
def test_a_job_that_is_gone_is_a_job_that_was_forgotten(code: int) -> None:
    bench = Bench({}, forgets=code)
    assert [reason.detail for reason in bench.until(4.0).reasons] == [
        "a job is forgotten as soon as it has ended"
    ]


@pytest.mark.parametrize("code", [FAILED, BUSY, GARBAGE, SILENCE])
@pytest.mark.parametrize("operation", [op.CREATE_JOB, op.GET_JOBS, op.GET_JOB, op.CANCEL_JOB])
def test_a_probe_that_never_ends_is_told_of_once_and_tried_once_a_minute(
    operation: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bench = Bench({operation: (code,)})
    assert not silent_about_it(bench.until(SOON_S))
    bench.until(HOUR_S)
    assert bench.far.created <= 70
    assert len([record for record in caplog.records if "protocol" in record.getMessage()]) == 1


def test_a_printer_that_is_busy_at_first_is_ready_as_soon_as_it_is_not() -> None:
    bench = Bench({op.CREATE_JOB: (BUSY, 0)})
    assert bench.until(0.0).state is not DeviceState.READY
    assert bench.until(5.0).state is DeviceState.READY


def test_a_probe_that_did_not_come_to_its_end_leaves_no_job_behind() -> None:
    bench = Bench({op.GET_JOB: (FORBIDDEN,)})
    bench.until(SOON_S)
    assert bench.far.states
    assert set(bench.far.states.values()) == {op.CANCELED}


def test_a_printer_that_could_not_be_probed_is_ready_once_it_can() -> None:
    bench = Bench({op.GET_JOBS: (*[FAILED] * 3, *[0] * 9)})
    assert bench.until(SOON_S).state is DeviceState.DEGRADED
    assert bench.until(SOON_S * 3).state is DeviceState.READY


answers = st.sampled_from(
    [0, 0, 1, FORBIDDEN, 0x0404, op.NOT_FOUND, GONE, GARBAGE, SILENCE, BUSY]
) | st.integers(0x0500, 0x050D)
whats = st.sampled_from([op.CREATE_JOB, op.CANCEL_JOB, op.GET_JOB, op.GET_JOBS, op.GET_PRINTER])


@settings(max_examples=30)
@given(
    st.dictionaries(whats, st.lists(answers, min_size=1, max_size=4).map(tuple)),
    st.sampled_from([0, op.NOT_FOUND, GONE]),
)
@example({op.CREATE_JOB: (NOT_SUPPORTED,)}, 0)
@example({op.GET_JOBS: (NOT_SUPPORTED,)}, 0)
@example({op.GET_PRINTER: (0, GARBAGE)}, 0)
@example({}, GONE)
def test_whatever_it_answers_it_is_ready_or_says_why_not_and_few_jobs_are_made(
    codes: Codes, forgets: int
) -> None:
    bench = Bench(codes, forgets)
    bench.until(SOON_S)
    for minute in range(2, 61):
        assert not silent_about_it(bench.until(minute * 60.0)), f"in minute {minute}"
    assert bench.far.created <= 70
