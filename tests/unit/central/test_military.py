"""Military records: who has one, that it fits the resident register and its form, and how the office says no."""

from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine

from central.registers.hours import MILITARY_REGISTER, add_outage
from central.registers.lots import well_known
from central.registers.records.military import MILITARY, records
from central.registers.records.record import Record
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.residents.owners import owners_of
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY, population
from central.registers.town import SEED
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.office import NOON, Office
from tests.unit.central.papers import TYPES, paper

Men = list[tuple[Person, Record]]
YEAR = 365.25


@pytest.fixture(scope="module")
def people() -> Population:
    return population(SEED, owners_of(well_known(SEED)), NOON.date())


@pytest.fixture(scope="module")
def men(people: Population) -> Men:
    by_id = {one.id: one for one in people.people}
    return [(by_id[record.person], record) for record in records(SEED, people)]


def test_every_living_man_from_nineteen_on_has_one_record_and_nobody_else_has_any(
    men: Men, people: Population
) -> None:
    grown = f"{LAST_DAY.year - 19}{LAST_DAY:-%m-%d}"
    liable = [one.id for one in people.people if not one.female and not one.died and one.born <= grown]
    assert [one.id for one, _ in men] == liable
    assert len(liable) > 300


def test_a_man_enlists_between_nineteen_and_twenty_eight_after_the_decision(men: Men) -> None:
    for one, record in men:
        for service in record.items["services"]:
            enlisted = date.fromisoformat(service["enlisted"])
            assert 19 <= (enlisted - date.fromisoformat(one.born)).days / YEAR <= 28
            assert record.items["disposition_date"] < service["enlisted"] <= LAST_DAY.isoformat()


def test_a_term_that_is_over_took_from_eighteen_to_thirty_six_months(men: Men) -> None:
    over = [
        service for _, record in men for service in record.items["services"] if service["discharged"] != ""
    ]
    assert len(over) > 200
    for service in over:
        term = date.fromisoformat(service["discharged"]) - date.fromisoformat(service["enlisted"])
        assert 18 <= round(term.days / YEAR * 12, 1) <= 36
        assert service["discharged"] <= LAST_DAY.isoformat()


def test_who_has_not_served_has_the_decision_alone(men: Men) -> None:
    waiting = [record.items for _, record in men if record.items["duty"] == "병역준비역"]
    assert waiting
    assert all(items["services"] == [] and items["disposition"] for items in waiting)


def test_who_serves_now_is_on_active_duty_and_has_no_day_of_discharge(men: Men) -> None:
    serving = [
        (record.items["duty"], service["discharge"])
        for _, record in men
        for service in record.items["services"]
        if not service["discharged"]
    ]
    assert set(serving) <= {("현역", "복무 중"), ("보충역", "복무 중")}
    assert ("현역", "복무 중") in serving


def test_duty_ends_with_the_year_of_the_fortieth_birthday(men: Men) -> None:
    for one, record in men:
        past = int(one.born[:4]) + 40 < LAST_DAY.year
        assert past == (record.items["duty"] == "면역") or record.items["duty"] == "병역면제"


def test_no_service_number_is_one_that_was_given_out(men: Men) -> None:
    numbers = [service["number"] for _, record in men for service in record.items["services"]]
    assert all(number[2:5] == "-99" for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_every_record_fits_the_form(men: Men) -> None:
    kind = TYPES[MILITARY]
    form = TEMPLATES[kind.form]
    assert kind.source is not None
    for one, record in men:
        person = {"name": one.name, "resident_number": one.masked_number, "address": "서울특별시"}
        fixed = {"title": kind.file.name.ko, "options": {}, **kind.source.fixed}
        check_contents(form, {**record.items, **person, **fixed})


def test_a_man_gets_his_record_under_the_name_and_seal_of_the_military_office(office: Office) -> None:
    certificate = paper(office, MILITARY, known.FAMILY)
    assert isinstance(certificate, Certificate)
    assert certificate.data["name"] == "홍길동"
    assert certificate.data["resident_number"] == "800101-1******"
    assert certificate.data["office"] == "서울지방병무청장"
    assert TYPES[MILITARY].about(certificate.data) == ("홍길동", "800101-1")


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (known.ALONE, "no-record"),
        (known.SIXTEEN, "no-record"),
        (known.DEAD, "person-deceased"),
        (known.PROTECTED, "address-protected"),
    ],
    ids=["woman", "minor", "dead", "protected"],
)
def test_who_has_no_record_is_told_so(office: Office, card: str, code: str) -> None:
    assert paper(office, MILITARY, card) == code


def test_its_outage_is_its_own(office: Office) -> None:
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        add_outage(connection, MILITARY_REGISTER, NOON, NOON + timedelta(hours=1))
    engine.dispose()
    assert paper(office, MILITARY, known.FAMILY) == "register-down"
    assert isinstance(paper(office, "livelihood", known.ALONE), Certificate)
