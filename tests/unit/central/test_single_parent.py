"""Single-parent families: who is one follows from the resident register; the paper names the whole family."""

import pytest

from central.registers.records.record import Record
from central.registers.records.single_parent import FATHER, MOTHER, SINGLE_PARENT, YOUNG, records
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.residents.record import Population
from central.registers.residents.town import LAST_DAY
from central.registers.town import SEED
from central.services import Services
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, asked, read, small_town, whole_town
from tests.unit.central.office import Office

PEOPLE = whole_town()[1]
OF_AGE = f"{LAST_DAY.year - 18}{LAST_DAY:-%m-%d}"


def families(people: Population = PEOPLE) -> dict[int, Record]:
    return {record.person: record for record in records(SEED, people)}


def test_a_family_is_a_head_without_a_living_spouse_and_their_children_under_age() -> None:
    by_id = {one.id: one for one in PEOPLE.people}
    heads = {home.head for home in PEOPLE.households if not home.ended}
    found = families()
    parents = [by_id[person] for person in found if person in heads]
    assert len(parents) > 10
    assert all(not one.spouse or by_id[one.spouse].died for one in parents)
    children = [by_id[person] for person in found if person not in heads]
    assert all(one.born > OF_AGE for one in children)
    assert all({one.father, one.mother} & {parent.id for parent in parents} for one in children)
    assert all(one.household in {parent.household for parent in parents} for one in children)


def test_nobody_who_is_in_that_place_is_forgotten() -> None:
    by_id = {one.id: one for one in PEOPLE.people}
    alone = {
        one.id
        for one in PEOPLE.people
        if one.household
        and one.born > OF_AGE
        and [by_id[kin].died for kin in (one.father, one.mother) if kin].count("") == 1
    }
    assert alone
    assert alone <= set(families())


def test_support_began_after_the_other_parents_death_and_is_called_by_who_is_left() -> None:
    by_id = {one.id: one for one in PEOPLE.people}
    widowed = 0
    for person, record in families().items():
        one = by_id[person]
        if one.born > OF_AGE:
            continue
        assert record.items["family"] in ((MOTHER, YOUNG) if one.female else (FATHER, YOUNG))
        assert record.items["since"] <= LAST_DAY.isoformat()
        if one.spouse:
            widowed += 1
            assert by_id[one.spouse].died < record.items["since"]
    assert widowed


def test_the_paper_lists_the_family_with_covered_numbers(office: Office) -> None:
    certificate = asked(office, SINGLE_PARENT, known.RARE)
    assert isinstance(certificate, Certificate)
    rows = [(row["relation"], row["name"], row["resident_number"]) for row in certificate.data["members"]]
    assert rows == [("본인", "한결", "950402-2******"), ("자녀", "한이룸", "190420-3******")]
    assert certificate.data["family"] == MOTHER
    assert TYPES[SINGLE_PARENT].about(certificate.data) == ("한결", "950402-2")


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (known.FAMILY, "no-record"),
        (known.DEAD, "person-deceased"),
        (known.PROTECTED, "address-protected"),
        (known.MOVING, "record-moving"),
        (known.CHANGING, "record-under-change"),
    ],
)
def test_who_can_not_have_it_is_told_why(office: Office, card: str, code: str) -> None:
    assert asked(office, SINGLE_PARENT, card) == code


def test_every_record_fits_the_form(office: Office) -> None:
    people = families(small_town()[1])

    async def all_of_them(services: Services) -> list[Certificate | str]:
        return [await read(services, office, SINGLE_PARENT, person, {}) for person in people]

    found = office.story(all_of_them)
    certificates = [one for one in found if isinstance(one, Certificate)]
    assert len(certificates) == len(people)
    for certificate in certificates:
        check_contents(TEMPLATES[TYPES[SINGLE_PARENT].form], certificate.data)
