"""What journal rows tell of a copy, for an order that is rebuilt from them. Pure."""

from typing import Any, assert_never

import msgspec
from msgspec import UNSET

from kiosk.order.model import Issue, IssueState, Order, OrderState
from kiosk.protocol import journal


def after(order: Order, fact: journal.OfPaper) -> Order:
    """The order as it stands after this row."""

    def now(issue: Issue) -> Issue:
        if issue.key != fact.key:
            return issue
        issue = _with(issue, number=fact.number)
        match fact:
            case journal.IssueIntent():
                return _with(issue, state=IssueState.ISSUING)
            case journal.IssueNumbered():
                return _with(issue, state=IssueState.ISSUED)
            case journal.PrintIntent():
                return _printing(issue, fact)
            case journal.PresentIntent():
                return _with(issue, state=IssueState.PRESENTING)
            case journal.IssueDelivered():
                return _with(issue, state=IssueState.DELIVERED)
            case journal.IssueVoid():
                state = IssueState.UNDELIVERED
                return _with(issue, state=state, reason=fact.reason, spoiled=fact.spoiled)
            case journal.IssueDisputed():
                spoiled = issue.spoiled if fact.spoiled is UNSET else fact.spoiled
                return _with(issue, state=IssueState.DISPUTED, reason=fact.reason, spoiled=spoiled)
            case _:
                assert_never(fact)

    return msgspec.structs.replace(order, state=OrderState.LINES, issues=tuple(map(now, order.issues)))


def _printing(issue: Issue, fact: journal.PrintIntent) -> Issue:
    """Where the counters stood when the document was about to be sent, as far as the row tells."""
    return _with(
        issue,
        state=IssueState.PRINTING,
        pages_before=fact.pages_before,
        retracts_before=fact.retracts_before,
        printer_serial=issue.printer_serial if fact.printer is UNSET else fact.printer,
        presenter_serial=issue.presenter_serial if fact.presenter is UNSET else fact.presenter,
        job_id=issue.job_id if fact.job is UNSET else fact.job,
        pages_remembered=issue.pages_remembered if fact.pages_remembered is UNSET else fact.pages_remembered,
    )


def _with(issue: Issue, **fields: Any) -> Issue:
    return msgspec.structs.replace(issue, **fields)
