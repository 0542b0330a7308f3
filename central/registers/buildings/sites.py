"""What stands on each lot of the town: the same for the same seed, and never without the land and the people.

A lot has a building only where the land register has it as 대. Where the resident register has households behind the
doors of a block, that block stands there with their units, and they own them.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import takewhile

from msgspec import Struct

from central.registers.buildings import divided, known, whole
from central.registers.buildings.building import Building, Site
from central.registers.buildings.divided import Plan, Works
from central.registers.buildings.owners import Holders
from central.registers.district import dong_of
from central.registers.parcel import Parcel, ParcelState
from central.registers.people import Owner, draw_address, draw_company_name
from central.registers.residents.record import Population
from central.registers.residents.roads import dwelling_at

BUILT_ON = "대"
_EARLIEST, _LATEST = date(1958, 1, 1), date(2024, 6, 30)
_UNIT = re.compile(r"(.+), ([0-9]+동) ([0-9]+)([0-9]{2})호 \((.+)\)")
_DOOR = re.compile(r"(.+?)(?:, .+호)? \((.+)\)")
_FLATS_SINCE = date(1986, 1, 1)
_FLATS = (280, 1_500)  # m² of lot on which flats are built
_FLAT_NAMES = ("한솔", "늘푸른", "새봄", "해마루", "가람", "온누리", "샘터", "다솜")


class Door(Struct, frozen=True):
    """Somebody's door in a block, and since when they have lived behind it."""

    door: str
    dong: str
    block: str
    storey: int
    place: int
    since: str


def sites(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Site]:
    """Every lot with what stands on it, lots without a building too."""
    holders = Holders(people)
    doors = _doors(people)
    for parcel in parcels:
        rng = random.Random(f"{seed}:building:{parcel.lot.unique_no}")
        buildings = known.buildings(rng, parcel, holders)
        if buildings is None:
            buildings = tuple(_drawn(rng, parcel, doors.get(place_of(parcel), ()), holders))
        yield Site(parcel, buildings)


def place_of(parcel: Parcel) -> str:
    """The lot as an address."""
    dong = dong_of(parcel.lot.dong)
    assert dong is not None
    return f"{dong.location} {parcel.lot.number}"


def _doors(people: Population) -> Mapping[str, tuple[Door, ...]]:
    """The doors in blocks behind which households live, by their lots."""
    found: dict[str, list[Door]] = {}
    for home in people.households:
        address = home.addresses[-1]
        parts = None if home.ended else _UNIT.fullmatch(address.dwelling.road)
        if parts:
            door = Door(parts[1], parts[5], parts[2], int(parts[3]), int(parts[4]), address.since)
            found.setdefault(address.dwelling.lot, []).append(door)
    return {lot: tuple(doors) for lot, doors in found.items()}


def _drawn(
    rng: random.Random, parcel: Parcel, doors: tuple[Door, ...], holders: Holders
) -> Iterator[Building]:
    """None, one or two buildings."""
    if parcel.state is ParcelState.CLOSED or parcel.land[-1].category != BUILT_ON:
        return
    first = _since(parcel)
    dwelling = dwelling_at(place_of(parcel))
    address = _DOOR.fullmatch(dwelling.road) if dwelling else None
    if first > _LATEST or address is None:
        return
    if doors:
        yield divided.build(rng, _tower(rng, parcel, doors, first), holders)
    elif rng.random() < 0.12 and _FLATS[0] <= parcel.area // 10 <= _FLATS[1]:
        yield divided.build(rng, _flats(rng, parcel, address, max(first, _FLATS_SINCE)), holders)
    elif whole.room(Site(parcel, ())) and rng.random() < 0.88:
        yield from _wholes(rng, parcel, dwelling.road if dwelling else "", first)


def _since(parcel: Parcel) -> date:
    """The day from which something could be built here."""
    built_on = list(takewhile(lambda entry: entry.category == BUILT_ON, reversed(parcel.land)))
    return max(date.fromisoformat(built_on[-1].date), _EARLIEST)


def _wholes(rng: random.Random, parcel: Parcel, road: str, first: date) -> Iterator[Building]:
    road = re.sub(r", .+호", "", road)
    approved = _day(rng, first)
    chance = rng.random()
    if chance < 0.06 and approved.year < 1995:
        old = whole.build(rng, parcel, "b1", road, approved, 1.0)
        gone = date(rng.randint(2003, 2020), rng.randint(1, 12), rng.randint(1, 28))
        yield whole.torn_down(old, gone.isoformat())
        if chance < 0.045:
            new = gone + timedelta(days=rng.randint(300, 1_400))
            yield whole.build(rng, parcel, "b2", road, new, 1.0)
    elif chance > 0.9 and parcel.area > 4_000:
        yield whole.build(rng, parcel, "b1", road, approved, 0.6)
        yield whole.build(rng, parcel, "b2", road, _day(rng, approved), 0.4)
    else:
        yield whole.build(rng, parcel, "b1", road, approved, 1.0)


def _flats(rng: random.Random, parcel: Parcel, address: re.Match[str], first: date) -> Works:
    """A house of flats without blocks: four storeys at most."""
    storeys, flats = rng.randint(3, 4), rng.randint(2, 4)
    ground = parcel.area * 10 * rng.randint(46, 56) // 100
    own = tuple(ground * 100 // (123 * flats) * rng.choice((94, 97, 100)) // 100 for _ in range(flats))
    name = f"{rng.choice(_FLAT_NAMES)}빌라"
    plan = Plan("", storeys, own, "다세대주택", cellar=rng.random() < 0.5)
    return _works(
        rng, parcel, (name, address[1], address[2], "공동주택(다세대주택)"), _day(rng, first), (plan,)
    )


def _tower(rng: random.Random, parcel: Parcel, doors: tuple[Door, ...], first: date) -> Works:
    """Blocks as high and as wide as those doors need, finished before anybody moved in."""
    moved_in = date.fromisoformat(min(door.since for door in doors))
    approved = max(first, moved_in - timedelta(days=rng.randint(400, 3_000)))
    blocks = sorted({door.block for door in doors})
    ground = parcel.area * 10 * 34 // 100 // len(blocks)
    plans = []
    for block in blocks:
        here = [door for door in doors if door.block == block]
        wide = max(2, *(door.place for door in here))
        own = ground * 100 // (123 * wide)
        plans.append(Plan(block, max(door.storey for door in here), (own,) * wide, "아파트"))
    name = f"{rng.choice(_FLAT_NAMES)}아파트"
    what = (name, doors[0].door, doors[0].dong, "공동주택(아파트)")
    return _works(rng, parcel, what, approved, tuple(plans))


def _works(
    rng: random.Random,
    parcel: Parcel,
    what: tuple[str, str, str, str],
    approved: date,
    plans: tuple[Plan, ...],
) -> Works:
    name, door, dong, use = what
    begun = approved - timedelta(days=rng.randint(240, 700))
    builder = Owner(draw_company_name(rng), draw_address(rng), f"110111-{rng.randint(0, 4)}******")
    return Works(
        name=name,
        door=door,
        dong=dong,
        site=parcel.area * 10,
        use=use,
        permitted=(begun - timedelta(days=rng.randint(30, 200))).isoformat(),
        begun=begun.isoformat(),
        approved=approved.isoformat(),
        builder=builder,
        plans=plans,
        won_per_m2=rng.randint(5_200_000, 11_800_000),
    )


def _day(rng: random.Random, first: date) -> date:
    return first + timedelta(days=rng.randint(0, max((_LATEST - first).days, 1)))
