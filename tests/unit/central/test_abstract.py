"""A person's abstract says who they are and where they have lived, no more than was asked for, and fits its form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from central.authority.types import load_types
from central.registers import resident
from central.registers.hours import RESIDENT_REGISTER, set_hours
from central.registers.refusal import RefusedError
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.residents.abstract import Life, certificate_data
from central.registers.residents.book import people, rewrite_person
from central.registers.residents.record import Person
from central.registers.residents.town import population
from central.services import Services
from kiosk.protocol.identity import AskedLine
from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import sheets_of
from kiosk.worker.render import Renderer, RenderJob
from tests.authority import TEMPLATES
from tests.unit.central.citizen import identified
from tests.unit.central.office import NOON, Office, Worker

CODE = "resident-abstract"
TODAY = date(2026, 11, 23)
KIND = load_types()[CODE]
FORM = TEMPLATES[KIND.form]
TOWN = population(2002, (), TODAY, families=120)
PEOPLE = {one.id: one for one in TOWN.people}
HOMES = {home.id: home for home in TOWN.households}
LIVING = sorted(one.id for one in TOWN.people if not one.died)
WHOLE = {"history": "all", "digits": "yes"}
every_choice = st.fixed_dictionaries(
    {option.code: st.sampled_from([choice.code for choice in option.choices]) for option in KIND.file.option}
)


def abstract_of(person: Person, options: Mapping[str, str] = WHOLE) -> dict[str, Any]:
    return certificate_data(Life(person, HOMES, PEOPLE), options, TODAY)


def named(name: str) -> Person:
    return next(one for one in TOWN.people if one.name == name and one.id < 1000)


def asked(office: Office, person: int, options: Mapping[str, str] = WHOLE) -> Certificate | str:
    """The abstract of somebody, or the refusal."""

    async def ask(services: Services) -> Certificate | str:
        try:
            return await resident.read_certificate(services.residents, CODE, person, options, office.now)
        except RefusedError as error:
            return error.code

    return office.story(ask)


def test_it_says_where_somebody_has_lived_in_whose_household_and_why() -> None:
    data = abstract_of(named("성춘향"))
    assert (data["title"], data["name"], data["name_hanja"]) == ("주민등록표", "성춘향", "成春香")
    assert (data["moved_in"], data["reason"]) == ("2019-03-04", "전입")
    assert (data["head"], data["relation"]) == ("홍길동", "배우자")
    rows = [(row["no"], row["moved_in"], row["reason"], row["relation"]) for row in data["past_addresses"]]
    assert rows == [
        ("1", "2007-01-20", "전입", "본인"),
        ("2", "2007-11-02", "전입", "본인"),
        ("3", "2009-10-10", "혼인", "배우자"),
        ("4", "2011-05-06", "전입", "배우자"),
    ]


def test_a_child_has_lived_nowhere_before_it_was_born() -> None:
    [first, *_] = abstract_of(named("홍가람"))["past_addresses"]
    assert (first["moved_in"], first["reason"]) == ("2012-08-15", "출생")
    assert (first["head"], first["relation"]) == ("홍길동", "자녀")


def test_recent_are_the_addresses_left_within_five_years_and_none_is_none() -> None:
    everything = abstract_of(named("김온누리"))["past_addresses"]
    recent = abstract_of(named("김온누리"), {**WHOLE, "history": "recent"})["past_addresses"]
    assert len(everything) == 12
    assert [row["address"] for row in recent] == [everything[-1]["address"]]
    assert abstract_of(named("김온누리"), {**WHOLE, "history": "none"})["past_addresses"] == []


def test_back_digits_are_covered_unless_asked_for() -> None:
    one = named("홍길동")
    assert abstract_of(one)["resident_number"] == one.number
    assert abstract_of(one, {**WHOLE, "digits": "no"})["resident_number"] == f"{one.number[:8]}******"


def test_everybodys_whole_abstract_fits_the_form_and_follows_the_days() -> None:
    for person in LIVING:
        data = abstract_of(PEOPLE[person])
        check_contents(FORM, data)
        days = [row["moved_in"] for row in data["past_addresses"]]
        assert days == sorted(days)
        assert all(day <= data["moved_in"] for day in days)


@given(st.sampled_from(LIVING), every_choice)
def test_whatever_was_chosen_fits_the_form_and_the_seal_says_whose_it_is(
    person: int, options: dict[str, str]
) -> None:
    one = PEOPLE[person]
    data = abstract_of(one, options)
    check_contents(FORM, data)
    assert KIND.about(data) == (one.name, one.number[:8])
    assert data[FORM.asked["person"]] == one.name


@pytest.mark.parametrize("name", ["홍길동", "한여름", "CHRISTODOULOPOULOU ALEXANDRA MAXIMILIANA", "한결"])
def test_an_ordinary_life_has_room_on_one_sheet(name: str) -> None:
    pdf = Renderer({FORM.id: FORM}).render(RenderJob(FORM.id, abstract_of(named(name))))
    assert sheets_of(pdf) == 1


@pytest.mark.parametrize("name", ["홍길동", "성춘향", "김온누리", "서나그네", "임새싹", "한결"])
def test_the_register_reads_what_the_abstract_needs(office: Office, name: str) -> None:
    read = asked(office, named(name).id)
    assert isinstance(read, Certificate)
    assert read == Certificate(named(name).id, abstract_of(named(name)))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("오세월", "person-deceased"),
        ("문지킴", "address-protected"),
        ("이사랑", "record-moving"),
        ("정고침", "record-under-change"),
    ],
)
def test_who_gets_no_household_copy_gets_no_abstract_either(office: Office, name: str, code: str) -> None:
    assert asked(office, named(name).id) == code


def test_an_earlier_address_is_not_told_where_somebody_protected_lives_today(office: Office) -> None:
    with office.residents() as connection:
        rows = connection.execute(select(people.c.record)).scalars()
        town = {one.id: one for one in (msgspec.json.decode(row, type=Person) for row in rows)}
        child, mother = next(
            (one, town[one.mother])
            for one in town.values()
            if one.household and one.mother in town and town[one.mother].household in _left_by(one)
        )
        rewrite_person(connection, msgspec.structs.replace(mother, protected=True))
    assert asked(office, child.id) == "address-protected"
    assert isinstance(asked(office, child.id, {**WHOLE, "history": "none"}), Certificate)
    assert isinstance(asked(office, named("홍길동").id), Certificate)


def _left_by(one: Person) -> set[int]:
    """The households that somebody has lived in and left."""
    return {stay.household for stay in one.stays} - {one.household}


def test_outside_its_hours_the_register_gives_no_abstract(office: Office) -> None:
    with office.residents() as connection:
        set_hours(connection, RESIDENT_REGISTER, 13 * 60, 18 * 60)
    assert asked(office, named("홍길동").id) == "register-closed"
    office.now = NOON.replace(hour=13)
    assert isinstance(asked(office, named("홍길동").id), Certificate)


def test_a_type_that_the_register_cannot_draw_is_unknown(office: Office) -> None:
    async def ask(services: Services) -> str:
        with pytest.raises(RefusedError) as refused:
            await resident.read_certificate(services.residents, "land", 1, {}, office.now)
        return refused.value.code

    assert office.story(ask) == "type-unknown"


def test_the_authority_drafts_it_for_whom_the_card_identified(office: Office) -> None:
    async def ask(services: Services) -> tuple[str, str, int]:
        worker = Worker(services.keys.trust.sealing_key)
        token = (await identified(services, worker, known.FAMILY, (AskedLine(1, CODE, {}, WHOLE),))).token
        request = worker.draft_request(type_code=CODE, subject={}, options=WHOLE, token=token)
        draft = (await services.desk.draft(request, office.now)).draft
        return draft.template, draft.data["name"], draft.quote.fee(2)

    assert office.story(ask) == (FORM.id, "홍길동", 200)
