"""ISSUE? to ISSUED: central gives number and seal, the worker makes the document and reads it back.

No paper moves yet.
"""

from kiosk.order import settling
from kiosk.order.effects import AskCentral, AskWorker, OpenAnswer
from kiosk.order.events import Answered, Sealed, Tick, WorkFailed
from kiosk.order.handlers import on, table
from kiosk.order.model import IssueState, OrderState
from kiosk.order.saga import (
    Hurry,
    Move,
    Saga,
    Stage,
    change,
    change_issue,
    copy_names,
    enter,
    stay,
)
from kiosk.protocol import journal


def next_issue(saga: Saga, now_ms: int) -> Move:
    """Store ISSUE? for the next copy and have the worker seal its request. If no copy is left, settle."""
    issue = saga.order.current
    if issue is None:
        return settling.settle(saga, now_ms)
    if saga.hurry is Hurry.STOP:
        return settling.settle(settling.give_up(saga, "power-failing"), now_ms)
    asked = change_issue(change(saga, state=OrderState.LINES), issue, state=IssueState.ISSUING)
    record = journal.IssueIntent(*copy_names(asked.order, issue))
    return Move(asked, (record,)).then(
        lambda s: enter(
            s,
            Stage.SEALING,
            AskWorker(issue.line, issue.copy, issue.key),
            deadline_ms=now_ms + s.policy.worker_ms,
        )
    )


def _sealed(saga: Saga, event: Sealed, now_ms: int) -> Move | None:
    issue = saga.issue
    if event.key != issue.key:
        return None
    ask = AskCentral(issue.line, issue.copy, issue.key, issue.type_code, event.sealed)
    return enter(saga, Stage.ASKING, ask, deadline_ms=now_ms + saga.policy.central_ms)


def _answered(saga: Saga, event: Answered, now_ms: int) -> Move | None:
    issue = saga.issue
    if event.key != issue.key:
        return None
    if not event.number:
        return settling.undeliver(saga, event.code or "central-unreachable", now_ms)
    numbered = change_issue(saga, issue, number=event.number)
    opened = OpenAnswer(issue.key, event.number, event.sealed)
    return enter(numbered, Stage.OPENING, opened, deadline_ms=now_ms + saga.policy.worker_ms)


def _failed(saga: Saga, event: WorkFailed, now_ms: int) -> Move:
    return settling.undeliver(saga, event.code, now_ms)


def _late_worker(saga: Saga, event: Tick, now_ms: int) -> Move:
    return settling.undeliver(saga, "worker-silent", now_ms) if now_ms >= saga.deadline_ms else stay(saga)


def _late_central(saga: Saga, event: Tick, now_ms: int) -> Move:
    """Central did not answer in time.

    It may have given the number, so the key is void for ever (a tombstone there).
    """
    return (
        settling.undeliver(saga, "central-unreachable", now_ms) if now_ms >= saga.deadline_ms else stay(saga)
    )


HANDLERS = table(
    on(Stage.SEALING, Sealed, _sealed),
    on(Stage.SEALING, WorkFailed, _failed),
    on(Stage.SEALING, Tick, _late_worker),
    on(Stage.ASKING, Answered, _answered),
    on(Stage.ASKING, WorkFailed, _failed),
    on(Stage.ASKING, Tick, _late_central),
    on(Stage.OPENING, WorkFailed, _failed),
    on(Stage.OPENING, Tick, _late_worker),
)
