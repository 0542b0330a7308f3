"""Buildings that are owned unit by unit: apartments and small houses of flats, with their parts of the lot.

What is common on a storey is shared by the units of that storey, the basement by all of the block; so the units' areas
add up to the building's, and their parts of the lot to the lot's.
"""

import random
from collections.abc import Sequence

from msgspec import Struct

from central.registers.buildings.building import Block, Building, Change, Floor, Unit
from central.registers.buildings.owners import Holders
from central.registers.people import Owner

_STAIRS, _PARKING = 23, 34  # of 100 of what is a unit's own
_FIRST_PRICE_YEAR, _LAST_PRICE_YEAR = 2020, 2026


class Plan(Struct, frozen=True):
    """A block to be built: `own` areas of the units of a storey, one after the other, for `storeys` storeys."""

    name: str
    storeys: int
    own: tuple[int, ...]
    use: str
    cellar: bool = True


class Works(Struct, frozen=True):
    """A divided building to be built on a lot of `site` hundredths of m²; `door` is its road and house number, `dong`
    the dong's name, `won_per_m2` what a square metre of the dearest unit is assessed at.
    """

    name: str
    door: str
    dong: str
    site: int
    use: str
    permitted: str
    begun: str
    approved: str
    builder: Owner
    plans: tuple[Plan, ...]
    won_per_m2: int = 0

    def home(self, block: str, number: str) -> str:
        """How the resident register writes the address of a unit."""
        where = f"{block} {number}호" if block else f"{number}호"
        return f"{self.door}, {where} ({self.dong})"


def build(rng: random.Random, works: Works, holders: Holders) -> Building:
    """The building with its units and their owners so far."""
    owns = [own for plan in works.plans for own in plan.own * plan.storeys]
    parts = iter(shared_out(works.site, owns))
    blocks = tuple(
        _block(rng, plan, works, holders, [next(parts) for _ in _units(plan)]) for plan in works.plans
    )
    return Building(
        key="b1",
        name=works.name,
        road=f"{works.door} ({works.dong})",
        structure="철근콘크리트구조",
        roof="(철근)콘크리트",
        use=works.use,
        permitted=works.permitted,
        begun=works.begun,
        approved=works.approved,
        blocks=blocks,
        changes=(Change(works.approved, "신축 (사용승인)"),),
    )


def shared_out(whole: int, weights: Sequence[int]) -> list[int]:
    """`whole` in parts after these weights, which add up to it: who is rounded down most gets what is left over."""
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    short = sorted(range(len(weights)), key=lambda index: (-(whole * weights[index] % total), index))
    for index in short[: whole - sum(parts)]:
        parts[index] += 1
    return parts


def _units(plan: Plan) -> list[tuple[int, int, int]]:
    """Storey, place on it, and own area of each unit."""
    return [
        (storey, place, own) for storey in range(1, plan.storeys + 1) for place, own in enumerate(plan.own, 1)
    ]


def _block(rng: random.Random, plan: Plan, works: Works, holders: Holders, parts: list[int]) -> Block:
    units = tuple(
        _unit(rng, plan, works, holders, (*where, site))
        for where, site in zip(_units(plan), parts, strict=True)
    )
    floors = [
        Floor(storey, plan.use, sum(unit.own + unit.stairs for unit in units if unit.storey == storey))
        for storey in range(1, plan.storeys + 1)
    ]
    if plan.cellar:
        floors.insert(0, Floor(-1, "주차장", sum(unit.parking for unit in units)))
    return Block(plan.name, works.use if plan.use == "아파트" else plan.use, tuple(floors), units)


def _unit(
    rng: random.Random, plan: Plan, works: Works, holders: Holders, what: tuple[int, int, int, int]
) -> Unit:
    storey, place, own, site = what
    number = f"{storey}{place:02d}"
    road = works.home(plan.name, number)
    return Unit(
        number=number,
        storey=storey,
        use=plan.use,
        own=own,
        stairs=own * _STAIRS // 100,
        parking=own * _PARKING // 100 if plan.cellar else 0,
        site=site,
        titles=holders.titles(rng, works.approved, works.builder, road),
        prices=_prices(rng, works, own, storey / plan.storeys),
    )


def _prices(rng: random.Random, works: Works, own: int, height: float) -> tuple[tuple[int, int], ...]:
    """What the unit was assessed at, dearer with each storey; shops are not assessed so (부동산 가격공시법 제18조)."""
    if not works.won_per_m2:
        return ()
    value = works.won_per_m2 * own / 100 * (0.9 + height / 10)
    years = range(_FIRST_PRICE_YEAR, _LAST_PRICE_YEAR + 1)
    grown = [value * (1.04 ** (year - _LAST_PRICE_YEAR)) * rng.uniform(0.98, 1.02) for year in years]
    return tuple(
        (year, round(price / 1_000_000) * 1_000_000) for year, price in zip(years, grown, strict=True)
    )
