"""The registers of vehicles and machines: whose each is, what is entered about it, and which one a paper is about."""

from collections import Counter
from typing import Any

import pytest

from central.registers.records import garage, machinery, vehicles
from central.registers.records.garage import Car
from central.registers.records.record import Record
from central.registers.records.vehicle_entries import inspected_until
from central.registers.records.vehicle_tax import LORRY, assessments, tax_of
from central.registers.records.view import chosen
from central.registers.refusal import WhichError
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.residents.record import Population
from central.registers.residents.town import LAST_DAY
from central.registers.town import SEED
from central.services import Services
from kiosk.protocol.central import Offered
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, all_choices, asked, whole_town
from tests.unit.central.office import Office

_, PEOPLE = whole_town()
CARS = tuple(garage.cars(SEED, PEOPLE))
VEHICLES = tuple(vehicles.records(SEED, PEOPLE, CARS))
MACHINES = tuple(machinery.records(SEED, PEOPLE))
A = {"part": "gap", "history": "valid"}
OF = {"vehicle": VEHICLES, "machinery": MACHINES}


def of_card(people: Population, records: tuple[Record, ...], card: str) -> list[Record]:
    holder = next(one.person for one in people.cards if one.number == card)
    return [record for record in records if record.person == holder]


def picked(office: Office, code: str, card: str, options: dict[str, str], which: str) -> Certificate:
    """The certificate of the one that was picked."""
    kind = TYPES[code]

    async def ask(services: Services) -> Certificate:
        holder = await services.residents.holder(card)
        assert holder is not None
        assert kind.source is not None
        desk, person = services.personal, holder.person.id
        return await desk.read_certificate(kind.file, kind.source, person, options, office.now, which)

    return office.story(ask)


# --- the town's cars and machines ---


def test_a_household_has_none_to_three_cars_and_their_owners_live_there_and_are_grown_up() -> None:
    living = {one.id: one for one in PEOPLE.people if not one.died}
    homes = Counter(car.home.id for car in CARS)
    assert set(homes.values()) == {1, 2, 3}
    assert len(homes) < len([home for home in PEOPLE.households if not home.ended])
    for car in CARS:
        assert living[car.held.owner.id].household == car.home.id
        assert car.held.owner.born < "2006-11"
        assert car.made < car.held.first <= car.held.bought <= LAST_DAY


def test_no_two_cars_and_no_two_machines_have_one_number() -> None:
    for records in OF.values():
        assert len({record.key for record in records}) == len(records)
        assert all(
            record.key in (record.items.get("plate"), record.items.get("number")) for record in records
        )


def test_plates_are_of_the_kind_and_the_time_of_the_car() -> None:
    for car in CARS:
        digits = car.plate.split(" ")[0][:-1]
        assert car.plate[len(digits)] in garage.SYLLABLES
        if not car.make.cc:
            assert 80 <= int(digits) <= 97
        elif car.held.first.isoformat() >= "2019-09-01":
            assert 100 <= int(digits) <= 699
        else:
            assert len(digits) == 2
            assert 1 <= int(digits) <= 69


def test_a_machines_number_begins_with_the_code_of_its_kind() -> None:
    codes = {"굴착기": "02", "로더": "03", "지게차": "04", "덤프트럭": "06"}
    assert 5 < len(MACHINES) < 60
    for record in MACHINES:
        _, kind, number = record.key.split(" ")
        assert kind[:2] == codes[record.items["kind"]]
        assert 1001 <= int(number) <= 4999


def test_the_same_seed_gives_the_same_records() -> None:
    again = tuple(garage.cars(SEED, PEOPLE))
    assert again == CARS
    assert tuple(vehicles.records(SEED, PEOPLE, again)) == VEHICLES
    assert tuple(machinery.records(SEED, PEOPLE)) == MACHINES


# --- what is entered ---


def entries(record: Record) -> list[dict[str, Any]]:
    return sorted(record.items["entries"] + record.items["past"], key=lambda row: str(row["date"]))


def test_it_begins_with_the_first_registration_and_nothing_is_entered_before_or_after_its_time() -> None:
    for record in VEHICLES + MACHINES:
        first, *others = entries(record)
        assert (first["no"], first["what"], first["date"]) == ("1", "신규등록", record.items["first"])
        assert all(first["date"] <= row["date"] <= LAST_DAY.isoformat() for row in others)
        assert len({row["no"] for row in entries(record)}) == len(others) + 1


def test_of_what_changed_the_last_holds_and_what_was_lifted_or_paid_back_does_not() -> None:
    kinds = Counter(row["what"] for record in VEHICLES for row in entries(record))
    assert min(kinds[what] for what in ("신규등록", "이전등록", "변경등록", "압류등록")) > 10
    for record in VEHICLES + MACHINES:
        holding = [row for row in record.items["entries"] if row["what"] != "압류등록"]
        assert len({row["what"] for row in holding}) == len(holding)
        assert not any(row["ended"] for row in record.items["entries"] + record.items["liens"])
        assert all(lien["ended"] <= LAST_DAY.isoformat() for lien in record.items["past_liens"])
    assert any(record.items["liens"] for record in VEHICLES)
    assert any(record.items["past_liens"] for record in VEHICLES)


def test_the_place_is_where_the_owners_household_lives_since_it_moved() -> None:
    cars = {car.plate: car for car in CARS}
    moved = 0
    for record in VEHICLES:
        home = cars[record.key].home
        for row in record.items["entries"]:
            if row["what"] == "변경등록":
                moved += 1
                assert row["detail"].endswith(home.addresses[-1].dwelling.road)
                assert row["date"] >= home.addresses[-1].since
    assert moved > 10


@pytest.mark.parametrize(
    ("first", "years", "until"),
    [
        ("2026-05-02", (4, 2), "2030-05-01"),
        ("2022-05-02", (4, 2), "2028-05-01"),
        ("2012-02-29", (4, 2), "2028-02-27"),
        ("2025-01-10", (1, 1), "2027-01-09"),
    ],
)
def test_an_inspection_holds_until_the_next_day_of_its_kind(
    first: str, years: tuple[int, int], until: str
) -> None:
    assert inspected_until(LAST_DAY.fromisoformat(first), years) == until


# --- the tax that follows from it ---


@pytest.mark.parametrize(("cc", "won"), [(998, 39_920), (1_598, 111_860), (1_999, 199_900), (0, LORRY // 2)])
def test_half_a_years_tax_goes_by_the_engine(cc: int, won: int) -> None:
    assert tax_of(cc) == won // 10 * 10


def test_a_car_is_taxed_from_the_half_in_which_it_is_had_on_its_last_months_first_day() -> None:
    car: Car = next(
        one for one in CARS if one.held.bought.isoformat()[5:] > "06-01" and one.held.bought.year == 2024
    )
    halves = [(tax.year, tax.half) for tax in assessments([car], range(2022, 2027))]
    assert halves == [(2024, 2), (2025, 1), (2025, 2), (2026, 1)]


# --- the certificates ---


@pytest.mark.parametrize("code", ["vehicle", "machinery"])
def test_every_record_fits_the_form_whatever_is_chosen(code: str) -> None:
    kind = TYPES[code]
    assert kind.source is not None
    names = {one.id: one.name for one in PEOPLE.people}
    for options in all_choices(kind):
        for record in OF[code]:
            who = {"name": names[record.person], "resident_number": "800101-1******", "address": "서울"}
            data = chosen({**record.items, **who}, kind.source.rule, options, 2026)
            fixed = {"title": kind.file.name.ko, "options": options, **kind.source.fixed}
            check_contents(TEMPLATES[kind.form], {**data, **fixed})


def test_who_has_one_car_is_asked_nothing(office: Office) -> None:
    found = asked(office, "vehicle", known.ALONE, A)
    assert isinstance(found, Certificate)
    assert (found.data["name"], found.data["model"]) == ("한여름", "다온 1.0")
    assert TYPES["vehicle"].about(found.data) == (found.data["plate"], "한여름", "910808-2")


def test_who_has_two_is_asked_which_by_plate_and_make_and_gets_the_one_picked(office: Office) -> None:
    with pytest.raises(WhichError) as several:
        asked(office, "vehicle", known.FAMILY, A)
    mine = of_card(PEOPLE, VEHICLES, known.FAMILY)
    assert len(mine) == 2
    assert several.value.what == "vehicle"
    assert several.value.offered == tuple(
        Offered(record.key, record.items["plate"], record.items["model"])
        for record in sorted(mine, key=lambda record: record.key)
    )
    for record in mine:
        assert picked(office, "vehicle", known.FAMILY, A, record.key).data["vin"] == record.items["vin"]


def test_machines_are_told_apart_by_their_numbers(office: Office) -> None:
    with pytest.raises(WhichError) as several:
        asked(office, "machinery", known.LARGE, A)
    assert several.value.what == "machine"
    one = several.value.offered[0]
    assert picked(office, "machinery", known.LARGE, A, one.key).data["number"] == one.label


def test_the_part_that_was_not_asked_for_is_not_there(office: Office) -> None:
    own = of_card(PEOPLE, VEHICLES, known.ALONE)[0].items
    everything = {"history": "all"}
    a = asked(office, "vehicle", known.ALONE, {"part": "gap", **everything})
    b = asked(office, "vehicle", known.ALONE, {"part": "eul", **everything})
    assert isinstance(a, Certificate)
    assert isinstance(b, Certificate)
    assert (a.data["entries"], a.data["liens"], a.data["past_liens"]) == (own["entries"], [], [])
    assert (b.data["entries"], b.data["past"], b.data["past_liens"]) == ([], [], own["past_liens"])
    assert own["past_liens"]


@pytest.mark.parametrize(
    ("code", "card", "said"),
    [
        ("vehicle", known.SIXTEEN, "no-record"),
        ("machinery", known.ALONE, "no-record"),
        ("vehicle", known.DEAD, "person-deceased"),
        ("vehicle", known.PROTECTED, "address-protected"),
    ],
)
def test_who_has_none_is_told_so(office: Office, code: str, card: str, said: str) -> None:
    assert asked(office, code, card, A) == said
