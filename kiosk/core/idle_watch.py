"""Checks the lifetime counters while no order is open: at boot and between orders. Records what moved.

A difference counts only if core sees it twice, a moment apart: a coin may be falling just now, and its own
event is still to come. Core commits each finding together with the counter's new value. So core records each
finding exactly once, whenever the power fails.
"""

import socket
from collections.abc import Callable

from drivers import contract as device
from kiosk.core.order_runner import OrderRunner
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.step import Surplus
from kiosk.order import counters
from kiosk.order.counters import Counters, Finding, What
from kiosk.order.saga import Saga
from kiosk.protocol import journal

LOOK_MS = 20_000
SECOND_LOOK_MS = 1_500


class IdleWatch:
    """Runs one check at a time, on core's one thread. `quiet`: whether nothing else works with the devices.

    `read` hears each reading of the cash devices before core records anything.
    """

    def __init__(
        self,
        ledger: Ledger,
        cash: Bus,
        printer: Bus,
        order: OrderRunner,
        now_ms: Callable[[], int],
        *,
        quiet: Callable[[], bool],
        read: Callable[[device.CashReading], None],
    ) -> None:
        self._ledger, self._cash, self._printer, self._order = ledger, cash, printer, order
        self._now_ms, self._quiet, self._read = now_ms, quiet, read
        self._due_ms = now_ms()
        self._looking = False
        self._suspected: tuple[Finding, ...] = ()
        self._waiting: list[Callable[[], None]] = []

    def soon(self) -> None:
        """A device was away, or an order has ended: check at the next tick."""
        self._due_ms = self._now_ms()

    def then(self, call: Callable[[], None]) -> None:
        """Check soon, and call `call` once the counters were read again and all that moved is recorded."""
        self._waiting.append(call)
        self.soon()

    def tick(self) -> None:
        """Start a check when it is time and no order is open."""
        if self._looking or self._now_ms() < self._due_ms or not self._idle():
            return
        self._looking, self._due_ms = True, self._now_ms() + LOOK_MS
        before = self._order.saga

        def papers(
            cash: device.CashReading | None,
        ) -> Callable[[device.Completed, socket.socket | None], None]:
            return lambda end, _: self._looked(before, cash, _paper(end.result))

        def coins(end: device.Completed, _handed: socket.socket | None) -> None:
            reading = end.result if isinstance(end.result, device.CashReading) else None
            if reading is not None:
                self._read(reading)
            at_rest = None if reading is not None and reading.paying else reading
            self._printer.ask(device.ReadPaper(request=self._printer.request()), papers(at_rest))

        self._cash.ask(device.ReadCash(request=self._cash.request()), coins)

    def _idle(self) -> bool:
        return not self._order.open and self._quiet()

    def _looked(
        self, before: Saga | None, cash: device.CashReading | None, paper: device.PaperReading | None
    ) -> None:
        """Judge the readings (None: no answer). Readings from while an order began or ended are dropped."""
        self._looking = False
        if self._order.saga is not before or not self._idle():
            return
        stood = counters.booked_too(self._ledger.counters(), self._ledger.coin_position())
        now = counters.taken_over(
            counters.of_cash(cash) if cash is not None else Counters(),
            counters.of_paper(paper) if paper is not None else Counters(),
        )
        found = counters.moved(stood, now, counters.spans(cash, paper))
        if found and found != self._suspected:
            self._suspected, self._due_ms = found, self._now_ms() + SECOND_LOOK_MS
            return
        self._suspected = ()
        for finding in found:
            self._write_down(finding)
        self._take_over(now)
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()

    def _write_down(self, finding: Finding) -> None:
        """Commit one finding together with the counter's new value."""
        surplus = None
        if finding.what is What.SURPLUS:
            surplus = Surplus(counters.MOVED[finding.counter], finding.amount)
        known = counters.taken_over(self._ledger.counters(), Counters(**{finding.counter: finding.now}))
        self._ledger.commit(
            (_fact(finding),),
            surplus=surplus,
            counters=known,
            position=self._booked(finding) if finding.counter == "coin" else None,
        )

    def _booked(self, finding: Finding) -> device.CoinPosition | None:
        """The acceptor's new position, so that coins that it counted but never reported are booked once."""
        position = self._ledger.coin_position()
        if position is None or position.serial != finding.now.serial:
            return None
        return device.CoinPosition(position.serial, position.events, finding.now.value, position.span)

    def _take_over(self, now: Counters) -> None:
        """Store counters that are read for the first time, or another page counter, to watch them."""
        known = self._ledger.counters()
        full = counters.learned(known, now)
        if full != known:
            self._ledger.commit((journal.CountersKnown(_told(full)),), counters=full)


def _fact(finding: Finding) -> journal.Row:
    """The finding as a journal row."""
    before, now = _reading(finding.before), _reading(finding.now)
    match finding.what:
        case What.SURPLUS:
            what = counters.MOVED[finding.counter]
            return journal.Surplus(what, amount=finding.amount, before=before, now=now)
        case What.IMPLAUSIBLE:
            return journal.CounterImplausible(finding.counter, before, now)
        case What.EXCHANGED:
            return journal.DeviceExchanged(finding.counter, before, now)


def _told(stood: Counters) -> dict[str, journal.Reading]:
    found = {name: getattr(stood, name) for name in counters.NAMES}
    return {name: _reading(one) for name, one in found.items() if one is not None}


def _reading(one: counters.Count) -> journal.Reading:
    return journal.Reading(one.serial, one.value)


def _paper(reading: object) -> device.PaperReading | None:
    return reading if isinstance(reading, device.PaperReading) else None
