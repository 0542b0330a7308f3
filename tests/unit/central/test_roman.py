"""Korean in Roman letters, as the national rules have it."""

import random

import pytest

from central.registers.district import DONGS
from central.registers.residents.roads import draw_dwelling
from central.registers.roman import address_in_english, dong_in_english, roman_name, romanised


@pytest.mark.parametrize(
    ("name", "roman"),
    [
        ("홍길동", "HONG GILDONG"),
        ("이사랑", "LEE SARANG"),
        ("남궁재현", "NAMGUNG JAEHYEON"),
        ("한결", "HAN GYEOL"),
        ("ALEXANDRA MAXIMILIANA", "ALEXANDRA MAXIMILIANA"),
        ("李", ""),
    ],
)
def test_a_name_is_written_as_in_a_passport(name: str, roman: str) -> None:
    assert roman_name(name) == roman


@pytest.mark.parametrize(
    ("word", "roman"),
    [
        ("문래", "Mullae"),
        ("신길", "Singil"),
        ("국제금융", "Gukjegeumyung"),
        ("디지털", "Digital"),
        ("별이", "Byeori"),
    ],
)
def test_syllables_of_a_place_act_on_each_other(word: str, roman: str) -> None:
    assert romanised(word) == roman


@pytest.mark.parametrize(
    ("address", "english"),
    [
        (
            "국제금융로 10, 101동 1203호 (여의도동)",
            "101-dong 1203-ho, 10, Gukjegeumyung-ro, Yeongdeungpo-gu, Seoul",
        ),
        ("선유동1로 392-27 (당산동1가)", "392-27, Seonyudong 1-ro, Yeongdeungpo-gu, Seoul"),
        ("63로 50 (여의도동)", "50, 63-ro, Yeongdeungpo-gu, Seoul"),
        ("시흥대로 300 (대림동)", "300, Siheung-daero, Yeongdeungpo-gu, Seoul"),
        ("문래동3가 55-3", "55-3, Mullae-dong 3-ga, Yeongdeungpo-gu, Seoul"),
        ("신길동 산 12", "San 12, Singil-dong, Yeongdeungpo-gu, Seoul"),
    ],
)
def test_an_address_is_written_from_the_door_to_the_city(address: str, english: str) -> None:
    assert address_in_english(f"서울특별시 영등포구 {address}") == english


@pytest.mark.parametrize(
    "address", ["", "서울특별시 마포구 공덕동 1", "서울특별시 영등포구", "서울특별시 영등포구 어딘가"]
)
def test_what_is_no_address_of_the_district_has_no_english(address: str) -> None:
    assert address_in_english(address) == ""


def test_every_dong_and_every_address_of_the_town_has_english() -> None:
    assert len({dong_in_english(dong.name) for dong in DONGS}) == len({dong.name for dong in DONGS})
    rng = random.Random(1)
    for _ in range(500):
        home = draw_dwelling(rng)
        for address in (home.road, home.lot):
            english = address_in_english(address)
            assert english.endswith("Yeongdeungpo-gu, Seoul")
            assert english.isascii()


def test_what_is_no_dong_is_refused() -> None:
    with pytest.raises(ValueError, match="no dong"):
        dong_in_english("여의도")
