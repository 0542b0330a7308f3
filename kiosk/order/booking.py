"""CAPTURE? and REVERSE?: charge the card for the delivered copies and give back the rest.

This happens whether the citizen is still there or not.
"""

import msgspec

from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.effects import Capture, Effect, Reverse
from kiosk.order.model import OrderState
from kiosk.order.saga import Move, Saga, Stage, change, change_card, enter
from kiosk.protocol import journal

# So many times an idle terminal must give the same answer, because a command may still be on its way.
SURE = 2


def book(saga: Saga, now_ms: int) -> Move:
    """Store the intent, then send the command once. Core charges only for delivered copies (M1, M2)."""
    earned = saga.order.earned
    state = CardState.CAPTURING if earned else CardState.REVERSING
    intent = change_card(saga, state=state, wanted=earned)
    kind = journal.CardCaptureIntent if earned else journal.CardReverseIntent
    return Move(intent, (kind(*card_names(intent), amount=earned),)).then(
        lambda s: tell(msgspec.structs.replace(s, tries=0), now_ms)
    )


def tell(saga: Saga, now_ms: int) -> Move:
    """Send the command of the intent. Call it only if it is proved that the terminal has not done it yet."""
    told = msgspec.structs.replace(saga, tries=saga.tries + 1)
    return enter(told, Stage.BOOKING, command(payment(saga)), deadline_ms=now_ms + saga.policy.evidence_ms)


def command(card: CardPayment) -> Effect:
    """The intent as a command to the terminal."""
    if card.state is CardState.CAPTURING:
        return Capture(card.key, card.receipt, card.amount, card.wanted)
    return Reverse(card.key, card.receipt)


def let_go(saga: Saga) -> Move:
    """Stop keeping the citizen waiting: the order becomes CARD_DUE.

    Everything but the card is done. The order waits for the terminal while the next orders run beside it.
    """
    if saga.order.state is OrderState.CARD_DUE:
        return Move(msgspec.structs.replace(saga, live=False))
    waiting = change(msgspec.structs.replace(saga, live=False), state=OrderState.CARD_DUE)
    return Move(waiting, (journal.CardWaits(*card_names(waiting)),))


def payment(saga: Saga) -> CardPayment:
    """The payment under way; only asked for in stages that have one."""
    if saga.order.card is None:
        raise LookupError(f"order {saga.order.id} has no card payment in stage {saga.stage}")
    return saga.order.card


def question(saga: Saga, stage: Stage) -> str:
    """A name for the present doubt about the payment.

    An answer carries the name of its question. An answer to an earlier question proves nothing here.
    """
    return f"{payment(saga).key} {stage} {saga.tries}"


def card_names(saga: Saga) -> tuple[str, str, int]:
    """The first fields of every row about the payment: its order, its key, the terminal's receipt number."""
    card = payment(saga)
    return saga.order.id, card.key, card.receipt
