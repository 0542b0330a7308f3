"""Closes the day: reads the counts of the devices, compares them with the journal, prints on request.

The devices are those for cash and paper. A device that does not answer counts as not counted. Core asks
nothing while an order is open or somebody is here.
"""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from math import gcd

import msgspec

from drivers import contract as device
from kiosk.clocks import SEOUL
from kiosk.core.receipts import FATES, PRINT_MS
from kiosk.ipc.peer import Bus
from kiosk.ledger.day import Meter
from kiosk.ledger.days import close_day, closed_already, last_day, open_days
from kiosk.ledger.ledger import Ledger
from kiosk.protocol.journal import DayClosed
from kiosk.settings import Settings
from kiosk.visit.order_view import Slip
from kiosk.words.day import DayCount, DayFacts, day_summary
from kiosk.words.words import load

# A machine never pays out so many coins in a day.
MOST_A_DAY = 10_000


class DayClose:
    """Runs one close at a time.

    `settle` reads the counters again and calls back once all that moved since the last order is in the
    journal.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        buses: tuple[Bus, Bus, Bus],
        wall_ms: Callable[[], int],
        *,
        idle: Callable[[], bool],
        settle: Callable[[Callable[[], None]], None],
    ) -> None:
        self._settings, self._ledger, self._wall_ms = settings, ledger, wall_ms
        self._idle, self._settle = idle, settle
        self._cash, self._printer, self._receipt = buses
        self.busy = False

    def close(self, by: str, over: Callable[[DayClosed | None], None]) -> None:
        """Count and close. `over` is called once, with None if somebody came in between.

        At the first close there is nothing to compare with: the counts of that close are the start.
        """
        self.busy = True

        def counted(meters: dict[str, Meter]) -> None:
            self.busy = False
            if not self._idle():
                over(None)
                return
            at_ms = self._wall_ms()
            over(close_day(self._ledger, seoul_date(at_ms), at_ms, meters, by))

        self._settle(lambda: self._read(counted))

    def closed_already(self) -> DayClosed | None:
        """Today's last close, if a new one would show nothing new; else None.

        That is so if each device was compared then, and no money and no paper was booked since.
        """
        return closed_already(self._ledger, seoul_date(self._wall_ms()))

    def begin(self) -> None:
        """Begin the first day of a machine that has never closed one.

        What its devices have counted so far does not come from its own orders.
        """
        self.busy = True

        def counted(meters: dict[str, Meter]) -> None:
            self.busy = False
            if self._idle() and last_day(self._ledger) is None:
                at_ms = self._wall_ms()
                open_days(self._ledger, seoul_date(at_ms), at_ms, meters)

        self._settle(lambda: self._read(counted))

    def _read(self, counted: Callable[[dict[str, Meter]], None]) -> None:
        meters: dict[str, Meter] = {}

        def cash(end: device.Completed, _handed: socket.socket | None) -> None:
            if isinstance(end.result, device.CashReading):
                meters.update(_cash_meters(end.result))
            self._printer.ask(device.ReadPaper(request=self._printer.request()), paper)

        def paper(end: device.Completed, _handed: socket.socket | None) -> None:
            if isinstance(end.result, device.PaperReading):
                meters.update(_paper_meters(end.result))
            counted(meters)

        self._cash.ask(device.ReadCash(request=self._cash.request()), cash)

    def print(self, close: DayClosed, lang: str, over: Callable[[Slip], None]) -> None:
        """Print the summary on the receipt printer, for the person at the machine.

        `over` hears how that ended.
        """
        if not self._receipt.up:
            over(Slip.FAILED)
            return
        request = self._receipt.request()
        command = device.PrintReceipt(
            request=request,
            key=f"day-{close.number}-{request}",
            lines=day_summary(facts_of(close, self._settings), load(lang)),
            deadline_ms=PRINT_MS,
        )
        self._receipt.ask(command, lambda end, _: over(FATES[end.outcome]))


def facts_of(close: DayClosed, settings: Settings) -> DayFacts:
    """The facts of a close, for its summary."""
    return DayFacts(
        number=close.number,
        since=_read_time(close.since_ms),
        until=_read_time(close.until_ms),
        site=settings.site,
        machine=settings.machine,
        orders=close.orders,
        counts=tuple(
            DayCount(line.what, line.expected, line.counted, line.why, line.nobodys) for line in close.lines
        ),
        sums=msgspec.structs.asdict(close.money),
        open_claims=close.open_claims,
    )


def _read_time(at_ms: int) -> str:
    return seoul(at_ms).strftime("%Y-%m-%d %H:%M") if at_ms else ""


def seoul_date(at_ms: int) -> str:
    """The day in Seoul, 2026-11-25."""
    return seoul(at_ms).strftime("%Y-%m-%d")


def seoul(at_ms: int) -> datetime:
    """Wall milliseconds as Seoul's time."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(SEOUL)


def _cash_meters(reading: device.CashReading) -> dict[str, Meter]:
    found = {}
    if reading.accepted is not None:
        found["coins-in"] = Meter(reading.coin_serial, reading.accepted, reading.accepted_span)
    if (out := _coins_out(reading)) is not None:
        found["coins-out"] = out
    if reading.stacked is not None:
        found["notes"] = Meter(reading.note_serial, reading.stacked, reading.stacked_span)
    return found


def _coins_out(reading: device.CashReading) -> Meter | None:
    """The counts of all hoppers as one meter. None if one hopper does not answer or is paying.

    If two hoppers begin anew at different counts, the step of their sum is known only modulo the greatest
    common divisor of the two. If that is less than a day can move, the sum proves nothing (None).
    """
    hoppers = [hopper for hopper in reading.more_hoppers if hopper is not None]
    paying = reading.paying or any(hopper.paying for hopper in hoppers)
    if reading.dispensed is None or paying or len(hoppers) < len(reading.more_hoppers):
        return None
    serials = [reading.hopper_serial, *(hopper.serial for hopper in hoppers)]
    span = gcd(reading.dispensed_span, *(hopper.span for hopper in hoppers))
    if span < MOST_A_DAY:
        return None
    return Meter("+".join(serials), reading.dispensed + sum(hopper.dispensed for hopper in hoppers), span)


def _paper_meters(reading: device.PaperReading) -> dict[str, Meter]:
    found = {}
    if reading.sheets is not None:
        found["sheets"] = Meter(reading.printer_serial, reading.sheets, reading.sheets_span)
    if reading.retracts is not None:
        found["retracts"] = Meter(reading.presenter_serial, reading.retracts, reading.retracts_span)
    return found
