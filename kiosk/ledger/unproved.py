"""How an order ends whose end nobody has: DISPUTED; what was put in and not accounted for is a claim. Pure."""

import msgspec
from msgspec import UNSET

from kiosk.ledger import replay_card
from kiosk.order.model import FINAL, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.order.saga import copy_names, owed
from kiosk.protocol import journal

LOST = "ledger-lost"


def end_unproved(order: Order, policy: Policy) -> tuple[Order, tuple[journal.Row, ...]]:
    """An order whose end nobody has: DISPUTED, and the rows that say so."""
    records: list[journal.Row] = []
    issues = []
    for issue in order.issues:
        if issue.state in FINAL:
            issues.append(issue)
        elif issue.state is IssueState.WAITING:
            issues.append(msgspec.structs.replace(issue, state=IssueState.UNDELIVERED, reason=LOST))
        else:
            issues.append(msgspec.structs.replace(issue, state=IssueState.DISPUTED, reason=LOST))
            records.append(journal.IssueDisputed(*copy_names(order, issue), reason=LOST))
    card = replay_card.unproved(order.card)
    if card is not None and card != order.card:
        records.append(journal.CardDisputed(order.id, card.key, card.receipt, card.amount))
    ended = msgspec.structs.replace(
        order, issues=tuple(issues), reason=order.reason or LOST, disputed=True, card=card
    )
    # What a redemption held stays owed at central, whatever of it was paid. A note may be in or out: it is owed.
    doubt = order.in_doubt + (order.note.value if order.note is not None else 0)
    closed = msgspec.structs.replace(
        ended,
        state=OrderState.CLOSED,
        payout=None,
        note=None,
        in_doubt=doubt,
        outcome=OrderOutcome.DISPUTED,
        counters=None,  # they stand where the last row told, which may be a later one than the order's own
    )
    closed = msgspec.structs.replace(closed, claim=0 if closed.redeems else owed(closed, policy))
    charged = closed.card if closed.by_card else None
    end = journal.OrderClosed(
        closed.id,
        OrderOutcome.DISPUTED,
        fee=closed.earned,
        credit=closed.credit,
        paid=closed.paid,
        claim=closed.claim,
        reason=closed.reason,
        captured=charged.captured if charged is not None else UNSET,
        reversed=charged.reversed if charged is not None else UNSET,
        holder=closed.holder if closed.holder and not closed.redeems else UNSET,
        redeems=True if closed.redeems else UNSET,
    )
    return closed, (*records, end)
