"""A document number catches what a person mistypes, and nobody can foresee it."""

import secrets

from hypothesis import given
from hypothesis import strategies as st

from central.authority.numbers import DIGITS, clean, draw_number, grouped, is_number

numbers = st.integers(0, 9 * 10**14 - 1).map(lambda drawn: draw_number(lambda _span: drawn))


@given(numbers)
def test_every_number_drawn_is_a_number_of_sixteen_digits(number: str) -> None:
    assert len(number) == DIGITS
    assert is_number(number)
    assert clean(grouped(number)) == number


@given(numbers, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(number: str, place: int, off: int) -> None:
    wrong = str((int(number[place]) + off) % 10)
    assert not is_number(number[:place] + wrong + number[place + 1 :])


@given(numbers, st.integers(0, DIGITS - 2))
def test_two_swapped_neighbours_are_always_caught(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_number(swapped)


@given(st.text(max_size=20))
def test_any_other_text_is_judged_without_failing(text: str) -> None:
    assert is_number(text) in (True, False)
    assert not is_number("٣" * DIGITS)


def test_the_whole_range_is_used_and_no_number_repeats() -> None:
    drawn = {draw_number(secrets.randbelow) for _ in range(2_000)}
    assert len(drawn) == 2_000
    assert {number[0] for number in drawn} == set("123456789")
