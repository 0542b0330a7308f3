"""Who owns a lot together: from the land register's own entries, in shares that are one, and how the office says no."""

from fractions import Fraction

import pytest

from central.registers import land, lots, town
from central.registers.farms import FIELD, PADDY
from central.registers.joint import first_of
from central.registers.parcel import Lot, Parcel
from central.registers.refusal import RefusedError
from central.services import Services
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES
from tests.unit.central.office import Office, subject_of

JOINT = TYPES["joint-owners"]


@pytest.fixture(scope="module")
def parcels() -> list[Parcel]:
    return list(town.parcels())


def asked(office: Office, lot: Lot) -> dict[str, object] | str:
    source = JOINT.source
    assert source is not None

    async def ask(services: Services) -> dict[str, object] | str:
        try:
            return await land.read_certificate(
                services.book, JOINT.file, source, subject_of(lot), {}, office.now
            )
        except RefusedError as error:
            return error.code

    return office.story(ask)


def test_as_many_own_a_lot_as_its_entry_says_and_their_shares_are_one(parcels: list[Parcel]) -> None:
    joint = [parcel for parcel in parcels if parcel.sharers]
    assert len(joint) > 100
    for parcel in parcels:
        entry = parcel.owners[-1]
        if entry.cause == "대지권설정":
            assert not parcel.sharers, "whose it is stands with the units above it"
            continue
        name, _, others = entry.name.partition(" 외 ")
        assert len(parcel.sharers) == (int(others.removesuffix("인")) + 1 if others else 0)
        if others:
            assert sum(Fraction(one.share) for one in parcel.sharers) == 1
            first = parcel.sharers[0]
            assert (first.name, first.address, first.reg_no) == (name, entry.address, entry.reg_no)


def test_a_lot_that_was_split_off_has_the_same_owners_as_the_one_it_was_part_of(
    parcels: list[Parcel],
) -> None:
    people: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    lots_of: dict[tuple[str, str], int] = {}
    for parcel in parcels:
        if parcel.sharers:
            who = parcel.owners[-1].name, parcel.owners[-1].reg_no
            people.setdefault(who, set()).add(tuple(one.name for one in parcel.sharers))
            lots_of[who] = lots_of.get(who, 0) + 1
    assert max(lots_of.values()) > 1
    assert all(len(names) == 1 for names in people.values())


def test_nobody_owned_before_they_could_and_who_is_named_first_lives_where_the_entry_says(
    parcels: list[Parcel],
) -> None:
    for parcel in parcels:
        days = {
            entry.date for entry in parcel.owners if first_of(entry.name) == first_of(parcel.owners[-1].name)
        }
        assert {one.date for one in parcel.sharers} <= days


def test_the_list_of_a_lot_names_its_owners_one_under_the_other(office: Office) -> None:
    data = asked(office, PADDY)
    assert isinstance(data, dict)
    rows = data["sharers"]
    assert isinstance(rows, list)
    assert [(row["no"], row["name"], row["share"]) for row in rows] == [
        ("1", "홍길동", "1/2"),
        ("2", "성춘향", "1/2"),
    ]
    assert JOINT.about(data) == ("서울특별시 영등포구 신길동", "502")


@pytest.mark.parametrize(
    ("lot", "code"),
    [
        (FIELD, "one-owner"),
        (lots.CHANGING, "record-under-change"),
        (lots.CLOSED, "record-closed"),
        (lots.MISSING, "parcel-not-found"),
        (lots.FOREST, "wrong-register"),
    ],
)
def test_a_lot_without_such_a_list_says_so(office: Office, lot: Lot, code: str) -> None:
    assert asked(office, lot) == code


def test_every_list_fits_the_form(parcels: list[Parcel]) -> None:
    source = JOINT.source
    assert source is not None
    for parcel in parcels:
        if parcel.sharers:
            check_contents(TEMPLATES[JOINT.form], land.certificate_data(parcel, JOINT.file, source, {}, 2026))
