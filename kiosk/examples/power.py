"""Examples of what a failing power leads to: the screens that hurry, the machine that rests, and what a cut leaves."""

from collections.abc import Iterator

import msgspec

from kiosk.examples.base import CASH, NOW_MS, Example, on
from kiosk.health.health import Ailment, Health, MachineState
from kiosk.health.power import FAILING, HALTING, Power
from kiosk.order.model import OrderOutcome
from kiosk.protocol.central import TypeHealth
from kiosk.visit.items import Drafted, Entry
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.screens import Change, Issuing, OutOfService, Pay, Take, Trouble
from kiosk.visit.state import Since, Visit


def failing(base: Visit, agreed: Drafted, asked: Entry, order: OrderView) -> Iterator[Example]:
    """`base` is served; `order` is a closed one of two copies, of which only the money counts here."""
    ending = msgspec.structs.replace(base, power=Power.ENDING)
    returning = msgspec.structs.replace(order, phase=Phase.COUNTING, credit=500, reason="power-failing")
    yield "power-pay", on(ending, Pay(returning, (agreed,)))
    printing = msgspec.structs.replace(order, phase=Phase.PRINTING, sheet=1)
    yield "power-issuing", on(ending, Issuing(printing, (agreed,)))
    wait = msgspec.structs.replace(order, phase=Phase.TAKEN_WAIT, sheet=2, retract_at_ms=NOW_MS + 14_000)
    yield "power-take", on(ending, Take(wait, (agreed,)))
    paying = msgspec.structs.replace(order, phase=Phase.PAYING_OUT, to_pay=500, paid=200)
    yield "power-change", on(ending, Change(paying, (agreed,)))
    closed = _without(ending, FAILING)
    yield "power-trouble", on(closed, Trouble("power-failing", asked))
    back = {
        "credit": 500,
        "to_pay": 500,
        "paid": 500,
        "outcome": OrderOutcome.REFUNDED,
        "reason": "power-failing",
    }
    refunded = msgspec.structs.replace(order, phase=Phase.CLOSED, **back)
    yield "power-refunded", on(closed, Trouble("power-failing", view=refunded))
    for power, ailment in ((Power.ENDING, FAILING), (Power.HALTING, HALTING)):
        nobody = msgspec.structs.replace(_without(base, ailment), serving=False, power=power)
        yield f"out-of-service-power-{power.value}", on(nobody, OutOfService())


def _without(base: Visit, ailment: Ailment) -> Visit:
    types = tuple(
        TypeHealth(kind.code, sellable=False, reason=ailment.reason) for kind in base.catalogue.types
    )
    health = Health(MachineState.OUT_OF_SERVICE, types, (ailment,), CASH)
    since = (Since(ailment.device, ailment.reason, NOW_MS - 30_000),)
    return msgspec.structs.replace(base, health=health, since=since)
