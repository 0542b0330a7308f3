"""Medical aid (의료급여): who has it follows from the livelihood records, of which kind from the household's ages."""

import pytest

from central.registers.records.record import Record
from central.registers.records.welfare import LIVELIHOOD, MEDICAL_AID, records
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.residents.record import Population
from central.registers.town import SEED
from central.services import Services
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES, asked, read, small_town, whole_town
from tests.unit.central.office import Office

PEOPLE = whole_town()[1]


def of_kind(kind: str, people: Population = PEOPLE) -> dict[int, Record]:
    return {record.person: record for record in records(SEED, people) if record.kind == kind}


def test_whose_benefits_include_medical_aid_has_it_from_the_same_day_and_nobody_else() -> None:
    entitled = {
        person: row["since"]
        for person, record in of_kind(LIVELIHOOD).items()
        for row in record.items["benefits"]
        if row["benefit"] == "의료급여"
    }
    assert entitled
    assert len(entitled) < len(of_kind(LIVELIHOOD))
    assert {person: record.items["since"] for person, record in of_kind(MEDICAL_AID).items()} == entitled


def test_a_household_has_one_kind_and_the_second_when_somebody_is_of_an_age_to_work() -> None:
    aid = of_kind(MEDICAL_AID)
    homes = {one.id: (one.household, one.born) for one in PEOPLE.people}
    for person, record in aid.items():
        born = [homes[other][1] for other in aid if homes[other][0] == homes[person][0]]
        works = any("1961-09-30" < day <= "2008-09-30" for day in born)
        assert record.items["kind"] == ("2종" if works else "1종")
    assert {record.items["kind"] for record in aid.values()} == {"1종", "2종"}


def test_the_paper_says_who_heads_the_household_who_is_entitled_and_no_whole_number(office: Office) -> None:
    certificate = asked(office, MEDICAL_AID, known.ALONE)
    assert isinstance(certificate, Certificate)
    data = certificate.data
    assert (data["name"], data["head"], data["kind"]) == ("한여름", "한여름", "2종")
    assert [row["resident_number"] for row in data["members"]] == ["910808-2******"]
    assert TYPES[MEDICAL_AID].about(data) == ("한여름", "910808-2")


@pytest.mark.parametrize(
    ("card", "code"),
    [(known.FAMILY, "no-record"), (known.DEAD, "person-deceased"), (known.PROTECTED, "address-protected")],
)
def test_who_has_none_is_told_so(office: Office, card: str, code: str) -> None:
    assert asked(office, MEDICAL_AID, card) == code


def test_every_record_fits_the_form(office: Office) -> None:
    people = of_kind(MEDICAL_AID, small_town()[1])

    async def all_of_them(services: Services) -> list[Certificate | str]:
        return [await read(services, office, MEDICAL_AID, person, {}) for person in people]

    certificates = [one for one in office.story(all_of_them) if isinstance(one, Certificate)]
    assert certificates
    for certificate in certificates:
        check_contents(TEMPLATES[TYPES[MEDICAL_AID].form], certificate.data)
