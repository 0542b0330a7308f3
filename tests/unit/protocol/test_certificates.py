"""The fee in force on a day, and texts in the language that there is."""

from datetime import date

import pytest

from kiosk.protocol.certificates import DatedFee, Names, fee_on

ROWS = (
    DatedFee(date(2002, 2, 1), 300),
    DatedFee(date(2020, 1, 1), 500, 20, 100),
    DatedFee(date(2021, 7, 1), 0, municipality="4427000000"),
)


@pytest.mark.parametrize(
    ("day", "municipality", "base"),
    [
        (date(2002, 2, 1), "", 300),
        (date(2019, 12, 31), "1156000000", 300),
        (date(2020, 1, 1), "1156000000", 500),
        (date(2021, 6, 30), "4427000000", 500),
        (date(2021, 7, 1), "4427000000", 0),
        (date(2026, 1, 1), "1156000000", 500),
    ],
)
def test_the_last_row_before_the_day_holds_and_an_ordinance_of_ones_own_before_everybodys(
    day: date, municipality: str, base: int
) -> None:
    fee = fee_on(ROWS, day, municipality)
    assert fee is not None
    assert fee.base == base


def test_before_the_first_row_there_is_no_fee() -> None:
    assert fee_on(ROWS, date(2002, 1, 31)) is None
    assert fee_on((), date(2026, 1, 1)) is None


def test_korean_stands_in_for_a_language_that_is_missing() -> None:
    names = Names("토지대장", en="Land Register", vi="Sổ đăng ký đất đai")
    assert [names.text(lang) for lang in ("ko", "en", "zh", "ja", "vi", "de")] == [
        "토지대장",
        "Land Register",
        "토지대장",
        "토지대장",
        "Sổ đăng ký đất đai",
        "토지대장",
    ]
