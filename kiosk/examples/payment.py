"""Visits for the screens about paying by card, in situations as they really come."""

from collections.abc import Iterator

import msgspec

from kiosk.examples.base import ORDER, Example, on
from kiosk.health.health import Ailment
from kiosk.order.model import OrderOutcome
from kiosk.visit.items import Drafted
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.screens import Change, Pay, Trouble
from kiosk.visit.state import Help, Visit

BOTH = ("cash", "card")


def paying_by_card(base: Visit, agreed: Drafted) -> Iterator[Example]:
    """From the choice to the card's last word, and what can go wrong on the way."""
    with_terminal = msgspec.structs.replace(base, health=msgspec.structs.replace(base.health, card=True))
    choosing = OrderView(ORDER, Phase.CHOOSING, fee=1_000, copies=2, sheets=2, means=BOTH)
    drafts = (agreed,)

    def shown(**fields: object) -> Pay:
        return Pay(msgspec.structs.replace(choosing, **fields), drafts)

    yield "pay-choosing", on(with_terminal, shown())
    yield "pay-choosing-declined", on(with_terminal, shown(problem="declined"))
    no_coins = msgspec.structs.replace(with_terminal.health, ailments=(Ailment("coin", "unplugged"),))
    yield (
        "pay-choosing-card-only",
        on(msgspec.structs.replace(with_terminal, health=no_coins), shown(means=BOTH)),
    )
    yield "pay-choosing-no-card", on(base, shown(problem="card-down"))
    for prompt in ("present", "pin", "wait", "remove"):
        yield f"pay-card-{prompt}", on(with_terminal, shown(phase=Phase.CARD, by_card=True, prompt=prompt))
    yield "pay-card-silent", on(with_terminal, shown(phase=Phase.CARD, by_card=True, blocked="card-silent"))
    yield "pay-card-stopping", on(with_terminal, shown(phase=Phase.CARD, by_card=True, cancelled=True))
    yield "pay-coins-or-other", on(with_terminal, shown(phase=Phase.COLLECTING))
    yield "sheet-help-card", on(with_terminal, shown(phase=Phase.CARD, by_card=True), Help())
    paid = {"copy": 2, "delivered": 2, "kept": 1_000, "by_card": True, "reserved": 1_000}
    booking = msgspec.structs.replace(choosing, phase=Phase.BOOKING, **paid)
    yield "change-booking-card", on(with_terminal, Change(booking, drafts))
    done = msgspec.structs.replace(
        booking, phase=Phase.CLOSED, outcome=OrderOutcome.DELIVERED, slip=Slip.PRINTED
    )
    yield "change-paid-by-card", on(with_terminal, Change(done, drafts))
    half = {
        "delivered": 1,
        "kept": 500,
        "given_back": 500,
        "outcome": OrderOutcome.PARTLY,
        "reason": "paper-out",
    }
    yield (
        "trouble-partly-card",
        on(with_terminal, Trouble("paper-out", view=msgspec.structs.replace(done, **half))),
    )
    waits = {
        "delivered": 0,
        "kept": 0,
        "outcome": OrderOutcome.DISPUTED,
        "reason": "card-settling",
        "slip": Slip.NONE,
    }
    yield (
        "trouble-card-settling",
        on(with_terminal, Trouble("card-settling", view=msgspec.structs.replace(done, **waits))),
    )
    left = {
        "delivered": 0,
        "kept": 0,
        "given_back": 1_000,
        "outcome": OrderOutcome.REFUNDED,
        "reason": "uncollected",
        "slip": Slip.NONE,
        "taken_back": True,
        "over": True,
    }
    yield (
        "trouble-uncollected-card",
        on(with_terminal, Trouble("uncollected", view=msgspec.structs.replace(done, **left))),
    )
    silent = {**left, "given_back": 0, "outcome": OrderOutcome.DISPUTED, "reason": "card-settling"}
    yield (
        "trouble-uncollected-card-settling",
        on(with_terminal, Trouble("card-settling", view=msgspec.structs.replace(done, **silent))),
    )
    looked_into = {
        "by_card": False,
        "reserved": 0,
        "credit": 1_500,
        "kept": 0,
        "delivered": 0,
        "outcome": OrderOutcome.DISPUTED,
        "reason": "",
        "claim_code": "7Q9M-5T3X",
        "undecided": True,
        "slip": Slip.NONE,
    }
    yield (
        "trouble-nobody-knows-yet",
        on(with_terminal, Trouble("disputed", view=msgspec.structs.replace(done, **looked_into))),
    )
    owed = {
        **looked_into,
        "undecided": False,
        "outcome": OrderOutcome.CLAIM,
        "reason": "uncollected",
        "claim": 1_500,
    }
    yield (
        "trouble-uncollected-coins",
        on(
            with_terminal,
            Trouble("uncollected", view=msgspec.structs.replace(done, **owed, taken_back=True, over=True)),
        ),
    )
