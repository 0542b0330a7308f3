"""The A4 printer's driver: knows its state, opens jobs, follows each to an end that the sheet counter proves.

A printer is probed at first contact (probe.py). A job is created once, and known by its id from then on; which job is
ours, and that there is none, is search.py's to say. The page itself is written by somebody else, on the socket handed
out with `JobOpened`.
"""

from drivers.acts import Act
from drivers.contract import (
    CancelJob,
    DeviceError,
    DeviceState,
    ErrorCode,
    FollowJob,
    Identity,
    JobOpened,
    OpenJob,
    Outcome,
    PaperReading,
    ReasonCode,
    Severity,
)
from drivers.face import Emit, Face
from drivers.page_printer import ipp
from drivers.page_printer import operations as op
from drivers.page_printer.client import Client, Endpoint, HttpWire, Wire
from drivers.page_printer.ipp import JOB_GROUP, PRINTER_GROUP, Group
from drivers.page_printer.job import Job, Snapshot
from drivers.page_printer.probe import Probe, Verdict
from drivers.page_printer.reasons import JUDGED, blocking_error, judge, tray_levels
from drivers.page_printer.search import CALL_S, JobSearch
from drivers.turns import Turns, Work, ask

POLL_IDLE_S = 2.0
POLL_JOB_S = 0.1
CREATE_S = 4.0
_GONE_S = 1.0
# A printer that failed its probe is probed again: somebody may have mended its settings.
_PROBE_AGAIN_S = 60.0
_REMEMBERED_JOBS = 16
_REMEMBERED_KEYS = 256
# What a job is told when it may wait without a document.
_HOLD = "job-hold-until"
KEEPS_JOBS = "jobs-by-name"


class PagePrinter:
    """One IPP printer. Commands are generators run by the bus; `run` is its life."""

    def __init__(self, turns: Turns, uri: str, emit: Emit, wire: Wire | None = None) -> None:
        self.face = Face("printer", emit)
        self._turns = turns
        self._endpoint = Endpoint(uri)
        self._client = Client(wire or HttpWire(self._endpoint))
        self._search = JobSearch(self._client, self._endpoint.uri)
        self._probe = Probe(self._client, self._endpoint.uri, self._search)
        self._emit = emit
        self._jobs: dict[str, Job] = {}
        # Every key that Create-Job was sent for, and the id that it got; 0 while nobody knows.
        self._created: dict[str, int] = {}
        self._seen: Snapshot | None = None
        self._attributes = Group(PRINTER_GROUP)
        self._there = False
        self._probing = False
        self._verdict: Verdict | None = None
        self._probed: tuple[str, str] = ("", "")
        self._probed_at = 0.0

    # --- life ---------------------------------------------------------------------------------------------------

    def run(self) -> Work[None]:
        """Watch the printer for ever; while a job is followed, that watches."""
        while True:
            try:
                if not self._following:
                    yield from self._look()
                    yield from self._examine()
                yield POLL_IDLE_S
            except DeviceError as error:
                self._lost(error)
                yield _GONE_S

    def _lost(self, error: DeviceError) -> None:
        self._there = False
        gone = error.code is ErrorCode.NOT_PRESENT
        self.face.gone(ReasonCode.UNPLUGGED if gone else ReasonCode.SILENT, error.detail)

    def _examine(self) -> Work[None]:
        """Probe a printer that was not probed yet, or failed. Not while it has anything to do."""
        passed = self._verdict is not None and not self._verdict.flaw
        waiting = self._verdict is not None and self._turns.now < self._probed_at + _PROBE_AGAIN_S
        busy = self._probing or self._following or self._attributes.integer("queued-job-count") != 0
        if passed or waiting or busy:
            return
        hold = "indefinite" in self._attributes.texts(f"{_HOLD}-supported")
        self._probing = True
        try:
            template = (ipp.text(_HOLD, ipp.KEYWORD, "indefinite"),) if hold else ()
            self._verdict = yield from self._probe.run(template)
        finally:
            self._probing = False
        self._probed_at = self._turns.now
        self._tell_capabilities()

    def _tell_capabilities(self) -> None:
        kept = self._verdict is not None and not self._verdict.flaw
        counted = self._seen is not None and self._seen.sheets is not None
        able = {"nv-sheet-counter": counted, KEEPS_JOBS: kept}
        self.face.capabilities = frozenset(name for name, can in able.items() if can)
        if self._verdict is not None and self._verdict.flaw:
            self.face.raise_reason(ReasonCode.PROTOCOL, Severity.WARN, self._verdict.flaw[:120])
        else:
            self.face.clear(ReasonCode.PROTOCOL)
        self._show_phase()

    def _look(self) -> Work[Snapshot]:
        """Read the printer's attributes and take note of them."""
        printer, snapshot = yield from self._read_attributes()
        self._note(printer, snapshot)
        return snapshot

    def _read_attributes(self) -> Work[tuple[Group, Snapshot]]:
        answer = yield from self._client.ask(op.get_printer(self._endpoint.uri), CALL_S)
        if not op.succeeded(answer):
            raise DeviceError(ErrorCode.PROTOCOL, f"printer: IPP status {answer.code:#06x}", retryable=True)
        printer = answer.group(PRINTER_GROUP)
        snapshot = Snapshot(
            uuid=printer.text("printer-uuid"),
            up_time=printer.integer("printer-up-time"),
            sheets=printer.integer("printer-media-sheets-completed"),
        )
        return printer, snapshot

    def _note(self, printer: Group, now: Snapshot) -> None:
        before, self._seen = self._seen, now
        self._attributes = printer
        self._there = True
        self.face.clear(ReasonCode.UNPLUGGED, ReasonCode.SILENT)
        self.face.identity = Identity(
            model=printer.text("printer-make-and-model"),
            serial=now.uuid,
            firmware=printer.text("printer-firmware-string-version"),
        )
        if before is not None and before.restarted(now):
            self.face.epoch += 1
            self.face.raise_reason(ReasonCode.DEVICE_RESET, Severity.INFO, "printer-up-time went back")
        if before is not None and before.uuid != now.uuid:
            self.face.epoch += 1
        counters = {"sheets": now.sheets, "tray": max(tray_levels(printer), default=None)}
        self.face.counters = {name: value for name, value in counters.items() if value is not None}
        self.face.keep_only(judge(printer), JUDGED)
        who = (now.uuid, self.face.identity.firmware)
        if who != self._probed:
            self._probed, self._verdict, self._search.names_kept = who, None, False
        self._tell_capabilities()

    def _follow(self, job: Job) -> Work[None]:
        """Watch one job closely to its end, through silence and power cycles."""
        while job.following:
            try:
                yield from self._look_at(job)
            except DeviceError as error:
                self._lost(error)
            if job.following:
                yield POLL_JOB_S
        self._show_phase()

    def _look_at(self, job: Job) -> Work[None]:
        answer = yield from self._client.ask(op.get_job(self._endpoint.uri, job.job_id), CALL_S)
        view = op.job_view(answer.group(JOB_GROUP)) if op.succeeded(answer) else None
        if view is None and answer.code != op.NOT_FOUND:
            return
        # The lifetime counter is read after the job's own: what the job says must be in it.
        printer, snapshot = yield from self._read_attributes()
        # Sheets first: they came out before the printer stopped, and must not look like its going on again.
        for event in job.observe(view, snapshot, self._turns.now):
            self._emit(event)
        self._note(printer, snapshot)

    def _begin_to_follow(self, job: Job) -> None:
        self._jobs[job.key] = job
        while len(self._jobs) > _REMEMBERED_JOBS:
            self._jobs.pop(next(iter(self._jobs)))
        self._turns.start(self._follow(job))
        self._show_phase()

    @property
    def _following(self) -> bool:
        return any(job.following for job in self._jobs.values())

    def _show_phase(self) -> None:
        if not self._there:
            return
        known = DeviceState.READY if self._verdict is not None else DeviceState.INITIALISING
        self.face.enter(DeviceState.BUSY if self._following else known)

    # --- commands -----------------------------------------------------------------------------------------------

    def open_job(self, command: OpenJob, act: Act) -> Work[None]:
        """Create the job unless there is one of this key, connect for Send-Document, follow."""
        if command.sheets < 1 or not command.key:
            raise DeviceError(ErrorCode.REFUSED, "a job needs a key and at least one sheet")
        printer = yield from self._look()
        blocked = blocking_error({reason.code: reason for reason in self.face.status.reasons})
        if blocked is not None:
            raise DeviceError(*blocked)
        yield from self._examined()
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
            key, view.job_id, endpoint.host_header, endpoint.path, endpoint.uri, printer.uuid
        )
        self._begin_to_follow(Job(key, view.job_id, command.sheets, printer, printer.sheets))

    def _cancel_others(self, key: str) -> Work[None]:
        """Core has one job at a time: an earlier one that has not ended was given up, or core has died over it."""
        for job in tuple(self._jobs.values()):
            if job.following and job.key != key:
                yield from self._client.ask(op.cancel_job(self._endpoint.uri, job.job_id), CALL_S)

    def _examined(self) -> Work[None]:
        """Wait for a probe under way, or make it. Raises DeviceError for a printer that did not pass."""
        yield from self._probe_over()
        yield from self._examine()
        if self._verdict is None:
            raise DeviceError(ErrorCode.BUSY, "the printer could not be probed yet", retryable=True)
        if self._verdict.flaw:
            raise DeviceError(ErrorCode.REFUSED, f"printer: {self._verdict.flaw}")

    def _probe_over(self) -> Work[None]:
        """A job that is looked for must not be mixed up with the probe's."""
        while self._probing:
            yield POLL_JOB_S

    def _create(self, key: str) -> Work[op.JobView]:
        """Create-Job, sent once, and the job looked at by its id. A lost answer is looked for by name."""
        self._created[key] = 0
        while len(self._created) > _REMEMBERED_KEYS:
            self._created.pop(next(iter(self._created)))
        try:
            answer = yield from self._client.ask(op.create_job(self._endpoint.uri, key), CREATE_S, once=True)
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
        return (yield from self._checked(key, view.job_id))

    def _checked(self, key: str, job_id: int) -> Work[op.JobView]:
        """The job as the printer has it. One that has another name by now is given up before it has a document."""
        view = yield from self._search.by_id(job_id)
        if view is not None and view.name == key:
            return view
        self._verdict, self._search.names_kept = Verdict("a job-name came back altered"), False
        self._probed_at = self._turns.now
        self._tell_capabilities()
        yield from self._client.ask(op.cancel_job(self._endpoint.uri, job_id), CALL_S)
        raise DeviceError(ErrorCode.REFUSED, "the job came back under another name", outcome=Outcome.UNKNOWN)

    def follow_job(self, command: FollowJob, act: Act) -> Work[None]:
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
            printer = yield from self._look()
            self._begin_to_follow(Job(command.key, view.job_id, command.sheets, printer, None))
        elif known.following:
            known.tell_again()
        else:
            known.tell_again()
            self._begin_to_follow(known)

    def _ours(self, command: FollowJob | CancelJob) -> Work[op.JobView | None]:
        """The command's job, on the printer that it was opened on. Raises DeviceError."""
        yield from self._probe_over()
        printer = yield from self._look()
        if command.printer_serial not in ("", printer.uuid):
            raise DeviceError(ErrorCode.IDENTITY, "the job was opened on another printer")
        return (
            yield from self._search.ours(command.key, command.job_id or self._created.get(command.key, 0))
        )

    def cancel_job(self, command: CancelJob, act: Act) -> Work[None]:
        """Cancel and wait for the job's end. NOT_DONE: the printer surely has no such job that may print."""
        act.begun = True
        try:
            found = yield from self._cancel(command)
            act.result = yield from self.read()
        except DeviceError as error:
            if error.code is ErrorCode.IDENTITY:
                act.result = self.last_reading()
            raise _unproved(error) from error
        if not found:
            raise DeviceError(ErrorCode.REFUSED, "the printer knows no such job")

    def _cancel(self, command: CancelJob) -> Work[bool]:
        """Whether there was a job; it has ended then."""
        view = yield from self._ours(command)
        if view is None:
            return False
        if view.state not in op.ENDED:
            answer = yield from self._client.ask(op.cancel_job(self._endpoint.uri, view.job_id), CALL_S)
            if not op.succeeded(answer) and answer.code not in (op.NOT_POSSIBLE, op.NOT_FOUND):
                raise DeviceError(ErrorCode.REFUSED, f"Cancel-Job: IPP status {answer.code:#06x}")
        while view is not None and view.state not in op.ENDED:
            yield POLL_JOB_S
            view = yield from self._search.ours(command.key, view.job_id)
        return True

    def read(self) -> Work[PaperReading]:
        """P, from the device. Raises DeviceError."""
        printer = yield from self._look()
        return PaperReading(printer_serial=printer.uuid, sheets=printer.sheets)

    def last_reading(self) -> PaperReading:
        """P as seen last; empty when the printer is not there."""
        if self._seen is None or not self._there:
            return PaperReading()
        return PaperReading(printer_serial=self._seen.uuid, sheets=self._seen.sheets)

    def close(self) -> None:
        """Drop the kept connection."""
        self._client.wire.close()


def _unproved(error: DeviceError) -> DeviceError:
    """A question that failed says nothing about the job, even when not one byte was sent."""
    return DeviceError(error.code, error.detail, outcome=Outcome.UNKNOWN, retryable=error.retryable)
