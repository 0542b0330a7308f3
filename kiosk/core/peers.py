"""The programs that core talks to, and the devices of each bus."""

from collections.abc import Iterator

from msgspec import Struct

from drivers import contract as device
from kiosk.core.workers import Workers
from kiosk.ipc.peer import Bus, Peer
from kiosk.protocol.courier import FromCourier
from kiosk.settings import Settings

# The status of a payment terminal that has not reported: there is one, and it can't be used.
NOT_HEARD = {"terminal": device.Status("terminal", device.DeviceState.CONNECTING)}
BUS_DEVICES = {
    "cash": ("coin", "hopper", "hopper-2", "note"),
    "printer": ("printer", "presenter"),
    "receipt": ("receipt",),
    "card": ("card",),
    "terminal": ("terminal",),
    "ups": ("ups",),
}


class Peers(Struct):
    """The programs that core talks to."""

    cash: Bus
    printer: Bus
    receipt: Bus
    courier: Peer[FromCourier]
    worker: Workers
    card: Bus | None = None
    terminal: Bus | None = None
    ups: Bus | None = None

    def buses(self) -> tuple[Bus, ...]:
        """The device processes of this machine."""
        besides = (bus for bus in (self.card, self.terminal, self.ups) if bus is not None)
        return (self.cash, self.printer, self.receipt, *besides)

    def all(self) -> Iterator[Bus | Peer[FromCourier] | Workers]:
        """All programs: the device processes, the courier and the workers."""
        yield from self.buses()
        yield self.courier
        yield self.worker

    def devices(self, settings: Settings) -> frozenset[str]:
        """The devices that this machine was built with, whether they have reported or not."""
        found = {name for bus in self.buses() for name in BUS_DEVICES[bus.name]}
        lacks = {"hopper-2": len(settings.cash.hoppers) < 2, "note": settings.cash.notes is None}
        return frozenset(name for name in found if not lacks.get(name, False))
