"""PRESENT? to DELIVERED: sheets counted inside a closed presenter, offered, taken, or pulled back and judged.

P is the printer's lifetime sheet count, R the presenter's lifetime retract count; P0 and R0 are stored with PRINT?
(printing.py). What they and the sensors prove is in evidence.py: only counters and sensors decide. Until PRESENT? the
gate is closed: nothing reaches a hand.
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
    """Go to a stage that waits for what counters and sensors say."""
    policy = saga.policy
    return enter(
        saga, stage, _look(saga), deadline_ms=now_ms + policy.evidence_ms, retry_ms=now_ms + policy.retry_ms
    )


def _look(saga: Saga) -> ReadPaper:
    """The question for P, as the count that P0 is; where the printer has no count for life, for that of the job."""
    issue = saga.issue
    if issue.pages_remembered:
        return ReadPaper(printer_serial=issue.printer_serial)
    return ReadPaper(issue.key, issue.job_id, issue.printer_serial)


def _answered(reading: PaperReading | None, saga: Saga, now_ms: int) -> TypeGuard[PaperReading]:
    """Whether there is something to judge by: all of it, and P of the count that P0 is, unless of another printer.

    While it tells another one, that is waited for; past the deadline, with nobody there any more, a person looks.
    """
    given_up = not saga.live and now_ms >= saga.deadline_ms
    return evidence.complete(reading, pages=saga.issue.pages_remembered) and (
        given_up or evidence.comparable(saga.issue, reading)
    )


def _looked(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """All sheets counted and inside: store PRESENT?, then push them out, if somebody is there to take them."""
    reading, issue = event.reading, saga.issue
    if not _answered(reading, saga, now_ms) or evidence.sheets_out(issue, reading) is None:
        return stay(saga)  # asked again until the deadline
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
    """How long paper waits in the mouth; less while the power fails."""
    policy = saga.policy
    return min(policy.take_ms, policy.hurried_take_ms) if saga.hurry else policy.take_ms


def _taken(saga: Saga, event: Taken, now_ms: int) -> Move:
    return read(saga, Stage.CHECKING, now_ms)


def _check_after_restart(saga: Saga, event: JobLost, now_ms: int) -> Move:
    return read(saga, Stage.CHECKING, now_ms)


def _checked(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """After "taken", or a presenter that went silent: what do sensors and the retract counter say?"""
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
        _cancel(saga),
        deadline_ms=now_ms + policy.evidence_ms,
        retry_ms=now_ms + policy.retry_ms,
    )


def _cancel(saga: Saga) -> CancelJob:
    issue = saga.issue
    return CancelJob(issue.key, issue.job_id, issue.printer_serial)


def _cancelled(saga: Saga, event: PaperRead, now_ms: int) -> Move:
    """DONE: the job has ended. NOT_DONE: the printer surely has no such job that may print. UNKNOWN is asked again.

    Another printer can never tell of the job; what it does not know proves nothing, so a person looks (DISPUTED).
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
        )  # tried again until the deadline, and after it until a technician has cleared the path
    return _judge(saga, reading, now_ms)


def _judge(saga: Saga, reading: PaperReading, now_ms: int) -> Move:
    """Nothing is in path or mouth any more: delivered, void, or a case for a person."""
    issue = saga.issue
    same = evidence.same_devices(issue, reading)  # another device's counters say nothing
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
        return Move(again, effects=(_cancel(saga),))
    retracting = saga.stage is Stage.RETRACTING
    return Move(again, effects=(RetractPaper(saga.issue.printer_serial) if retracting else _look(saga),))


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
