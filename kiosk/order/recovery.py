"""At boot: continue an order that a power cut or a crash left open, without its payer, from evidence."""

import msgspec

from kiosk.order import balancing, card, paper, redeeming, settling
from kiosk.order.booking import let_go
from kiosk.order.card_payment import CardState
from kiosk.order.effects import ReadCash
from kiosk.order.model import IssueState, Order, OrderState, Policy
from kiosk.order.saga import Move, Saga, Stage, change, enter


def resume(order: Order, policy: Policy, now_ms: int) -> Move:
    """The first move after boot.

    Nothing leaves the machine by itself: paper is retracted, money becomes a claim (M5).

    - COLLECT waits for CashReady: by then the bus has reported all that fell meanwhile. With NOTE?, its
      reading decides where the note is.
    - PAY? asks the hopper.
    - PRINT? and PRESENT? first cancel the printer's job, then read counters and sensors.
    - ISSUE? and ISSUED are void: no paper has moved.
    - RESERVE? and RESERVED are over: no coin has moved, and central releases the claims that it holds.
    - CARD?, CAPTURE? and REVERSE? ask the terminal. The card is charged for the delivered copies; the rest
      goes back.
    """
    # Also an order that was cancelled in COLLECT gets this reason: a coin may have fallen since.
    if not order.reason or order.state is OrderState.COLLECT:
        order = change(Saga(order, policy, Stage.COUNTING), reason="interrupted").order
    saga = Saga(order, policy, Stage.COUNTING, live=False)
    if order.card is not None and order.card.state is CardState.ASKED:
        return let_go(saga).then(lambda s: card.doubt(s, now_ms))
    if order.card is not None and order.card.state in (CardState.CAPTURING, CardState.REVERSING):
        return let_go(saga).then(lambda s: balancing.look(s, now_ms))
    if order.state in (OrderState.RESERVING, OrderState.RESERVED):
        return redeeming.give_back(saga, "interrupted")
    if order.state is OrderState.COLLECT and order.base is not None:
        judging = msgspec.structs.replace(saga, stage=Stage.JUDGING)
        return Move(judging if order.note is not None else saga)
    if order.state is OrderState.PAYING:
        about = order.payout.key if order.payout else ""
        return enter(saga, Stage.WEIGHING, ReadCash(about), retry_ms=now_ms + policy.retry_ms)
    issue = order.current
    if issue is not None and issue.state in (IssueState.PRINTING, IssueState.PRESENTING):
        return paper.clear(saga, "interrupted", now_ms)
    if issue is not None and issue.state in (IssueState.ISSUING, IssueState.ISSUED):
        return settling.undeliver(saga, "interrupted", now_ms)
    return settling.settle(settling.give_up(saga, "interrupted"), now_ms)
