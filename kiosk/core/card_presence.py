"""Tells the visit which card is in the reader: at each change, and after the card bus was away."""

import socket
from collections.abc import Callable

from drivers import contract as device
from kiosk.ipc.peer import Bus
from kiosk.visit import events as visit_events
from kiosk.visit.events import VisitEvent


class CardPresence:
    """Between the card bus and the visit; all on core's one thread."""

    def __init__(self, bus: Bus, post: Callable[[VisitEvent], None]) -> None:
        self._bus, self._post = bus, post

    def event(self, event: device.CardInserted | device.CardRemoved) -> None:
        """A card was put in or removed."""
        match event:
            case device.CardInserted(reader, insertion, mute):
                self._card_in(reader, insertion, mute=mute)
            case device.CardRemoved():
                self._post(visit_events.CardOut())

    def bus_up(self) -> None:
        """The bus is (again) there: ask whether a card was put in or pulled meanwhile."""
        self._bus.ask(device.ReadCard(request=self._bus.request()), self._looked)

    def bus_down(self) -> None:
        """The bus has gone, so nobody knows whether a card is in: treat it as removed."""
        self._post(visit_events.CardOut())

    def _looked(self, end: device.Completed, _handed: socket.socket | None) -> None:
        card = end.result
        if isinstance(card, device.CardReading) and card.insertion is not None:
            self._card_in(card.reader, card.insertion, mute=card.mute)
        elif isinstance(card, device.CardReading):
            self._post(visit_events.CardOut())

    def _card_in(self, reader: str, insertion: int, *, mute: bool) -> None:
        """A card is in. If it does not even answer to reset (`mute`), it is refused at once."""
        self._post(visit_events.CardIn(reader, insertion))
        if mute:
            self._post(visit_events.CardRefused("card-unreadable"))
