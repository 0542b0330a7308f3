"""At boot: an order that a power cut or a crash left open goes on, without its payer, from what devices can prove."""

import msgspec

from kiosk.order import balancing, card, paper, redeeming, settling
from kiosk.order.booking import let_go
from kiosk.order.card_payment import CardState
from kiosk.order.effects import ReadCash
from kiosk.order.model import IssueState, Order, OrderState, Policy
from kiosk.order.saga import Move, Saga, Stage, change, enter


def resume(order: Order, policy: Policy, now_ms: int) -> Move:
    """The first move after boot. Nothing leaves the machine by itself: paper is retracted, money becomes a claim (M5).

    COLLECT waits for CashReady (what fell while nobody listened has been reported then); NOTE? is judged by it.
    PAY? asks the hopper. PRINT? and PRESENT? stop the printer's job first, then look. ISSUE? and ISSUED are void: no
    paper has moved. RESERVE? and RESERVED are over: no coin has moved, and central lets go of what it holds. CARD?,
    CAPTURE? and REVERSE? ask the terminal; a card is charged for what was delivered, the rest goes back to it.
    """
    # One that was cancelled in COLLECT, too: a coin may have fallen since.
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
