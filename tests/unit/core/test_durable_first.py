"""Durable first: what is shown, what a device is told to forget, and where the books stand is on the disk by then."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from drivers import contract as device
from drivers.contract import CoinPosition
from kiosk.core.cash_books import CashBooks
from kiosk.core.order_runner import Issuer, OrderRunner
from kiosk.core.order_view import view
from kiosk.ipc.peer import Bus, Done
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order import collecting, recovery
from kiosk.order.model import Issue, Policy
from kiosk.order.saga import Saga
from kiosk.settings import Printer, Settings
from tests.unit.core.ports import nothing, order_ports

BASE = CoinPosition("A1", 0, 0)
SETTINGS = Settings(
    "YDP-0063", "/nowhere", "로비", "63-1", "영등포구", "02", "https://c.test", Printer("ipp://p.test/ipp")
)


class WatchedLedger(Ledger):
    """Looks at the books after each step, as a machine would find them whose power fails there."""

    def commit(self, *args: Any, **kept: Any) -> None:
        super().commit(*args, **kept)
        order = self.open_order()
        if order is not None and order.coins:
            assert order.booked == self.coin_position(), "a coin's place is booked without the coin"


class Silent(Bus):
    """A cash process that hears and does nothing."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__("cash", Path("nowhere"), lambda _task: None)
        self._ledger = ledger

    def ask(self, command: Any, done: Done) -> None:
        if isinstance(command, device.BookCredit):
            assert self._ledger.coin_position() == command.position, (
                "the driver forgets a coin that is in no book"
            )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = WatchedLedger(tmp_path / "ledger.db", lambda: Stamp("B", 1_000, 10))
    opened.commit((), position=BASE)
    yield opened
    opened.close()


@pytest.fixture
def runner(ledger: Ledger) -> OrderRunner:
    return opened(ledger)


def opened(ledger: Ledger, moved: Callable[[Saga], None] = nothing) -> OrderRunner:
    cash = Silent(ledger)
    runner = OrderRunner(ledger, cash, cash, cast(Issuer, None), lambda: 0, order_ports(moved=moved))
    issue = Issue(1, 1, "O-1-1", "land", 500, 1, "h")
    runner.apply(collecting.begin("O", (issue,), BASE, Policy(), 0, 0))
    return runner


def coin(value: int, number: int) -> device.Credited:
    return device.Credited(value, CoinPosition("A1", number, number))


def test_a_coin_is_on_the_disk_before_the_screen_shows_it(ledger: Ledger) -> None:
    shown = list[int]()

    def look(saga: Saga) -> None:
        stored = ledger.open_order()
        assert stored is not None
        assert saga.order.credit <= stored.credit, "a coin is shown that a power cut would take away"
        shown.append(saga.order.credit)

    runner = opened(ledger, look)
    shown.clear()
    books = CashBooks(SETTINGS, ledger, Silent(ledger), runner, changed=nothing)
    for number, value in enumerate((100, 100), start=1):
        books.coin(coin(value, number))
    assert shown == [100, 200]


def test_a_coin_and_its_place_in_the_acceptors_count_are_booked_in_one_step(
    ledger: Ledger, runner: OrderRunner
) -> None:
    books = CashBooks(SETTINGS, ledger, Silent(ledger), runner, changed=nothing)
    books.coin(coin(100, 1))
    books.coin(device.CreditsLost(1, CoinPosition("A1", 2, 2)))
    stored = ledger.open_order()
    assert stored is not None
    assert (stored.credit, stored.unknown_coins, ledger.coin_position()) == (100, 1, CoinPosition("A1", 2, 2))


def test_a_coin_of_nobody_is_booked_before_the_driver_forgets_it(ledger: Ledger, runner: OrderRunner) -> None:
    runner.saga = None
    CashBooks(SETTINGS, ledger, Silent(ledger), runner, changed=nothing).coin(coin(500, 1))
    assert ledger.totals()["surplus"] == 500


def test_the_language_of_its_payer_is_on_the_disk_with_the_order(ledger: Ledger, runner: OrderRunner) -> None:
    begun = collecting.begin("P", (), BASE, Policy(), 0, 0, collecting.Payer(lang="en"))
    assert begun.saga.order.lang == "en"
    runner.speaks("en")
    left = ledger.open_order()
    assert left is not None
    assert left.lang == "en"
    resumed = recovery.resume(left, Policy(), 0)
    assert view(resumed.saga).lang == "en", "what is told after the power cut is told in it"


def test_who_looks_at_the_machine_after_an_order_does_not_change_it(
    ledger: Ledger, runner: OrderRunner
) -> None:
    runner.saga = None
    runner.speaks("en")
    assert [order.lang for order in ledger.orders()] == [""]
