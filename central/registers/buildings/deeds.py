"""The registry's deeds (등기기록, 부동산등기법 제15조): one a lot, one a building owned as a whole, one a unit.

The registry is an authority of its own. It takes owners and areas over from the registers of the town on the day on
which a change was applied for there, and has what no other register has: mortgages. A deed of land or of a building
that is gone is closed.
"""

import random
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from central.registers.buildings.building import Block, Building, Site, Title, Unit, square_metres
from central.registers.buildings.entries import Entry, entries_of
from central.registers.buildings.paths import Step, at_building, at_land, at_unit, floor_and_unit
from central.registers.buildings.site_rights import share
from central.registers.district import dong_of
from central.registers.parcel import Parcel, ParcelState, tenths
from central.registers.records.record import Record, RecordState

DEED = "real-estate-registry"
_LAND, _WHOLE, _UNIT = "토지", "건물", "집합건물"
_UNPRICED, _BUILT_FOR, _SOLD_FOR = 300_000, 1_900_000, 9_000_000  # KRW per m²: land, a building, a shop
_EMPTY: dict[str, Any] = {
    "road": "",
    **{name: [] for name in ("land", "place", "storeys", "site", "own", "right")},
}


def records(seed: int, site: Site) -> Iterator[Record]:
    """Every deed of the lot and of what stands on it."""
    yield _land(seed, site)
    for building in site.buildings:
        if not building.divided:
            yield _whole(seed, site, building)
        for block in building.blocks:
            for unit in block.units:
                yield _unit(seed, site, building, block, unit)


def _land(seed: int, site: Site) -> Record:
    parcel = site.parcel
    titles = [Title(one.date, one.cause, one.name, one.reg_no, one.address) for one in parcel.owners]
    price = parcel.prices[-1].won_per_m2 if parcel.prices else _UNPRICED
    worth = parcel.land[-1].area * price // 10
    items = {"kind": _LAND, "address": _address(parcel), "land": _land_rows(parcel)}
    closed = RecordState.CLOSED if parcel.state is ParcelState.CLOSED else RecordState.LIVE
    return _deed(seed, site, at_land(site), items, titles, worth, closed)


def _whole(seed: int, site: Site, building: Building) -> Record:
    block = building.blocks[0]
    worth = block.total * _BUILT_FOR // 100
    items = {
        "kind": _WHOLE,
        "address": " ".join(word for word in (_address(site.parcel), building.name) if word),
        "road": building.road,
        "place": [_place(site, building, block)],
        "storeys": _storeys(block),
    }
    closed = RecordState.CLOSED if building.state is RecordState.CLOSED else RecordState.LIVE
    return _deed(seed, site, at_building(site, building), items, building.titles, worth, closed)


def _unit(seed: int, site: Site, building: Building, block: Block, unit: Unit) -> Record:
    parcel = site.parcel
    entered = unit.titles[0].day
    worth = unit.prices[-1][1] * 14 // 10 if unit.prices else unit.own * _SOLD_FOR // 100
    items = {
        "kind": _UNIT,
        "address": f"{_address(parcel)} {building.name} {floor_and_unit(block, unit)}",
        "road": building.road,
        "place": [_place(site, building, block)],
        "storeys": _storeys(block),
        "site": [
            {
                "no": "1",
                "place": _address(parcel),
                "category": parcel.land[-1].category,
                "area_m2": f"{tenths(parcel.area)}㎡",
                "day": entered,
            }
        ],
        "own": [
            {
                "no": "1",
                "received": entered,
                "number": floor_and_unit(block, unit).removeprefix(f"제{block.name} "),
                "detail": f"{building.structure} {square_metres(unit.own)}㎡",
            }
        ],
        "right": [
            {"no": "1", "kind": "소유권대지권", "share": share(site, unit.site), "day": entered},
        ],
    }
    return _deed(
        seed, site, at_unit(site, building, block, unit), items, unit.titles, worth, RecordState.LIVE
    )


def _deed(
    seed: int,
    site: Site,
    steps: Sequence[Step],
    items: dict[str, Any],
    titles: Sequence[Title],
    worth: int,
    state: RecordState,
) -> Record:
    lot = site.parcel.lot
    dong = dong_of(lot.dong)
    assert dong is not None
    key = "/".join([lot.unique_no, *(step.key for step in steps)])
    rights = entries_of(random.Random(f"{seed}:registry:{key}"), titles, worth)
    named = {
        "title": "등기사항전부증명서",
        "unique_no": lot.unique_no,
        "registry_no": f"1156-{titles[0].day[:4]}-{zlib.crc32(key.encode()) % 10**6:06d}",
        "location": dong.location,
        "lot": lot.number,
        "owned": [_row(entry) for entry in rights.owned],
        "charged": [_row(entry) for entry in rights.charged],
        "path": [[step.label, step.detail] for step in steps],
    }
    return Record(DEED, {**_EMPTY, **items, **named}, key=key, state=state)


def _land_rows(parcel: Parcel) -> list[dict[str, str]]:
    """Each state of the land; what holds no longer is struck."""
    last = len(parcel.land)
    return [
        {
            "no": str(number),
            "received": entry.date,
            "place": _address(parcel),
            "category": entry.category,
            "area_m2": f"{tenths(entry.area)}㎡",
            "cause": entry.cause,
            "ended": "" if number == last else "말소",
            "stands": "yes" if number == last else "",
        }
        for number, entry in enumerate(parcel.land, 1)
    ]


def _place(site: Site, building: Building, block: Block) -> dict[str, str]:
    """The building as the deed describes it; its storeys stand below it."""
    _, above = block.storeys
    words = (_address(site.parcel), building.name, f"제{block.name}" if block.name else "")
    return {
        "no": "1",
        "received": building.approved,
        "place": " ".join(word for word in words if word),
        "detail": f"{building.structure} {building.roof}지붕 {above}층 {block.use}",
    }


def _storeys(block: Block) -> list[dict[str, str]]:
    return [{"floor": floor.written, "area_m2": f"{square_metres(floor.area)}㎡"} for floor in block.floors]


def _address(parcel: Parcel) -> str:
    dong = dong_of(parcel.lot.dong)
    assert dong is not None
    return f"{dong.location} {parcel.lot.number}"


def _row(entry: Entry) -> dict[str, str]:
    return {
        "no": entry.no,
        "purpose": entry.purpose,
        "received": entry.received,
        "received_no": entry.received_no,
        "cause_day": entry.cause_day,
        "cause": entry.cause,
        "amount": entry.amount,
        "debtor": entry.debtor,
        "holder": entry.holder,
        "address": entry.address,
        "ended": "말소" if entry.ended else "",
        "stands": "yes" if entry.stands else "",
    }
