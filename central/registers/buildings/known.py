"""Buildings that demos and tests can rely on, whatever the seed, on the well-known lots (central/registers/lots.py).

ONE_SHEET    a company's tower of thirty storeys, one building: nothing to choose
APARTMENTS   blocks 101 and 102 of apartments and one of shops; 홍길동 owns 101동 1203호 and lives there
CLOSED_INTO  a small building with shops: nothing to choose
CHANGING     an office whose record is being amended: refused, record-under-change
"""

import random
from datetime import date

from msgspec.structs import replace

from central.registers import lots
from central.registers.buildings import divided, whole
from central.registers.buildings.building import Block, Building, Change, Floor, Title
from central.registers.buildings.divided import Plan, Works
from central.registers.buildings.owners import FIRST, Holders
from central.registers.parcel import Parcel
from central.registers.records.record import RecordState

_DONG = "여의도동"
_DOOR = "서울특별시 영등포구 국제금융로 10"
_OWN = (8_493, 8_493, 5_992, 5_992)
_SHOPS = (6_240, 6_240)
_TOWER_STOREYS, _TOWER_CELLARS = 30, 3
_TOWER_GROUND = 412_000


def buildings(rng: random.Random, parcel: Parcel, holders: Holders) -> tuple[Building, ...] | None:
    """What stands on a well-known lot; None where the lot is none of them."""
    if parcel.lot == lots.APARTMENTS:
        return (_apartments(rng, parcel, holders),)
    if parcel.lot == lots.ONE_SHEET:
        return (_tower(parcel),)
    if parcel.lot == lots.CLOSED_INTO:
        road = "서울특별시 영등포구 대림로 300 (대림동)"
        return (whole.build(rng, parcel, "b1", road, date(1991, 6, 14), 0.6),)
    if parcel.lot == lots.CHANGING:
        road = "서울특별시 영등포구 당산로 12 (당산동1가)"
        office = whole.build(rng, parcel, "b1", road, date(1998, 3, 30), 1.0)
        return (replace(office, state=RecordState.CHANGING),)
    return None


def _apartments(rng: random.Random, parcel: Parcel, holders: Holders) -> Building:
    works = Works(
        name="한빛아파트",
        door=_DOOR,
        dong=_DONG,
        site=parcel.area * 10,
        use="공동주택(아파트)",
        permitted="1994-03-15",
        begun="1994-06-01",
        approved=lots.BUILT.isoformat(),
        builder=lots.BUILDER,
        plans=(
            Plan("101동", 15, _OWN, "아파트"),
            Plan("102동", 15, _OWN, "아파트"),
            Plan("상가동", 2, _SHOPS, "제1종근린생활시설", cellar=False),
        ),
        won_per_m2=14_200_000,
    )
    built = divided.build(rng, works, holders)
    *blocks, shops = built.blocks
    kept, *sold = shops.units
    units = (replace(kept, titles=kept.titles[:1], prices=()), *(replace(unit, prices=()) for unit in sold))
    return replace(built, blocks=(*blocks, replace(shops, units=units)))


def _tower(parcel: Parcel) -> Building:
    floors = [Floor(-depth, "주차장", _TOWER_GROUND * 2) for depth in range(_TOWER_CELLARS, 0, -1)]
    floors += [Floor(storey, "업무시설", _TOWER_GROUND) for storey in range(1, _TOWER_STOREYS + 1)]
    approved = "1985-06-27"
    owner = [entry for entry in parcel.owners if entry.date <= approved][-1]
    later = [entry for entry in parcel.owners if entry.date > approved]
    return Building(
        key="b1",
        name="한빛타워",
        road="서울특별시 영등포구 63로 50 (여의도동)",
        structure="철골철근콘크리트구조",
        roof="(철근)콘크리트",
        use="업무시설",
        permitted="1980-02-11",
        begun="1980-05-20",
        approved=approved,
        blocks=(Block("", "업무시설", tuple(floors)),),
        titles=(
            Title(approved, FIRST, owner.name, owner.reg_no, owner.address),
            *(Title(entry.date, entry.cause, entry.name, entry.reg_no, entry.address) for entry in later),
        ),
        changes=(
            Change(approved, "신축 (사용승인)"),
            Change("2009-04-17", "기재사항 변경: 승강기 교체 (승용 12대)"),
        ),
    )
