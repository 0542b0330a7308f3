"""Where people are born and registered: places of the country with the office that took reports there.

The villages are real names as they are today, the lots are not: nobody is registered there.
"""

import random
from datetime import date, timedelta

from msgspec import Struct

from central.registers.district import DISTRICT, DONGS, PROVINCE

HERE = f"{PROVINCE} {DISTRICT}"
_ELSEWHERE = (
    ("서울특별시 마포구", "공덕동"),
    ("서울특별시 구로구", "구로동"),
    ("인천광역시 중구", "신흥동"),
    ("경기도 김포시", "사우동"),
    ("경기도 안성시", "금산동"),
    ("충청북도 제천시", "하소동"),
    ("충청남도 서산시", "동문동"),
    ("전라남도 완도군 청산면", "도청리"),
    ("경상북도 안동시", "옥동"),
    ("경상남도 남해군 이동면", "신전리"),
    ("전라남도 순천시", "조곡동"),
)


class Place(Struct, frozen=True):
    """A place as a register writes it, and the office that takes reports for it."""

    office: str
    written: str


def draw_place(rng: random.Random) -> Place:
    """Somewhere in the country; in this district one time in four."""
    lot = f"{rng.randint(1, 900)}번지"
    if rng.random() < 0.25:
        return Place(HERE, f"{HERE} {rng.choice(DONGS).name} {lot}")
    office, village = rng.choice(_ELSEWHERE)
    return Place(office, f"{office} {village} {lot}")


def place_at(address: str) -> Place:
    """The place of an address in this district, written with its lot."""
    return Place(HERE, address)


def soon(rng: random.Random, day: date, within: int) -> date:
    """A day up to so many days later: a report follows what it reports."""
    return day + timedelta(days=rng.randint(1, within))
