"""The A4 printer's driver: knows its state, opens jobs, follows each to an end that the sheet counter proves.

A job is created once: the printer is asked for a job of that name before, and after any doubt (Get-Jobs). The page
itself is written by somebody else, on the socket handed out with `JobOpened`.
"""

from drivers.acts import Act
from drivers.contract import (
    CancelJob,
    DeviceError,
    DeviceName,
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
from drivers.face import GONE, Emit, Face
from drivers.page_printer import operations as op
from drivers.page_printer.client import Client, Endpoint, HttpWire, Wire
from drivers.page_printer.ipp import JOB_GROUP, PRINTER_GROUP, Group
from drivers.page_printer.job import Job, Snapshot
from drivers.page_printer.reasons import JUDGED, blocking_error, judge, tray_levels
from drivers.turns import Turns, Work, ask

POLL_IDLE_S = 2.0
POLL_JOB_S = 0.1
CALL_S = 2.0
CREATE_S = 4.0
_GONE_S = 1.0
_REMEMBERED_JOBS = 16


class PagePrinter:
    """One IPP printer. Commands are generators run by the bus; `run` is its life."""

    def __init__(self, turns: Turns, uri: str, emit: Emit, wire: Wire | None = None) -> None:
        self.face = Face(DeviceName.PRINTER, emit)
        self._turns = turns
        self._endpoint = Endpoint(uri)
        self._client = Client(wire or HttpWire(self._endpoint))
        self._emit = emit
        self._jobs: dict[str, Job] = {}
        self._seen: Snapshot | None = None
        self._there = False

    # --- life ---------------------------------------------------------------------------------------------------

    def run(self) -> Work[None]:
        """Watch the printer for ever; while a job is followed, that watches."""
        while True:
            try:
                if not self._following:
                    yield from self._look()
                yield POLL_IDLE_S
            except DeviceError as error:
                self._lost(error)
                yield _GONE_S

    def _lost(self, error: DeviceError) -> None:
        self._there = False
        gone = error.code is ErrorCode.NOT_PRESENT
        self.face.gone(ReasonCode.UNPLUGGED if gone else ReasonCode.SILENT, error.detail)

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
        self._there = True
        self.face.clear(*GONE)
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
        self.face.capabilities = frozenset({"nv-sheet-counter"}) if now.sheets is not None else frozenset()
        self.face.keep_only(judge(printer), JUDGED)
        self._show_phase()

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
        if self._there:
            self.face.enter(DeviceState.BUSY if self._following else DeviceState.READY)

    # --- commands -----------------------------------------------------------------------------------------------

    def open_job(self, command: OpenJob, act: Act) -> Work[None]:
        """Create the job unless one of this name exists, connect for Send-Document, follow."""
        if command.sheets < 1 or not command.key:
            raise DeviceError(ErrorCode.REFUSED, "a job needs a key and at least one sheet")
        printer = yield from self._look()
        blocked = blocking_error({reason.code: reason for reason in self.face.status.reasons})
        if blocked is not None:
            raise DeviceError(*blocked)
        view = yield from self._find(command.key)
        act.begun = True
        if view is None:
            view = yield from self._create(command.key)
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
        act.result = JobOpened(
            command.key, view.job_id, self._endpoint.host_header, self._endpoint.path, self._endpoint.uri
        )
        self._begin_to_follow(Job(command.key, view.job_id, command.sheets, printer, printer.sheets))

    def _create(self, key: str) -> Work[op.JobView]:
        """Create-Job, sent once. A lost answer is looked for by name."""
        try:
            answer = yield from self._client.ask(op.create_job(self._endpoint.uri, key), CREATE_S, once=True)
        except DeviceError as error:
            if error.outcome is Outcome.NOT_DONE:
                raise
            view = yield from self._find(key)
            if view is None:
                raise DeviceError(error.code, error.detail, retryable=True) from error
            return view
        if not op.succeeded(answer):
            raise DeviceError(
                ErrorCode.REFUSED,
                f"Create-Job: IPP status {answer.code:#06x}",
                retryable=answer.code >= 0x0500,
            )
        view = op.job_view(answer.group(JOB_GROUP))
        if view is None:
            view = yield from self._find(key)
        if view is None:
            raise DeviceError(ErrorCode.PROTOCOL, "Create-Job: no job in the answer", outcome=Outcome.UNKNOWN)
        return view

    def _find(self, key: str) -> Work[op.JobView | None]:
        """The newest job of that name; None when the printer surely knows none. Raises DeviceError (UNKNOWN)."""
        answer = yield from self._client.ask(op.get_jobs(self._endpoint.uri), CALL_S)
        if not op.succeeded(answer):
            raise DeviceError(
                ErrorCode.PROTOCOL, f"Get-Jobs: IPP status {answer.code:#06x}", outcome=Outcome.UNKNOWN
            )
        views = [op.job_view(group) for group in answer.groups if group.tag == JOB_GROUP]
        named = [view for view in views if view is not None and view.name == key]
        return max(named, key=lambda view: view.job_id, default=None)

    def follow_job(self, command: FollowJob, act: Act) -> Work[None]:
        """Find the job by name and follow it (again). NOT_DONE: the printer knows no such job."""
        act.begun = True
        try:
            printer = yield from self._look()
            view = yield from self._find(command.key)
        except DeviceError as error:
            raise _unproved(error) from error
        if view is None:
            raise DeviceError(ErrorCode.REFUSED, "the printer knows no such job")
        known = self._jobs.get(command.key)
        if known is None or known.job_id != view.job_id:
            self._begin_to_follow(Job(command.key, view.job_id, command.sheets, printer, None))
        elif known.following:
            known.tell_again()
        else:
            known.tell_again()
            self._begin_to_follow(known)

    def cancel_job(self, command: CancelJob, act: Act) -> Work[None]:
        """Cancel and wait for the job's end. NOT_DONE: the printer knows no such job."""
        act.begun = True
        try:
            found = yield from self._cancel(command.key)
            act.result = yield from self.read()
        except DeviceError as error:
            raise _unproved(error) from error
        if not found:
            raise DeviceError(ErrorCode.REFUSED, "the printer knows no such job")

    def _cancel(self, key: str) -> Work[bool]:
        """Whether there was a job; it has ended then."""
        view = yield from self._find(key)
        if view is None:
            return False
        if view.state not in op.ENDED:
            answer = yield from self._client.ask(op.cancel_job(self._endpoint.uri, view.job_id), CALL_S)
            if not op.succeeded(answer) and answer.code != op.NOT_POSSIBLE:
                raise DeviceError(ErrorCode.REFUSED, f"Cancel-Job: IPP status {answer.code:#06x}")
        while view is not None and view.state not in op.ENDED:
            yield POLL_JOB_S
            view = yield from self._find(key)
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
