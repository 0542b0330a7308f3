"""Closes the day: asks the cash and paper devices for their counts, holds them against the journal, prints if asked to.

What does not answer has not counted. Nothing is asked while an order is open or somebody is here.
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

# More coins than a machine pays out in a day.
MOST_A_DAY = 10_000


class DayClose:
    """One close at a time. `over` of a close is called once, with None when somebody came in between.

    `settle` calls back once what the counters have found since the last order is in the journal.
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
        """Count and close. The first time there is nothing to hold the counts against: they are where it begins."""
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
        """Today's last close, where nothing was booked since that another one could tell of."""
        return closed_already(self._ledger, seoul_date(self._wall_ms()))

    def begin(self) -> None:
        """A machine that has never closed a day: what its devices have counted so far is none of its own doing."""
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
        """Put the summary on the receipt printer; `over` hears what became of it. For whoever stands at the machine."""
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
    """A close as its summary says it."""
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
    """All hoppers as one meter; without one of them nobody can say.

    Two that begin anew at different counts agree on what has moved only up to the common divisor of these: where that
    is less than a day can move, their sum says nothing.
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
