"""The register of site rights (대지권등록부): for each unit its part of the lot.

Law: 공간정보의 구축 및 관리 등에 관한 법률 제71조 제3항.

The land office enters it once the units have been divided; the owners are the unit's.
"""

from collections.abc import Iterator

from central.registers.buildings.building import Site, square_metres
from central.registers.buildings.ledger import owner_rows
from central.registers.buildings.owners import FIRST, LATER
from central.registers.buildings.paths import at_unit, floor_and_unit
from central.registers.district import dong_of
from central.registers.records.record import Record

SITE_RIGHT = "site-right"
_ENTERED = {FIRST: ("21", "대지권설정"), LATER: ("03", "소유권이전")}


def records(site: Site) -> Iterator[Record]:
    """A record for each unit on the lot."""
    lot = site.parcel.lot
    dong = dong_of(lot.dong)
    assert dong is not None
    for building in site.standing:
        for block in building.blocks:
            for unit in block.units:
                steps = at_unit(site, building, block, unit)
                items = {
                    "unique_no": lot.unique_no,
                    "location": dong.location,
                    "lot": lot.number,
                    "building": building.name,
                    "unit": floor_and_unit(block, unit),
                    "share": share(site, unit.site),
                    "register_no": "1-1",
                    "owners": [_entered(row) for row in owner_rows(unit.titles)],
                    "path": [[step.label, step.detail] for step in steps],
                }
                key = "/".join([lot.unique_no, *(step.key for step in steps)])
                yield Record(SITE_RIGHT, items, key=key, state=building.state)


def _entered(row: dict[str, str]) -> dict[str, str]:
    code, cause = _ENTERED[row["cause"]]
    return {**row, "cause_code": code, "cause": cause}


def share(site: Site, part: int) -> str:
    """A unit's part of the lot as a fraction is written: `4958.7분의 39.87`."""
    return f"{square_metres(site.area)}분의 {square_metres(part)}".replace(",", "")
