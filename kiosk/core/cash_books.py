"""The books of the cash bus: resumes it from the ledger's positions, books money, counts the hoppers."""

import socket
from collections.abc import Callable, Mapping

from drivers import contract as device
from kiosk.core.hoppers import HOPPERS, Hoppers
from kiosk.core.order_runner import OrderRunner
from kiosk.health.cash import CashLevels
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.step import Surplus
from kiosk.order import events as order_events
from kiosk.order.policies import accepted
from kiosk.protocol import journal
from kiosk.protocol.journal import Reading
from kiosk.settings import Settings

RESUME_MS = 8_000
_ON_THE_BUS = ("coin", *HOPPERS, "note")


class CashBooks:
    """Money belongs to the open order; without one it is a surplus.

    A position advances only with its commit.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        cash: Bus,
        order: OrderRunner,
        *,
        changed: Callable[[], None],
    ) -> None:
        self._settings, self._ledger, self._cash, self._order = settings, ledger, cash, order
        self._changed = changed
        self.hoppers = Hoppers(settings, ledger)
        self._notes_known = ledger.note_position() is not None
        self.resumed = self._asking = False
        self._newest = ""

    def resume(self) -> None:
        """The cash process is (again) there: send it the booked positions.

        It answers once it has reported all the money that came in since.
        """
        self.resumed = False
        command = device.Resume(
            request=self._cash.request(),
            position=self._ledger.coin_position(),
            notes=self._ledger.note_position(),
            deadline_ms=RESUME_MS,
        )
        self._newest = command.request
        self._cash.ask(command, self._resumed)

    def status(self, status: device.Status) -> None:
        """If another acceptor, hopper or validator answers on the bus, resume the bus, even during a sale.

        Until then the driver of that device takes and pays nothing.
        """
        other = any(reason.code is device.ReasonCode.OTHER_DEVICE for reason in status.reasons)
        if other and self.resumed and status.device in _ON_THE_BUS:
            self.resume()

    def _resumed(self, end: device.Completed, _handed: socket.socket | None) -> None:
        if end.request != self._newest:
            return  # a newer Resume has taken its place
        reading = end.result
        if end.outcome is not device.Outcome.DONE or not isinstance(reading, device.CashReading):
            if end.code is device.ErrorCode.IDENTITY and isinstance(reading, device.CashReading):
                self._exchanged(reading)
            elif self._cash.up:
                self.resume()  # the bus is there, its devices are not: it retries within its own deadline
            return
        if (
            self._ledger.coin_position() is None
            and reading.events is not None
            and reading.accepted is not None
        ):
            base = _coin_position(reading, reading.events, reading.accepted)
            self._ledger.commit((journal.AcceptorKnown(base.serial),), position=base)
        self.resumed = True
        self.read(reading)
        self._order.event(order_events.CashReady(reading))

    def _exchanged(self, reading: device.CashReading) -> None:
        """The acceptor was exchanged: book the new one from its present counters.

        The old one's counters are lost.
        """
        before = self._ledger.coin_position()
        if before is None or reading.events is None or reading.accepted is None or not reading.coin_serial:
            return
        base = _coin_position(reading, reading.events, reading.accepted)
        if base.serial != before.serial:
            was, now = Reading(before.serial, before.accepted), Reading(base.serial, base.accepted)
            record = journal.DeviceExchanged("coin", was, now)
            self._ledger.commit((record,), position=base)
        self.resume()

    def _validator_exchanged(self, reading: device.CashReading) -> None:
        """The same for a validator. If the old one still holds a note, the open order decides on it."""
        before = self._ledger.note_position()
        if before is None or reading.note_events is None or reading.note_serial in ("", before.serial):
            return
        base = _note_position(reading, reading.note_events)
        was, now = Reading(before.serial, before.stacked), Reading(base.serial, base.stacked)
        record = journal.DeviceExchanged("note", was, now)
        self._ledger.commit((record,), note=base)
        self.resume()

    def read(self, reading: device.CashReading) -> None:
        """Store the hoppers' counts, and the position of a validator that was never seen before."""
        self.hoppers.read(reading)
        if not self._notes_known and reading.note_events is not None:
            base = _note_position(reading, reading.note_events)
            self._ledger.commit((journal.ValidatorKnown(base.serial),), note=base)
            self._notes_known = True
        self._validator_exchanged(reading)
        self._changed()

    def tick(self, statuses: Mapping[str, device.Status]) -> None:
        """Ask a hopper for its count once it works, if it was silent when the bus came.

        Nothing sells before.
        """
        unknown = any(_usable(statuses.get(n)) and not self.hoppers.known(at) for at, n in enumerate(HOPPERS))
        if not unknown or self._asking or not self.resumed or self._order.open:
            return
        self._asking = True

        def read(end: device.Completed, _handed: socket.socket | None) -> None:
            self._asking = False
            if isinstance(end.result, device.CashReading):
                self.read(end.result)

        self._cash.ask(device.ReadCash(request=self._cash.request()), read)

    def paid_out(self, hopper: int, paid: device.PaidOut) -> None:
        """Coins have left that hopper."""
        self.hoppers.paid_out(hopper, paid)
        self._changed()

    def counted(self, hopper: int, coins: int, over: Callable[[bool], None]) -> None:
        """A person has counted a hopper's coins: the books of that hopper begin here.

        `over` hears whether it worked.
        """

        def read(end: device.Completed, _handed: socket.socket | None) -> None:
            reading = end.result
            if (
                not isinstance(reading, device.CashReading)
                or not _answers(reading, hopper)
                or self._order.open
            ):
                over(False)
                return
            self.read(reading)
            self.hoppers.counted(hopper, coins)
            self._changed()
            over(True)

        self._cash.ask(device.ReadCash(request=self._cash.request()), read)

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
                self.read(reading)
                opened(_coin_position(reading, reading.events, reading.accepted))
            else:
                refused()

        self._cash.ask(device.ReadCash(request=self._cash.request()), read)

    def coin(self, event: device.Credited | device.CreditsLost) -> None:
        """Book a coin to the open order, else as a surplus. Then tell the driver that it is booked."""
        if self._order.takes_money:
            if isinstance(event, device.Credited):
                self._order.event(order_events.CoinIn(event.value, event.position))
            else:
                self._order.event(order_events.CoinsUnknown(event.count, event.position))
        elif isinstance(event, device.Credited):
            record = journal.Surplus("coin", value=event.value)
            self._ledger.commit((record,), position=event.position, surplus=Surplus("coin", event.value))
        else:
            record = journal.Surplus("unknown-coin", count=event.count)
            self._ledger.commit(
                (record,), position=event.position, surplus=Surplus("unknown-coin", event.count)
            )
        booked = device.BookCredit(request=self._cash.request(), position=event.position)
        self._cash.ask(booked, _no_answer)

    def note(self, event: device.NoteStacked | device.NotesLost) -> None:
        """Book a note in the stacker to the open order, else as a surplus.

        Then tell the driver that it is booked.
        """
        at = event.position
        if self._order.takes_money:
            if isinstance(event, device.NoteStacked):
                self._order.event(order_events.NoteIn(event.value, at))
            else:
                self._order.event(order_events.NotesUnknown(event.count, at))
        elif isinstance(event, device.NoteStacked):
            record = journal.Surplus("note", value=event.value)
            self._ledger.commit((record,), note=at, surplus=Surplus("note", event.value))
        else:
            record = journal.Surplus("unknown-note", count=event.count)
            self._ledger.commit((record,), note=at, surplus=Surplus("unknown-note", event.count))
        self._cash.ask(device.BookNote(request=self._cash.request(), position=at), _no_answer)

    def levels(self, statuses: Mapping[str, device.Status]) -> CashLevels | None:
        """The coins surely in the hoppers, and the money that may be taken. `statuses`: the devices by name.

        None: the first hopper's coins are not known.
        """
        settings, coins = self._settings, self.hoppers.surely_in(0, statuses.get("hopper"))
        if coins is None:
            return None
        second = statuses.get("hopper-2")
        more = self.hoppers.surely_in(1, second) if _usable(second) else None
        first, *besides = settings.hopper_coins
        return CashLevels(
            coins,
            first,
            accepted(settings.cash.coins, min(settings.hopper_coins)),
            notes=settings.notes_taken if self._notes_known and _usable(statuses.get("note")) else (),
            second_coins=more or 0,
            second_coin=besides[0] if besides and more is not None else 0,
        )


def _coin_position(reading: device.CashReading, events: int, accepted: int) -> device.CoinPosition:
    return device.CoinPosition(reading.coin_serial, events, accepted, reading.accepted_span)


def _note_position(reading: device.CashReading, events: int) -> device.NotePosition:
    return device.NotePosition(reading.note_serial, events, reading.stacked, reading.stacked_span)


def _answers(reading: device.CashReading, hopper: int) -> bool:
    if hopper == 0:
        return reading.dispensed is not None
    return len(reading.more_hoppers) >= hopper and reading.more_hoppers[hopper - 1] is not None


def _usable(status: device.Status | None) -> bool:
    return status is not None and status.state in device.USABLE


def _no_answer(end: device.Completed, handed: socket.socket | None) -> None: ...
