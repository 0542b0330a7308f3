"""A hopper that was silent when the cash process came is counted on as soon as it has told its own count."""

from pathlib import Path
from typing import Any

from drivers.contract import CashReading, CoinPosition, Completed, DeviceState, HopperCount, Outcome, Status
from kiosk.core.cash_books import CashBooks
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.protocol.journal import AcceptorKnown
from kiosk.settings import Printer, Settings
from tests.unit.core.ports import nothing

SETTINGS = Settings("K", "/nowhere", "", "", "", "", "", Printer(""))
WELL = {name: Status(name, DeviceState.READY) for name in ("coin", "hopper")}


class Cash:
    """The cash bus: `dispensed` is what the hopper says, None while it is silent."""

    up = True

    def __init__(self) -> None:
        self.dispensed: int | None = None
        self.asked: list[str] = []

    def request(self) -> str:
        return "r"

    def ask(self, command: Any, done: Any) -> None:
        self.asked.append(type(command).__name__)
        serial = "" if self.dispensed is None else "H1"
        more = (HopperCount("J1", 2, paying=False),)
        reading = CashReading("A1", 4, 4, serial, self.dispensed, more_hoppers=more)
        done(Completed("r", Outcome.DONE, result=reading), None)


class NoOrder:
    """Nobody is served."""

    open = False

    def event(self, _event: object) -> None:
        """Nothing of an order's."""


def test_a_hopper_that_was_silent_at_first_is_asked_once_it_is_well(tmp_path: Path) -> None:
    ledger, cash = Ledger(tmp_path / "ledger.db", lambda: Stamp("b", 1, 1)), Cash()
    ledger.commit((AcceptorKnown("A1"),), position=CoinPosition("A1", 4, 4))
    parts: Any = (SETTINGS, ledger, cash, NoOrder())
    books = CashBooks(*parts, changed=nothing)
    books.resume()
    assert books.levels(WELL) is None
    books.tick({})
    assert cash.asked == ["Resume"]
    cash.dispensed = 7
    books.tick(WELL)
    levels = books.levels(WELL)
    assert levels is not None
    assert levels.hopper_coins == 60
    books.tick(WELL)
    assert cash.asked == ["Resume", "ReadCash"]
    ledger.close()
