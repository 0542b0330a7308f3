"""Hours, names and finding by initial consonants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue.initials import initials, matches
from kiosk.protocol.certificates import Hours, Names, minutes


def at(clock: str) -> int:
    return minutes(clock)


def test_all_day_is_all_day() -> None:
    assert all(Hours("00:00", "24:00").open_at(minute) for minute in range(1440))


@pytest.mark.parametrize(
    ("clock", "is_open"), [("08:59", False), ("09:00", True), ("17:59", True), ("18:00", False)]
)
def test_a_day_register_opens_and_closes_on_the_minute(clock: str, is_open: bool) -> None:
    assert Hours("09:00", "18:00").open_at(at(clock)) is is_open


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [("04:59", False), ("05:00", True), ("23:59", True), ("00:30", True), ("02:00", False)],
)
def test_a_register_may_be_open_past_midnight(clock: str, is_open: bool) -> None:
    assert Hours("05:00", "02:00").open_at(at(clock)) is is_open


@pytest.mark.parametrize("clock", ["", "9:00", "24:01", "12:60", "ab:cd", "12", "12:3", "١٢:٠٠"])
def test_what_is_not_a_time_is_refused(clock: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        minutes(clock)


def test_a_name_that_is_missing_in_a_language_is_said_in_korean() -> None:
    assert Names("토지대장").text("en") == "토지대장"
    assert Names("토지대장", "Land Register").text("en") == "Land Register"
    assert Names("토지대장", "Land Register").text("ko") == "토지대장"


def test_initials_of_a_name() -> None:
    assert initials("토지대장") == "ㅌㅈㄷㅈ"
    assert initials("쌍문동 Land 2") == "ㅅㅁㄷ land 2"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("토지대장", "ㅌㅈ"),
        ("토지대장", "토ㅈ"),
        ("토지대장", "토지대장"),
        ("개별공시지가 확인서", "ㅎㅇㅅ"),
        ("개별공시지가 확인서", "ㄱㅂㄱㅅㅈㄱㅎ"),
        ("쌍문동", "ㅆ"),
        ("쌍문동", "ㅅ"),
        ("Land Register", "reg"),
        ("토지대장", ""),
    ],
)
def test_a_name_is_found_by_how_its_words_begin(name: str, typed: str) -> None:
    assert matches(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("토지대장", "ㅈㄷ"), ("토지대장", "ㅌㅈㄷㅈㅈ"), ("임야도", "ㅌ")]
)
def test_and_not_otherwise(name: str, typed: str) -> None:
    assert not matches(name, typed)


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=8))
def test_every_name_is_found_by_its_own_initials_and_by_itself(name: str) -> None:
    assert matches(name, initials(name))
    assert matches(name, name)
