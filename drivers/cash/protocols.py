"""The protocols that a cash device may speak, by the name that kiosk.toml gives. A new one is a line here."""

from typing import Final

from drivers.cash.wire import Wire
from drivers.cctalk.wire import CctalkWire
from drivers.ict104.wire import Ict104Wire

PROTOCOLS: Final[dict[str, type[Wire]]] = {
    "cctalk": CctalkWire,
    "ict104": Ict104Wire,
}
