"""The resident register speaks the form's language: every household fits the closed list, and sets on its sheets."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.authority.types import load_types
from central.registers.residents import known
from central.registers.residents.copy import HouseholdRecord, certificate_data
from central.registers.residents.record import Person, Population
from central.registers.residents.town import population
from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template
from tests.authority import TEMPLATES
from tests.unit.central.citizen import FULL, HOUSEHOLD

TODAY = date(2026, 11, 23)
TYPES = load_types()
TOWN = population(2002, (), TODAY, families=120)
PEOPLE = {one.id: one for one in TOWN.people}
HOMES = {home.id: home for home in TOWN.households}
LIVING = sorted(one.id for one in TOWN.people if not one.died)
every_choice = st.fixed_dictionaries(
    {
        option.code: st.sampled_from([choice.code for choice in option.choices])
        for option in TYPES[HOUSEHOLD].file.option
    }
)


@pytest.fixture(scope="module")
def form() -> Template:
    return TEMPLATES[f"{HOUSEHOLD}/1"]


def record_of(person: Person, content: Population = TOWN) -> HouseholdRecord:
    """The household that somebody lives in."""
    members = tuple(one for one in content.people if one.household == person.household)
    return HouseholdRecord(HOMES[person.household], members, PEOPLE, HOMES)


def data_of(person: Person, options: dict[str, str]) -> dict[str, Any]:
    return certificate_data(record_of(person), person, options, TODAY)


def holder_of(card: str) -> Person:
    return PEOPLE[next(entry.person for entry in TOWN.cards if entry.number == card)]


def test_the_draft_names_the_form_that_is_there(form: Template) -> None:
    kind = TYPES[HOUSEHOLD]
    quote = kind.quote(TODAY)
    assert quote is not None
    assert (kind.form, quote.fee(1), quote.fee(9)) == (form.id, 200, 200)


def test_everybodys_whole_copy_fits_the_form(form: Template) -> None:
    for person in LIVING:
        check_contents(form, data_of(PEOPLE[person], FULL))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(LIVING), every_choice)
def test_whatever_was_chosen_fits_the_form_and_leaves_out_what_it_must(
    form: Template, person: int, options: dict[str, str]
) -> None:
    check_contents(form, data_of(PEOPLE[person], {**options, "cohabitants": "yes"}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(LIVING), every_choice)
def test_the_seal_says_what_the_form_says_it_must(
    form: Template, person: int, options: dict[str, str]
) -> None:
    data = data_of(PEOPLE[person], {**options, "cohabitants": "yes"})
    own = next(row for row in (*data["members"], *data["cohabitants"]) if row["name"] == PEOPLE[person].name)
    assert TYPES[HOUSEHOLD].about(data) == (PEOPLE[person].name, own["resident_number"][:8])
    assert data[form.asked["person"]] == PEOPLE[person].name


@pytest.mark.parametrize(
    ("card", "sheets"),
    [(known.FAMILY, 1), (known.ALONE, 1), (known.FOREIGN, 1), (known.RARE, 1), (known.LARGE, 2)],
)
def test_the_well_known_people_have_as_many_sheets_as_they_are_known_for(
    form: Template, card: str, sheets: int
) -> None:
    data = data_of(holder_of(card), FULL)
    pdf = Renderer({form.id: form}).render(RenderJob(form.id, data))
    assert sheets_of(pdf) == sheets
