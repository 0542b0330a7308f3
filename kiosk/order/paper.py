"""PRINT? to DELIVERED: sheets into a closed presenter, counted, offered, taken. Only counters and sensors decide.

P is the printer's lifetime sheet count, R the presenter's lifetime retract count; P0 and R0 are stored with PRINT?.
What they and the sensors prove is in evidence.py. Until PRESENT? the gate is closed: nothing reaches a hand.
"""

import msgspec

from drivers.contract import Outcome as Proof
from drivers.contract import PaperReading
from kiosk.order import evidence, issuing, settling
from kiosk.order.effects import (
    CancelJob,
    FollowJob,
    HoldGate,
    Offer,
    OpenJob,
    ReadPaper,
    RetractPaper,
    SendDocument,
)
from kiosk.order.events import (
    DocumentSent,
    GateHeld,
    JobFailed,
    JobLost,
    JobOpen,
    JobOver,
    MoreTime,
    Offered,
    OrderEvent,
    PaperRead,
    Prepared,
    PrinterBlocked,
    SheetMoved,
    Taken,
    Tick,
    VisitOver,
    WorkFailed,
)
from kiosk.order.evidence import Verdict
from kiosk.order.model import IssueState
from kiosk.order.saga import Handler, Move, Saga, Stage, change_issue, enter, issue_record, stay

MAX_OFFERS = 3
UNCOLLECTED = "uncollected"


def _prepared(saga: Saga, event: Prepared, now_ms: int) -> Move | None:
    """The document is read back: store ISSUED, then close the gate and read the counters."""
    issue = saga.issue
    if event.key != issue.key:
        return None
    if event.number != issue.number or event.sheets != issue.sheets:
        return settling.undeliver(saga, "changed", now_ms)
    issued = change_issue(saga, issue, state=IssueState.ISSUED)
    record = issue_record("issue-numbered", issued, issue, sheets=issue.sheets)
    return Move(issued, (record,)).then(
        lambda s: enter(s, Stage.HOLDING, HoldGate(), deadline_ms=now_ms + s.policy.stall_ms)
    )


def _held(saga: Saga, event: GateHeld, now_ms: int) -> Move:
    if event.proof is not Proof.DONE:
        return _try_again(saga, now_ms)
    return enter(saga, Stage.READYING, ReadPaper(), deadline_ms=now_ms + saga.policy.stall_ms)


def _try_again(saga: Saga, now_ms: int) -> Move:
    """Nothing has moved yet, so the question can be put again: a process that was killed is back in a moment."""
    return Move(msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms))


def _not_ready(saga: Saga, event: Tick, now_ms: int) -> Move:
    """Put the question again when it is time; past the deadline the number is given back, and the money."""
    holding = saga.stage is Stage.HOLDING
    if now_ms >= saga.deadline_ms:
        return settling.undeliver(saga, "presenter-silent" if holding else "printer-silent", now_ms)
    if not saga.retry_ms or now_ms < saga.retry_ms:
        return stay(saga)
    asked = msgspec.structs.replace(saga, retry_ms=0)
    return Move(asked, effects=(HoldGate() if holding else ReadPaper(),))


def _ready(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """Store PRINT? with P0 and R0, then create the job."""
    reading, issue = event.reading, saga.issue
    if not evidence.complete(reading):
        return _try_again(saga, now_ms)
    if reading.path or reading.mouth:
        return settling.undeliver(saga, "paper-in-the-way", now_ms)
    intent = change_issue(
        saga,
        issue,
        state=IssueState.PRINTING,
        pages_before=reading.sheets,
        retracts_before=reading.retracts,
        printer_serial=reading.printer_serial,
        presenter_serial=reading.presenter_serial,
    )
    record = issue_record(
        "print-intent",
        intent,
        issue,
        pages_before=reading.sheets,
        retracts_before=reading.retracts,
        printer=reading.printer_serial,
        presenter=reading.presenter_serial,
    )
    fresh = msgspec.structs.replace(intent, sent=False, sheet=0, blocked="", offers=0, fault="")
    return Move(fresh, (record,)).then(
        lambda s: enter(
            s, Stage.STARTING, OpenJob(issue.key, issue.sheets), deadline_ms=now_ms + s.policy.evidence_ms
        )
    )


def _job_open(saga: Saga, event: JobOpen, now_ms: int) -> Move | None:
    issue = saga.issue
    if event.key != issue.key:
        return None
    limit = now_ms + saga.policy.print_ms_per_sheet * (issue.sheets + 1)
    return enter(saga, Stage.PRINTING, SendDocument(issue.key), deadline_ms=limit)


def _sent(saga: Saga, event: DocumentSent, now_ms: int) -> Move | None:
    """NOT_DONE is proof that the printer has no whole document. UNKNOWN is none: the sheet counter will tell."""
    if event.key != saga.issue.key:
        return None
    if event.proof is Proof.NOT_DONE:
        return clear(saga, "document-not-sent", now_ms)
    return Move(msgspec.structs.replace(saga, sent=True))


def _worker_gone(saga: Saga, event: WorkFailed, now_ms: int) -> Move | None:
    if saga.stage in (Stage.HOLDING, Stage.READYING):
        return settling.undeliver(saga, event.code, now_ms)
    if saga.stage in (Stage.STARTING, Stage.PRINTING) and not saga.sent:
        return clear(saga, event.code, now_ms)
    return None  # the printer has it all: the worker is not needed any more


def _sheet(saga: Saga, event: SheetMoved, now_ms: int) -> Move | None:
    if event.key != saga.issue.key:
        return None
    limit = now_ms + saga.policy.print_ms_per_sheet * 2
    return Move(msgspec.structs.replace(saga, sheet=event.sheet, blocked="", deadline_ms=limit))


def _blocked(saga: Saga, event: PrinterBlocked, now_ms: int) -> Move:
    """It needs a hand, and nobody of ours stands there: wait a little, then give the money back."""
    wait = saga.policy.stall_ms if event.reason else saga.policy.print_ms_per_sheet * 2
    return Move(msgspec.structs.replace(saga, blocked=event.reason, deadline_ms=now_ms + wait))


def _job_over(saga: Saga, event: JobOver, now_ms: int) -> Move | None:
    issue = saga.issue
    if event.key != issue.key:
        return None
    if event.proof is not Proof.DONE or event.sheets != issue.sheets:
        return clear(saga, saga.blocked or "printing-failed", now_ms)
    return _read(saga, Stage.LOOKING, now_ms)


def _follow(saga: Saga, event: JobLost, now_ms: int) -> Move:
    """The printer process restarted: the job lives in the printer, and is found by its key."""
    if saga.stage is Stage.STARTING:
        return clear(saga, "printer-silent", now_ms)
    return Move(saga, effects=(FollowJob(saga.issue.key, saga.issue.sheets),))


def _job_failed(saga: Saga, event: JobFailed, now_ms: int) -> Move | None:
    return clear(saga, saga.blocked or "printer-refused", now_ms) if event.key == saga.issue.key else None


def _too_slow(saga: Saga, event: Tick, now_ms: int) -> Move:
    if now_ms < saga.deadline_ms:
        return stay(saga)
    return clear(saga, saga.blocked or "printer-silent", now_ms)


def _read(saga: Saga, stage: Stage, now_ms: int) -> Move:
    policy = saga.policy
    return enter(
        saga, stage, ReadPaper(), deadline_ms=now_ms + policy.evidence_ms, retry_ms=now_ms + policy.retry_ms
    )


def _looked(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """All sheets counted and inside: store PRESENT?, then push them out, if somebody is there to take them."""
    reading, issue = event.reading, saga.issue
    if not evidence.complete(reading):
        return stay(saga)  # asked again until the deadline
    if not evidence.all_inside(issue, reading):
        return clear(saga, "count-mismatch", now_ms)
    if not saga.live:
        return clear(saga, "left", now_ms)
    offered = change_issue(saga, issue, state=IssueState.PRESENTING)
    record = issue_record("present-intent", offered, issue, sheets=issue.sheets)
    return Move(offered, (record,)).then(lambda s: _offer(s, now_ms))


def _offer(saga: Saga, now_ms: int) -> Move:
    pushed = msgspec.structs.replace(saga, offers=saga.offers + 1)
    return enter(pushed, Stage.OFFERING, Offer(), deadline_ms=now_ms + saga.policy.evidence_ms)


def _offered(saga: Saga, event: Offered, now_ms: int) -> Move:
    if event.proof is Proof.DONE:
        return enter(saga, Stage.WAITING, deadline_ms=now_ms + take_ms(saga))
    return _read(saga, Stage.CHECKING, now_ms)


def take_ms(saga: Saga) -> int:
    """How long paper waits in the mouth; less while the power fails."""
    policy = saga.policy
    return min(policy.take_ms, policy.hurried_take_ms) if saga.hurry else policy.take_ms


def _taken(saga: Saga, event: Taken, now_ms: int) -> Move:
    return _read(saga, Stage.CHECKING, now_ms)


def _check_after_restart(saga: Saga, event: JobLost, now_ms: int) -> Move:
    return _read(saga, Stage.CHECKING, now_ms)


def _checked(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """After "taken", or a presenter that went silent: what do sensors and the retract counter say?"""
    reading = event.reading
    if not evidence.complete(reading):
        return stay(saga)
    if reading.mouth:
        return enter(saga, Stage.WAITING, deadline_ms=now_ms + take_ms(saga))
    if reading.path and saga.live and saga.offers < MAX_OFFERS:
        return _offer(saga, now_ms)
    if reading.path:
        return clear(saga, "presenter-stuck", now_ms)
    return _judge(saga, reading, now_ms)


def _uncollected(saga: Saga, event: Tick, now_ms: int) -> Move:
    """Nobody took it after fair warning: back inside. From here on nobody is there to be paid in cash (M5)."""
    if now_ms < saga.deadline_ms:
        return stay(saga)
    return _retract(msgspec.structs.replace(saga, live=False, fault=UNCOLLECTED), now_ms)


def clear(saga: Saga, fault: str, now_ms: int) -> Move:
    """Something went wrong after PRINT?: stop the printer, pull everything inside, then look at what is proved."""
    faulty = msgspec.structs.replace(saga, fault=fault)
    policy = saga.policy
    return enter(
        faulty,
        Stage.CANCELLING,
        CancelJob(saga.issue.key),
        deadline_ms=now_ms + policy.evidence_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _cancelled(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """DONE: the job has ended. NOT_DONE: the printer surely knows no such job. Anything else is asked again."""
    reading = event.reading
    if event.proof is Proof.UNKNOWN or not evidence.complete(reading):
        return stay(saga)
    if reading.path or reading.mouth:
        return _retract(saga, now_ms)
    return _judge(saga, reading, now_ms)


def _retract(saga: Saga, now_ms: int) -> Move:
    policy = saga.policy
    return enter(
        saga,
        Stage.RETRACTING,
        RetractPaper(),
        deadline_ms=now_ms + policy.evidence_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _retracted(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    reading = event.reading
    if not evidence.complete(reading) or reading.path or reading.mouth:
        return stay(
            saga
        )  # tried again until the deadline, and after it until a technician has cleared the path
    return _judge(saga, reading, now_ms)


def _judge(saga: Saga, reading: PaperReading, now_ms: int) -> Move:
    """Nothing is in path or mouth any more: delivered, void, or a case for a person."""
    issue = saga.issue
    same = evidence.same_devices(issue, reading)  # another device's counters say nothing
    spoiled = evidence.sheets_out(issue, reading) if same else 0
    retracted = evidence.retracts_since(issue, reading) if same else 0
    verdict = evidence.verdict(issue, reading)
    if verdict is Verdict.UNDELIVERED:
        fault = saga.fault or "interrupted"
        return settling.undeliver(saga, fault, now_ms, spoiled=spoiled, retracted=retracted)
    if verdict is Verdict.DISPUTED:
        disputed = change_issue(saga, issue, state=IssueState.DISPUTED, reason=saga.fault, spoiled=spoiled)
        counts = {"spoiled": spoiled, "retracted": retracted}
        record = issue_record("issue-disputed", disputed, issue, reason=saga.fault, **counts)
        return Move(settling.give_up(disputed, "disputed"), (record,)).then(
            lambda s: settling.settle(s, now_ms)
        )
    delivered = change_issue(saga, issue, state=IssueState.DELIVERED)
    record = issue_record("issue-delivered", delivered, issue, fee=issue.fee, sheets=issue.sheets)
    move = Move(delivered, (record,))
    if not saga.live:
        return move.then(lambda s: settling.settle(settling.give_up(s, "left"), now_ms))
    return move.then(lambda s: issuing.next_issue(s, now_ms))


def _ask_again(saga: Saga, event: Tick, now_ms: int) -> Move:
    """No answer yet. Past the deadline a live citizen is not kept waiting; the order itself waits for evidence."""
    if saga.live and now_ms >= saga.deadline_ms:
        return _release(saga, now_ms)
    if saga.fault == UNCOLLECTED and now_ms >= saga.deadline_ms:
        # It does not go in: whoever looks at the screen is not kept waiting for it either.
        saga = msgspec.structs.replace(saga, fault="presenter-stuck")
    if not saga.retry_ms or now_ms < saga.retry_ms:
        return Move(saga)
    again = msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms)
    if saga.stage is Stage.CANCELLING:
        return Move(again, effects=(CancelJob(saga.issue.key),))
    return Move(again, effects=(RetractPaper(),) if saga.stage is Stage.RETRACTING else (ReadPaper(),))


def _release(saga: Saga, now_ms: int) -> Move:
    """Behind the closed gate nothing can reach a hand any more: the copy is void and the money goes back now.

    Once offered, only evidence decides: the citizen gets a record of the claim; the order stays open and blocks.
    """
    if saga.issue.state is IssueState.PRINTING and saga.stage is not Stage.LOOKING:
        return settling.undeliver(saga, saga.fault or "printer-silent", now_ms)
    if saga.stage is Stage.LOOKING:
        return clear(saga, "printer-silent", now_ms)
    return Move(msgspec.structs.replace(saga, live=False))


def _more_time(saga: Saga, event: MoreTime, now_ms: int) -> Move:
    """Somebody is there and reaches for it. While the power fails there is no more time to give."""
    if saga.hurry:
        return stay(saga)
    return enter(saga, Stage.WAITING, deadline_ms=now_ms + saga.policy.take_ms)


def _nobody_there(saga: Saga, event: VisitOver, now_ms: int) -> Move:
    """The visit ended with paper in the mouth: take it back."""
    return _retract(msgspec.structs.replace(saga, live=False, fault=UNCOLLECTED), now_ms)


HANDLERS: dict[tuple[Stage | None, type[OrderEvent]], Handler] = {
    (Stage.OPENING, Prepared): _prepared,
    (Stage.HOLDING, GateHeld): _held,
    (Stage.READYING, PaperRead): _ready,
    (Stage.STARTING, JobOpen): _job_open,
    (Stage.STARTING, JobFailed): _job_failed,
    (Stage.PRINTING, DocumentSent): _sent,
    (Stage.PRINTING, SheetMoved): _sheet,
    (Stage.PRINTING, PrinterBlocked): _blocked,
    (Stage.PRINTING, JobOver): _job_over,
    (Stage.PRINTING, JobFailed): _job_failed,
    **dict.fromkeys(((s, JobLost) for s in (Stage.STARTING, Stage.PRINTING)), _follow),
    **dict.fromkeys(((s, JobLost) for s in (Stage.OFFERING, Stage.WAITING)), _check_after_restart),
    **dict.fromkeys(
        ((s, WorkFailed) for s in (Stage.HOLDING, Stage.READYING, Stage.STARTING, Stage.PRINTING)),
        _worker_gone,
    ),
    **dict.fromkeys(((s, Tick) for s in (Stage.HOLDING, Stage.READYING)), _not_ready),
    **dict.fromkeys(((s, Tick) for s in (Stage.STARTING, Stage.PRINTING)), _too_slow),
    (Stage.LOOKING, PaperRead): _looked,
    (Stage.OFFERING, Offered): _offered,
    (Stage.OFFERING, Taken): _taken,
    (Stage.OFFERING, Tick): _uncollected,
    (Stage.WAITING, Taken): _taken,
    (Stage.WAITING, Tick): _uncollected,
    (Stage.WAITING, MoreTime): _more_time,
    (Stage.WAITING, VisitOver): _nobody_there,
    (Stage.CHECKING, PaperRead): _checked,
    (Stage.CANCELLING, PaperRead): _cancelled,
    (Stage.RETRACTING, PaperRead): _retracted,
    **dict.fromkeys(
        ((s, Tick) for s in (Stage.LOOKING, Stage.CHECKING, Stage.CANCELLING, Stage.RETRACTING)), _ask_again
    ),
}
