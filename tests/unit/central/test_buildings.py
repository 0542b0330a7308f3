"""What stands on the town's lots fits the land below and the people inside, and its areas and shares add up."""

import re
from fractions import Fraction
from functools import cache

import pytest

from central.registers import lots
from central.registers.buildings.building import Building, Site, percent, square_metres, written_storey
from central.registers.buildings.divided import shared_out
from central.registers.buildings.sites import BUILT_ON, place_of, sites
from central.registers.parcel import Lot, ParcelState
from central.registers.records.record import RecordState
from central.registers.town import SEED
from tests.unit.central.certificates import whole_town
from tests.unit.central.stands import all_records, all_sites

HOME = "서울특별시 영등포구 국제금융로 10, 101동 1203호 (여의도동)"
UNIT = re.compile(r"(.+), ([0-9]+동) ([0-9]+호) \((.+)\)")


@cache
def divided() -> list[tuple[Site, Building]]:
    """Every building of flats, with its site."""
    return [(site, one) for site in all_sites() for one in site.buildings if one.divided]


@cache
def whole() -> list[tuple[Site, Building]]:
    """Every other building, with its site."""
    return [(site, one) for site in all_sites() for one in site.buildings if not one.divided]


def on(lot: Lot) -> Site:
    return next(site for site in all_sites() if site.parcel.lot == lot)


def test_the_town_has_buildings_of_every_kind_and_lots_without_any() -> None:
    assert len(whole()) > 700
    assert len(divided()) > 30
    assert sum(len(site.buildings) == 2 for site in all_sites()) > 20
    assert any(not site.standing and site.buildings for site in all_sites()), "torn down, and nothing since"
    assert any(one.violation for _, one in whole())
    assert {one.state for _, one in whole()} == set(RecordState)


def test_the_same_seed_builds_the_same_town() -> None:
    parcels, people = whole_town()
    assert tuple(sites(SEED, people, parcels)) == all_sites()
    assert tuple(sites(SEED + 1, people, parcels)) != all_sites()


def test_nothing_stands_on_a_field_on_a_road_or_on_a_lot_that_is_no_more() -> None:
    for site in all_sites():
        if site.buildings:
            assert site.parcel.state is not ParcelState.CLOSED
            assert site.parcel.land[-1].category == BUILT_ON


def test_a_lot_is_never_built_over_by_more_than_the_law_allows_anywhere() -> None:
    for site in all_sites():
        blocks = [block for one in site.standing for block in one.blocks]
        assert sum(block.footprint for block in blocks) <= site.area * 60 // 100
        assert sum(block.above for block in blocks) <= site.area * 800 // 100


def test_the_storeys_of_a_divided_building_are_what_its_units_have_together() -> None:
    for _, one in divided():
        for block in one.blocks:
            assert block.total == sum(unit.whole for unit in block.units)
            for floor in block.floors:
                here = [unit for unit in block.units if unit.storey == floor.storey]
                assert not here or floor.area == sum(unit.own + unit.stairs for unit in here)


def test_the_units_parts_of_a_lot_are_the_whole_lot() -> None:
    shares: dict[str, Fraction] = {}
    for record in all_records()["site-right"]:
        whole, part = (Fraction(text) for text in record.items["share"].split("분의 "))
        lot = record.items["unique_no"]
        shares[lot] = shares.get(lot, Fraction()) + part / whole
    assert len(shares) == len(divided())
    assert set(shares.values()) == {Fraction(1)}
    for site, one in divided():
        assert sum(unit.site for unit in one.units) == site.area


@pytest.mark.parametrize(("whole", "weights"), [(10, [1, 1, 1]), (7, [5, 1]), (1, [1, 1, 1, 1])])
def test_what_is_shared_out_adds_up_and_nobody_is_off_by_more_than_one(
    whole: int, weights: list[int]
) -> None:
    parts = shared_out(whole, weights)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - whole * weight / sum(weights)) < 1


def test_a_whole_building_belongs_to_whom_the_land_register_has() -> None:
    for site, one in whole():
        if one.state is not RecordState.CLOSED:
            last = site.parcel.owners[-1]
            title = one.titles[-1]
            assert (title.name, title.reg_no, title.address) == (last.name, last.reg_no, last.address)
        days = [title.day for title in one.titles]
        assert days == sorted(days)
        assert days[0] >= one.approved > one.begun > one.permitted


def test_a_unit_belongs_to_residents_who_are_alive_and_nobody_under_a_protected_address() -> None:
    _, people = whole_town()
    by_name = {(one.name, one.masked_number): one for one in people.people}
    homes = {home.id: home for home in people.households}
    hidden = {one.household for one in people.people if one.protected}
    checked = 0
    for _, building in divided():
        for unit in building.units:
            days = [title.day for title in unit.titles]
            assert days == sorted(days)
            assert days[0] > building.approved
            for title in (title for title in unit.titles[1:] if title.day == days[-1]):
                owner = by_name[title.name, title.reg_no]
                assert not owner.died
                assert owner.household not in hidden
                assert title.address == homes[owner.household].addresses[-1].dwelling.written(title.day)
                checked += 1
    assert checked > 800


def test_the_shares_of_todays_owners_are_one() -> None:
    for _, building in divided():
        for unit in building.units:
            today = [title.share for title in unit.titles if title.day == unit.titles[-1].day]
            parts = [Fraction(1, int(share.partition("분의")[0])) for share in today]
            assert sum(parts) == 1


def test_who_lives_behind_a_door_on_a_built_lot_owns_the_unit_there() -> None:
    _, people = whole_town()
    names = {one.id: one.name for one in people.people}
    hidden = {one.household for one in people.people if one.protected}
    owners = {
        (place_of(site.parcel), f"{block.name} {unit.number}호"): [title.name for title in unit.titles]
        for site, building in divided()
        for block in building.blocks
        for unit in block.units
    }
    found = 0
    for home in people.households:
        dwelling = home.addresses[-1].dwelling
        parts = None if home.ended or home.id in hidden else UNIT.fullmatch(dwelling.road)
        if parts and any(lot == dwelling.lot for lot, _ in owners):
            assert names[home.head] in owners[dwelling.lot, f"{parts[2]} {parts[3]}"]
            found += 1
    assert found >= 5, "the four blocks of the town, and the well-known family's"


def test_the_well_known_familys_flat_stands_on_its_lot() -> None:
    site = on(lots.APARTMENTS)
    [building] = site.buildings
    assert len(building.units) == lots.UNITS
    assert site.parcel.owners[-1].name == f"{lots.BUILDER.name} 외 {lots.UNITS - 1}인"
    block = next(block for block in building.blocks if block.name == "101동")
    unit = next(unit for unit in block.units if unit.number == "1203")
    assert "홍길동" in [title.name for title in unit.titles if title.day == unit.titles[-1].day]
    assert unit.titles[-1].address == HOME
    shops = building.blocks[-1]
    assert [title.name for title in shops.units[0].titles] == [lots.BUILDER.name], "one shop was kept"


def test_areas_storeys_and_ratios_are_written_as_the_register_writes_them() -> None:
    assert [square_metres(area) for area in (8_493, 120_450, 33_000, 5)] == [
        "84.93",
        "1,204.5",
        "330",
        "0.05",
    ]
    assert [written_storey(storey) for storey in (12, 1, -1)] == ["12층", "1층", "지1층"]
    assert percent(5_983, 10_000) == "59.83"
