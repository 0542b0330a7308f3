"""Every lot of the town has its place: as large as its register says, beside its neighbours and on nobody else's."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from central.registers import lots
from central.registers.district import dong_of
from central.registers.maps.book import sign_of
from central.registers.maps.ground import Site
from central.registers.maps.plane import (
    Point,
    Ring,
    Window,
    area_of,
    bounds_of,
    centre_of,
    clip,
    cut_area,
)
from central.registers.maps.town import lay_out
from central.registers.maps.zones import zoning_of
from central.registers.parcel import ParcelState
from tests.unit.central.map_office import TOWN

LAND = lay_out(TOWN)
SITES = {site.lot: site for site in LAND.sites}
_CELL = 60  # m
_TOUCH = 1e-6  # m


def edges(ring: Ring) -> list[tuple[Point, Point]]:
    return [*pairwise(ring), (ring[-1], ring[0])]


def near(sites: Iterable[Site]) -> Iterator[tuple[Site, Site]]:
    """Pairs of lots whose windows meet."""
    cells = defaultdict(list)
    for number, site in enumerate(sites):
        window = bounds_of(site.ring)
        for x in range(int(window.west // _CELL), int(window.east // _CELL) + 1):
            for y in range(int(window.south // _CELL), int(window.north // _CELL) + 1):
                cells[x, y].append((number, site, window))
    seen = set()
    for there in cells.values():
        for number, one, window in there:
            for other_number, other, its in there:
                if number < other_number and (number, other_number) not in seen and window.meets(its):
                    seen.add((number, other_number))
                    yield one, other


def apart(one: Ring, other: Ring) -> bool:
    """Whether an edge of `one` has all of `other` on its outer side."""
    return any(
        all(
            ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / math.dist(a, b) <= _TOUCH
            for x, y in other
        )
        for a, b in edges(one)
    )


def test_every_living_lot_with_a_map_number_has_a_place_and_nothing_else_has() -> None:
    mapped = {one.lot for one in TOWN if one.state is not ParcelState.CLOSED and one.map_no}
    assert set(SITES) == mapped
    assert len(LAND.sites) == len(mapped) > 3_000
    assert lots.UNMAPPED not in SITES


def test_each_is_as_large_as_its_register_says() -> None:
    for parcel in TOWN:
        if parcel.lot in SITES:
            assert abs(area_of(SITES[parcel.lot].ring) - parcel.area / 10) < 0.001


def test_no_two_lots_overlap() -> None:
    pairs = list(near(LAND.sites))
    assert len(pairs) > 5_000
    for one, other in pairs:
        assert apart(one.ring, other.ring) or apart(other.ring, one.ring), (one.lot, other.lot)


def test_neighbours_share_whole_edges_and_no_third_has_any_of_them() -> None:
    found = Counter(edge for site in LAND.sites for edge in edges(site.ring))
    assert set(found.values()) == {1}
    shared = sum((end, start) in found for start, end in found)
    assert shared > len(found) / 2


def test_the_lots_of_a_family_lie_together() -> None:
    """From each lot of the longest family one comes to each other over shared edges."""
    mother = (lots.LONG.dong, lots.LONG.main)
    family = {lot: set(edges(site.ring)) for lot, site in SITES.items() if (lot.dong, lot.main) == mother}
    reached, ahead = set(), [lots.LONG]
    while ahead:
        lot = ahead.pop()
        reached.add(lot)
        back = {(end, start) for start, end in family[lot]}
        ahead += [other for other in family if other not in reached and family[other] & back]
    assert reached == set(family)
    assert len(family) >= 10


def test_no_street_and_no_stream_runs_over_a_lot() -> None:
    windows = [(site, bounds_of(site.ring)) for site in LAND.sites]
    for way in LAND.ways:
        ring = smaller(way.outline)
        mine = bounds_of(ring)
        for site, its in windows:
            if mine.meets(its):
                assert apart(ring, site.ring) or apart(site.ring, ring), (way.name, site.lot)


def smaller(ring: Ring) -> Ring:
    """A fiftieth less: a street's end is cut along the street that it meets, not square."""
    x, y = centre_of(ring)
    return tuple((px + (x - px) / 50, py + (y - py) / 50) for px, py in ring)


def test_the_same_parcels_give_the_same_ground() -> None:
    assert lay_out(TOWN) == LAND


def test_neighbours_of_a_row_are_in_one_zone_and_a_hill_is_green() -> None:
    zones = defaultdict(set)
    for site in LAND.sites:
        dong = dong_of(site.lot.dong)
        assert dong is not None
        zoning = zoning_of(site, dong)
        assert zoning.zone in zoning.planning
        zones[site.lot.dong, site.lot.mountain, site.row].add(zoning.zone)
    assert {len(found) for found in zones.values()} == {1}
    assert {zone for (_, hill, _), found in zones.items() if hill for zone in found} == {"자연녹지지역"}
    assert len({zone for found in zones.values() for zone in found}) >= 6


@pytest.mark.parametrize(
    ("category", "sign"),
    [
        ("대", "대"),
        ("전", "전"),
        ("임야", "임"),
        ("도로", "도"),
        ("공장용지", "장"),
        ("공원", "공"),
        ("하천", "천"),
    ],
)
def test_a_map_names_the_use_of_a_lot_by_one_letter(category: str, sign: str) -> None:
    assert sign_of(category) == sign


# --- geometry ---

SQUARE = ((0.0, 0.0, 1), (40.0, 0.0, 2), (40.0, 25.0, 3), (0.0, 25.0, 4))


@given(angle=st.floats(-math.pi, math.pi), share=st.floats(0.01, 0.99))
def test_a_cut_takes_off_the_area_exactly(angle: float, share: float) -> None:
    first, second = cut_area(SQUARE, angle, 1_000 * share, 9)
    assert area_of(first) == pytest.approx(1_000 * share, abs=1e-6)
    assert area_of(second) == pytest.approx(1_000 * (1 - share), abs=1e-6)


def test_more_than_there_is_can_not_be_cut_off() -> None:
    with pytest.raises(ValueError, match="smaller"):
        cut_area(SQUARE, 0.3, 1_001, 9)


@given(west=st.floats(-30, 50), south=st.floats(-30, 50), width=st.floats(1, 80), height=st.floats(1, 80))
def test_what_a_window_shows_of_a_lot_lies_in_both(
    west: float, south: float, width: float, height: float
) -> None:
    ring = tuple((x, y) for x, y, _ in SQUARE)
    window = Window(west, south, west + width, south + height)
    across = min(40.0, window.east) - max(0.0, west)
    along = min(25.0, window.north) - max(0.0, south)
    shown = clip(ring, window)
    assume(min(abs(across), abs(along)) > 0.1)
    if across <= 0 or along <= 0:
        assert shown == ()
    else:
        assert area_of(shown) == pytest.approx(across * along, rel=1e-6)
