"""The whole synthetic town: every dong's parcels, the same for the same seed. Invented throughout, and consistent."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from central.registers.district import DONGS, Dong
from central.registers.lot_changes import Family, Plan
from central.registers.lots import RESERVED, well_known
from central.registers.parcel import Lot, Parcel

SEED = 2002
_FAMILIES_PER_DONG = 48
_FOREST_DONGS = ("신길동", "양화동", "도림동", "대림동")
_FORESTS_PER_DONG = 6
_FACTORY_DONGS = ("문래동", "당산동", "양평동", "도림동")
_ISLAND = "여의도동"


def parcels(seed: int = SEED) -> Iterator[Parcel]:
    """Every parcel of the town, the well-known lots first."""
    yield from well_known(seed)
    for dong in DONGS:
        rng = random.Random(f"{seed}:{dong.code}")
        yield from _land(rng, dong)
        if dong.name in _FOREST_DONGS:
            yield from _forest(rng, dong)


def _land(rng: random.Random, dong: Dong) -> Iterator[Parcel]:
    base = rng.randint(500_000, 1_400_000)
    for main in _numbers(rng, dong, mountain=False, count=_FAMILIES_PER_DONG):
        yield from Family(rng, Lot(dong.code, False, main, 0), _plan(rng, dong, base)).grow()


def _forest(rng: random.Random, dong: Dong) -> Iterator[Parcel]:
    for main in _numbers(rng, dong, mountain=True, count=_FORESTS_PER_DONG):
        plan = Plan(
            founded=date(1916, 1, 1) + timedelta(days=rng.randint(0, 4000)),
            category="임야",
            area=rng.randint(30_000, 400_000),
            land_events=rng.randint(0, 2),
            owner_events=rng.randint(0, 4),
            base_price=rng.randint(40_000, 90_000),
            focus=True,
        )
        yield from Family(rng, Lot(dong.code, True, main, 0), plan).grow()


def _numbers(rng: random.Random, dong: Dong, *, mountain: bool, count: int) -> list[int]:
    """Main numbers with the gaps that a real dong has, without the well-known ones."""
    drawn = rng.sample(range(1, count * 3 // 2), count)
    return sorted(main for main in drawn if (dong.code, mountain, main) not in RESERVED)


def _plan(rng: random.Random, dong: Dong, base: int) -> Plan:
    island = dong.name == _ISLAND
    first = date(1969, 1, 1) if island else date(1913, 1, 1)
    return Plan(
        founded=first + timedelta(days=rng.randint(0, 2500 if island else 16_000)),
        category=_first_category(rng, dong),
        area=rng.randint(60_000, 400_000) if island else rng.randint(1_500, 60_000),
        land_events=rng.choice((0, 0, 1, 1, 2, 3, 5)),
        owner_events=rng.choice((0, 1, 2, 3, 4, 6, 9)),
        base_price=base * (3 if island else 1) + rng.randint(-100_000, 100_000),
    )


def _first_category(rng: random.Random, dong: Dong) -> str:
    if dong.name == _ISLAND:
        return rng.choice(("대", "잡종지"))
    if dong.name.startswith(_FACTORY_DONGS):
        return rng.choice(("전", "답", "대", "공장용지"))
    return rng.choice(("전", "답", "대", "대"))
