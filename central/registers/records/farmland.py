"""The farmland office's records (농지법 제49조): what farmland each resident owns in this district, and who farms it.

Lots, areas and owners are the land register's of the same town; the office adds only the use, and since when. Of
several co-owners the lot's entry names one, who gets the record.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import takewhile

from central.registers.district import dong_of
from central.registers.parcel import OwnerEntry, Parcel, ParcelState
from central.registers.records.record import Record
from central.registers.residents.record import Population
from central.registers.residents.town import LAST_DAY

FARMLAND = "farmland"
CATEGORIES = ("전", "답", "과수원")  # 법 제2조 제1호
_TOGETHER = " 외 "  # 홍길동 외 1인

Who = tuple[str, str]


def records(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Record]:
    """A record for each living resident who owns farmland, with all of it."""
    land: dict[Who, list[Parcel]] = {}
    for parcel in parcels:
        if parcel.state is not ParcelState.CLOSED and parcel.land[-1].category in CATEGORIES:
            land.setdefault(_who(parcel.owners[-1]), []).append(parcel)
    for who, person in sorted(_residents(people).items(), key=lambda one: one[1]):
        if who in land:
            yield Record(FARMLAND, _items(seed, land[who]), person=person)


def _who(entry: OwnerEntry) -> Who:
    """The owner's name, and what the land register shows of the number."""
    return entry.name.partition(_TOGETHER)[0], entry.reg_no[:8]


def _residents(people: Population) -> dict[Who, int]:
    """Living people by name and number, without those who could be taken for somebody else."""
    found: dict[Who, list[int]] = {}
    for one in people.people:
        if not one.died:
            found.setdefault((one.name, one.number[:8]), []).append(one.id)
    return {who: ids[0] for who, ids in found.items() if len(ids) == 1}


def _items(seed: int, parcels: list[Parcel]) -> dict[str, object]:
    ordered = sorted(parcels, key=lambda parcel: parcel.lot)
    return {
        "count": len(ordered),
        "total_m2": written(sum(parcel.area for parcel in ordered)),
        "lots": [{"no": str(no), **_lot(seed, parcel)} for no, parcel in enumerate(ordered, 1)],
    }


def written(area: int) -> str:
    """An area in tenths of m² as this office writes it: `1,652.9`."""
    whole, tenth = divmod(area, 10)
    return f"{whole:,}.{tenth}"


def _lot(seed: int, parcel: Parcel) -> dict[str, str]:
    rng = random.Random(f"{seed}:farmland:{parcel.lot.unique_no}")
    dong = dong_of(parcel.lot.dong)
    assert dong is not None
    land, owner = parcel.land[-1], parcel.owners[-1]
    return {
        "location": dong.location,
        "lot": parcel.lot.number,
        "category": land.category,
        "area_m2": written(land.area),
        "holding": "공유" if _TOGETHER in owner.name else "단독",
        "use": rng.choice(("자경", "자경", "임대")),
        "since": _since(rng, parcel).isoformat(),
    }


def _since(rng: random.Random, parcel: Parcel) -> date:
    """Within the year after the owner got the land and it became farmland."""
    last = parcel.owners[-1]
    his = takewhile(lambda entry: _who(entry) == _who(last), reversed(parcel.owners))
    farmed = takewhile(lambda entry: entry.category == parcel.land[-1].category, reversed(parcel.land))
    start = max(min(entry.date for entry in his), min(entry.date for entry in farmed))
    return min(date.fromisoformat(start) + timedelta(days=rng.randrange(365)), LAST_DAY)
