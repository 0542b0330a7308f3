"""Surnames and where their clans come from (본, 本), as the family register writes them: in hanja."""

import random
from typing import Final

# The best known seats of each surname; who bears another surname, or none, stands in no Korean family register.
_SEATS: Final[dict[str, tuple[str, ...]]] = {
    "김": ("金海", "慶州", "光山"),
    "이": ("全州", "慶州", "星州"),
    "박": ("密陽", "潘南"),
    "최": ("慶州", "全州"),
    "정": ("東萊", "慶州", "延日"),
    "강": ("晉州",),
    "조": ("漢陽", "咸安"),
    "윤": ("坡平",),
    "장": ("仁同",),
    "임": ("羅州", "豊川"),
    "한": ("淸州",),
    "오": ("海州",),
    "서": ("達城", "利川"),
    "신": ("平山", "高靈"),
    "권": ("安東",),
    "황": ("昌原", "長水"),
    "안": ("順興",),
    "송": ("礪山", "恩津"),
    "류": ("文化",),
    "홍": ("南陽",),
    "성": ("昌寧",),
    "문": ("南平",),
    "나": ("羅州",),
}


def surname_of(name: str) -> str:
    """The surname that a Korean name begins with; "" for any other name."""
    return name[0] if name[0] in _SEATS else ""


def draw_clan(rng: random.Random, surname: str, other_than: str = "") -> str:
    """One of the clans of that surname, where there is one another than a spouse's. Raises KeyError for a surname that
    has none.
    """
    seats = _SEATS[surname]
    return rng.choice([seat for seat in seats if seat != other_than] or seats)
