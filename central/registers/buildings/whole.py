"""Buildings that are owned as a whole: houses, shops, offices, by the size of their lot and by their time.

They belong to whom the land register has for the lot, from the day they were finished on.
"""

import random
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from central.registers.buildings.building import Block, Building, Change, Floor, Site, Title, square_metres
from central.registers.buildings.owners import FIRST
from central.registers.parcel import Parcel
from central.registers.records.record import RecordState

_CONCRETE = ("철근콘크리트구조", "(철근)콘크리트")
_BRICK = ("벽돌구조", "기와")
_CONCRETE_SINCE = 1975
_VIOLATIONS = (
    "옥상 샌드위치패널조 무단증축 18㎡",
    "1층 주차장 무단용도변경 11.5㎡",
    "4층 발코니 무단증축 6.3㎡",
)
_TURNED = ("사무소", "소매점", "일반음식점", "의원", "학원")


class Kind(Struct, frozen=True):
    """What is built on lots of at least `least` m²: use, the uses of its storeys, and how many there may be."""

    least: int
    use: str
    storeys: tuple[str, ...]
    most: int
    cellar: str


_KINDS = (
    Kind(800, "업무시설", ("사무소", "사무소", "사무소", "소매점"), 11, "주차장"),
    Kind(220, "제2종근린생활시설", ("소매점", "일반음식점", "사무소", "의원", "학원"), 6, "주차장"),
    Kind(60, "단독주택", ("다가구주택",), 3, "다가구주택"),
)
SMALLEST = _KINDS[-1].least
LARGEST = 26_000  # m²: what is larger waits to be built on


def build(rng: random.Random, parcel: Parcel, key: str, road: str, approved: date, part: float) -> Building:
    """One on `part` of the lot, finished on `approved`."""
    area = int(parcel.area * 10 * part)
    kind = next(one for one in _KINDS if area >= one.least * 100) if area >= SMALLEST * 100 else _KINDS[-1]
    modern = approved.year >= _CONCRETE_SINCE
    structure, roof = _CONCRETE if modern else _BRICK
    begun = approved - timedelta(days=rng.randint(150, 420))
    block = Block("", kind.use, _floors(rng, kind, area, modern=modern))
    bare = Building(
        key=key,
        name="",
        road=road,
        structure=structure,
        roof=roof,
        use=kind.use,
        permitted=(begun - timedelta(days=rng.randint(20, 160))).isoformat(),
        begun=begun.isoformat(),
        approved=approved.isoformat(),
        blocks=(block,),
        titles=titles_of(parcel, approved.isoformat()),
    )
    return _lived_in(rng, bare, approved)


def titles_of(parcel: Parcel, approved: str) -> tuple[Title, ...]:
    """The lot's owners from that day on; the first had the building entered."""
    before = [entry for entry in parcel.owners if entry.date <= approved][-1:]
    later = [entry for entry in parcel.owners if entry.date > approved]
    first = [Title(approved, FIRST, one.name, one.reg_no, one.address) for one in before]
    return (*first, *(Title(one.date, one.cause, one.name, one.reg_no, one.address) for one in later))


def torn_down(building: Building, day: str) -> Building:
    """The building after it was taken away."""
    changes = (*building.changes, Change(day, "철거로 말소"))
    owners = tuple(title for title in building.titles if title.day <= day)
    return replace(building, changes=changes, titles=owners, state=RecordState.CLOSED, violation="")


def room(site: Site) -> bool:
    """Whether the lot is of a size on which something is built as a whole."""
    return SMALLEST * 100 <= site.area <= LARGEST * 100


def _floors(rng: random.Random, kind: Kind, area: int, *, modern: bool) -> tuple[Floor, ...]:
    """The ground floor covers about half of the lot, the upper ones a little less."""
    ground = area * rng.randint(42, 58) // 100
    count = rng.randint(1, kind.most) if modern else rng.randint(1, 2)
    floors = [Floor(-1, kind.cellar, ground * 9 // 10)] if modern and rng.random() < 0.6 else []
    for storey in range(1, count + 1):
        use = kind.storeys[min(storey - 1, len(kind.storeys) - 1)] if storey < 3 else rng.choice(kind.storeys)
        floors.append(Floor(storey, use, ground if storey == 1 else ground * rng.choice((92, 95, 98)) // 100))
    return tuple(floors)


def _lived_in(rng: random.Random, building: Building, approved: date) -> Building:
    """What has happened to it since: a storey put to another use, something built without a permit."""
    changes = [Change(approved.isoformat(), "신축 (사용승인)")]
    last = date(2026, 9, 30)
    chance = rng.random()
    violation = ""
    if chance < 0.3 and building.use != "단독주택" and (last - approved).days > 800:
        day = approved + timedelta(days=rng.randint(400, (last - approved).days))
        floor = building.blocks[0].floors[-1]
        what = (
            f"용도변경: {floor.written} {rng.choice(_TURNED)} → {floor.use} ({square_metres(floor.area)}㎡)"
        )
        changes.append(Change(day.isoformat(), what))
    elif chance > 0.94 and approved.year < 2020:
        day = date(rng.randint(2020, 2025), rng.randint(1, 12), rng.randint(1, 28))
        violation = rng.choice(_VIOLATIONS)
        changes.append(Change(day.isoformat(), f"위반건축물 표기: {violation}"))
    state = RecordState.CHANGING if 0.5 < chance < 0.51 else RecordState.LIVE
    return replace(building, changes=tuple(changes), violation=violation, state=state)
