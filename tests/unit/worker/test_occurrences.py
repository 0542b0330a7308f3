"""A value is found on a page wherever a pattern with optional spaces would find it, and taken away the same."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.worker.occurrences import TAKEN, occurrences, spaced

# Few characters, so that what is sought often stands there, broken, overlapping, or as a part of a longer word.
SIGNS = st.text("aa1. 가_-\n\x00", max_size=24)
WORDS = st.text("aa1. 가_-", min_size=1, max_size=6).map(spaced).filter(bool)


def by_pattern(text: str, wanted: str) -> tuple[int, str]:
    """What is meant, written as a pattern."""
    pieces = (re.escape(character) for character in wanted if character != " ")
    left, times = re.subn(rf"(?<!\w){' ?'.join(pieces)}(?!\w)", TAKEN, text)
    return times, left


@given(SIGNS, WORDS)
@example("a a a", "aa")
@example("1 11 1", "11")
@example("가a 1", "가a1")
@example("a  1 a 1", "a1")
@example("--- -", "--")
@example("_a a", "a")
@example(" a", "a")
def test_it_finds_what_the_pattern_finds(text: str, wanted: str) -> None:
    assert occurrences(text, wanted) == by_pattern(text, wanted)


def test_nothing_is_nowhere() -> None:
    assert occurrences("a 1", "") == (0, "a 1")
    assert occurrences("a 1", " ") == (0, "a 1")


def test_a_value_that_a_cell_broke_is_found_and_a_part_of_a_word_is_not() -> None:
    assert occurrences("홍길동 서울특별 시 영등포구 홍길동전", "서울특별시 영등포구") == (
        1,
        f"홍길동 {TAKEN} 홍길동전",
    )
    assert occurrences("홍길동 홍길동전", "홍길동") == (1, f"{TAKEN} 홍길동전")
