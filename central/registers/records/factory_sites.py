"""On which lots of the town factories stand, and how many: land for factories mostly, some building sites."""

import random
from collections.abc import Iterable, Mapping

from central.registers.lots import CLOSED_INTO, ONE_SHEET
from central.registers.parcel import Lot, Parcel, ParcelState

LAND = ("공장용지", "대")
_SHARES = {"공장용지": 0.35, "대": 0.02}
_SMALLEST = 1_500  # tenths of m²
# 여의도동 60 has one, which prints; 대림동 700 has three, so that somebody has to choose.
WELL_KNOWN: Mapping[Lot, int] = {ONE_SHEET: 1, CLOSED_INTO: 3}


def sites(seed: int, parcels: Iterable[Parcel]) -> list[tuple[Parcel, int]]:
    """The parcels with factories, each with how many, in the order of lots."""
    found = ((parcel, _count(seed, parcel)) for parcel in parcels)
    return sorted(((parcel, count) for parcel, count in found if count), key=lambda site: site[0].lot)


def _count(seed: int, parcel: Parcel) -> int:
    if parcel.lot in WELL_KNOWN:
        return WELL_KNOWN[parcel.lot]
    kind = parcel.land[-1].category
    if parcel.state is ParcelState.CLOSED or kind not in LAND or parcel.area < _SMALLEST:
        return 0
    rng = random.Random(f"{seed}:factories:{parcel.lot.unique_no}")
    return rng.choice((1, 1, 1, 2, 3)) if rng.random() < _SHARES[kind] else 0
