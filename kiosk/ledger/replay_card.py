"""What journal rows tell of a payment by card, for an order that is rebuilt from them. Pure."""

from typing import Any, assert_never

import msgspec

from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.model import Order, OrderState
from kiosk.protocol import journal


def after(order: Order, fact: journal.OfCards) -> Order:
    """The order as it stands after this row."""
    match fact:
        case journal.CardIntent():
            attempt = int(fact.payment.rpartition("-c")[2])
            card = CardPayment(fact.payment, attempt, fact.amount, fact.terminal)
            return msgspec.structs.replace(order, state=OrderState.CARD, card=card)
        case journal.CardWaits():
            return order  # said beside the rows that change it
        case journal.CardAuthorised():
            return _told(order, CardState.RESERVED, receipt=fact.receipt, amount=fact.amount)
        case journal.CardNotTaken():
            return _told(order, CardState.NOT_TAKEN, reason=fact.reason)
        case _:
            return _after_the_copies(order, fact)


def _after_the_copies(
    order: Order,
    fact: journal.CardCaptureIntent
    | journal.CardReverseIntent
    | journal.CardCaptured
    | journal.CardReversed
    | journal.CardDisputed,
) -> Order:
    """The copies have ended: what was delivered is charged, or all goes back."""
    match fact:
        case journal.CardCaptureIntent():
            return _told(order, CardState.CAPTURING, wanted=fact.amount)
        case journal.CardReverseIntent():
            return _told(order, CardState.REVERSING)
        case journal.CardCaptured():
            return _told(order, CardState.CAPTURED, captured=fact.captured, reversed=fact.reversed)
        case journal.CardReversed():
            return _told(order, CardState.REVERSED, captured=fact.captured, reversed=fact.reversed)
        case journal.CardDisputed():
            return _told(order, CardState.DISPUTED)
        case _:
            assert_never(fact)


def _told(order: Order, state: CardState, **said: Any) -> Order:
    """The payment stands there now; `said` are its fields that the row tells."""
    if order.card is None:
        return order
    return msgspec.structs.replace(order, card=msgspec.structs.replace(order.card, state=state, **said))


def unproved(card: CardPayment | None) -> CardPayment | None:
    """A payment whose end nobody has any more: a person has to look at the terminal's own books."""
    if card is None or card.state in (CardState.CAPTURED, CardState.REVERSED, CardState.NOT_TAKEN):
        return card
    return msgspec.structs.replace(card, state=CardState.DISPUTED)
