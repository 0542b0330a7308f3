"""The synthetic town's ground: where each dong lies, its streets and streams, and in which zone each lot is.

Invented throughout, and drawn from the land register alone: each lot has the area that its register says. Coordinates
are metres of the middle origin (중부원점): east, north.
"""

import math
import random
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from central.registers.district import Dong, dong_named
from central.registers.maps.ground import Ground, Site, Way, hill_height
from central.registers.maps.plane import Point
from central.registers.maps.rows import ALLEY, Family, rows_of
from central.registers.parcel import Lot, Parcel, ParcelState
from central.registers.residents.roads import roads_of

ORIGIN = (190_400.0, 545_200.0)
_TURN = -0.21  # radians: no town lies straight along the compass
_AVENUE = 20  # m: between two dongs
_BEYOND = 100.0  # m: so far an avenue goes on where its dongs end


class Belt(Struct, frozen=True):
    """Dongs side by side, so high (m), and what runs north of them: a stream has a name, an avenue takes one."""

    dongs: tuple[str, ...]
    height: int
    width_north: int
    stream: str = ""


def _numbered(name: str, last: int) -> tuple[str, ...]:
    return tuple(f"{name}{number}가" for number in range(1, last + 1))


BELTS = (
    Belt(("양화동", "신길동", "대림동", "도림동"), 420, 38, "도림천"),
    Belt(("영등포동", *_numbered("영등포동", 8)), 400, 25),
    Belt(_numbered("문래동", 6), 400, 30),
    Belt((*_numbered("당산동", 6), "당산동"), 410, 25),
    Belt((*_numbered("양평동", 6), "양평동"), 400, 60, "샛강"),
    Belt(("여의도동",), 1_000, 40, "한강"),
)


class Land(Struct, frozen=True):
    """Where all the lots lie, and the streets and streams between them."""

    sites: tuple[Site, ...]
    ways: tuple[Way, ...]


def lay_out(parcels: Iterable[Parcel]) -> Land:
    """The ground of a town with these parcels, the same for the same parcels. Who has no map number is on no map."""
    families = _families(parcels)
    sites: list[Site] = []
    ways: list[Way] = []
    south = 0.0
    for belt in BELTS:
        west = 0.0
        for name in belt.dongs:
            dong = dong_named(name)
            width = _dong(dong, belt, (west, south), families, sites, ways)
            west += width + _AVENUE if width else 0
        if west:
            south += belt.height
            ways.append(_belt_way(belt, west - _AVENUE, south))
            south += belt.width_north
    return Land(tuple(map(_turned_site, sites)), tuple(map(_turned_way, ways)))


def _dong(
    dong: Dong,
    belt: Belt,
    corner: Point,
    families: dict[tuple[str, bool], list[Family]],
    sites: list[Site],
    ways: list[Way],
) -> float:
    """Divide one dong's ground, its hill south of it; how wide it is, 0 for none."""
    land, hill = families.get((dong.code, False), []), families.get((dong.code, True), [])
    rng = random.Random(f"map:{dong.code}")
    west, south = corner
    width = 0.0
    if land:
        ground, rows = Ground(rng), rows_of(land, belt.height)
        width = rows.width_for(belt.height)
        sites += ground.divide(corner, width, rows, _AVENUE)
        ways += _named(ground.ways, roads_of(dong.name), dong.name)
    if hill:
        width = width or belt.height
        foot = south - belt.width_north - hill_height(tuple(hill), width)
        sites += Ground(rng).one_block((west, foot), width, tuple(hill))
        south = foot - _AVENUE
    if width:
        middle, north = west - _AVENUE / 2, corner[1] + belt.height
        ways.append(Way((middle, south), (middle, north), _AVENUE, roads_of(dong.name)[0], border=True))
    return width


def _families(parcels: Iterable[Parcel]) -> dict[tuple[str, bool], list[Family]]:
    """Living lots by dong and cover, in the order of their numbers; each family together."""
    found: dict[tuple[str, bool, int], list[tuple[Lot, float]]] = {}
    for parcel in sorted(parcels, key=lambda one: one.lot):
        lot = parcel.lot
        if parcel.state is not ParcelState.CLOSED and parcel.map_no:
            found.setdefault((lot.dong, lot.mountain, lot.main), []).append((lot, parcel.area / 10))
    by_dong: dict[tuple[str, bool], list[Family]] = {}
    for (dong, mountain, _), family in found.items():
        by_dong.setdefault((dong, mountain), []).append(tuple(family))
    return by_dong


def _named(ways: Iterable[Way], names: tuple[str, ...], dong: str) -> Iterator[Way]:
    """The dong's roads for the streets between rows; the alleys have numbers of the first of them."""
    streets = alleys = 0
    for way in ways:
        if way.width > ALLEY:
            streets += 1
            name = names[streets % len(names)]
        else:
            alleys += 1
            name = f"{names[alleys % len(names)]}{alleys * 2 + len(dong)}길"
        yield Way(way.start, way.end, way.width, name)


def _belt_way(belt: Belt, width: float, south: float) -> Way:
    middle = south + belt.width_north / 2
    name = belt.stream or roads_of(belt.dongs[0])[-1]
    ends = (-_BEYOND, middle), (width + _BEYOND, middle)
    return Way(*ends, belt.width_north, name, bool(belt.stream), border=True)


def _turned_site(site: Site) -> Site:
    return msgspec.structs.replace(site, ring=tuple(map(_turned, site.ring)))


def _turned_way(way: Way) -> Way:
    return msgspec.structs.replace(way, start=_turned(way.start), end=_turned(way.end))


def _turned(point: Point) -> Point:
    x, y = point
    across, along = math.cos(_TURN), math.sin(_TURN)
    return ORIGIN[0] + x * across - y * along, ORIGIN[1] + x * along + y * across
