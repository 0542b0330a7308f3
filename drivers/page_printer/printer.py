"""The A4 printer's driver: watches it, opens jobs, follows each to an end that the sheet counters prove.

A printer is probed at first contact (probe.py). A job is created once, and known by its id from then on; which job is
ours, and that there is none, is search.py's to say. The page itself is written by somebody else, on the socket handed
out with `JobOpened`.
"""

from collections import ChainMap

from drivers.acts import Act
from drivers.contract import (
    CancelJob,
    DeviceError,
    ErrorCode,
    FollowJob,
    JobEnded,
    JobOpened,
    OpenJob,
    Outcome,
    PaperReading,
    ReadPaper,
    printer_of,
)
from drivers.page_printer import operations as op
from drivers.page_printer.client import Client, Endpoint, HttpWire, Wire
from drivers.page_printer.ipp import JOB_GROUP
from drivers.page_printer.job import MISCOUNTED, SETTLE_S, Job, Snapshot
from drivers.page_printer.probe import NAME as PROBE
from drivers.page_printer.reasons import blocking_error
from drivers.page_printer.search import CALL_S, JobSearch
from drivers.page_printer.snmp import LifeCount, SnmpSettings
from drivers.page_printer.state import PrinterState
from drivers.page_printer.suitability import A4_PAPER, PDF, SIMPLEX, ignored
from drivers.scheduler import Scheduler, Task, ask
from drivers.status_reporter import Emit

POLL_IDLE_S = 2.0
POLL_JOB_S = 0.1
CREATE_S = 4.0
_GONE_S = 1.0
# Counters of a job that was cut short stand still for so long before they are believed.
_QUIET_S = 0.6
_REMEMBERED_JOBS = 16
_REMEMBERED_KEYS = 256


class PagePrinter:
    """One IPP printer. Commands are generators run by the bus; `run` is its life."""

    def __init__(
        self,
        scheduler: Scheduler,
        uri: str,
        emit: Emit,
        wire: Wire | None = None,
        snmp: SnmpSettings | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._endpoint = Endpoint(uri)
        self._client = Client(wire or HttpWire(self._endpoint))
        life = LifeCount(self._endpoint.host, snmp) if snmp is not None else None
        # Every key that Create-Job was sent for, and the id that it got; 0 while nobody knows.
        self._created: dict[str, int] = {}
        self._search = JobSearch(self._client, self._endpoint.uri, ChainMap(self._created, {PROBE: 0}))
        self._state = PrinterState(scheduler, self._client, self._search, self._endpoint.uri, emit, life)
        self.reporter = self._state.reporter
        self._emit = emit
        self._jobs: dict[str, Job] = {}

    # --- life ---------------------------------------------------------------------------------------------------

    def run(self) -> Task[None]:
        """Watch the printer for ever; while a job is followed, that watches."""
        while True:
            try:
                if not self._state.busy:
                    yield from self._state.look()
                    yield from self._examine()
                yield POLL_IDLE_S
            except DeviceError as error:
                self._state.lost(error)
                yield _GONE_S

    def _examine(self) -> Task[None]:
        """Probe it, if need be. One that has no time for that now is there all the same. Raises DeviceError."""
        try:
            yield from self._state.examine()
        except DeviceError as error:
            # Once it is known for not letting itself be probed, it is the next look that tells whether it is there.
            silent = error.code in (ErrorCode.NOT_PRESENT, ErrorCode.TIMEOUT, ErrorCode.REMOVED)
            if silent and not self._state.examination.flaw:
                raise

    def _follow(self, job: Job) -> Task[None]:
        """Watch one job closely to its end, through silence and power cycles."""
        while job.following:
            try:
                yield from self._look_at(job)
            except DeviceError as error:
                self._state.lost(error)
            if job.following:
                yield POLL_JOB_S
        self._tell_busy()

    def _look_at(self, job: Job) -> Task[None]:
        answer = yield from self._client.ask(op.get_job(self._endpoint.uri, job.job_id), CALL_S)
        view = op.job_view(answer.group(JOB_GROUP)) if op.succeeded(answer) else None
        if view is None and answer.code not in op.NO_SUCH_JOB:
            return
        if view is not None and self._search.another(view, job.key):
            view = None  # the printer was restarted, and has given the id anew
        # The lifetime counter is read after the job's own: what the job says must be in it.
        printer, snapshot = yield from self._state.read()
        # Sheets first: they came out before the printer stopped, and must not look like its going on again.
        for event in job.observe(view, snapshot, self._scheduler.now):
            self._emit(event)
            if isinstance(event, JobEnded) and (event.outcome is Outcome.DONE or event.code is MISCOUNTED):
                self._state.counted(right=event.outcome is Outcome.DONE)
        self._state.note(printer, snapshot)

    def _begin_to_follow(self, job: Job) -> None:
        self._jobs[job.key] = job
        while len(self._jobs) > _REMEMBERED_JOBS:
            self._jobs.pop(next(iter(self._jobs)))
        self._scheduler.start(self._follow(job))
        self._tell_busy()

    def _tell_busy(self) -> None:
        self._state.busy = any(job.following for job in self._jobs.values())
        self._state.show()

    # --- commands -----------------------------------------------------------------------------------------------

    def open_job(self, command: OpenJob, act: Act) -> Task[None]:
        """Create the job unless there is one of this key, connect for Send-Document, follow."""
        if command.sheets < 1 or not command.key:
            raise DeviceError(ErrorCode.REFUSED, "a job needs a key and at least one sheet")
        printer = yield from self._state.look()
        blocked = blocking_error({reason.code: reason for reason in self.reporter.status.reasons})
        if blocked is not None:
            raise DeviceError(*blocked)
        yield from self._state.examined()
        lacks = {PDF, SIMPLEX, A4_PAPER} - self._state.suits.capabilities
        if lacks:
            raise DeviceError(
                ErrorCode.REFUSED, f"printer: not fit for certificates: {', '.join(sorted(lacks))}"
            )
        key, opened_before = command.key, command.key in self._created
        view = yield from self._search.ours(key, self._created.get(key, 0))
        act.begun = True
        yield from self._cancel_others(key)
        if view is None and opened_before:
            raise DeviceError(
                ErrorCode.REFUSED, "a job of this key was created before", outcome=Outcome.UNKNOWN
            )
        if view is None:
            view = yield from self._create(key)
        elif view.state in op.ENDED or (view.sheets or 0) > 0:
            raise DeviceError(
                ErrorCode.REFUSED, f"job exists already in state {view.state}", outcome=Outcome.UNKNOWN
            )
        try:
            act.handing = yield from ask(self._client.wire.connect(CALL_S))
        except DeviceError as error:
            # Without a document nothing can be printed; the printer drops such a job by itself, too.
            yield from self._client.ask(op.cancel_job(self._endpoint.uri, view.job_id), CALL_S)
            raise DeviceError(error.code, error.detail, retryable=True) from error
        endpoint = self._endpoint
        act.result = JobOpened(
            key, view.job_id, endpoint.host_header, endpoint.path, endpoint.uri, printer.serial
        )
        self._begin_to_follow(Job(key, view.job_id, command.sheets, printer, printer.sheets))

    def _cancel_others(self, key: str) -> Task[None]:
        """Core has one job at a time: an earlier one that has not ended was given up, or core has died over it."""
        for job in tuple(self._jobs.values()):
            if job.following and job.key != key:
                yield from self._client.ask(op.cancel_job(self._endpoint.uri, job.job_id), CALL_S)

    def _create(self, key: str) -> Task[op.JobView]:
        """Create-Job, sent once, and the job looked at by its id. A lost answer is looked for by name."""
        self._created[key] = 0
        while len(self._created) > _REMEMBERED_KEYS:
            self._created.pop(next(iter(self._created)))
        question = op.create_job(self._endpoint.uri, key, *self._state.template)
        try:
            answer = yield from self._client.ask(question, CREATE_S, once=True)
        except DeviceError as error:
            if error.outcome is Outcome.NOT_DONE:
                del self._created[key]
                raise
            view = yield from self._search.ours(key)
            if view is None:
                # It may be on its way still: that the printer has none now says nothing about then.
                raise _unproved(error) from error
            self._created[key] = view.job_id
            return view
        if not op.succeeded(answer):
            del self._created[key]
            raise DeviceError(
                ErrorCode.REFUSED,
                f"Create-Job: IPP status {answer.code:#06x}",
                retryable=answer.code >= op.SERVER_ERRORS,
            )
        view = op.job_view(answer.group(JOB_GROUP)) or (yield from self._search.ours(key))
        if view is None:
            raise DeviceError(ErrorCode.PROTOCOL, "Create-Job: no job in the answer", outcome=Outcome.UNKNOWN)
        self._created[key] = view.job_id
        return (yield from self._checked(key, view.job_id, ignored(answer.groups)))

    def _checked(self, key: str, job_id: int, left_out: str) -> Task[op.JobView]:
        """The job as the printer has it. One that is not as it was asked for is given up before it has a document."""
        view = yield from self._search.by_id(job_id)
        if view is not None and view.name == key and not left_out:
            return view
        self._state.distrust(f"{left_out} is ignored" if left_out else "a job-name came back altered")
        yield from self._client.ask(op.cancel_job(self._endpoint.uri, job_id), CALL_S)
        raise DeviceError(ErrorCode.REFUSED, "the job is not as it was asked for", outcome=Outcome.UNKNOWN)

    def follow_job(self, command: FollowJob, act: Act) -> Task[None]:
        """Find the job and follow it (again). NOT_DONE: the printer surely has no such job that may print."""
        act.begun = True
        try:
            view = yield from self._ours(command)
        except DeviceError as error:
            raise _unproved(error) from error
        if view is None:
            raise DeviceError(ErrorCode.REFUSED, "the printer knows no such job")
        known = self._jobs.get(command.key)
        if known is None or known.job_id != view.job_id:
            printer = yield from self._state.look()
            self._begin_to_follow(Job(command.key, view.job_id, command.sheets, printer, None))
        elif known.following:
            known.tell_again()
        else:
            known.tell_again()
            self._begin_to_follow(known)

    def _ours(self, command: FollowJob | CancelJob | ReadPaper) -> Task[op.JobView | None]:
        """The command's job, on the printer that it was opened on. Raises DeviceError."""
        yield from self._state.probe_over()
        self.job_named(command.printer_serial)
        printer = yield from self._state.look()
        if printer_of(command.printer_serial) not in ("", printer.uuid):
            raise DeviceError(ErrorCode.IDENTITY, "the job was opened on another printer")
        return (
            yield from self._search.ours(command.key, command.job_id or self._created.get(command.key, 0))
        )

    def cancel_job(self, command: CancelJob, act: Act) -> Task[None]:
        """Cancel and wait for the job's end. NOT_DONE: the printer surely has no such job that may print."""
        act.begun = True
        try:
            view = yield from self._cancel(command)
            act.result = yield from self._settled(view)
        except DeviceError as error:
            if error.code is ErrorCode.IDENTITY:
                act.result = self.last_reading()
            raise _unproved(error) from error
        if view is None:
            raise DeviceError(ErrorCode.REFUSED, "the printer knows no such job")

    def _cancel(self, command: CancelJob) -> Task[op.JobView | None]:
        """The job as it was when it was found; it has ended by now. None: there is none."""
        found = view = yield from self._ours(command)
        if view is None:
            return None
        if view.state not in op.ENDED:
            answer = yield from self._client.ask(op.cancel_job(self._endpoint.uri, view.job_id), CALL_S)
            if not op.succeeded(answer) and answer.code not in {op.NOT_POSSIBLE, *op.NO_SUCH_JOB}:
                raise DeviceError(ErrorCode.REFUSED, f"Cancel-Job: IPP status {answer.code:#06x}")
        while view is not None and view.state not in op.ENDED:
            yield POLL_JOB_S
            view = yield from self._search.ours(command.key, view.job_id)
        return found

    def _settled(self, job: op.JobView | None) -> Task[PaperReading]:
        """P and the job's own count. Of a job that may have moved paper they are read until they stand still."""
        reading = yield from self._reading(job)
        if job is None or job.state in op.WAITING:
            return reading
        until = self._scheduler.now + SETTLE_S
        while self._scheduler.now < until:
            yield _QUIET_S
            before, reading = reading, (yield from self._reading(job))
            if reading == before:
                break
        return reading

    def _reading(self, job: op.JobView | None) -> Task[PaperReading]:
        """What printer and job have counted. Raises DeviceError."""
        view = (yield from self._search.by_id(job.job_id)) if job is not None else None
        printer = yield from self._state.look(patiently=True)
        return _paper(printer, view.sheets if view is not None else None)

    def read(self, command: ReadPaper | None = None) -> Task[PaperReading]:
        """P, from the device, and the count of the job that is asked about, if any. Raises DeviceError."""
        view: op.JobView | None = None
        if command is not None:
            self.job_named(command.printer_serial)
        if command is not None and command.key:
            try:
                view = yield from self._ours(command)
            except DeviceError as error:
                if error.code not in (ErrorCode.IDENTITY, ErrorCode.PROTOCOL):
                    raise
        return (yield from self._reading(view))

    def job_named(self, serial: str) -> None:
        """What is asked about was begun with this printer and this count of it: P is that one from now on."""
        self._state.count.named(serial)

    def last_reading(self) -> PaperReading:
        """P as seen last; empty when the printer is not there."""
        if self._state.seen is None or not self._state.there:
            return PaperReading()
        return _paper(self._state.seen)

    def close(self) -> None:
        """Drop the kept connection."""
        self._client.wire.close()


def _unproved(error: DeviceError) -> DeviceError:
    """A question that failed says nothing about the job, even when not one byte was sent."""
    return DeviceError(error.code, error.detail, outcome=Outcome.UNKNOWN, retryable=error.retryable)


def _paper(printer: Snapshot, job_sheets: int | None = None) -> PaperReading:
    return PaperReading(printer_serial=printer.serial, sheets=printer.sheets, job_sheets=job_sheets)
