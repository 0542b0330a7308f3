"""Keeps the books of the cash bus: resumes it from the ledger's position, books coins, knows what the hopper holds."""

import socket
from collections.abc import Callable

from drivers import contract as device
from kiosk.apps.order_runner import OrderRunner
from kiosk.apps.peer import Bus
from kiosk.health.cash import CashLevels
from kiosk.ledger.ledger import HopperFill, Ledger, Surplus
from kiosk.order import events as seen
from kiosk.order.policies import accepted
from kiosk.order.saga import Record
from kiosk.settings import Settings

COUNTER_SPAN = 1 << 24
RESUME_MS = 8_000


class CashKeeper:
    """Coins belong to the open order, else they are surplus; a position advances only with its commit."""

    def __init__(self, settings: Settings, ledger: Ledger, cash: Bus, order: OrderRunner) -> None:
        self._settings, self._ledger, self._cash, self._order = settings, ledger, cash, order
        self._dispensed: int | None = None
        self._low: bool | None = None
        self.resumed = False
        self.changed: Callable[[], None] = _nothing

    def resume(self) -> None:
        """The cash process is (again) there: hand it the booked position; it answers when all that fell is reported."""
        self.resumed = False
        command = device.Resume(
            request=self._cash.request(), position=self._ledger.coin_position(), deadline_ms=RESUME_MS
        )
        self._cash.ask(command, self._resumed)

    def _resumed(self, end: device.Completed, _handed: socket.socket | None) -> None:
        reading = end.result
        if end.outcome is not device.Outcome.DONE or not isinstance(reading, device.CashReading):
            if end.code is device.ErrorCode.IDENTITY and isinstance(reading, device.CashReading):
                self._exchanged(reading)
            elif self._cash.up:
                self.resume()  # the bus is there and its devices are not: it keeps trying within its own deadline
            return
        if (
            self._ledger.coin_position() is None
            and reading.events is not None
            and reading.accepted is not None
        ):
            base = device.CoinPosition(reading.coin_serial, reading.events, reading.accepted)
            self._ledger.commit((Record("acceptor-known", {"serial": base.serial}),), position=base)
        self.resumed = True
        self._read(reading)
        self._order.event(seen.CashReady(reading))

    def _exchanged(self, reading: device.CashReading) -> None:
        """Another acceptor than the booked one: its counters begin here. What the old one knew is gone with it."""
        before = self._ledger.coin_position()
        if before is None or reading.events is None or reading.accepted is None or not reading.coin_serial:
            return
        base = device.CoinPosition(reading.coin_serial, reading.events, reading.accepted)
        body = {
            "what": "coin",
            "before": [before.serial, before.accepted],
            "now": [base.serial, base.accepted],
        }
        self._ledger.commit((Record("device-exchanged", body),), position=base)
        self.resume()

    def _read(self, reading: device.CashReading) -> None:
        """Remember the hopper's count; the first hopper ever seen was filled by hand as the settings say."""
        if reading.dispensed is not None:
            fill = self._ledger.hopper_fill()
            if fill is None or fill.serial != reading.hopper_serial:
                fill = HopperFill(reading.hopper_serial, self._settings.hopper_fill, reading.dispensed)
                self._ledger.commit(
                    (Record("hopper-filled", {"serial": fill.serial, "coins": fill.coins}),), hopper=fill
                )
            self._dispensed = reading.dispensed
        self._low = reading.low if reading.low is not None else self._low
        self.changed()

    def base(self, opened: Callable[[device.CoinPosition], None], refused: Callable[[], None]) -> None:
        """Read the acceptor's counters now, as the base of a new order."""

        def read(end: device.Completed, _handed: socket.socket | None) -> None:
            reading = end.result
            if (
                isinstance(reading, device.CashReading)
                and reading.accepted is not None
                and reading.events is not None
                and reading.dispensed is not None
            ):
                self._read(reading)
                opened(device.CoinPosition(reading.coin_serial, reading.events, reading.accepted))
            else:
                refused()

        self._cash.ask(device.ReadCash(request=self._cash.request()), read)

    def coin(self, event: device.Credited | device.CreditsLost) -> None:
        """Book a coin: to the order that is open, else as money that nobody can be named for. Then tell the driver."""
        if self._order.open:
            if isinstance(event, device.Credited):
                self._order.event(seen.CoinIn(event.value, event.position))
            else:
                self._order.event(seen.CoinsUnknown(event.count, event.position))
        elif isinstance(event, device.Credited):
            record = Record("surplus", {"what": "coin", "value": event.value})
            self._ledger.commit((record,), position=event.position, surplus=Surplus("coin", event.value))
        else:
            record = Record("surplus", {"what": "unknown-coin", "count": event.count})
            self._ledger.commit(
                (record,), position=event.position, surplus=Surplus("unknown-coin", event.count)
            )
        booked = device.BookCredit(request=self._cash.request(), position=event.position)
        self._cash.ask(booked, _no_answer)

    def levels(self) -> CashLevels | None:
        """Coins surely in the hopper: the last filling less what was paid out (coins taken in are extra)."""
        fill = self._ledger.hopper_fill()
        if fill is None or self._dispensed is None:
            return None
        left = fill.coins - (self._dispensed - fill.dispensed) % COUNTER_SPAN
        coins = accepted(self._settings.denominations, self._settings.hopper_coin)
        return CashLevels(max(0, left), self._settings.hopper_coin, coins)


def _nothing() -> None: ...


def _no_answer(end: device.Completed, handed: socket.socket | None) -> None: ...
