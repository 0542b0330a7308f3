"""Money that is owed to who stands here: looked for once the card has said who it is, shown, and paid when they say so.

Nothing is owed here: central knows and holds it, the order (kiosk.order.redeeming) pays it. Leaving gives it back.
"""

import msgspec

from kiosk.order.model import OrderOutcome
from kiosk.protocol.claims import CLAIM_TYPE
from kiosk.visit.effects import ConfirmRedemption, OpenRedemption
from kiosk.visit.items import Entry
from kiosk.visit.moves import Move, finish, go, stay
from kiosk.visit.order_view import OrderView
from kiosk.visit.screens import Refund
from kiosk.visit.state import Visit

MONEY = Entry(CLAIM_TYPE)


def wants_money(entry: Entry | None) -> bool:
    """Whether this is about money that is owed, not about a certificate."""
    return entry is not None and entry.type_code == CLAIM_TYPE


def can_ask(state: Visit) -> bool:
    """Whether this machine can know who somebody is, and has coins to give: else there is nothing to ask here."""
    by_card = any(kind.identification == "card" for kind in state.catalogue.types)
    return by_card and state.health.pays_back


def payable(view: OrderView) -> bool:
    """Whether what this order owes can be had at a machine: its payer was identified, and nothing is in doubt."""
    return view.at_card and view.outcome is OrderOutcome.CLAIM


def look_for(state: Visit, subject: str, now_ms: int) -> Move:
    """Somebody is known: what is owed to them?"""
    return go(state, Refund(), now_ms), (OpenRedemption(subject),)


def on_refund(state: Visit, screen: Refund, control: str) -> Move:
    """Now, or another time. One press pays once: the screen waits for the coins from there on."""
    if control == "pay-out" and screen.waits:
        confirmed = msgspec.structs.replace(screen, confirmed=True)
        return msgspec.structs.replace(state, screen=confirmed, deadline_ms=None), (ConfirmRedemption(),)
    if control == "later" and screen.waits:
        return finish(state, "cancelled")
    return stay(state)
