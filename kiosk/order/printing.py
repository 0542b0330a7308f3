"""PRINT?: print the document that was read back into the closed presenter. No paper reaches the citizen here.

P0 and R0, the lifetime counts of printer and presenter, are stored with PRINT? before the job has its
document. If something goes wrong before PRINT?, no paper has moved, because a job without a document can't
print. If something goes wrong after PRINT?, core clears the paper and decides from the evidence (paper.py).
"""

import msgspec
from msgspec import UNSET

from drivers.contract import Outcome as Proof
from kiosk.order import evidence, settling
from kiosk.order.effects import FollowJob, HoldGate, OpenJob, ReadPaper, SendDocument
from kiosk.order.events import (
    DocumentSent,
    GateHeld,
    JobFailed,
    JobLost,
    JobOpen,
    JobOver,
    PaperRead,
    Prepared,
    PrinterBlocked,
    SheetMoved,
    Tick,
    WorkFailed,
)
from kiosk.order.handlers import on, table
from kiosk.order.model import IssueState
from kiosk.order.paper import clear, read
from kiosk.order.saga import Move, Saga, Stage, change_issue, copy_names, enter, stay
from kiosk.protocol import journal


def _prepared(saga: Saga, event: Prepared, now_ms: int) -> Move | None:
    """The worker has read the document back: store ISSUED, then close the gate and read the counters."""
    issue = saga.issue
    if event.key != issue.key:
        return None
    if event.number != issue.number or event.sheets != issue.sheets:
        return settling.undeliver(saga, "changed", now_ms)
    issued = change_issue(saga, issue, state=IssueState.ISSUED)
    record = journal.IssueNumbered(*copy_names(issued.order, issue), sheets=issue.sheets)
    return Move(issued, (record,)).then(
        lambda s: enter(s, Stage.HOLDING, HoldGate(), deadline_ms=now_ms + s.policy.stall_ms)
    )


def _held(saga: Saga, event: GateHeld, now_ms: int) -> Move:
    if event.proof is not Proof.DONE:
        return _try_again(saga, now_ms)
    return enter(saga, Stage.READYING, ReadPaper(), deadline_ms=now_ms + saga.policy.stall_ms)


def _try_again(saga: Saga, now_ms: int) -> Move:
    """No paper has moved yet, so core can ask again: a killed device process is back in a moment."""
    return Move(msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms))


def _not_ready(saga: Saga, event: Tick, now_ms: int) -> Move:
    """Ask again when it is time. Past the deadline the copy is void and the money goes back."""
    holding = saga.stage is Stage.HOLDING
    if now_ms >= saga.deadline_ms:
        return settling.undeliver(saga, "presenter-silent" if holding else "printer-silent", now_ms)
    if not saga.retry_ms or now_ms < saga.retry_ms:
        return stay(saga)
    asked = msgspec.structs.replace(saga, retry_ms=0)
    return Move(asked, effects=(HoldGate() if holding else ReadPaper(),))


def _ready(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """P0 and R0 are read: have the job created.

    Without a document it can't print, so core stores nothing yet.
    """
    reading, issue = event.reading, saga.issue
    if not evidence.complete(reading, pages=saga.policy.sale.printer_remembers):
        return _try_again(saga, now_ms)
    if reading.path or reading.mouth:
        return settling.undeliver(saga, "paper-in-the-way", now_ms)
    ready = msgspec.structs.replace(saga, before=reading)
    return enter(
        ready,
        Stage.STARTING,
        OpenJob(issue.key, issue.sheets),
        deadline_ms=now_ms + saga.policy.evidence_ms,
    )


def _job_open(saga: Saga, event: JobOpen, now_ms: int) -> Move | None:
    """Store PRINT? with P0, R0 and the printer's id of the job, then have the document sent.

    So core knows every job that may print by its id, even if the printer changes the job's name.
    """
    issue, before = saga.issue, saga.before
    if event.key != issue.key or before is None or before.retracts is None:  # _ready took a complete reading
        return None
    remembered, pages = before.sheets is not None, before.sheets or 0
    intent = change_issue(
        saga,
        issue,
        state=IssueState.PRINTING,
        pages_before=pages,
        pages_remembered=remembered,
        retracts_before=before.retracts,
        printer_serial=before.printer_serial,
        presenter_serial=before.presenter_serial,
        job_id=event.job_id,
    )
    record = journal.PrintIntent(
        *copy_names(intent.order, issue),
        pages_before=pages,
        retracts_before=before.retracts,
        printer=before.printer_serial,
        presenter=before.presenter_serial,
        job=event.job_id,
        pages_remembered=UNSET if remembered else False,
    )
    fresh = msgspec.structs.replace(intent, sent=False, sheet=0, blocked="", offers=0, fault="", before=None)
    limit = now_ms + saga.policy.print_ms_per_sheet * (issue.sheets + 1)
    return Move(fresh, (record,)).then(
        lambda s: enter(s, Stage.PRINTING, SendDocument(issue.key), deadline_ms=limit)
    )


def _not_opened(saga: Saga, event: JobFailed, now_ms: int) -> Move | None:
    """There is no job, or only an unknown one. In both cases the printer has no document."""
    return settling.undeliver(saga, "printer-refused", now_ms) if event.key == saga.issue.key else None


def _never_opened(saga: Saga, event: JobLost | Tick, now_ms: int) -> Move:
    if isinstance(event, Tick) and now_ms < saga.deadline_ms:
        return stay(saga)
    return settling.undeliver(saga, "printer-silent", now_ms)


def _sent(saga: Saga, event: DocumentSent, now_ms: int) -> Move | None:
    """NOT_DONE proves that the printer has no whole document.

    UNKNOWN proves nothing: the sheet counter decides.
    """
    if event.key != saga.issue.key:
        return None
    if event.proof is Proof.NOT_DONE:
        return clear(saga, "document-not-sent", now_ms)
    return Move(msgspec.structs.replace(saga, sent=True))


def _worker_gone(saga: Saga, event: WorkFailed, now_ms: int) -> Move | None:
    if saga.stage in (Stage.HOLDING, Stage.READYING, Stage.STARTING):
        return settling.undeliver(saga, event.code, now_ms)
    if saga.stage is Stage.PRINTING and not saga.sent:
        return clear(saga, event.code, now_ms)
    return None  # the printer has the whole document: the worker is not needed any more


def _sheet(saga: Saga, event: SheetMoved, now_ms: int) -> Move | None:
    if event.key != saga.issue.key:
        return None
    limit = now_ms + saga.policy.print_ms_per_sheet * 2
    return Move(msgspec.structs.replace(saga, sheet=event.sheet, blocked="", deadline_ms=limit))


def _blocked(saga: Saga, event: PrinterBlocked, now_ms: int) -> Move:
    """The printer needs a person's help and no technician is there: wait, then give the money back."""
    wait = saga.policy.stall_ms if event.reason else saga.policy.print_ms_per_sheet * 2
    return Move(msgspec.structs.replace(saga, blocked=event.reason, deadline_ms=now_ms + wait))


def _job_over(saga: Saga, event: JobOver, now_ms: int) -> Move | None:
    issue = saga.issue
    if event.key != issue.key:
        return None
    if event.proof is not Proof.DONE or event.sheets != issue.sheets:
        return clear(saga, saga.blocked or "printing-failed", now_ms)
    return read(saga, Stage.LOOKING, now_ms)


def _follow(saga: Saga, event: JobLost, now_ms: int) -> Move:
    """The printer process restarted. The job is still in the printer: find it and follow it."""
    issue = saga.issue
    follow = FollowJob(issue.key, issue.sheets, issue.job_id, issue.printer_serial)
    return Move(saga, effects=(follow,))


def _job_failed(saga: Saga, event: JobFailed, now_ms: int) -> Move | None:
    return clear(saga, saga.blocked or "printer-refused", now_ms) if event.key == saga.issue.key else None


def _too_slow(saga: Saga, event: Tick, now_ms: int) -> Move:
    if now_ms < saga.deadline_ms:
        return stay(saga)
    return clear(saga, saga.blocked or "printer-silent", now_ms)


HANDLERS = table(
    on(Stage.OPENING, Prepared, _prepared),
    on(Stage.HOLDING, GateHeld, _held),
    on(Stage.READYING, PaperRead, _ready),
    on(Stage.STARTING, JobOpen, _job_open),
    on(Stage.STARTING, JobFailed, _not_opened),
    on(Stage.STARTING, JobLost, _never_opened),
    on(Stage.STARTING, Tick, _never_opened),
    on(Stage.PRINTING, DocumentSent, _sent),
    on(Stage.PRINTING, SheetMoved, _sheet),
    on(Stage.PRINTING, PrinterBlocked, _blocked),
    on(Stage.PRINTING, JobOver, _job_over),
    on(Stage.PRINTING, JobFailed, _job_failed),
    on(Stage.PRINTING, JobLost, _follow),
    on(Stage.PRINTING, Tick, _too_slow),
    on((Stage.HOLDING, Stage.READYING, Stage.STARTING, Stage.PRINTING), WorkFailed, _worker_gone),
    on((Stage.HOLDING, Stage.READYING), Tick, _not_ready),
)
