"""What change can be counted on: what settings, a hopper's own counter and a person who counted say, nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import (
    CashReading,
    CoinPosition,
    Completed,
    DeviceState,
    ErrorCode,
    HopperCount,
    Outcome,
    PaidOut,
    Reason,
    ReasonCode,
    Severity,
    Status,
)
from kiosk.core.cash_admin import MOST_COINS, CashAdmin
from kiosk.core.cash_books import CashBooks
from kiosk.health.health import Ailment
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.counters import Count, Counters
from kiosk.order.model import Order, OrderState, Payout
from kiosk.protocol import journal
from kiosk.settings import Hopper, Printer, Settings, tables
from tests.unit.core.ports import nothing

BUILT = tables.Cash(hoppers=(Hopper(coin=100, fill=60, low=20), Hopper(coin=500, fill=20, low=20)))
SETTINGS = Settings("K", "/nowhere", "", "", "", "", "", Printer(""), cash=BUILT)
WELL = {name: Status(name, DeviceState.READY) for name in ("coin", "hopper", "hopper-2")}


class Cash:
    """The cash bus with two hoppers; `later` keeps the next answer back."""

    up = True

    def __init__(self) -> None:
        self.first: tuple[str, int | None] = ("H1", 7)
        self.second: tuple[str, int] | None = ("J1", 2)
        self.later: list[Any] | None = None

    def request(self) -> str:
        return "r"

    def reading(self) -> CashReading:
        more = HopperCount(*self.second, paying=False) if self.second else None
        return CashReading("A1", 4, 4, *self.first, more_hoppers=(more,))

    def ask(self, _command: Any, done: Any) -> None:
        end = Completed("r", Outcome.DONE, result=self.reading())
        if not self.up:
            end = Completed("r", Outcome.NOT_DONE, ErrorCode.NOT_PRESENT, "cash is not there")
        if self.later is None:
            done(end, None)
        else:
            self.later.append(lambda: done(end, None))


class AnOrder:
    """Open, or not."""

    open = False

    def event(self, _event: object) -> None:
        """Nothing of an order's."""


class Kiosk:
    """A machine as the desk sees it: its keeper, and whether anybody is there. It can be started anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.bus, self.order = Cash(), AnOrder()
        self.says: dict[int, Status] = {}
        self.ledger = Ledger(file, lambda: Stamp("b", 1, 1))
        self.ledger.commit((journal.AcceptorKnown("A1"),), position=CoinPosition("A1", 4, 4))
        self._begin()

    def _begin(self) -> None:
        parts: Any = (SETTINGS, self.ledger, self.bus, self.order)
        self.cash = CashBooks(*parts, changed=nothing)
        self.cash.resume()
        machine: Any = self
        self.desk = CashAdmin(SETTINGS, machine)

    def starts_anew(self) -> None:
        self.ledger.close()
        self.ledger = Ledger(self._file, lambda: Stamp("b", 2, 1))
        self._begin()

    def surely_in(self, hopper: int) -> int | None:
        return self.cash.hoppers.surely_in(hopper, self.says.get(hopper))

    def silent_since_ms(self, hopper: int) -> int | None:
        return None

    def idle(self) -> bool:
        return not self.order.open

    def holds(self) -> tuple[int, int]:
        levels = self.cash.levels(WELL)
        assert levels is not None
        return levels.hopper_coins, levels.second_coins

    def counted(self, coins: object, hopper: object = 0) -> str:
        """Why it is refused at once, or how it ended."""
        begun = self.desk.counted({"hopper": hopper, "coins": coins})
        return str(begun["why"] or self.desk.state({})["counting"])


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    made = Kiosk(tmp_path / "ledger.db")
    yield made
    made.ledger.close()


def test_the_first_ones_hold_what_the_settings_say_less_what_they_paid(kiosk: Kiosk) -> None:
    assert kiosk.holds() == (60, 20)
    kiosk.cash.paid_out(0, PaidOut("k", 2, 0, 9))
    assert kiosk.holds() == (58, 20)


def test_of_another_one_nobody_knows_what_it_holds_so_nothing_is_counted_on(kiosk: Kiosk) -> None:
    kiosk.bus.first = ("H2", 0)
    kiosk.starts_anew()
    assert kiosk.holds() == (0, 20)
    assert kiosk.cash.hoppers.ailments() == (Ailment("hopper", "hopper-uncounted"),)
    assert [hopper["uncounted"] for hopper in kiosk.desk.state({})["hoppers"]] == [True, False]
    kiosk.starts_anew()
    assert kiosk.holds() == (0, 20)


def test_what_a_person_has_counted_holds_from_there_on(kiosk: Kiosk) -> None:
    kiosk.bus.first = ("H2", 300)
    kiosk.starts_anew()
    assert kiosk.counted(87) == "counted"
    assert kiosk.cash.hoppers.ailments() == ()
    assert kiosk.holds() == (87, 20)
    kiosk.cash.paid_out(0, PaidOut("k", 5, 0, 305))
    kiosk.bus.first = ("H2", 305)
    kiosk.starts_anew()
    assert kiosk.holds() == (82, 20)
    assert kiosk.desk.state({})["hoppers"] == [
        {"coin": 100, "coins": 82, "books": 82, "uncounted": False, "silent_ms": None},
        {"coin": 500, "coins": 20, "books": 20, "uncounted": False, "silent_ms": None},
    ]


def test_one_that_says_it_is_low_is_not_said_to_be_as_full_as_the_books_have_it(kiosk: Kiosk) -> None:
    kiosk.says[0] = Status("hopper", DeviceState.READY, (Reason(ReasonCode.HOPPER_LOW, Severity.WARN),))
    first = kiosk.desk.state({})["hoppers"][0]
    assert (first["coins"], first["books"]) == (0, 60)


def test_a_filled_one_is_counted_anew_each_by_its_number(kiosk: Kiosk) -> None:
    kiosk.cash.paid_out(1, PaidOut("k", 10, 0, 12))
    kiosk.bus.second = ("J1", 12)
    assert kiosk.holds() == (60, 10)
    assert kiosk.counted(200, hopper=1) == "counted"
    assert kiosk.holds() == (60, 200)
    rows = [(row.kind, row.body) for row in kiosk.ledger.journal() if row.kind == "hopper-filled"]
    assert b'"coins":200' in bytes(rows[-1][1])
    assert b'"hopper":1' in bytes(rows[-1][1])


def test_two_that_changed_places_are_both_uncounted(kiosk: Kiosk) -> None:
    kiosk.bus.first, kiosk.bus.second = ("J1", 2), ("H1", 7)
    kiosk.starts_anew()
    assert kiosk.holds() == (0, 0)


def test_one_that_has_forgotten_its_count_holds_what_was_left_when_it_was_last_known(kiosk: Kiosk) -> None:
    for count in (47, 0):
        kiosk.bus.first = ("H1", count)
        kiosk.cash.read(kiosk.bus.reading())
    assert kiosk.holds() == (20, 20)
    assert [row.kind for row in kiosk.ledger.journal()][-1] == "hopper-forgot"
    kiosk.starts_anew()
    assert kiosk.holds() == (20, 20)


def test_after_a_power_cut_it_goes_on_from_where_the_last_order_left_it(kiosk: Kiosk) -> None:
    kiosk.ledger.commit((journal.PositionTold("O"),), counters=Counters(hopper=Count("H1", 37)))
    kiosk.bus.first = ("H1", 0)
    kiosk.starts_anew()
    assert kiosk.holds() == (30, 20)


def test_however_often_core_starts_before_that_is_written_down_it_is_taken_off_once(kiosk: Kiosk) -> None:
    kiosk.ledger.commit((journal.PositionTold("O"),), counters=Counters(hopper=Count("H1", 37)))
    kiosk.bus.first = ("H1", 0)
    for _ in range(3):
        kiosk.starts_anew()
    assert kiosk.holds() == (30, 20)
    kiosk.ledger.commit((journal.CountersKnown({}),), counters=Counters(hopper=Count("H1", 0)))
    kiosk.starts_anew()
    assert [row.kind for row in kiosk.ledger.journal()][-1] == "hopper-known"
    # It comes to where it stood, and forgets again.
    kiosk.ledger.commit((journal.PositionTold("O"),), counters=Counters(hopper=Count("H1", 37)))
    kiosk.starts_anew()
    assert kiosk.holds() == (0, 20)


def test_coins_that_a_cut_may_have_let_out_uncounted_are_not_counted_on(kiosk: Kiosk) -> None:
    counters = Counters(hopper=Count("H1", 37))
    payout = Payout("k", 1, 37, "H1", remembered=False)
    left_open = Order("O", 1, (), state=OrderState.PAYING, payout=payout, counters=counters)
    kiosk.ledger.commit((journal.PayIntent("O", "k", coins=1, dispensed_before=37),), left_open)
    kiosk.bus.first = ("H1", 0)
    kiosk.starts_anew()
    assert kiosk.holds() == (29, 20)


def test_one_that_was_reset_while_it_paid_has_paid_no_less_than_it_was_told(kiosk: Kiosk) -> None:
    kiosk.cash.paid_out(0, PaidOut("k", 2, 1, 2))
    assert kiosk.holds() == (57, 20)


def test_one_that_does_not_answer_keeps_what_the_books_say(kiosk: Kiosk) -> None:
    kiosk.bus.second = None
    assert kiosk.counted(5, hopper=1) == "silent"
    kiosk.bus.first = ("", None)
    assert kiosk.counted(5) == "silent"
    assert kiosk.holds() == (60, 20)


def test_nothing_is_counted_while_somebody_is_there_or_comes_meanwhile(kiosk: Kiosk) -> None:
    kiosk.order.open = True
    assert kiosk.counted(5) == "busy"
    kiosk.order.open, kiosk.bus.later = False, []
    assert kiosk.counted(5) == "counting"
    assert kiosk.counted(6) == "busy"
    kiosk.order.open = True
    kiosk.bus.later.pop()()
    assert kiosk.desk.state({})["counting"] == "interrupted"
    assert kiosk.holds() == (60, 20)


@pytest.mark.parametrize("hopper", [2, -1, True, "0", None, 1.0, [0], 10**30])
def test_a_hopper_that_is_not_there_is_refused(kiosk: Kiosk, hopper: object) -> None:
    assert kiosk.counted(5, hopper) == "hopper"


@pytest.mark.parametrize("coins", [-1, MOST_COINS + 1, False, "60", None, 60.0, {}, 10**30])
def test_what_is_no_number_of_coins_is_refused(kiosk: Kiosk, coins: object) -> None:
    assert kiosk.counted(coins) == "coins"
    assert kiosk.holds() == (60, 20)


def test_without_the_bus_nothing_is_counted_and_it_can_be_tried_again(kiosk: Kiosk) -> None:
    kiosk.bus.up = False
    assert kiosk.counted(5) == "silent"
    kiosk.bus.up = True
    assert kiosk.counted(5) == "counted"
