"""What each device last told of itself, and since when one does not answer."""

from collections.abc import Callable

from drivers.contract import Status
from kiosk.core.peers import BUS_DEVICES, NOT_HEARD, Peers
from kiosk.core.silences import Silences


class DeviceStatuses:
    """`known` by the device's name. One whose bus is away is not known, but for a terminal: there is one, unheard."""

    def __init__(self, peers: Peers, wall_ms: Callable[[], int]) -> None:
        self.known: dict[str, Status] = dict(NOT_HEARD) if peers.terminal is not None else {}
        self.silences = Silences(wall_ms)

    def heard(self, status: Status) -> None:
        """A device told how it is."""
        self.known[status.device] = status
        self.silences.heard(status)

    def bus_away(self, bus: str) -> None:
        """Nobody speaks for its devices any more."""
        gone = BUS_DEVICES[bus]
        self.known = {name: status for name, status in self.known.items() if name not in gone}
        self.silences.gone(gone)
        if bus == "terminal":
            self.known |= NOT_HEARD

    def printer_serial(self) -> str:
        """The serial number of the printer that is there; "" for none."""
        printer = self.known.get("printer")
        return printer.identity.serial if printer else ""
