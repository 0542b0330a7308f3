"""Core's side of the payment terminal: sends the order's card effects to the bus.

The order hears their ends as events.

The answers name no card: they hold an outcome, the terminal's receipt number and a sum.
"""

import socket
from collections.abc import Callable

from drivers import contract as device
from kiosk.ipc.peer import Bus
from kiosk.log import log_event
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.events import OrderEvent

READ_MS = 5_000
BOOK_MS = 18_000
CardEffect = (
    order_effects.ReadTerminal
    | order_effects.Authorise
    | order_effects.StopCard
    | order_effects.Capture
    | order_effects.Reverse
)

# Why nothing was reserved, as codes that the screen can show (`pay.card-*`).
_WHY = {
    device.ErrorCode.REFUSED: "declined",
    device.ErrorCode.CANCELLED: "cancelled",
}


class TerminalClient:
    """`card_ms`: how long a card may take.

    `prompt`: what the terminal asks of the citizen now; "" for nothing.
    """

    def __init__(self, terminal: Bus, order_event: Callable[[OrderEvent], None], card_ms: int) -> None:
        self._terminal, self._order_event, self._card_ms = terminal, order_event, card_ms
        self.prompt = ""

    def run(self, effect: CardEffect) -> None:
        """Run a card effect of the order on the terminal."""
        bus = self._terminal
        match effect:
            case order_effects.ReadTerminal(about):
                read = device.ReadTerminal(request=bus.request(), deadline_ms=READ_MS)
                bus.ask(read, lambda end, _: self._read(end, about))
            case order_effects.Authorise(key, amount):
                self._authorise(key, amount)
            case order_effects.StopCard(key):
                bus.ask(device.StopCard(request=bus.request(), key=key), _no_answer)
            case order_effects.Capture(key, receipt, reserved, amount):
                self._book(
                    device.Capture(
                        request=bus.request(),
                        key=key,
                        receipt=receipt,
                        reserved=reserved,
                        amount=amount,
                        deadline_ms=BOOK_MS,
                    )
                )
            case order_effects.Reverse(key, receipt):
                self._book(
                    device.Reverse(request=bus.request(), key=key, receipt=receipt, deadline_ms=BOOK_MS)
                )

    def _read(self, end: device.Completed, about: str) -> None:
        reading = end.result if isinstance(end.result, device.TerminalReading) else None
        self._order_event(order_events.TerminalRead(reading, about))

    def _authorise(self, key: str, amount: int) -> None:
        self.prompt = ""

        def over(end: device.Completed, _handed: socket.socket | None) -> None:
            self.prompt = ""
            log_event("card", payment=key, outcome=end.outcome, code=end.code or "")
            result = end.result if isinstance(end.result, device.CardReserved) else None
            code = _WHY.get(end.code, "") if end.code is not None else ""
            self._order_event(order_events.CardAnswered(key, end.outcome, result, code))

        command = device.Authorise(
            request=self._terminal.request(), key=key, amount=amount, deadline_ms=self._card_ms
        )
        self._terminal.ask(command, over)

    def _book(self, command: device.Capture | device.Reverse) -> None:
        def over(end: device.Completed, _handed: socket.socket | None) -> None:
            log_event("card-booking", payment=command.key, outcome=end.outcome, code=end.code or "")
            self._order_event(order_events.CardBooked(command.key, end.outcome))

        self._terminal.ask(command, over)


def _no_answer(end: device.Completed, handed: socket.socket | None) -> None: ...
