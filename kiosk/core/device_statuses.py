"""The last status of each device, and since when a device does not answer."""

from collections.abc import Callable

from drivers.contract import Status
from kiosk.core.peers import BUS_DEVICES, NOT_HEARD, Peers
from kiosk.core.silences import Silences


class DeviceStatuses:
    """`known`: the last status by the device's name.

    If a bus is away, its devices are not in `known`. The terminal is the exception: it stays as CONNECTING.
    """

    def __init__(self, peers: Peers, wall_ms: Callable[[], int]) -> None:
        self.known: dict[str, Status] = dict(NOT_HEARD) if peers.terminal is not None else {}
        self.silences = Silences(wall_ms)

    def heard(self, status: Status) -> None:
        """A device has reported its status."""
        self.known[status.device] = status
        self.silences.heard(status)

    def bus_away(self, bus: str) -> None:
        """The bus has gone: forget the statuses of its devices."""
        gone = BUS_DEVICES[bus]
        self.known = {name: status for name, status in self.known.items() if name not in gone}
        self.silences.gone(gone)
        if bus == "terminal":
            self.known |= NOT_HEARD

    def printer_serial(self) -> str:
        """The serial number of the present printer; "" if there is none."""
        printer = self.known.get("printer")
        return printer.identity.serial if printer else ""
