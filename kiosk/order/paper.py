"""PRESENT? to DELIVERED: sheets are counted behind the closed gate, offered, and taken or retracted.

P is the printer's lifetime sheet count, R the presenter's lifetime retract count. P0 and R0 are stored with
PRINT? (printing.py). Only counters and sensors decide; evidence.py says what they prove. Until PRESENT? the
gate is closed and no paper reaches the citizen.
"""

from typing import TypeGuard

import msgspec

from drivers.contract import Outcome as Proof
from drivers.contract import PaperReading
from kiosk.order import evidence, issuing, settling
from kiosk.order.effects import CancelJob, Offer, ReadPaper, RetractPaper
from kiosk.order.events import JobLost, MoreTime, Offered, PaperRead, Taken, Tick, VisitOver
from kiosk.order.evidence import Verdict
from kiosk.order.handlers import on, table
from kiosk.order.model import IssueState
from kiosk.order.saga import Move, Saga, Stage, change_issue, copy_names, enter, stay
from kiosk.protocol import journal

MAX_OFFERS = 3
UNCOLLECTED = "uncollected"


def read(saga: Saga, stage: Stage, now_ms: int) -> Move:
    """Go to a stage that waits for a reading of counters and sensors."""
    policy = saga.policy
    return enter(
        saga, stage, _look(saga), deadline_ms=now_ms + policy.evidence_ms, retry_ms=now_ms + policy.retry_ms
    )


def _look(saga: Saga) -> ReadPaper:
    """The question for P, as the same page counter that P0 is.

    If the printer has no lifetime count, the question is for the count of the job.
    """
    issue = saga.issue
    if issue.pages_remembered:
        return ReadPaper(printer_serial=issue.printer_serial)
    return ReadPaper(issue.key, issue.job_id, issue.printer_serial)


def _answered(reading: PaperReading | None, saga: Saga, now_ms: int) -> TypeGuard[PaperReading]:
    """Whether core can decide from this reading: it is complete, and P is the same page counter as P0.

    If the printer was exchanged, core decides at once. While the same printer reports another page counter,
    core waits. If the deadline passes after the citizen has left, core decides all the same (DISPUTED).
    """
    given_up = not saga.live and now_ms >= saga.deadline_ms
    return evidence.complete(reading, pages=saga.issue.pages_remembered) and (
        given_up or evidence.comparable(saga.issue, reading)
    )


def _looked(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """All sheets are counted and inside: if the citizen is there, store PRESENT?, then push them out."""
    reading, issue = event.reading, saga.issue
    if not _answered(reading, saga, now_ms) or evidence.sheets_out(issue, reading) is None:
        return stay(saga)  # core asks again until the deadline
    if not evidence.all_inside(issue, reading):
        return clear(saga, "count-mismatch", now_ms)
    if not saga.live:
        return clear(saga, "left", now_ms)
    offered = change_issue(saga, issue, state=IssueState.PRESENTING)
    record = journal.PresentIntent(*copy_names(offered.order, issue), sheets=issue.sheets)
    return Move(offered, (record,)).then(lambda s: _offer(s, now_ms))


def _offer(saga: Saga, now_ms: int) -> Move:
    pushed = msgspec.structs.replace(saga, offers=saga.offers + 1)
    return enter(pushed, Stage.OFFERING, Offer(), deadline_ms=now_ms + saga.policy.evidence_ms)


def _offered(saga: Saga, event: Offered, now_ms: int) -> Move:
    if event.proof is Proof.DONE:
        return enter(saga, Stage.WAITING, deadline_ms=now_ms + take_ms(saga))
    return read(saga, Stage.CHECKING, now_ms)


def take_ms(saga: Saga) -> int:
    """How long paper waits in the mouth; a shorter time while the power fails."""
    policy = saga.policy
    return min(policy.take_ms, policy.hurried_take_ms) if saga.hurry else policy.take_ms


def _taken(saga: Saga, event: Taken, now_ms: int) -> Move:
    return read(saga, Stage.CHECKING, now_ms)


def _check_after_restart(saga: Saga, event: JobLost, now_ms: int) -> Move:
    return read(saga, Stage.CHECKING, now_ms)


def _checked(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """Decide from sensors and counters, after the presenter reported "taken" or went silent."""
    reading = event.reading
    if not _answered(reading, saga, now_ms):
        return stay(saga)
    if reading.mouth:
        return enter(saga, Stage.WAITING, deadline_ms=now_ms + take_ms(saga))
    if reading.path and saga.live and saga.offers < MAX_OFFERS:
        return _offer(saga, now_ms)
    if reading.path:
        return clear(saga, "presenter-stuck", now_ms)
    return _judge(saga, reading, now_ms)


def _uncollected(saga: Saga, event: Tick, now_ms: int) -> Move:
    """The deadline has passed and nobody took the paper: pull it in.

    From here on no cash is paid out (M5).
    """
    if now_ms < saga.deadline_ms:
        return stay(saga)
    return _retract(msgspec.structs.replace(saga, live=False, fault=UNCOLLECTED), now_ms)


def clear(saga: Saga, fault: str, now_ms: int) -> Move:
    """Something went wrong after PRINT?: cancel the job, pull all paper in, then decide from the evidence."""
    faulty = msgspec.structs.replace(saga, fault=fault)
    policy = saga.policy
    return enter(
        faulty,
        Stage.CANCELLING,
        _cancel(saga),
        deadline_ms=now_ms + policy.evidence_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _cancel(saga: Saga) -> CancelJob:
    issue = saga.issue
    return CancelJob(issue.key, issue.job_id, issue.printer_serial)


def _cancelled(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """Decide after CancelJob.

    - DONE: the job has ended. NOT_DONE: the printer surely has no such job that may still print.
    - UNKNOWN: core asks again. But another printer can never tell of the job, so core goes on without its
      answer; that proves nothing, and a person decides (DISPUTED).
    """
    reading = event.reading
    if not _answered(reading, saga, now_ms):
        return stay(saga)
    if event.proof is Proof.UNKNOWN and evidence.same_printer(saga.issue, reading):
        return stay(saga)
    if reading.path or reading.mouth:
        return _retract(saga, now_ms)
    return _judge(saga, reading, now_ms)


def _retract(saga: Saga, now_ms: int) -> Move:
    policy = saga.policy
    return enter(
        saga,
        Stage.RETRACTING,
        RetractPaper(saga.issue.printer_serial),
        deadline_ms=now_ms + policy.evidence_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _retracted(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    reading = event.reading
    if not _answered(reading, saga, now_ms) or reading.path or reading.mouth:
        return stay(
            saga
        )  # core tries again, also after the deadline, until a technician has cleared the path
    return _judge(saga, reading, now_ms)


def _judge(saga: Saga, reading: PaperReading, now_ms: int) -> Move:
    """No paper is in path or mouth any more: the copy is delivered, void, or a case for a person."""
    issue = saga.issue
    same = evidence.same_devices(issue, reading)  # the counters of another device prove nothing
    spoiled = (evidence.sheets_out(issue, reading) or 0) if same else 0
    retracted = evidence.retracts_since(issue, reading) if same else 0
    verdict = evidence.verdict(issue, reading)
    if verdict is Verdict.UNDELIVERED:
        fault = saga.fault or "interrupted"
        return settling.undeliver(saga, fault, now_ms, spoiled=spoiled, retracted=retracted)
    if verdict is Verdict.DISPUTED:
        disputed = change_issue(saga, issue, state=IssueState.DISPUTED, reason=saga.fault, spoiled=spoiled)
        record = journal.IssueDisputed(*copy_names(disputed.order, issue), saga.fault, spoiled, retracted)
        return Move(settling.give_up(disputed, "disputed"), (record,)).then(
            lambda s: settling.settle(s, now_ms)
        )
    delivered = change_issue(saga, issue, state=IssueState.DELIVERED)
    names = copy_names(delivered.order, issue)
    move = Move(delivered, (journal.IssueDelivered(*names, fee=issue.fee, sheets=issue.sheets),))
    if not saga.live:
        return move.then(lambda s: settling.settle(settling.give_up(s, "left"), now_ms))
    return move.then(lambda s: issuing.next_issue(s, now_ms))


def _ask_again(saga: Saga, event: Tick, now_ms: int) -> Move:
    """No answer yet: ask again.

    Past the deadline the citizen is not kept waiting; the order waits for evidence.
    """
    if saga.live and now_ms >= saga.deadline_ms:
        return _release(saga, now_ms)
    if saga.fault == UNCOLLECTED and now_ms >= saga.deadline_ms:
        # The paper does not go in: nobody at the screen is kept waiting for that either.
        saga = msgspec.structs.replace(saga, fault="presenter-stuck")
    if not saga.retry_ms or now_ms < saga.retry_ms:
        return Move(saga)
    again = msgspec.structs.replace(saga, retry_ms=now_ms + saga.policy.retry_ms)
    if saga.stage is Stage.CANCELLING:
        return Move(again, effects=(_cancel(saga),))
    retracting = saga.stage is Stage.RETRACTING
    return Move(again, effects=(RetractPaper(saga.issue.printer_serial) if retracting else _look(saga),))


def _release(saga: Saga, now_ms: int) -> Move:
    """Stop keeping the citizen waiting.

    Before the offer the gate is closed, so no paper can reach the citizen: the copy is void and the money
    goes back now. In LOOKING core first clears the paper. After the offer only evidence decides: the money is
    owed on a record, and the order stays open and blocks other sales.
    """
    if saga.issue.state is IssueState.PRINTING and saga.stage is not Stage.LOOKING:
        return settling.undeliver(saga, saga.fault or "printer-silent", now_ms)
    if saga.stage is Stage.LOOKING:
        return clear(saga, "printer-silent", now_ms)
    return Move(msgspec.structs.replace(saga, live=False))


def _more_time(saga: Saga, event: MoreTime, now_ms: int) -> Move:
    """The citizen asks for more time: start the full time again.

    While the power fails there is no more time.
    """
    if saga.hurry:
        return stay(saga)
    return enter(saga, Stage.WAITING, deadline_ms=now_ms + saga.policy.take_ms)


def _nobody_there(saga: Saga, event: VisitOver, now_ms: int) -> Move:
    """The visit ended with paper in the mouth: pull it in."""
    return _retract(msgspec.structs.replace(saga, live=False, fault=UNCOLLECTED), now_ms)


HANDLERS = table(
    on(Stage.LOOKING, PaperRead, _looked),
    on((Stage.OFFERING, Stage.WAITING), JobLost, _check_after_restart),
    on(Stage.OFFERING, Offered, _offered),
    on(Stage.OFFERING, Taken, _taken),
    on(Stage.OFFERING, Tick, _uncollected),
    on(Stage.WAITING, Taken, _taken),
    on(Stage.WAITING, Tick, _uncollected),
    on(Stage.WAITING, MoreTime, _more_time),
    on(Stage.WAITING, VisitOver, _nobody_there),
    on(Stage.CHECKING, PaperRead, _checked),
    on(Stage.CANCELLING, PaperRead, _cancelled),
    on(Stage.RETRACTING, PaperRead, _retracted),
    on((Stage.LOOKING, Stage.CHECKING, Stage.CANCELLING, Stage.RETRACTING), Tick, _ask_again),
)
