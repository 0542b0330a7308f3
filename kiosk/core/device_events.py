"""Passes events of the devices, and the loss of a bus, to the parts of core that handle them."""

import socket

from msgspec import Struct

from drivers import contract as device
from kiosk.core.card_presence import CardPresence
from kiosk.core.cash_books import CashBooks
from kiosk.core.device_statuses import DeviceStatuses
from kiosk.core.order_news import OrderNews
from kiosk.core.order_runner import OrderRunner
from kiosk.core.paper_sweep import PaperSweep
from kiosk.core.power_control import PowerControl
from kiosk.core.sale_state import SaleState
from kiosk.order import events as order_events


class DeviceEvents(Struct, frozen=True, kw_only=True):
    """One call for each event, on core's one thread.

    `card`: None without a reader; `power`: None without a UPS.
    """

    statuses: DeviceStatuses
    order: OrderRunner
    news: OrderNews
    cash: CashBooks
    paper: PaperSweep
    sale: SaleState
    card: CardPresence | None
    power: PowerControl | None

    def heard(self, event: device.Event, _handed: socket.socket | None) -> None:
        """A device has sent an event by itself."""
        match event:
            case device.StatusChanged(status):
                self.statuses.heard(status)
                self.cash.status(status)
                self.order.device_event(event)
                self.paper.status(status)
                self.sale.judge()
            case device.Credited() | device.CreditsLost():
                self.cash.coin(event)
            case device.NoteHeld(value, position):
                self.order.event(order_events.NoteOffered(value, position))
            case device.NoteBack(held):
                self.order.event(order_events.NoteOut(held))
            case device.NoteStacked() | device.NotesLost():
                self.cash.note(event)
            case device.CoinOut() | device.CardPrompt():
                self.news.seen_by_citizen(event)
            case device.PowerChanged(reading) if self.power is not None:
                self.power.heard(reading)
                if "ups" in self.statuses.known:
                    self.statuses.known["ups"] = self.power.counted(self.statuses.known["ups"])
            case device.CardInserted() | device.CardRemoved() if self.card is not None:
                self.card.event(event)
            case _:
                self.order.device_event(event)

    def bus_down(self, bus: str) -> None:
        """The program of that bus has gone."""
        self.statuses.bus_away(bus)
        if self.card is not None and bus == "card":
            self.card.bus_down()
        if self.power is not None and bus == "ups":
            self.power.bus_down()
        self.sale.judge()
