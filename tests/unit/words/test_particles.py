"""Particles follow the sound before them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words.particles import particle
from kiosk.words.words import Words


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("토지대장", "을/를", "을"),
        ("임야도", "을/를", "를"),
        ("토지대장", "은/는", "은"),
        ("지적도", "이/가", "가"),
        ("서울", "으로/로", "로"),
        ("부산", "으로/로", "으로"),
        ("제주", "으로/로", "로"),
        ("1,000원", "을/를", "을"),
        ("3", "을/를", "을"),
        ("2", "이/가", "가"),
        ("10", "은/는", "은"),
        ("1", "으로/로", "로"),
        ("여의도동(60)", "을/를", "을"),
        ("PDF", "을/를", "를"),
        ("HTML", "을/를", "을"),
        ("", "을/를", "를"),
    ],
)
def test_the_particle_fits_the_word(word: str, pair: str, expected: str) -> None:
    assert particle(word, pair) == expected


@given(st.text(), st.sampled_from(["을/를", "은/는", "이/가", "으로/로"]))
def test_it_is_always_one_of_the_two(word: str, pair: str) -> None:
    assert particle(word, pair) in pair.split("/")


@given(st.integers(0xAC00, 0xD7A3).map(chr))
def test_a_syllable_is_closed_if_and_only_if_it_has_a_final_consonant(syllable: str) -> None:
    # NFD takes a syllable apart: two letters without a final consonant, three with one.
    closed = len(unicodedata.normalize("NFD", syllable)) == 3
    assert particle(syllable, "을/를") == ("을" if closed else "를")


def test_messages_put_it_behind_their_value() -> None:
    words = Words("ko", {"a": "{what:을/를} 눌러 주세요."})
    assert words.say("a", what="토지대장") == "토지대장을 눌러 주세요."
