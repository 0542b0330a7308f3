"""A clerk edits the catalogue: mistakes are found at start, all of them, with file, field and how to mend."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue.catalogue import Identification
from kiosk.catalogue.problems import CatalogueError, Problem
from kiosk.catalogue.read import PLACES, TYPES, read
from tests.unit.visit.walk import CONFIG, catalogue

GOOD_TYPES = (CONFIG / TYPES).read_text("utf-8")
GOOD_PLACES = (CONFIG / PLACES).read_text("utf-8")
FORMS = CONFIG.parents[1] / "certs_templates"
BY_CARD: frozenset[Identification] = frozenset({"none", "card"})


def problems(types: str = GOOD_TYPES, places: str = GOOD_PLACES) -> tuple[Problem, ...]:
    with pytest.raises(CatalogueError) as caught:
        read(types, places)
    return caught.value.problems


def changed(old: str, new: str, text: str = GOOD_TYPES) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_the_shipped_catalogue_has_both_registers_and_all_34_legal_dongs() -> None:
    assert [kind.code for kind in catalogue().types] == ["land", "forest"]
    places = [place for area in catalogue().areas for place in area.places]
    assert len(places) == 34
    # The codes run from 영등포동 to 양평동 in steps of 100 without a gap.
    assert sorted(int(place.code) for place in places) == list(range(1156010100, 1156013401, 100))
    yeouido = catalogue().place("1156011000")
    assert yeouido is not None
    assert yeouido.name.ko == "여의도동"


def test_unconfirmed_fields_are_marked() -> None:
    for kind in catalogue().types:
        assert not kind.verified
        assert "fee.extra_per_sheet" in kind.unverified


def test_a_type_is_found_by_its_code_or_not_at_all() -> None:
    assert catalogue().type("land") is catalogue().types[0]
    assert catalogue().type("no-such") is None
    assert catalogue().place("0000000000") is None


@pytest.mark.parametrize(
    ("types", "field", "what"),
    [
        (changed('category = "parcel"', 'category = "parsel"'), "type land.category", "parsel"),
        (changed("max_copies = 5", "max_copies = 50"), "type land.max_copies", "50"),
        (changed("base = 500", "base = 505"), "type land.fee", "10 KRW"),
        (changed("base = 500", "base = -500"), "type land.fee", "negative"),
        (changed('default = "current"', 'default = "now"'), "type land.option history.default", "now"),
        (changed('closes = "24:00"', 'closes = "25:00"'), "type land.hours.closes", "25:00"),
        (changed('opens = "00:00"', 'opens = "9 Uhr"'), "type land.hours.opens", "9 Uhr"),
        (changed('code = "forest"', 'code = "land"'), "type.code", "2 times"),
        (changed('code = "forest"', 'code = "for est"'), "type.code", "not a code"),
        (changed("max_copies = 5", 'max_copies = "five"'), "type land.max_copies", "a text"),
        (changed("max_sheets = 50\n", ""), "type land", "max_sheets is missing"),
        (changed("max_sheets = 50", "max_sheet = 50"), "type land", "max_sheet is not known"),
        (changed('register = "land"', 'register = "sea"'), "type land.register", "sea"),
        (changed("free_sheets = 20", "free_sheets = 2.5"), "type land.fee.free_sheets", "with a point"),
        (changed('identification = "none"', 'identification = "face"'), "type land.identification", "face"),
        (changed('identification = "none"', "identification = true"), "type land.identification", "true or"),
        (
            changed('identification = "card"', 'identification = "none"'),
            "type resident-household.identification",
            "anybody",
        ),
    ],
)
def test_a_mistake_among_the_types_is_named(types: str, field: str, what: str) -> None:
    found = problems(types=types)
    assert [problem.field for problem in found] == [field]
    assert what in found[0].what
    assert found[0].file == TYPES
    assert found[0].mend


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("1156011000", "115601100", "place 여의도동.code"),
        ("1156011000", "1144011000", "place 여의도동.code"),
        ("1156011000", "1156010100", "place.code"),
    ],
)
def test_a_mistake_among_the_places_is_named(old: str, new: str, field: str) -> None:
    assert [problem.field for problem in problems(places=changed(old, new, GOOD_PLACES))] == [field]


def test_all_mistakes_are_told_at_once() -> None:
    types = changed('category = "parcel"', 'category = "x-y"', changed("max_copies = 5", "max_copies = 0"))
    places = changed("1156013200", "11560132", GOOD_PLACES)
    assert len(problems(types, places)) == 3


def test_a_file_that_is_not_toml_names_the_line() -> None:
    [problem] = problems(types=changed('edition = "', "edition = ", GOOD_TYPES))
    assert "line 6" in problem.what


def test_the_error_reads_like_a_sentence() -> None:
    with pytest.raises(CatalogueError) as caught:
        read(changed("max_copies = 5", "max_copies = 9"), GOOD_PLACES)
    assert (
        str(caught.value) == "types.toml: type land.max_copies: 9 is not 1 to 5. Write a number from 1 to 5."
    )


@given(st.text(max_size=60))
def test_no_text_whatever_gets_past_as_anything_but_an_error(text: str) -> None:
    with pytest.raises(CatalogueError):
        read(text, GOOD_PLACES)
    with pytest.raises(CatalogueError):
        read(GOOD_TYPES, text)


def test_nothing_of_the_files_is_ignored() -> None:
    raw = tomllib.loads(GOOD_TYPES)
    everything = read(GOOD_TYPES, GOOD_PLACES, BY_CARD)
    assert raw["edition"] == everything.edition
    assert [kind["code"] for kind in raw["type"]] == [kind.code for kind in everything.types]
    assert [category["code"] for category in raw["category"]] == [kind.code for kind in everything.categories]


def test_a_machine_without_a_reader_neither_has_nor_names_what_needs_a_card() -> None:
    assert {kind.identification for kind in catalogue().types} == {"none"}
    assert [category.code for category in catalogue().categories] == ["parcel"]


def test_what_needs_a_card_is_checked_on_every_machine() -> None:
    [problem] = problems(types=changed("max_sheets = 10", "max_sheets = 0"))
    assert problem.field == "type resident-household.max_sheets"


def test_the_household_asks_what_its_form_can_show() -> None:
    household = read(GOOD_TYPES, GOOD_PLACES, BY_CARD).type("resident-household")
    assert household is not None
    assert (household.subject, household.register, household.fee.base) == ("person", "resident", 200)
    fields = tomllib.loads((FORMS / "resident-household" / "type.toml").read_text("utf-8"))["data"]["options"]
    assert {option.code for option in household.option} == set(fields)
    for option in household.option:
        assert max(len(choice.code) for choice in option.choices) <= fields[option.code]
