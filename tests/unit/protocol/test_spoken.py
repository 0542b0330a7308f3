"""The number of a transaction that is read over the telephone: six characters that nobody mishears."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.protocol.spoken import ALPHABET, same, spoken


@given(st.text(min_size=1, max_size=40))
def test_it_has_six_characters_of_the_alphabet_and_is_always_the_same(order: str) -> None:
    number = spoken(order)
    assert number == spoken(order)
    assert len(number.replace("-", "")) == 6
    assert set(number.replace("-", "")) <= set(ALPHABET)


def test_what_is_mistaken_for_something_else_is_not_in_it() -> None:
    for alike in ("0O", "1IL", "2ZE", "5S", "8B", "6G", "MN", "UV", "PBDT"):
        assert len(set(alike) & set(ALPHABET)) <= 1, alike


@given(st.text(min_size=1, max_size=40))
def test_however_it_is_typed_it_is_found(order: str) -> None:
    number = spoken(order)
    for typed in (number, number.lower(), number.replace("-", ""), number.replace("-", " "), f" {number} "):
        assert same(order, typed)
    assert not same(order, "")


def test_of_a_busy_day_two_are_seldom_alike() -> None:
    days, each, alike = 400, 400, 0
    for day in range(days):
        numbers = [spoken(f"01KB{day:06}{order:016}") for order in range(each)]
        alike += len(numbers) - len(set(numbers))
    assert alike <= 6, "the lookup lists both; it should seldom have to"
