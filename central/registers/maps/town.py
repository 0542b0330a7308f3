"""The synthetic town's ground: where each dong lies, its streets and streams, and in which zone each lot is.

Invented throughout, and drawn from the land register alone: each lot has the area that its register says. Coordinates
are metres of the middle origin (중부원점): east, north.
"""

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from central.registers.district import Dong, dong_named
from central.registers.maps.ground import Ground, Sides, Site, Way, hill_height
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

    @property
    def street_north(self) -> int:
        """How wide the street north of them is; 0 where a stream is there."""
        return 0 if self.stream else self.width_north

    def sides(self, below: int) -> Sides:
        """The streets around one of them, with one so wide south of it."""
        return Sides(below, _AVENUE, self.street_north, _AVENUE)


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
    survey = _Survey(_families(parcels))
    south, below = 0.0, 0
    for belt in BELTS:
        if width := survey.belt(belt, south, below):
            south += belt.height
            survey.ways.append(_belt_way(belt, width, south))
            south, below = south + belt.width_north, belt.street_north
    return Land(tuple(map(_turned_site, survey.sites)), tuple(map(_turned_way, survey.ways)))


class _Survey:
    """The town while it is laid out; `families` by dong and cover."""

    def __init__(self, families: Mapping[tuple[str, bool], Sequence[Family]]) -> None:
        self._families = families
        self.sites: list[Site] = []
        self.ways: list[Way] = []

    def belt(self, belt: Belt, south: float, below: int) -> float:
        """Its dongs from the west, with a street so wide `below`; how wide they are together."""
        west = 0.0
        for name in belt.dongs:
            width = self._dong(dong_named(name), belt, (west, south), below)
            west += width + _AVENUE if width else 0.0
        return west - _AVENUE if west else 0.0

    def _dong(self, dong: Dong, belt: Belt, corner: Point, below: int) -> float:
        """Divide one dong's ground, and its hill south of it; how wide it is, 0 for none."""
        land = self._families.get((dong.code, False), ())
        hill = tuple(self._families.get((dong.code, True), ()))
        rng, names = random.Random(f"map:{dong.code}"), roads_of(dong.name)
        west, south = corner
        width = 0.0
        if land:
            ground, rows = Ground(rng), rows_of(land, belt.height)
            width = rows.width_for(belt.height)
            self.sites += ground.divide(corner, width, rows, belt.sides(below))
            self.ways += _named(ground.ways, names, dong.name)
        if hill:
            width = width or belt.height
            south -= belt.width_north + hill_height(hill, width)
            self.sites += Ground(rng).one_block((west, south), width, hill)
        if width:
            ends = (west - _AVENUE / 2, south), (west - _AVENUE / 2, corner[1] + belt.height)
            self.ways.append(Way(*ends, _AVENUE, names[0], border=True))
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
