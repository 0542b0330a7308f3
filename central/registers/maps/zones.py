"""In which zones and districts a lot lies (국토의 계획 및 이용에 관한 법률, 다른 법령): drawn from where it lies.

Invented, but as plans are: a whole row of a dong is in one zone, along its southern avenue trade is allowed, and what
a street is called follows from its width (도시·군계획시설의 결정·구조 및 설치기준에 관한 규칙 제9조).
"""

import random

from msgspec import Struct

from central.registers.district import Dong
from central.registers.maps.ground import Site

_GREEN = "자연녹지지역"
_TRADE = ("일반상업지역", "준주거지역", "일반상업지역")
_LIVING = ("제2종일반주거지역", "제2종일반주거지역", "제3종일반주거지역", "제1종일반주거지역")
_FACTORIES = ("문래동", "당산동", "양평동", "도림동")
_FACTORY = ("준공업지역", "준공업지역", "제3종일반주거지역")
_ISLAND, _ISLAND_ZONES = "여의도동", ("일반상업지역", "중심상업지역", "제3종일반주거지역")
_SCHOOL_ROWS = 0.3  # of all rows have a school in them
_WIDTHS = (
    (30, "대로2류(폭 30m~35m)"),
    (25, "대로3류(폭 25m~30m)"),
    (20, "중로1류(폭 20m~25m)"),
    (10, "소로1류(폭 10m~12m)"),
    (0, "소로3류(폭 8m 미만)"),
)


class Zoning(Struct, frozen=True):
    """`zone` (용도지역); then what the law on planning says of the lot, what other laws say, and what the decree on
    regulating land use has written down besides (토지이용규제 기본법 시행령 제9조제4항).
    """

    zone: str
    planning: tuple[str, ...]
    others: tuple[str, ...]
    decree: tuple[str, ...] = ()


def zoning_of(site: Site, dong: Dong) -> Zoning:
    """The same for the same lot; its neighbours of the row are in the same zone."""
    if site.lot.mountain:
        return Zoning(
            _GREEN, ("도시지역", _GREEN), ("준보전산지<산지관리법>", "과밀억제권역<수도권정비계획법>")
        )
    rng = random.Random(f"zone:{dong.code}:{site.row}")
    zone = rng.choice(_zones(dong, site.row))
    planning = ["도시지역", zone]
    if zone in _TRADE:
        planning.append("지구단위계획구역")
        planning.append("방화지구")
    planning += [f"{_road(width)}(접합)" for width in site.streets]
    others = ["과밀억제권역<수도권정비계획법>", "가축사육제한구역<가축분뇨의 관리 및 이용에 관한 법률>"]
    if rng.random() < _SCHOOL_ROWS:
        others.append("상대보호구역<교육환경 보호에 관한 법률>")
    if rng.random() < _SCHOOL_ROWS:
        others.append("대공방어협조구역(위탁고도: 77~257m)<군사기지 및 군사시설 보호법>")
    decree = ("토지거래계약에 관한 허가구역",) if dong.name == _ISLAND else ()
    return Zoning(zone, tuple(planning), tuple(others), decree)


def _zones(dong: Dong, row: int) -> tuple[str, ...]:
    if dong.name == _ISLAND:
        return _ISLAND_ZONES
    if row == 0:
        return _TRADE
    return _FACTORY if dong.name.startswith(_FACTORIES) else _LIVING


def _road(width: int) -> str:
    """The class of a street so wide, m."""
    return next(name for least, name in _WIDTHS if width >= least)
