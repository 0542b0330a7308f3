"""Registered disabilities: who has one, what the paper says of it, and how the office says no."""

import pytest

from central.registers.records.disability import DISABILITY, KINDS, MILD, SEVERE, records
from central.registers.records.record import Record
from central.registers.resident import Certificate
from central.registers.residents import desk, known
from central.registers.residents.record import FIRST_OTHER_CARD, Population
from central.registers.residents.town import LAST_DAY
from central.registers.town import SEED
from central.services import Services
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, all_choices, asked, read, small_town, whole_town
from tests.unit.central.office import Office

PEOPLE = whole_town()[1]
COVERED, SHOWN = {"digits": "no"}, {"digits": "yes"}


def registered(people: Population = PEOPLE) -> dict[int, Record]:
    return {record.person: record for record in records(SEED, people)}


def test_one_in_twenty_is_registered_more_of_the_old_than_of_the_young_and_nobody_who_died() -> None:
    born = {one.id: one.born for one in PEOPLE.people if not one.died}
    found = registered()
    assert set(found) <= set(born)
    assert 0.03 < len(found) / len(born) < 0.09

    def share(first: str, last: str) -> float:
        of_age = [person for person, day in born.items() if first <= day < last]
        return sum(person in found for person in of_age) / len(of_age)

    assert share("1900", "1961") > 2 * share("1961", "2020")


def test_a_record_has_one_main_disability_of_a_kind_that_the_law_knows_and_its_days_are_a_persons_own() -> (
    None
):
    born = {one.id: one.born for one in PEOPLE.people}
    for person, record in registered().items():
        rows = record.items["disabilities"]
        assert [row["rank"] for row in rows] == ["주장애", "부장애"][: len(rows)]
        assert len({row["kind"] for row in rows} & set(KINDS)) == len(rows)
        assert record.items["since"] == min(row["since"] for row in rows)
        assert born[person] < record.items["since"]
        assert max(row["since"] for row in rows) <= LAST_DAY.isoformat()
        severe = any(row["degree"] == SEVERE for row in rows)
        assert record.items["degree"] == (SEVERE if severe else MILD)


def test_the_paper_names_kind_and_degree_and_covers_the_number_unless_its_owner_wants_it_whole(
    office: Office,
) -> None:
    certificate = asked(office, DISABILITY, known.FAMILY, COVERED)
    assert isinstance(certificate, Certificate)
    assert certificate.data["name"] == "홍길동"
    assert certificate.data["resident_number"] == "800101-1******"
    assert [row["kind"] for row in certificate.data["disabilities"]] == ["지체장애"]
    assert TYPES[DISABILITY].about(certificate.data) == ("홍길동", "800101-1")
    whole = asked(office, DISABILITY, known.FAMILY, SHOWN)
    assert isinstance(whole, Certificate)
    assert whole.data["resident_number"].startswith("800101-199")
    assert "*" not in whole.data["resident_number"]


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (known.ALONE, "no-record"),
        (known.DEAD, "person-deceased"),
        (known.PROTECTED, "address-protected"),
        (known.MOVING, "record-moving"),
        (known.CHANGING, "record-under-change"),
    ],
)
def test_who_can_not_have_it_is_told_why(office: Office, card: str, code: str) -> None:
    assert asked(office, DISABILITY, card, COVERED) == code


@pytest.mark.parametrize(
    ("state", "code"),
    [("protected", "address-protected"), ("moving", "record-moving"), ("changing", "record-under-change")],
)
def test_what_holds_for_one_of_the_household_holds_for_the_address_of_all(
    office: Office, state: str, code: str
) -> None:
    wife = next(one.id for one in PEOPLE.people if one.name == "성춘향")
    with office.residents() as connection:
        desk.mark(connection, f"{FIRST_OTHER_CARD + wife:012d}", state, f"{office.now:%Y-%m-%d}")
    assert asked(office, DISABILITY, known.FAMILY, COVERED) == code


def test_every_record_fits_the_form_whatever_is_chosen(office: Office) -> None:
    people = registered(small_town()[1])

    async def all_of_them(services: Services) -> list[Certificate | str]:
        return [
            await read(services, office, DISABILITY, person, options)
            for person in people
            for options in all_choices(TYPES[DISABILITY])
        ]

    certificates = [one for one in office.story(all_of_them) if isinstance(one, Certificate)]
    assert len(certificates) > len(people)
    for certificate in certificates:
        check_contents(TEMPLATES[TYPES[DISABILITY].form], certificate.data)
