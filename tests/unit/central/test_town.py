"""The synthetic town is the same for the same seed, and its histories add up."""

from collections import defaultdict
from itertools import islice, pairwise

import msgspec
import pytest

from central.authority.types import load_types
from central.registers import lots
from central.registers.district import DONGS
from central.registers.land import certificate_data
from central.registers.parcel import Lot, Parcel, ParcelState
from central.registers.town import SEED, parcels


@pytest.fixture(scope="module")
def town() -> list[Parcel]:
    return list(parcels())


def test_the_same_seed_gives_the_same_town(town: list[Parcel]) -> None:
    again = list(islice(parcels(SEED), 400))
    assert again == town[:400]
    assert list(islice(parcels(SEED + 1), 400)) != town[:400]


def test_it_has_thousands_of_parcels_in_all_dongs_and_no_lot_twice(town: list[Parcel]) -> None:
    assert len(town) > 3_000
    assert {parcel.lot.dong for parcel in town} == {dong.code for dong in DONGS}
    assert len({parcel.lot.unique_no for parcel in town}) == len(town)
    assert sum(parcel.lot.mountain for parcel in town) > 20


def test_the_living_lots_of_a_family_add_up_to_what_was_registered_first(town: list[Parcel]) -> None:
    families = defaultdict(list)
    for parcel in town:
        families[parcel.lot.dong, parcel.lot.mountain, parcel.lot.main].append(parcel)
    for family in families.values():
        mother = next(parcel for parcel in family if parcel.lot.sub == 0)
        assert sum(parcel.area for parcel in family) == mother.land[0].area


def test_every_history_is_in_order_of_time(town: list[Parcel]) -> None:
    for parcel in town:
        histories = (
            [entry.date for entry in parcel.land],
            [entry.date for entry in parcel.owners],
            [entry.date for entry in parcel.grades],
        )
        assert all(days == sorted(days) for days in histories)
        assert all(earlier.year < later.year for earlier, later in pairwise(parcel.prices))
        assert all(entry.area > 0 for entry in parcel.land[:-1])
        assert parcel.area > 0 or parcel.state is ParcelState.CLOSED


def test_a_split_leaves_the_rest_and_starts_the_new_lot_on_the_same_day(town: list[Parcel]) -> None:
    by_lot = {parcel.lot: parcel for parcel in town}
    splits = 0
    for child in town:
        born = child.land[0]
        if born.cause_code != "21":
            continue
        mother_no = born.cause.removesuffix("번에서 분할").removeprefix("산 ")
        sub = int(mother_no.partition("-")[2] or 0)
        mother = by_lot[msgspec.structs.replace(child.lot, sub=sub)]
        before, after = next(
            pair
            for pair in pairwise(mother.land)
            if f"{child.lot.main}-{child.lot.sub}"
            in pair[1].cause.split("본번에 ")[-1].rstrip("을를 부함").split()
        )
        assert (after.date, before.area - after.area) == (born.date, born.area)
        splits += 1
    assert splits > 500


@pytest.mark.parametrize("lot", [lots.ONE_SHEET, lots.TWO_SHEETS, lots.LONG, lots.FOREST])
def test_the_well_known_lots_are_there_and_can_be_certified(town: list[Parcel], lot: Lot) -> None:
    parcel = next(parcel for parcel in town if parcel.lot == lot)
    assert parcel.state is ParcelState.LIVE


def test_the_well_known_lots_differ_in_the_length_of_their_histories(town: list[Parcel]) -> None:
    rows = {parcel.lot: len(parcel.land) + len(parcel.owners) for parcel in town}
    assert rows[lots.ONE_SHEET] <= 6
    assert 12 <= rows[lots.TWO_SHEETS] <= 20
    assert rows[lots.LONG] >= 80


def test_the_lots_that_are_refused_are_there_and_the_missing_one_is_not(town: list[Parcel]) -> None:
    states = {parcel.lot: parcel.state for parcel in town}
    assert states[lots.CHANGING] is ParcelState.CHANGING
    assert states[lots.CLOSED] is ParcelState.CLOSED
    assert lots.MISSING not in states


def test_current_means_the_last_row_and_recent_the_last_three_prices(town: list[Parcel]) -> None:
    parcel = next(parcel for parcel in town if parcel.lot == lots.TWO_SHEETS)
    kind = load_types()["land"]
    assert kind.source is not None
    data = certificate_data(parcel, kind.file, kind.source, {"history": "current", "prices": "recent"}, 2026)
    assert (len(data["land"]), len(data["owners"]), len(data["prices"])) == (1, 1, 3)
    assert data["land"][0]["date"] == parcel.land[-1].date
    assert data["prices"][-1]["base_date"] == "2026-01-01"
    unpriced = {"history": "all", "prices": "none"}
    assert certificate_data(parcel, kind.file, kind.source, unpriced, 2026)["prices"] == []


def test_no_unmasked_registration_number_is_anywhere(town: list[Parcel]) -> None:
    for parcel in town:
        assert all(not owner.reg_no or owner.reg_no.endswith("******") for owner in parcel.owners)
