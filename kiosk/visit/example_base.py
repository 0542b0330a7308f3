"""What the examples have in common: their moment, a machine that is well, and how a screen gets its patience."""

import msgspec

from kiosk.catalogue.catalogue import Catalogue
from kiosk.health.cash import CashLevels
from kiosk.health.health import Health, MachineState
from kiosk.protocol.central import TypeHealth
from kiosk.visit.patience import arm
from kiosk.visit.state import Overlay, Screen, Visit

Example = tuple[str, Visit]

NOW_MS = 10_000_000
CASH = CashLevels(hopper_coins=60, hopper_coin=100, denominations=(100, 500))
ORDER = "01KB3X7Q9M5T"


def on(state: Visit, screen: Screen, overlay: Overlay | None = None) -> Visit:
    """The visit on that screen since NOW_MS."""
    return arm(msgspec.structs.replace(state, screen=screen, overlay=overlay), NOW_MS)


def healthy(catalogue: Catalogue) -> Health:
    """Everything can be sold."""
    types = tuple(TypeHealth(kind.code, sellable=True) for kind in catalogue.types)
    return Health(MachineState.READY, types, (), CASH)
