"""The building register's sheets as records in item form (건축물대장의 기재 및 관리 등에 관한 규칙 별지 서식).

A building owned as a whole has one sheet; a divided one has one for the complex if it has several blocks (총괄표제부),
one a block (표제부) and one a unit (전유부); a lot with several whole buildings has one for all of them. Zones and
districts stay empty: the land-use plan has them.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from central.registers.buildings.building import (
    Block,
    Building,
    Floor,
    Site,
    Title,
    Unit,
    square_metres,
    written_storey,
)
from central.registers.buildings.measures import households, measures, units_in, written_storeys
from central.registers.buildings.paths import Step, at_block, at_building, at_summary, at_unit
from central.registers.district import dong_of
from central.registers.records.record import Record

BUILDING = "building"
_MAIN, _OWN, _COMMON = "주1", "전유", "공용"
_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("name", "block", "unit", "count", "road", "site_m2", "total_m2", "footprint_m2"), ""),
    **dict.fromkeys(("counted_m2", "structure", "use", "storeys", "coverage", "floor_ratio", "roof"), ""),
    **dict.fromkeys(("violation", "permitted", "begun", "approved", "parking", "height"), ""),
    **{name: [] for name in ("floors", "common", "blocks", "owners", "changes", "prices")},
}


def records(site: Site) -> Iterator[Record]:
    """Every sheet of the lot."""
    if len(site.standing) > 1:
        yield _sheet(
            site,
            site.standing[0],
            at_summary(site),
            _summary(site, site.standing, "일반건축물대장(총괄표제부)"),
        )
    for building in site.buildings:
        if not building.divided:
            yield _sheet(site, building, at_building(site, building), _whole(site, building))
            continue
        if len(building.blocks) > 1:
            summary = _summary(site, (building,), "집합건축물대장(총괄표제부)")
            yield _sheet(site, building, at_summary(site, building), summary)
        for block in building.blocks:
            yield _sheet(site, building, at_block(site, building, block), _title(site, building, block))
            for unit in block.units:
                steps = at_unit(site, building, block, unit)
                yield _sheet(site, building, steps, _unit(building, block, unit))


def _sheet(site: Site, building: Building, steps: Sequence[Step], items: dict[str, Any]) -> Record:
    lot = site.parcel.lot
    dong = dong_of(lot.dong)
    assert dong is not None
    key = "/".join([lot.unique_no, *(step.key for step in steps)])
    named = {
        "unique_no": lot.unique_no,
        "building_id": f"11560-{zlib.crc32(key.encode()) % 10**9:09d}",
        "location": dong.location,
        "lot": lot.number,
        "road": building.road,
    }
    path = [[step.label, step.detail] for step in steps]
    return Record(BUILDING, {**_EMPTY, **named, **items, "path": path}, key=key, state=building.state)


def _whole(site: Site, building: Building) -> dict[str, Any]:
    """일반건축물대장(갑)."""
    block = building.blocks[0]
    return {
        **measures(site, [block], building.name, building.structure, building.roof, building.use),
        **_life(building),
        "part": "whole",
        "title": "일반건축물대장(갑)",
        "count": households(block),
        "floors": _floors(building, block),
        "owners": owner_rows(building.titles),
        "changes": _changes(building),
    }


def _title(site: Site, building: Building, block: Block) -> dict[str, Any]:
    """집합건축물대장(표제부, 갑)."""
    return {
        **measures(site, [block], building.name, building.structure, building.roof, block.use),
        **_life(building),
        "part": "title",
        "title": "집합건축물대장(표제부, 갑)",
        "block": block.name,
        "count": units_in([block]),
        "floors": _floors(building, block),
        "changes": _changes(building),
    }


def _summary(site: Site, buildings: Sequence[Building], title: str) -> dict[str, Any]:
    """총괄표제부: all blocks, each on a line."""
    first = buildings[0]
    pairs = [(building, block) for building in buildings for block in building.blocks]
    blocks = [block for _, block in pairs]
    return {
        **measures(site, blocks, first.name, first.structure, first.roof, first.use),
        **(_life(first) if len(buildings) == 1 else {}),
        "storeys": "",
        "part": "summary",
        "title": title,
        "count": units_in(blocks) if first.divided else "",
        "blocks": [
            {
                "name": block.name or f"주{number}",
                "structure": building.structure,
                "storeys": written_storeys(block),
                "use": block.use,
                "total_m2": square_metres(block.total),
                "approved": building.approved,
            }
            for number, (building, block) in enumerate(pairs, 1)
        ],
        "changes": _changes(first) if len(buildings) == 1 else [],
    }


def _unit(building: Building, block: Block, unit: Unit) -> dict[str, Any]:
    """집합건축물대장(전유부, 갑)."""
    structure, storey = building.structure, written_storey(unit.storey)
    common = [_row(_COMMON, storey, structure, "계단실, 복도, 승강기", unit.stairs)]
    if unit.parking:
        common.append(_row(_COMMON, written_storey(-1), structure, "주차장", unit.parking))
    return {
        "part": "unit",
        "title": "집합건축물대장(전유부, 갑)",
        "name": building.name,
        "block": block.name,
        "unit": f"{unit.number}호",
        "violation": "위반건축물" if building.violation else "",
        "floors": [_row(_OWN, storey, structure, unit.use, unit.own)],
        "common": common,
        "owners": owner_rows(unit.titles),
        "changes": [{"day": building.approved, "what": "신규작성 (신축)"}],
        "prices": [{"day": f"{year}-01-01", "won": won} for year, won in unit.prices],
    }


def _life(building: Building) -> dict[str, str]:
    return {
        "permitted": building.permitted,
        "begun": building.begun,
        "approved": building.approved,
        "violation": "위반건축물" if building.violation else "",
    }


def _floors(building: Building, block: Block) -> list[dict[str, str]]:
    """From the ground down, then up, as the register lists them."""
    below = [floor for floor in block.floors if floor.storey < 0]
    ordered: list[Floor] = [*reversed(below), *block.floors[len(below) :]]
    return [_row(_MAIN, floor.written, building.structure, floor.use, floor.area) for floor in ordered]


def _row(part: str, floor: str, structure: str, use: str, area: int) -> dict[str, str]:
    return {
        "part": part,
        "floor": floor,
        "structure": structure,
        "use": use,
        "area_m2": square_metres(area),
    }


def _changes(building: Building) -> list[dict[str, str]]:
    return [{"day": change.day, "what": change.what} for change in building.changes]


def owner_rows(titles: Sequence[Title]) -> list[dict[str, str]]:
    """The owners in order of time; `stands` marks those of today."""
    last = titles[-1].day if titles else ""
    return [
        {
            "day": title.day,
            "cause": title.cause,
            "name": title.name,
            "reg_no": title.reg_no,
            "address": title.address,
            "share": title.share,
            "stands": "yes" if title.day == last else "",
        }
        for title in titles
    ]
