"""A redemption: claims of earlier orders paid out to their payer, who was identified again in this very visit.

RESERVE? is stored before central is asked; central then holds the claims for this redemption alone, whatever becomes of
it. The payout itself goes the way of every payout (settling.py): PAY? before each command, counted by the hopper. What
was not paid stays owed at central, and is never paid by this redemption again.
"""

from kiosk.order import failing, paying, settling
from kiosk.order.change import Till
from kiosk.order.effects import AskClaims
from kiosk.order.events import (
    Claimed,
    Confirmed,
    PowerFailing,
    Reserved,
    Stop,
    Tick,
    VisitOver,
    WorkFailed,
)
from kiosk.order.handlers import on, table
from kiosk.order.model import Order, OrderState, Policy
from kiosk.order.saga import Move, Saga, Stage, change, close, enter, stay
from kiosk.protocol import journal


def begin(
    order_id: str,
    holder: str,
    most: int,
    policy: Policy,
    now_ms: int,
    wall_ms: int,
    till: Till | None = None,
) -> Move:
    """Store RESERVE?, then ask for what is owed to `holder`, at most `most` KRW: what the hoppers can surely pay."""
    order = Order(order_id, wall_ms, (), state=OrderState.RESERVING, holder=holder, redeems=True)
    record = journal.RedeemIntent(order_id, most, holder)
    asked = Move(Saga(order, policy, Stage.RESERVING, till=till), (record,))
    return asked.then(
        lambda s: enter(s, Stage.RESERVING, AskClaims(order_id, most), deadline_ms=now_ms + policy.central_ms)
    )


def _reserved(saga: Saga, event: Reserved, now_ms: int) -> Move | None:
    """What central holds for us. Nothing: that is the end."""
    if event.order != saga.order.id:
        return None
    amount = sum(claim.amount for claim in event.claims)
    if not event.claims or amount < paying.smallest(saga):
        return give_back(saga, event.code or "no-claim")
    held = change(saga, state=OrderState.RESERVED, redeem=amount)
    record = journal.RedeemHeld(saga.order.id, amount, tuple(_named(claim) for claim in event.claims))
    return Move(held, (record,)).then(lambda s: enter(s, Stage.CONFIRMING))


def _named(claim: Claimed) -> journal.Claim:
    return journal.Claim(claim.kiosk, claim.order, claim.amount)


def _confirmed(saga: Saga, event: Confirmed, now_ms: int) -> Move:
    return settling.settle(saga, now_ms)


def _late(saga: Saga, event: Tick, now_ms: int) -> Move:
    """No answer is no answer: central may hold them, and lets go when it hears that this is over."""
    return give_back(saga, "central-unreachable") if now_ms >= saga.deadline_ms else stay(saga)


def _failed(saga: Saga, event: WorkFailed, now_ms: int) -> Move:
    return give_back(saga, event.code)


def _stopped(saga: Saga, event: Stop, now_ms: int) -> Move:
    return give_back(saga, event.reason)


def _left(saga: Saga, event: VisitOver, now_ms: int) -> Move:
    return give_back(saga, "left")


def _power_fails(saga: Saga, event: PowerFailing, now_ms: int) -> Move:
    """Nothing has been paid, and nothing is begun now: it is owed as before."""
    return give_back(saga, failing.REASON)


def give_back(saga: Saga, reason: str) -> Move:
    """Nothing was paid: central lets go of what it holds when it hears of this end."""
    return close(change(saga, reason=saga.order.reason or reason))


HANDLERS = table(
    on(Stage.RESERVING, Reserved, _reserved),
    on(Stage.RESERVING, Tick, _late),
    on(Stage.RESERVING, WorkFailed, _failed),
    on(Stage.RESERVING, VisitOver, _left),
    on(Stage.CONFIRMING, Confirmed, _confirmed),
    on(Stage.CONFIRMING, Stop, _stopped),
    on(Stage.CONFIRMING, VisitOver, _left),
    on(Stage.RESERVING, PowerFailing, _power_fails),
    on(Stage.CONFIRMING, PowerFailing, _power_fails),
)
