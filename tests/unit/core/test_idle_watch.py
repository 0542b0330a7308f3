"""Coins and sheets that move while nobody is served are written down once, whenever somebody looks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import CashReading, CoinPosition, Completed, Outcome, PaperReading, ReadCash
from kiosk.core.idle_watch import LOOK_MS, SECOND_LOOK_MS, IdleWatch
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.counters import Count
from kiosk.protocol.journal import AcceptorKnown, Surplus
from tests.unit.core.ports import nothing

STAMP = Stamp("b", 1, 1)


class Devices:
    """Both buses: what their counters say now."""

    def __init__(self) -> None:
        self.accepted, self.dispensed, self.sheets, self.retracts = 10, 20, 30, 40
        self.printer_serial, self.presenter_serial = "P1", "R1"
        self.paying = False
        self.asked = 0

    def request(self) -> str:
        return "r"

    def ask(self, command: Any, done: Any) -> None:
        self.asked += 1
        if isinstance(command, ReadCash):
            reading: Any = CashReading(
                "A1", self.accepted, self.accepted, "H1", self.dispensed, paying=self.paying
            )
        else:
            reading = PaperReading(
                self.printer_serial, self.sheets, self.presenter_serial, self.retracts, False, False
            )
        done(Completed("r", Outcome.DONE, result=reading), None)


class NoOrder:
    """Nobody is served, unless somebody says so."""

    open, saga = False, None


class Watched:
    """A watch over devices, a ledger and a clock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.devices, self.order, self.now_ms = Devices(), NoOrder(), 0
        self.ledger = Ledger(file, lambda: STAMP)
        self.start()

    def start(self) -> None:
        """The program starts."""
        parts: Any = (self.ledger, self.devices, self.devices, self.order, lambda: self.now_ms)
        self.watch = IdleWatch(*parts, quiet=lambda: True, read=nothing)

    def look(self) -> None:
        """As long as two looks take."""
        self.watch.tick()
        self.now_ms += SECOND_LOOK_MS
        self.watch.tick()
        self.now_ms += LOOK_MS

    def told(self) -> list[tuple[str, object]]:
        """What was written down so far."""
        import json

        rows = [(row.kind, json.loads(bytes(row.body))) for row in self.ledger.journal()]
        return [(kind, body.get("what")) for kind, body in rows if kind != "counters-known"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path / "ledger.db")
    watched.ledger.commit((AcceptorKnown("A1"),), position=CoinPosition("A1", 10, 10))
    watched.look()
    yield watched
    watched.ledger.close()


def test_the_first_look_only_learns_where_they_stand(desk: Watched) -> None:
    assert desk.told() == [("acceptor-known", None)]
    assert desk.ledger.counters().printer == Count("P1", 30)


def test_what_moved_is_told_once_with_its_amount(desk: Watched) -> None:
    desk.devices.sheets += 2
    desk.devices.dispensed += 5
    for _ in range(3):
        desk.look()
    assert desk.told()[1:] == [("surplus", "coin-out"), ("surplus", "sheet")]
    assert desk.ledger.counters().printer == Count("P1", 32)


def test_what_moved_while_the_program_was_away_is_told_when_it_is_back(desk: Watched) -> None:
    desk.devices.retracts += 1
    desk.start()
    desk.look()
    assert desk.told()[1:] == [("surplus", "retract")]


def test_coins_that_the_acceptor_never_told_of_are_nobodys_and_told_once(desk: Watched) -> None:
    desk.devices.accepted += 1
    desk.look()
    desk.look()
    assert desk.told()[1:] == [("surplus", "unknown-coin")]
    assert desk.ledger.coin_position() == CoinPosition("A1", 10, 11)


def test_a_coin_whose_own_event_comes_a_moment_later_is_not_told_twice(desk: Watched) -> None:
    desk.devices.accepted += 1
    desk.watch.tick()
    desk.ledger.commit((Surplus("coin", value=100),), position=CoinPosition("A1", 11, 11))
    desk.look()
    assert desk.told()[1:] == [("surplus", "coin")]


def test_another_printer_is_an_exchange_and_watched_from_there(desk: Watched) -> None:
    desk.devices.printer_serial, desk.devices.sheets = "P2", 7
    desk.look()
    desk.devices.sheets += 1
    desk.look()
    assert desk.told()[1:] == [("device-exchanged", "printer"), ("surplus", "sheet")]


def test_another_count_of_the_same_printer_is_no_exchange_and_watched_from_there(desk: Watched) -> None:
    desk.devices.printer_serial, desk.devices.sheets = "P1 life-count", 9_000
    desk.look()
    desk.look()
    assert desk.told()[1:] == []
    assert desk.ledger.counters().printer == Count("P1 life-count", 9_000)
    desk.devices.sheets += 2
    desk.look()
    assert desk.told()[1:] == [("surplus", "sheet")]


def test_a_presenter_of_another_serial_is_an_exchange_whatever_its_serial_looks_like(desk: Watched) -> None:
    desk.devices.presenter_serial = "R1 impressions"
    desk.look()
    assert desk.told()[1:] == [("device-exchanged", "presenter")]


def test_a_counter_that_ran_away_is_told_as_such_and_credited_to_nobody(desk: Watched) -> None:
    desk.devices.sheets += 100_000
    desk.look()
    assert desk.told()[1:] == [("counter-implausible", "printer")]
    assert desk.ledger.totals()["surplus"] == 0


def test_nobody_looks_while_somebody_is_served_or_a_hopper_pays(desk: Watched) -> None:
    desk.order.open = True
    asked = desk.devices.asked
    desk.devices.sheets += 1
    desk.look()
    assert desk.devices.asked == asked
    desk.order.open = False
    desk.devices.dispensed += 1
    desk.devices.paying = True
    desk.look()
    assert desk.told()[1:] == [("surplus", "sheet")]


def test_who_waits_for_a_look_is_called_once_after_what_moved_is_written_down(desk: Watched) -> None:
    seen: list[list[tuple[str, object]]] = []
    desk.devices.sheets += 1
    desk.watch.then(lambda: seen.append(desk.told()[1:]))
    desk.look()
    desk.look()
    assert seen == [[("surplus", "sheet")]]
