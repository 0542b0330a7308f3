"""The examples (all_screens.py) of money that is owed: asked for, shown, paid, or not to be had here."""

from collections.abc import Iterator

import msgspec

from kiosk.examples.base import NOW_MS, ORDER, Example, by_card, on, sold
from kiosk.order.model import OrderOutcome
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.refund import MONEY
from kiosk.visit.screens import Attract, Card, Change, Goodbye, InsertCard, Refund, Trouble, Verifying
from kiosk.visit.screens import EnterPin as Pin
from kiosk.visit.state import Visit

_CARD = Card("Reader 0", 7)
_KEY, _INFO = bytes(32), b"example"
# 14:03 in Seoul.
_OPENED_MS = (5 * 60 + 3) * 60_000
_CLOSED = OrderView(ORDER, Phase.CLOSED, redeems=True, redeem=700, at_card=True)


def owed(base: Visit) -> Iterator[Example]:
    """(name, visit) at a machine with a card reader; `base` serves somebody in the catalogue of any machine."""
    served = sold(base, by_card(base.catalogue))
    nobody = msgspec.structs.replace(served, serving=False, worker_ready=False, lines=0)
    yield "attract-money-back", on(nobody, Attract())
    yield "identify-insert-money", on(served, InsertCard(MONEY))
    inside = msgspec.structs.replace(served, card=_CARD)
    pin = Pin(MONEY, _CARD, 3, _KEY, _INFO)
    yield "identify-verifying-money", on(inside, Verifying(pin, (1,), NOW_MS + 9_000))
    offered = OrderView(ORDER, Phase.OFFERED, redeems=True, redeem=700, at_card=True)
    yield "refund-looking", on(served, Refund(msgspec.structs.replace(offered, phase=Phase.RESERVING)))
    yield "refund-offer", on(served, Refund(offered))
    yield "refund-offer-card-in", on(inside, Refund(offered))
    yield "refund-starting", on(served, Refund(offered, confirmed=True))
    yield from _paid(served, offered)
    yield from _not_here(served)
    yield from _claims(served, nobody)


def _paid(served: Visit, offered: OrderView) -> Iterator[Example]:
    paying = msgspec.structs.replace(offered, phase=Phase.PAYING_OUT, to_pay=700, paid=300)
    yield "change-redeem-paying", on(served, Change(paying, ()))
    done = {"paid": 700, "to_pay": 700, "outcome": OrderOutcome.REFUNDED, "slip": Slip.PRINTED}
    paid = msgspec.structs.replace(_CLOSED, **done)
    yield "change-redeemed", on(served, Change(paid, ()))
    yield "goodbye-redeemed", on(served, Goodbye(paid))


def _not_here(served: Visit) -> Iterator[Example]:
    for code in ("no-claim", "claim-reserved", "claim-too-large"):
        none = msgspec.structs.replace(_CLOSED, redeem=0, outcome=OrderOutcome.REFUNDED, reason=code)
        yield f"trouble-{code}", on(served, Trouble(code, view=none))
    short = msgspec.structs.replace(_CLOSED, paid=300, outcome=OrderOutcome.CLAIM, reason="change-short")
    yield "trouble-redeemed-short", on(served, Trouble("change-short", view=short))


def _claims(served: Visit, nobody: Visit) -> Iterator[Example]:
    known = OrderView(
        ORDER,
        Phase.CLOSED,
        fee=500,
        credit=500,
        claim=500,
        claim_code="7Q9M5T",
        outcome=OrderOutcome.CLAIM,
        opened_ms=_OPENED_MS,
        at_card=True,
    )
    printed = msgspec.structs.replace(known, slip=Slip.PRINTED)
    yield "trouble-claim-card", on(served, Trouble("change-short", view=printed))
    yield "trouble-interrupted-card", on(nobody, Trouble("interrupted", view=known))
    unknown = msgspec.structs.replace(known, at_card=False)
    yield "trouble-interrupted-counter", on(nobody, Trouble("interrupted", view=unknown))
