"""Of several Resumes under way the newest counts: the end of an earlier one says nothing, and asks for no other."""

from itertools import count
from pathlib import Path
from typing import Any

from drivers.contract import CashReading, CoinPosition, Completed, ErrorCode, Outcome
from kiosk.core.cash_books import CashBooks
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.protocol.journal import AcceptorKnown
from tests.unit.core.ports import nothing
from tests.unit.core.test_cash_books import SETTINGS, AnOrder

READING = CashReading("A1", 4, 40, "H1", 0, paying=False)


class SlowProcess:
    """The cash bus, which answers when it is told to."""

    up = True

    def __init__(self) -> None:
        self._numbers = count(1)
        self.asked: list[tuple[str, Any]] = []

    def request(self) -> str:
        return f"r{next(self._numbers)}"

    def ask(self, command: Any, done: Any) -> None:
        self.asked.append((command.request, done))

    def end(self, at: int, outcome: Outcome, code: ErrorCode | None = None) -> None:
        request, done = self.asked[at]
        done(Completed(request, outcome, code, result=READING if outcome is Outcome.DONE else None), None)


def test_an_earlier_resume_that_is_given_up_starts_no_other(tmp_path: Path) -> None:
    bus = SlowProcess()
    ledger = Ledger(tmp_path / "ledger.db", lambda: Stamp("b", 1, 1))
    ledger.commit((AcceptorKnown("A1"),), position=CoinPosition("A1", 4, 40))
    books = CashBooks(SETTINGS, ledger, bus, AnOrder(), changed=nothing)  # type: ignore[arg-type]  # fakes
    books.resume()
    books.resume()
    bus.end(0, Outcome.UNKNOWN, ErrorCode.REFUSED)
    assert (len(bus.asked), books.resumed) == (2, False)
    bus.end(1, Outcome.DONE)
    assert (len(bus.asked), books.resumed) == (2, True)
    ledger.close()


def test_the_newest_one_that_fails_is_tried_again(tmp_path: Path) -> None:
    bus = SlowProcess()
    ledger = Ledger(tmp_path / "ledger.db", lambda: Stamp("b", 1, 1))
    books = CashBooks(SETTINGS, ledger, bus, AnOrder(), changed=nothing)  # type: ignore[arg-type]  # fakes
    books.resume()
    bus.end(0, Outcome.UNKNOWN, ErrorCode.TIMEOUT)
    assert (len(bus.asked), books.resumed) == (2, False)
    ledger.close()
