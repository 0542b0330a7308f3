"""Another device on the cash bus is taken up where it stands, once, and told; what the old one knew is gone with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drivers.contract import (
    CashReading,
    CoinPosition,
    Completed,
    Credited,
    DeviceState,
    ErrorCode,
    NotePosition,
    NoteStacked,
    Outcome,
    Reason,
    ReasonCode,
    Resume,
    Severity,
    Status,
)
from kiosk.core.cash_books import CashBooks
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.events import CashReady
from kiosk.protocol.journal import AcceptorKnown
from kiosk.settings import Printer, Settings
from tests.unit.core.ports import nothing

SETTINGS = Settings(
    "K", "/nowhere", "", "", "", "", "https://central.test", Printer("ipp://printer.test/ipp")
)


class CashProcess:
    """The cash bus: it takes only the positions of the devices that are on it."""

    up = True

    def __init__(self) -> None:
        self.coin, self.note = "A1", "V1"
        self.resumes: list[Resume] = []

    def request(self) -> str:
        return "r"

    def reading(self) -> CashReading:
        return CashReading(
            self.coin, 4, 40, "H1", 0, paying=False, note_serial=self.note, note_events=5, stacked=50
        )

    def ask(self, command: Any, done: Any) -> None:
        if isinstance(command, Resume):
            self.resumes.append(command)
            if command.position is not None and command.position.serial != self.coin:
                end = Completed("r", Outcome.NOT_DONE, ErrorCode.IDENTITY, result=self.reading())
            else:
                end = Completed("r", Outcome.DONE, result=self.reading())
            done(end, None)


class AnOrder:
    """What the order under way hears."""

    open = takes_money = True

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def event(self, event: Any) -> None:
        self.heard.append(event)


class Kept:
    """The books of a ledger that knows acceptor A1 and validator V1."""

    def __init__(self, file: Path) -> None:
        self.bus, self.order = CashProcess(), AnOrder()
        self.ledger = Ledger(file, lambda: Stamp("b", 1, 1))
        known = (CoinPosition("A1", 4, 40), NotePosition("V1", 5, 50))
        self.ledger.commit((AcceptorKnown("A1"),), position=known[0], note=known[1])
        bus, order = self.bus, self.order
        self.books = CashBooks(SETTINGS, self.ledger, bus, order, changed=nothing)  # type: ignore[arg-type]  # fakes
        self.books.resume()
        assert self.books.resumed

    def exchanges(self) -> list[tuple[str, list[object]]]:
        """What was written down of exchanged devices: which, and what is there now."""
        rows = [msgspec.json.decode(r.body) for r in self.ledger.journal() if r.kind == "device-exchanged"]
        return [(row["what"], row["now"]) for row in rows]

    def says(self, device: str) -> None:
        """The driver says that another device of that kind answers."""
        reason = Reason(ReasonCode.OTHER_DEVICE, Severity.ERROR)
        self.books.status(Status(device, DeviceState.FAULT, (reason,)))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path / "ledger.db")
    yield made
    made.ledger.close()


def test_another_validator_is_begun_with_where_it_stands(kept: Kept) -> None:
    kept.bus.note = "V2"
    kept.says("note")
    assert kept.exchanges() == [("note", ["V2", 50])]
    assert kept.ledger.note_position() == NotePosition("V2", 5, 50)
    assert kept.bus.resumes[-1].notes == NotePosition("V2", 5, 50)
    assert kept.books.resumed


def test_the_open_order_hears_who_is_there_now_and_judges_its_note_by_that(kept: Kept) -> None:
    kept.bus.note = "V2"
    kept.says("note")
    heard = [event.reading.note_serial for event in kept.order.heard if isinstance(event, CashReady)]
    assert set(heard[1:]) == {"V2"}


def test_another_acceptor_is_begun_too_while_the_machine_runs(kept: Kept) -> None:
    kept.bus.coin = "A2"
    kept.says("coin")
    assert kept.exchanges() == [("coin", ["A2", 40])]
    assert kept.bus.resumes[-1].position == CoinPosition("A2", 4, 40)


def test_both_at_once_are_told_once_each(kept: Kept) -> None:
    kept.bus.coin, kept.bus.note = "A2", "V2"
    kept.says("coin")
    kept.says("note")
    assert kept.exchanges() == [("coin", ["A2", 40]), ("note", ["V2", 50])]


def test_what_is_not_another_device_begins_nothing_anew(kept: Kept) -> None:
    before = len(kept.bus.resumes)
    kept.books.status(Status("coin", DeviceState.READY))
    kept.says("presenter")
    assert len(kept.bus.resumes) == before


def test_money_that_falls_while_a_debt_is_paid_is_nobodys(kept: Kept) -> None:
    """A redemption asks for no money: what falls then would be paid out to whoever is owed something."""
    kept.order.takes_money, heard = False, list(kept.order.heard)
    kept.books.coin(Credited(500, CoinPosition("A1", 5, 41)))
    kept.books.note(NoteStacked(5_000, NotePosition("V1", 6, 51)))
    assert kept.order.heard == heard
    assert kept.ledger.totals()["surplus"] == 5_500
