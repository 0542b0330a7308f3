"""A redemption: pay out the claims of earlier orders to their payer, whom the card identified in this visit.

Core stores RESERVE? before it asks central. Central then holds the claims for this redemption alone until it
hears how the redemption ended. The payout is like every payout (settling.py): PAY? before each command, and
the hopper counts. The unpaid rest stays owed at central; this redemption never pays it later.
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
    """Store RESERVE?, then ask central for the claims of `holder`.

    `most` (KRW): the most that the hoppers can surely pay.
    """
    order = Order(order_id, wall_ms, (), state=OrderState.RESERVING, holder=holder, redeems=True)
    record = journal.RedeemIntent(order_id, most, holder)
    asked = Move(Saga(order, policy, Stage.RESERVING, till=till), (record,))
    return asked.then(
        lambda s: enter(s, Stage.RESERVING, AskClaims(order_id, most), deadline_ms=now_ms + policy.central_ms)
    )


def _reserved(saga: Saga, event: Reserved, now_ms: int) -> Move | None:
    """Central holds the claims: store RESERVED and ask the payer.

    Without a payable sum, the redemption ends.
    """
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
    """Central did not answer in time. It may hold claims, and releases them when it hears of this end."""
    return give_back(saga, "central-unreachable") if now_ms >= saga.deadline_ms else stay(saga)


def _failed(saga: Saga, event: WorkFailed, now_ms: int) -> Move:
    return give_back(saga, event.code)


def _stopped(saga: Saga, event: Stop, now_ms: int) -> Move:
    return give_back(saga, event.reason)


def _left(saga: Saga, event: VisitOver, now_ms: int) -> Move:
    return give_back(saga, "left")


def _power_fails(saga: Saga, event: PowerFailing, now_ms: int) -> Move:
    """Nothing has been paid and no payout begins now: the claims are owed as before."""
    return give_back(saga, failing.REASON)


def give_back(saga: Saga, reason: str) -> Move:
    """Close without a payout. Central releases the claims when it hears of this end."""
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
