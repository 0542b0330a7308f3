"""What journal rows tell of a payment by card, for an order that is rebuilt from them. Pure."""

from collections.abc import Callable
from typing import Any

import msgspec

from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.model import Order, OrderState

Step = Callable[[Order, dict[str, Any]], Order]


def _asked(order: Order, body: dict[str, Any]) -> Order:
    attempt = int(body["payment"].rpartition("-c")[2])
    card = CardPayment(body["payment"], attempt, body["amount"], body["terminal"])
    return msgspec.structs.replace(order, state=OrderState.CARD, card=card)


def _told(state: CardState, **names: str) -> Step:
    """The payment stands there now; `names` are its fields by what the row calls them."""

    def step(order: Order, body: dict[str, Any]) -> Order:
        if order.card is None:
            return order
        said = {name: body[told] for name, told in names.items() if told in body}
        return msgspec.structs.replace(order, card=msgspec.structs.replace(order.card, state=state, **said))

    return step


def unproved(card: CardPayment | None) -> CardPayment | None:
    """A payment whose end nobody has any more: a person has to look at the terminal's own books."""
    if card is None or card.state in (CardState.CAPTURED, CardState.REVERSED, CardState.NOT_TAKEN):
        return card
    return msgspec.structs.replace(card, state=CardState.DISPUTED)


STEPS: dict[str, Step] = {
    "card-intent": _asked,
    "card-authorised": _told(CardState.RESERVED, receipt="receipt", amount="amount"),
    "card-not-taken": _told(CardState.NOT_TAKEN, reason="reason"),
    "card-capture-intent": _told(CardState.CAPTURING, wanted="amount"),
    "card-reverse-intent": _told(CardState.REVERSING),
    "card-captured": _told(CardState.CAPTURED, captured="captured", reversed="reversed"),
    "card-reversed": _told(CardState.REVERSED, captured="captured", reversed="reversed"),
    "card-disputed": _told(CardState.DISPUTED),
}
