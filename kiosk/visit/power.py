"""The power fails while somebody is here: what has no order yet ends now; what has one ends with it."""

import msgspec

from kiosk.health.power import Power
from kiosk.visit.items import Entry
from kiosk.visit.moves import Move, go
from kiosk.visit.screens import ORDERED, Check, Goodbye, Preparing, Survey, Trouble, Which
from kiosk.visit.state import Visit


def power_told(state: Visit, power: Power, now_ms: int) -> Move:
    """Say so where nothing is paid yet. What was chosen is kept for as long as its screen, should the power be back."""
    known = msgspec.structs.replace(state, power=power)
    if power is Power.GOOD or not state.serving or state.power:
        return known, ()
    if isinstance(state.screen, (*ORDERED, Survey, Goodbye, Trouble)):
        return known, ()
    return go(known, Trouble("power-failing", _chosen(state)), now_ms), ()


def _chosen(state: Visit) -> Entry | None:
    """What could be asked for again as it is; nothing that was not complete."""
    match state.screen:
        case Preparing() | Which() as screen:
            return screen.entry
        case Check(draft=draft, until_ms=None):
            return draft.entry
        case _:
            return None
