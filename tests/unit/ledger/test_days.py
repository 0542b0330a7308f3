"""The close of the day: each device's own count against the journal; what differs is said, what can't be known too."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from kiosk.ledger.day import Meter
from kiosk.ledger.days import close_day, closed_already, closed_day, closed_days, last_day, open_days
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.step import Surplus
from kiosk.ledger.tally import Counted, NotCounted
from kiosk.protocol import journal
from kiosk.protocol.journal import DayClosed, DayDevice
from tests.unit.ledger.trade import MORNING_MS, Clock, Sale, open_shop, sell

DATE = "2025-11-25"


class Shop:
    """A ledger, and the lifetime counts of its devices as they physically are."""

    def __init__(self, file: Path) -> None:
        self.ledger = Ledger(file, Clock().stamp, machine="YDP-0063")
        open_shop(self.ledger)
        self.counts = {"coins-in": 16_777_210, "notes": 40, "coins-out": 70, "sheets": 9_000, "retracts": 3}
        self.serials = dict.fromkeys(self.counts, "S1")
        self.sold = 0

    def sell(self, **knobs: Any) -> Sale:
        self.sold += 1
        sale = sell(self.ledger, f"01S{self.sold:03}", **knobs)
        self.counts["coins-in"] = (self.counts["coins-in"] + sale.accepted) % (1 << 24)
        self.counts["coins-out"] += sale.dispensed + sale.value_of_500s // 500
        self.counts["notes"] += sale.stacked
        self.counts["sheets"] += sale.pages
        self.counts["retracts"] += sale.retracts
        return sale

    def meters(self, *silent: str) -> dict[str, Meter]:
        return {w: Meter(self.serials[w], n, 1 << 24) for w, n in self.counts.items() if w not in silent}

    def close(self, *silent: str, date: str = DATE) -> DayClosed:
        return close_day(self.ledger, date, MORNING_MS, self.meters(*silent), "hand")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "ledger.db")
    open_days(made.ledger, DATE, MORNING_MS, made.meters())
    yield made
    made.ledger.close()


def lines(close: DayClosed) -> dict[str, DayDevice]:
    return {line.what: line for line in close.lines}


def test_a_day_of_every_kind_of_order_agrees_with_what_the_devices_counted(shop: Shop) -> None:
    shop.sell()
    shop.sell(coins=(100, 100, 500))
    shop.sell(copies=2, sheets=2, coins=(500, 500))
    shop.sell(coins=(100, 100, 500), cancel_after=2)
    shop.sell(sheets=3, jam_at=2)
    shop.sell(collected=False)
    shop.sell(coins=(100, 100, 500), pays_at_most=1)
    shop.sell(coins=(1_000,))
    shop.sell(coins=(1_000,), hopper_of_500=20)
    shop.sell(coins=(1_000,), note_fate="jams")
    close = shop.close()
    assert {line.what: (line.expected, line.counted) for line in close.lines} == {
        "coins-in": (13, 13),  # the acceptor's own count has run over meanwhile
        "notes": (2, 2),
        "coins-out": (16, 16),  # of both hoppers
        "sheets": (11, 11),
        "retracts": (2, 2),
    }
    assert not close.differs
    jammed = 1_000  # nobody can prove where that note is: it is owed, and not counted as taken
    assert (close.orders, close.claims, close.open_claims) == (10, 3, 600 + jammed)
    money = close.money
    assert money.taken + jammed == money.fee + money.paid + money.claims


@pytest.mark.parametrize(
    ("what", "more"), [("coins-in", 1), ("coins-out", 2), ("sheets", 1), ("retracts", 1)]
)
def test_what_a_device_counted_otherwise_is_written_down_as_it_is(shop: Shop, what: str, more: int) -> None:
    shop.sell(coins=(100, 500))
    shop.counts[what] = (shop.counts[what] + more) % (1 << 24)
    close = shop.close()
    line = lines(close)[what]
    assert line.counted == line.expected + more
    assert [other.what for other in close.lines if other.differs] == [what]
    assert closed_days(shop.ledger)[-1] == close
    assert shop.ledger.violations() == []
    assert shop.close().differs is False  # the next day begins at what was counted


@pytest.mark.parametrize(
    ("said", "meter", "moved", "won"),
    [
        ({"what": "coin", "value": 500}, "coins-in", 1, 500),
        ({"what": "unknown-coin", "count": 2}, "coins-in", 2, 0),
        ({"what": "unknown-coin", "amount": 3}, "coins-in", 3, 0),
        ({"what": "note", "value": 5_000}, "notes", 1, 5_000),
        ({"what": "unknown-note", "count": 1}, "notes", 1, 0),
        ({"what": "coin-out", "amount": 4}, "coins-out", 4, 0),
        ({"what": "sheet", "amount": 2}, "sheets", 2, 0),
        ({"what": "retract", "amount": 1}, "retracts", 1, 0),
    ],
)
def test_what_belongs_to_no_order_is_part_of_what_is_expected(
    shop: Shop, said: dict[str, Any], meter: str, moved: int, won: int
) -> None:
    surplus = Surplus(said["what"], won or moved)
    shop.ledger.commit((journal.convert("surplus", said),), surplus=surplus)
    shop.counts[meter] = (shop.counts[meter] + moved) % (1 << 24)
    close = shop.close()
    assert lines(close)[meter] == DayDevice(meter, moved, moved, nobodys=moved)
    assert (close.differs, close.money.surplus) == (False, won)


def test_a_machine_without_a_note_validator_has_no_line_for_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "coins.db")
    del shop.counts["notes"]
    open_days(shop.ledger, DATE, MORNING_MS, shop.meters())
    assert "notes" not in lines(shop.close())
    shop.ledger.close()


def test_what_does_not_answer_has_counted_nothing_that_can_be_compared_and_is_made_up_for_later(
    shop: Shop,
) -> None:
    shop.sell()
    close = shop.close("sheets")
    assert lines(close)["sheets"] == DayDevice("sheets", 1, None, "silent")
    assert not close.differs
    shop.sell(sheets=2)
    assert lines(shop.close())["sheets"] == DayDevice("sheets", 3, 3)


def test_another_device_than_yesterday_is_not_compared_and_is_from_then_on(shop: Shop) -> None:
    shop.sell()
    shop.serials["coins-out"], shop.counts["coins-out"] = "S2", 5
    assert lines(shop.close())["coins-out"].why == "replaced"
    shop.sell(coins=(100, 500))
    assert lines(shop.close())["coins-out"] == DayDevice("coins-out", 1, 1)


def test_two_closes_of_one_date_share_nothing_and_leave_nothing_out(shop: Shop) -> None:
    shop.sell()
    first = shop.close()
    shop.sell()
    shop.sell()
    second = shop.close()
    assert (first.number, second.number, second.first) == (1, 2, first.last + 1)
    assert (first.orders, second.orders) == (1, 2)


def test_a_clock_that_was_set_back_makes_no_gap_and_no_overlap(shop: Shop) -> None:
    shop.sell()
    first = shop.close(date="2025-11-26")
    shop.sell()
    second = shop.close(date="2025-11-24")
    assert (second.first, second.orders, second.number) == (first.last + 1, 1, first.number + 1)


def test_a_day_without_a_customer_is_closed_too(shop: Shop) -> None:
    assert (shop.close().orders, shop.close().money.taken) == (0, 0)


def test_before_the_first_count_nothing_is_compared(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "new.db")
    shop.sell()
    close = shop.close()
    assert {line.why for line in close.lines} == {"first"}
    mark = last_day(shop.ledger)
    assert mark is not None
    assert mark.meters == shop.meters()
    shop.ledger.close()


def test_a_close_that_has_compared_all_is_enough_for_its_date_until_something_is_booked(shop: Shop) -> None:
    assert closed_already(shop.ledger, DATE) is None
    shop.sell()
    first = shop.close()
    assert closed_already(shop.ledger, DATE) == first
    assert closed_already(shop.ledger, "2025-11-26") is None
    shop.sell()
    assert closed_already(shop.ledger, DATE) is None


def test_a_close_that_could_not_count_a_device_may_be_made_again(shop: Shop) -> None:
    shop.sell()
    assert shop.close("sheets").lines != ()
    assert closed_already(shop.ledger, DATE) is None
    again = shop.close()
    assert closed_already(shop.ledger, DATE) == again


def test_a_close_is_found_by_its_number_and_the_last_one_by_0(shop: Shop) -> None:
    assert closed_day(shop.ledger, 0) is None
    first, second = shop.close(), shop.close()
    assert [closed_day(shop.ledger, number) for number in (0, 1, 2, 3)] == [second, first, second, None]


def test_of_every_kind_it_is_said_whether_money_or_paper_moved_and_never_both() -> None:
    assert Counter(get_args(Counted) + get_args(NotCounted)) == Counter(get_args(journal.Row))
