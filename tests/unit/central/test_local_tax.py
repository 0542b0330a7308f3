"""Local tax (지방세): what was assessed follows from the land register and the households; what the paper shows, from
what was chosen.
"""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine

from central.registers.hours import LOCAL_TAX_REGISTER, WELFARE_REGISTER, add_outage, set_hours
from central.registers.lots import TWO_SHEETS
from central.registers.parcel import OwnerEntry, Parcel
from central.registers.records.garage import cars
from central.registers.records.local_tax import LOCAL_TAX, RESIDENT_TAX, YEARS, head_on, records
from central.registers.records.property_tax import assess, tax_of
from central.registers.records.record import Record
from central.registers.records.view import chosen
from central.registers.records.welfare import MEDICAL_AID
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.residents.record import Household
from central.registers.town import SEED
from central.services import Services
from kiosk.worker.contents import check_contents
from kiosk.worker.refusals import Code, WorkError
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, all_choices, asked, read, small_town, whole_town
from tests.unit.central.office import NOON, Office

FORM = TEMPLATES[TYPES[LOCAL_TAX].form]
PARCELS, PEOPLE = whole_town()
CARS = tuple(cars(SEED, PEOPLE))
RECORDS = {record.person: record for record in records(SEED, PEOPLE, PARCELS, CARS)}
EVERYTHING = {"years": "five", "items": "all"}


def rows(name: str, records: dict[int, Record] = RECORDS) -> dict[int, list[dict[str, Any]]]:
    """What was assessed of that kind of tax, by taxpayer."""
    return {person: record.items[name] for person, record in records.items() if record.items[name]}


# --- the rule of the property tax ---


@pytest.mark.parametrize(
    ("tenths_m2", "won_per_m2", "category", "shares", "won"),
    [
        (1_000, 1_000_000, "대", 1, 140_000),  # 100 m² × 1,000,000 × 70 % × 0.2 %
        (1_000, 1_000_000, "전", 1, 49_000),  # × 0.07 %
        (1_000, 1_000_000, "임야", 1, 49_000),
        (1_000, 1_000_000, "대", 4, 35_000),
        (1_005, 1_234_567, "대", 1, 173_700),  # 173,703.57…
        (0, 1_000_000, "대", 1, 0),
        (1_000, 0, "대", 1, 0),
    ],
)
def test_the_tax_is_area_by_price_by_seven_tenths_by_the_rate_in_whole_tens(
    tenths_m2: int, won_per_m2: int, category: str, shares: int, won: int
) -> None:
    assert tax_of(tenths_m2, won_per_m2, category, shares) == won


def two_sheets(*owners: OwnerEntry) -> Parcel:
    """A well-known parcel with these owners."""
    parcel = next(one for one in PARCELS if one.lot == TWO_SHEETS)
    return msgspec.structs.replace(parcel, owners=owners)


def owner(day: str, name: str, reg_no: str) -> OwnerEntry:
    return OwnerEntry(day, "03", "소유권이전", "서울특별시 영등포구 대림동 1", name, reg_no)


def test_who_owns_it_on_the_first_of_june_owes_the_years_tax() -> None:
    parcel = two_sheets(
        owner("1999-01-01", "한새봄", "700101-2******"), owner("2025-06-02", "윤이랑", "710101-1******")
    )
    payers = {year: tax.payer for year in (2025, 2026) if (tax := assess(parcel, year))}
    assert payers == {2025: ("한새봄", "700101-2"), 2026: ("윤이랑", "710101-1")}


def test_owners_in_common_owe_equal_shares() -> None:
    alone = assess(two_sheets(owner("1999-01-01", "한새봄", "700101-2******")), 2026)
    shared = assess(two_sheets(owner("1999-01-01", "한새봄 외 3인", "700101-2******")), 2026)
    assert alone is not None
    assert shared is not None
    assert shared.payer == ("한새봄", "700101-2")
    assert alone.amount - 4 * 10 < shared.amount * 4 <= alone.amount + 10


def test_nothing_is_owed_before_there_is_an_owner_or_without_a_price_or_for_a_trifle() -> None:
    parcel = two_sheets(owner("2026-06-02", "한새봄", "700101-2******"))
    assert assess(parcel, 2026) is None
    owned = two_sheets(owner("1999-01-01", "한새봄", "700101-2******"))
    assert assess(msgspec.structs.replace(owned, prices=()), 2026) is None
    small = msgspec.structs.replace(owned.land[-1], area=1, category="전")
    assert assess(msgspec.structs.replace(owned, land=(small,)), 2026) is None


# --- the town's records ---


def test_every_living_owner_of_a_parcel_is_assessed_for_it_and_nobody_else() -> None:
    living = {(one.name, one.number[:8]): one.id for one in PEOPLE.people if not one.died}
    owed = {
        (living[tax.payer], str(year), tax.place, tax.amount)
        for parcel in PARCELS
        for year in YEARS
        if (tax := assess(parcel, year)) and tax.payer in living
    }
    found = {
        (person, row["year"], row["object"], row["amount"])
        for person, taxes in rows("property").items()
        for row in taxes
    }
    assert found == owed
    assert len({person for person, *_ in owed}) > 100


def test_every_head_of_a_household_owes_the_resident_tax_of_the_year_and_nobody_else() -> None:
    living = {one.id for one in PEOPLE.people if not one.died}
    heads = {(head_on(home, year), str(year)) for home in PEOPLE.households for year in YEARS}
    assert {(person, row["year"]) for person, taxes in rows("resident").items() for row in taxes} == {
        (head, year) for head, year in heads if head in living
    }
    assert {row["amount"] for taxes in rows("resident").values() for row in taxes} == {RESIDENT_TAX}


def test_the_head_is_who_headed_the_household_on_the_first_of_july() -> None:
    home = Household(1, "2020-01-01", "전입", (("2020-01-01", 7), ("2024-07-02", 8)), (), ended="2026-07-01")
    assert [head_on(home, year) for year in (2019, 2024, 2025, 2026)] == [0, 7, 8, 0]


def test_vehicle_tax_comes_in_halves_of_which_the_last_is_yet_to_be_assessed() -> None:
    for taxes in rows("vehicle").values():
        assert taxes == sorted(taxes, key=lambda row: (row["year"], row["item"]))
        assert {row["item"] for row in taxes} <= {"자동차세(1기)", "자동차세(2기)"}
        assert taxes[-1]["due"] == "2026-06-30"


def test_vehicle_tax_is_that_of_the_cars_in_the_vehicle_register_from_when_they_were_bought() -> None:
    owed = {
        (car.held.owner.id, car.plate, str(year))
        for car in CARS
        for year in YEARS
        if car.held.bought.isoformat() <= f"{year}-06-01"
    }
    found = {
        (person, " ".join(row["object"].split()[:2]), row["year"])
        for person, taxes in rows("vehicle").items()
        for row in taxes
        if row["item"] == "자동차세(1기)"
    }
    assert found == owed
    assert len({plate for _, plate, _ in owed}) > 100


def test_paid_unpaid_and_deferred_taxes_are_there_and_all_were_due_before_today() -> None:
    taxes = [
        row for name in ("property", "vehicle", "resident") for each in rows(name).values() for row in each
    ]
    assert {row["state"] for row in taxes} == {"납부", "미납", "징수유예"}
    assert max(row["due"] for row in taxes) < NOON.date().isoformat()


def test_the_same_seed_gives_the_same_records() -> None:
    assert {record.person: record for record in records(SEED, PEOPLE, PARCELS, CARS)} == RECORDS


# --- the certificate ---


def certificate(office: Office, card: str, options: dict[str, str]) -> dict[str, Any]:
    found = asked(office, LOCAL_TAX, card, options)
    assert isinstance(found, Certificate)
    return found.data


def test_the_paper_sums_what_it_shows(office: Office) -> None:
    data = certificate(office, known.LARGE, EVERYTHING)
    assert (data["name"], data["resident_number"]) == ("김온누리", "680301-1******")
    assert data["vehicle"]
    assert data["resident"]
    shown = [row["amount"] for name in ("property", "vehicle", "resident") for row in data[name]]
    assert data["total"] == sum(shown)
    assert certificate(office, known.LARGE, {"years": "this", "items": "resident"})["total"] == RESIDENT_TAX


@pytest.mark.parametrize(("years", "first"), [("this", "2026"), ("three", "2024"), ("five", "2022")])
def test_only_the_years_that_were_asked_for_are_there(office: Office, years: str, first: str) -> None:
    data = certificate(office, known.LARGE, {"years": years, "items": "all"})
    assert data["resident"][0]["year"] == first
    assert data["resident"][-1]["year"] == "2026"
    assert min(row["year"] for row in data["vehicle"]) >= first


def test_years_are_counted_from_the_day_of_the_issue(office: Office) -> None:
    office.now = NOON + timedelta(days=60)
    data = certificate(office, known.LARGE, {"years": "this", "items": "all"})
    assert (data["resident"], data["total"]) == ([], 0)


@pytest.mark.parametrize("items", ["property", "vehicle", "resident"])
def test_taxes_that_were_not_asked_for_are_not_there_and_the_machine_would_refuse_them(
    office: Office, items: str
) -> None:
    everything = certificate(office, known.LARGE, EVERYTHING)
    data = certificate(office, known.LARGE, {"years": "five", "items": items})
    others = {"property", "vehicle", "resident"} - {items}
    assert all(data[name] == [] for name in others)
    assert data[items] == everything[items]
    for name in others:
        with pytest.raises(WorkError) as refused:
            check_contents(FORM, {**data, name: everything["resident"]})
        assert refused.value.code == Code.DATA_INVALID


@pytest.mark.parametrize(
    "options", list(all_choices(TYPES[LOCAL_TAX])), ids=lambda options: "-".join(options.values())
)
def test_every_record_fits_the_form_whatever_is_chosen(options: dict[str, str]) -> None:
    source = TYPES[LOCAL_TAX].source
    assert source is not None
    who = {"name": "한여름", "resident_number": "910808-2990003", "address": "서울특별시 영등포구 영중로 1"}
    fixed = {"title": TYPES[LOCAL_TAX].file.name.ko, "options": options, **source.fixed}
    for record in RECORDS.values():
        data = chosen({**record.items, **who}, source.rule, options, NOON.year)
        check_contents(FORM, {**data, **fixed})


def test_what_the_office_gives_fits_the_form(office: Office) -> None:
    parcels, people = small_town()
    persons = [
        record.person
        for record in records(SEED, people, parcels, cars(SEED, people))
        if record.items["property"]
    ]

    async def all_of_them(services: Services) -> list[Certificate | str]:
        return [await read(services, office, LOCAL_TAX, person, EVERYTHING) for person in persons]

    found = office.story(all_of_them)
    assert len(found) == len(persons) > 3
    for one in found:
        assert isinstance(one, Certificate)
        assert one.data["property"]
        check_contents(FORM, one.data)


def test_the_whole_towns_lists_are_not_longer_than_the_form_takes() -> None:
    for name, rule in FORM.lists.items():
        assert max(len(taxes) for taxes in rows(name).values()) <= rule["most"]


@pytest.mark.parametrize(
    ("card", "code"),
    [(known.SIXTEEN, "no-record"), (known.DEAD, "person-deceased"), (known.PROTECTED, "address-protected")],
)
def test_who_has_none_is_told_so(office: Office, card: str, code: str) -> None:
    assert asked(office, LOCAL_TAX, card, EVERYTHING) == code


def test_the_tax_office_has_hours_and_outages_of_its_own(office: Office) -> None:
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        set_hours(connection, LOCAL_TAX_REGISTER, 13 * 60, 18 * 60)
        add_outage(connection, LOCAL_TAX_REGISTER, NOON + timedelta(hours=2), NOON + timedelta(hours=3))
        set_hours(connection, WELFARE_REGISTER, 0, 14 * 60)
    engine.dispose()
    assert asked(office, LOCAL_TAX, known.ALONE, EVERYTHING) == "register-closed"
    assert isinstance(asked(office, MEDICAL_AID, known.ALONE), Certificate)
    office.now = NOON + timedelta(hours=1)
    assert isinstance(asked(office, LOCAL_TAX, known.ALONE, EVERYTHING), Certificate)
    office.now = NOON + timedelta(hours=2)
    assert asked(office, LOCAL_TAX, known.ALONE, EVERYTHING) == "register-down"
    assert asked(office, MEDICAL_AID, known.ALONE) == "register-closed"
