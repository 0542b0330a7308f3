"""The examples (all_screens.py) of paying with notes, and of a machine that is short of change or takes no notes."""

from collections.abc import Iterator

import msgspec

from kiosk.examples.base import CASH, ORDER, Example, on
from kiosk.health.health import Ailment, MachineState
from kiosk.visit.items import Drafted
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.screens import Attract, Choose, Pay
from kiosk.visit.state import Visit

NOTES = (1_000, 5_000)


def paying(base: Visit, agreed: Drafted) -> Iterator[Example]:
    """(name, visit): an order of 1,000 KRW, nothing or half of it in."""
    view = OrderView(ORDER, Phase.COLLECTING, fee=1_000, copies=2, sheets=2, coins=(100, 500), notes=NOTES)
    views = {
        "pay-with-notes": view,
        "pay-with-more-notes": msgspec.structs.replace(view, notes=(*NOTES, 10_000)),
        "pay-with-notes-half": msgspec.structs.replace(view, credit=500),
        "pay-note-stacking": msgspec.structs.replace(view, coins=(), notes=(), stacking=True),
        "pay-note-refused": msgspec.structs.replace(view, notes=(1_000,), refused=5_000),
        "pay-exact-only": msgspec.structs.replace(view, coins=(100,), notes=(), exact=True, credit=500),
    }
    for name, shown in views.items():
        yield name, on(base, Pay(shown, (agreed,)))
    few = msgspec.structs.replace(base.health, cash=msgspec.structs.replace(CASH, hopper_coins=8))
    yield "choose-exact-only", on(msgspec.structs.replace(base, health=few), Choose())
    nobody = msgspec.structs.replace(base, serving=False, screen=Attract())
    yield "attract-exact-only", msgspec.structs.replace(nobody, health=few)
    full = (Ailment("note", "stacker-full"),)
    health = msgspec.structs.replace(base.health, ailments=full, state=MachineState.DEGRADED)
    yield "attract-no-notes", msgspec.structs.replace(nobody, health=health)
