"""What moved between orders is nobody's, and is told as what it is: surplus, an exchange, or not believable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import CashReading, CoinPosition, Outcome, PaidOut, PaperReading
from kiosk.order.counters import (
    MOST,
    NAMES,
    Count,
    Counters,
    What,
    booked_too,
    heard,
    moved,
    of_cash,
    of_paper,
    taken_over,
)
from kiosk.order.events import CashRead, PaperRead, PayoutOver, Tick
from tests.unit.order.test_power_cut import LIVES
from tests.unit.order.world import World

STOOD = Counters(Count("A1", 10), Count("H1", 20), Count("H2", 25), Count("P1", 30), Count("R1", 40))

SPANS = dict.fromkeys(NAMES, 1 << 24)


def now(**other: Count) -> Counters:
    values = {name: getattr(STOOD, name) for name in NAMES}
    return Counters(**{**values, **other})


def test_where_nothing_moved_there_is_nothing_to_tell() -> None:
    assert moved(STOOD, STOOD, SPANS) == ()
    assert moved(Counters(), STOOD, SPANS) == moved(STOOD, Counters(), SPANS) == ()


@pytest.mark.parametrize("name", NAMES)
def test_each_counter_that_moved_is_a_surplus_of_so_many(name: str) -> None:
    before = getattr(STOOD, name)
    (finding,) = moved(STOOD, now(**{name: Count(before.serial, before.value + 3)}), SPANS)
    assert (finding.what, finding.counter, finding.amount) == (What.SURPLUS, name, 3)


@pytest.mark.parametrize("name", NAMES)
def test_another_serial_is_an_exchange_whatever_it_counts(name: str) -> None:
    (finding,) = moved(STOOD, now(**{name: Count("NEW", getattr(STOOD, name).value)}), SPANS)
    assert (finding.what, finding.amount) == (What.EXCHANGED, 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_counter_that_went_back_or_ran_away_is_not_believed(name: str) -> None:
    before = getattr(STOOD, name)
    for value in (before.value - 1, 0, before.value + MOST[name] + 1):
        (finding,) = moved(STOOD, now(**{name: Count(before.serial, value)}), SPANS)
        assert (finding.what, finding.amount) == (What.IMPLAUSIBLE, 0)


@given(st.sampled_from(NAMES), st.integers(0, 2**32 - 1), st.integers(1, 50), st.integers(1_000, 2**32))
def test_a_counter_that_wraps_has_moved_by_the_difference(
    name: str, value: int, step: int, span: int
) -> None:
    before = Counters(**{name: Count("S", value % span)})
    after = Counters(**{name: Count("S", (value + step) % span)})
    (finding,) = moved(before, after, dict.fromkeys(NAMES, span))
    assert (finding.what, finding.amount) == (What.SURPLUS, step)


def test_coins_that_are_booked_already_are_no_surplus() -> None:
    booked = booked_too(STOOD, CoinPosition("A1", 12, 12))
    assert booked.coin == Count("A1", 12)
    assert booked_too(STOOD, CoinPosition("A1", 8, 8)).coin == STOOD.coin
    assert booked_too(STOOD, None) == STOOD


def test_an_event_with_a_reading_is_heard() -> None:
    cash = CashReading("A1", 11, 11, "H1", 21, paying=False)
    paper = PaperReading("P1", 31, "R1", 41, False, False)
    known = heard(heard(STOOD, CashRead(cash)), PaperRead(Outcome.DONE, paper))
    assert known == Counters(
        Count("A1", 11), Count("H1", 21), Count("H2", 25), Count("P1", 31), Count("R1", 41)
    )
    assert heard(known, PayoutOver("k", Outcome.DONE, PaidOut("k", 2, 0, 23))).hopper == Count("H1", 23)
    assert heard(known, PayoutOver("k", Outcome.DONE, PaidOut("k", 2, 0, 27)), 1).hopper_2 == Count("H2", 27)
    assert heard(known, Tick()) == heard(known, CashRead(None)) == known


def counters_of(world: World) -> Counters:
    """What the devices themselves say."""
    paper = world.paper()
    assert paper is not None
    return taken_over(of_cash(world.cash()), of_paper(paper))


@pytest.mark.parametrize("name", LIVES)
def test_after_an_order_nothing_of_its_own_is_taken_for_surplus(name: str) -> None:
    whole = LIVES[name]()
    whole.serve()
    for cut in (None, *range(2, whole.steps + 1)):
        world = LIVES[name]()
        world.cut_at = cut
        order = world.serve()
        assert moved(order.counters or Counters(), counters_of(world), SPANS) == (), f"{name}, cut at {cut}"
