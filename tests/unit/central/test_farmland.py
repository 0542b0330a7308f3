"""Farmland records: the land register's lots under the resident register's people, and how the office says no."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from central.registers import farms, town
from central.registers.district import DONGS
from central.registers.hours import FARMLAND_REGISTER, add_outage
from central.registers.parcel import Parcel, ParcelState
from central.registers.records.farmland import CATEGORIES, FARMLAND, records, written
from central.registers.records.record import Record
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.residents.owners import owners_of
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY, population
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.office import NOON, Office
from tests.unit.central.papers import TYPES, paper

Farmers = list[tuple[Person, Record]]


@pytest.fixture(scope="module")
def land() -> list[Parcel]:
    return list(town.parcels())


@pytest.fixture(scope="module")
def people(land: list[Parcel]) -> Population:
    return population(town.SEED, owners_of(land), NOON.date())


@pytest.fixture(scope="module")
def farmers(people: Population, land: list[Parcel]) -> Farmers:
    by_id = {one.id: one for one in people.people}
    return [(by_id[record.person], record) for record in records(town.SEED, people, land)]


def by_place(land: list[Parcel]) -> dict[tuple[str, str], Parcel]:
    """By dong and lot number as a certificate names them; forest lots have `산` in theirs."""
    names = {dong.code: dong.location for dong in DONGS}
    return {(names[parcel.lot.dong], parcel.lot.number): parcel for parcel in land}


def test_every_lot_is_living_farmland_that_the_land_register_has_under_that_owner_now(
    farmers: Farmers, land: list[Parcel]
) -> None:
    places = by_place(land)
    assert len(farmers) > 200
    for one, record in farmers:
        for row in record.items["lots"]:
            parcel = places[row["location"], row["lot"]]
            owner = parcel.owners[-1]
            assert parcel.state is not ParcelState.CLOSED
            assert row["category"] == parcel.land[-1].category in CATEGORIES
            assert row["area_m2"] == written(parcel.area)
            assert (one.name, one.number[:8]) == (owner.name.partition(" 외 ")[0], owner.reg_no[:8])
            assert (row["holding"] == "공유") == (" 외 " in owner.name)


def test_no_lot_is_on_two_records_and_the_areas_add_up(farmers: Farmers) -> None:
    rows = [(row["location"], row["lot"]) for _, record in farmers for row in record.items["lots"]]
    assert len(set(rows)) == len(rows)
    assert len({record.person for _, record in farmers}) == len(farmers)
    for _, record in farmers:
        areas = [row["area_m2"].replace(",", "").replace(".", "") for row in record.items["lots"]]
        assert record.items["total_m2"] == written(sum(map(int, areas)))
        assert record.items["count"] == len(areas)


def test_nobody_farms_before_the_land_is_theirs_or_is_dead(farmers: Farmers, land: list[Parcel]) -> None:
    places = by_place(land)
    for one, record in farmers:
        assert not one.died
        for row in record.items["lots"]:
            his = [
                entry.date
                for entry in places[row["location"], row["lot"]].owners
                if entry.reg_no[:8] == one.number[:8]
            ]
            assert min(his) <= row["since"] <= LAST_DAY.isoformat()


def test_every_record_fits_the_form(farmers: Farmers) -> None:
    kind = TYPES[FARMLAND]
    form = TEMPLATES[kind.form]
    assert kind.source is not None
    for one, record in farmers:
        person = {"name": one.name, "resident_number": one.masked_number, "address": "서울특별시"}
        fixed = {"title": kind.file.name.ko, "options": {}, **kind.source.fixed}
        check_contents(form, {**record.items, **person, **fixed})


def test_areas_are_written_with_separators_and_one_decimal() -> None:
    assert [written(area) for area in (3_300, 16_529, 99_999_999)] == ["330.0", "1,652.9", "9,999,999.9"]


def test_the_well_known_farms_belong_to_the_well_known_familys_head(people: Population) -> None:
    by_card = {card.number: card.person for card in people.cards}
    head = next(one for one in people.people if one.id == by_card[known.FAMILY])
    home = next(home for home in people.households if home.id == head.household)
    assert (head.name, head.masked_number) == (farms.OWNER, farms.OWNER_NO)
    for parcel in farms.farms():
        bought = parcel.owners[-1]
        assert bought.address == home.addresses[-1].dwelling.road
        assert home.addresses[-1].since <= bought.date
    assert [one.name for one in people.people].count(farms.OWNER) == 1


def test_an_owner_gets_all_farmland_on_one_certificate(office: Office) -> None:
    certificate = paper(office, FARMLAND, known.FAMILY)
    assert isinstance(certificate, Certificate)
    assert [row["lot"] for row in certificate.data["lots"]] == ["501", "502"]
    assert certificate.data["total_m2"] == "2,644.6"
    assert certificate.data["resident_number"] == "800101-1******"
    assert TYPES[FARMLAND].about(certificate.data) == ("홍길동", "800101-1")


@pytest.mark.parametrize(
    ("card", "code"),
    [(known.ALONE, "no-record"), (known.DEAD, "person-deceased"), (known.PROTECTED, "address-protected")],
    ids=["landless", "dead", "protected"],
)
def test_who_owns_no_farmland_is_told_so(office: Office, card: str, code: str) -> None:
    assert paper(office, FARMLAND, card) == code


def test_its_outage_is_its_own(office: Office) -> None:
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        add_outage(connection, FARMLAND_REGISTER, NOON, NOON + timedelta(hours=1))
    engine.dispose()
    assert paper(office, FARMLAND, known.FAMILY) == "register-down"
    assert isinstance(paper(office, "military", known.FAMILY), Certificate)
