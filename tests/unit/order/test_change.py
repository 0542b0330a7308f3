"""What may be taken, and what goes back: for every way to put money in, all of it can be paid out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.order.change import CashMode, Hopper, Taking, Till, mode, opens, reach, share, taking

COINS, NOTES = (100, 500), (1_000, 5_000, 10_000)


def till(hundreds: int, five_hundreds: int | None = None, *, coins: tuple[int, ...] = COINS) -> Till:
    second = () if five_hundreds is None else (Hopper(500, five_hundreds),)
    return Till(coins, NOTES, (Hopper(100, hundreds), *second))


@pytest.mark.parametrize(
    ("hundreds", "fee", "credit", "coins", "notes"),
    [
        (200, 400, 0, (100, 500), (1_000, 5_000, 10_000)),
        (60, 400, 0, (100, 500), (1_000, 5_000)),
        (60, 400, 300, (100, 500), (1_000, 5_000)),
        (54, 400, 0, (100, 500), (1_000,)),
        (14, 400, 0, (100, 500), ()),
        (15, 400, 0, (100, 500), (1_000,)),
        (9, 400, 0, (100,), ()),
        (5, 400, 300, (100,), ()),
        (4, 400, 0, (), ()),
        (0, 400, 0, (), ()),
        (60, 400, 400, (), ()),
    ],
)
def test_what_is_taken_follows_the_coins_that_are_there(
    hundreds: int, fee: int, credit: int, coins: tuple[int, ...], notes: tuple[int, ...]
) -> None:
    assert taking(till(hundreds), fee, credit) == Taking(coins, notes)


@pytest.mark.parametrize(
    ("hundreds", "expected"),
    [(200, CashMode.ANY), (11, CashMode.ANY), (10, CashMode.EXACT), (6, CashMode.EXACT)],
)
def test_with_few_coins_only_the_exact_sum_is_taken(hundreds: int, expected: CashMode) -> None:
    assert mode(till(hundreds), 500) is expected


def test_without_coins_no_cash_is_taken() -> None:
    assert mode(till(5), 500) is CashMode.NONE
    assert mode(Till(COINS, NOTES, ()), 500) is CashMode.NONE


def test_a_machine_that_never_gives_change_is_not_short_of_it() -> None:
    assert mode(Till((100,), (), (Hopper(100, 60),)), 500) is CashMode.ANY


def test_a_coin_that_the_hopper_cannot_give_is_not_taken() -> None:
    assert taking(till(60, coins=(50, 100)), 500, 0).coins == (100,)
    assert not opens(till(60), 450)


def test_a_second_hopper_reaches_further_when_the_first_can_fill_the_gaps() -> None:
    assert reach((Hopper(100, 4), Hopper(500, 10))) == 5_400
    assert reach((Hopper(100, 3), Hopper(500, 10))) == 300
    assert share(1_700, (Hopper(100, 10), Hopper(500, 2))) == (7, 2)
    assert share(1_700, (Hopper(100, 10), Hopper(500, 9))) == (2, 3)


hoppers: st.SearchStrategy[tuple[Hopper, ...]] = st.one_of(
    st.integers(0, 130).map(lambda n: (Hopper(100, n),)),
    st.tuples(st.integers(0, 60), st.integers(0, 40)).map(lambda n: (Hopper(100, n[0]), Hopper(500, n[1]))),
)
fees = st.integers(1, 40).map(lambda n: n * 100)


def payable(amount: int, found: tuple[Hopper, ...]) -> bool:
    """Whether the hoppers give this sum to the won, each out of what it has."""
    counts = share(amount, found)
    has = all(count <= hopper.coins for count, hopper in zip(counts, found, strict=True))
    return has and sum(c * h.coin for c, h in zip(counts, found, strict=True)) == amount


@given(hoppers, fees, st.data())
def test_whatever_is_put_in_can_go_back_whole_and_each_change_too(
    found: tuple[Hopper, ...], fee: int, data: st.DataObject
) -> None:
    machine = Till(COINS, NOTES, found)
    credit, seen = 0, taking(machine, fee, 0)
    while now := [*seen.coins, *seen.notes]:
        put_in = data.draw(st.sampled_from(now))
        credit += put_in
        if seen.coins and data.draw(st.sampled_from((False, True))):
            credit += data.draw(st.sampled_from(seen.coins))  # it was past the gate when the plan changed
        for kept in range(0, credit + 1, 100):
            assert payable(credit - kept, found)
        seen = taking(machine, fee, credit)
        assert credit >= fee or seen.coins, "the citizen would stand there with nothing that is taken"


@given(hoppers, fees)
def test_exact_means_that_nothing_worth_more_than_what_is_missing_is_taken(
    found: tuple[Hopper, ...], fee: int
) -> None:
    machine = Till(COINS, NOTES, found)
    if mode(machine, fee) is CashMode.EXACT:
        for credit in range(0, fee, 100):
            now = taking(machine, fee, credit)
            assert all(credit + value <= fee for value in (*now.coins, *now.notes))


@given(hoppers, fees)
def test_a_fee_that_can_be_paid_at_all_is_paid_coin_by_coin(found: tuple[Hopper, ...], fee: int) -> None:
    machine = Till(COINS, NOTES, found)
    assert opens(machine, fee) is bool(taking(machine, fee, 0).coins)
