"""A clerk edits the catalogue: mistakes are found at start, all of them, with file, line, field and how to mend."""

import tomllib
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.bundles.catalogue_files import FORMS, load_catalogue_files
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.problems import CatalogueError, Problem
from kiosk.catalogue.read import CATEGORIES, PLACES, WITH_READER, CatalogueFiles, read
from kiosk.protocol.certificates import FILE
from tests.unit.visit.walk import TODAY, catalogue

GOOD = load_catalogue_files()


def problems(shelf: CatalogueFiles) -> tuple[Problem, ...]:
    with pytest.raises(CatalogueError) as caught:
        read(shelf, TODAY)
    return caught.value.problems


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def changed(code: str, old: str, new: str, shelf: CatalogueFiles = GOOD) -> CatalogueFiles:
    """The shelf with a change in one type's file."""
    types = {**shelf.types, code: replaced(shelf.types[code], old, new)}
    return msgspec.structs.replace(shelf, types=types)


def places(old: str, new: str, shelf: CatalogueFiles = GOOD) -> CatalogueFiles:
    return msgspec.structs.replace(shelf, places=replaced(shelf.places, old, new))


def everything(day: date = TODAY) -> Catalogue:
    return read(GOOD, day, WITH_READER)


def test_the_shipped_catalogue_has_its_types_and_all_34_legal_dongs() -> None:
    assert [kind.no for kind in catalogue().types] == sorted(kind.no for kind in catalogue().types)
    assert {"land", "forest"} <= {kind.code for kind in catalogue().types}
    found = [place for area in catalogue().areas for place in area.places]
    assert len(found) == 34
    # The codes run from 영등포동 to 양평동 in steps of 100 without a gap.
    assert sorted(int(place.code) for place in found) == list(range(1156010100, 1156013401, 100))
    yeouido = catalogue().place("1156011000")
    assert yeouido is not None
    assert yeouido.name.ko == "여의도동"


def test_unconfirmed_fields_are_marked() -> None:
    for kind in everything().types:
        assert kind.verified is not bool(kind.unverified), kind.code


def test_every_type_has_a_name_in_five_languages() -> None:
    for kind in everything().types:
        assert all((kind.name.ko, kind.name.en, kind.name.zh, kind.name.ja, kind.name.vi)), kind.code


def test_a_type_is_found_by_its_code_or_not_at_all() -> None:
    assert catalogue().type("land") is next(kind for kind in catalogue().types if kind.code == "land")
    assert catalogue().type("no-such") is None
    assert catalogue().place("0000000000") is None


@pytest.mark.parametrize(
    ("old", "new", "field", "what"),
    [
        ('category = "parcel"', 'category = "parsel"', "category", "parsel"),
        ("max_copies = 5", "max_copies = 50", "max_copies", "50"),
        ("base = 500", "base = 505", "fee", "10 KRW"),
        ("base = 500", "base = -500", "fee", "negative"),
        ('default = "current"', 'default = "now"', "option history.default", "now"),
        ('closes = "24:00"', 'closes = "25:00"', "hours.closes", "25:00"),
        ('opens = "00:00"', 'opens = "9 Uhr"', "hours.opens", "9 Uhr"),
        ('code = "land"', 'code = "lan d"', "code", "folder"),
        ("max_copies = 5", 'max_copies = "five"', "max_copies", "a text"),
        ("max_sheets = 50\n", "", "whole file", "max_sheets is missing"),
        ("max_sheets = 50", "max_sheet = 50", "whole file", "max_sheet is not known"),
        ("free_sheets = 20", "free_sheets = 2.5", "fee #1.free_sheets", "with a point"),
        ('identification = "none"', 'identification = "face"', "identification", "face"),
        ('identification = "none"', "identification = true", "identification", "true or"),
        ('subject = "parcel"', 'subject = "person"', "identification", "anybody"),
        ('subject = "parcel"', 'subject = "sea"', "subject", "sea"),
        ("no = 3", "no = 4", "no", "another type"),
    ],
)
def test_a_mistake_in_a_type_is_named_with_its_line(old: str, new: str, field: str, what: str) -> None:
    shelf = changed("land", old, new)
    found = [problem for problem in problems(shelf) if problem.file == "land/catalogue.toml"]
    assert field in [problem.field for problem in found]
    problem = next(problem for problem in found if problem.field == field)
    assert what in problem.what
    assert problem.mend
    if field not in ("whole file", "no"):
        name = field.rpartition(".")[2].partition(" ")[0]
        assert name in shelf.types["land"].splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("1156011000", "115601100", "place 여의도동.code"),
        ("1156011000", "1144011000", "place 여의도동.code"),
        ("1156011000", "1156010100", "place.code"),
    ],
)
def test_a_mistake_among_the_places_is_named(old: str, new: str, field: str) -> None:
    assert [(problem.file, problem.field) for problem in problems(places(old, new))] == [(PLACES, field)]


WAIVED = """
[[waiver]]
code = "livelihood"
since = 2002-02-01
register = "welfare"
record = "livelihood"
legal_basis = "주민등록법 시행규칙 제18조"
name = { ko = "국민기초생활 수급자" }
"""
HOUSEHOLD = "resident-household"
NEEDS = 'needs = { names = ["yes"] }'


@pytest.mark.parametrize(
    ("code", "old", "new", "field", "what"),
    [
        (
            "land",
            "extra_per_sheet = 100\n",
            f"extra_per_sheet = 100\n{WAIVED}",
            "waiver livelihood",
            "nobody is known",
        ),
        (HOUSEHOLD, 'record = "livelihood"', 'record = ""', "waiver livelihood", "empty"),
        (HOUSEHOLD, 'code = "veteran"', 'code = "defoliant"', "waiver.code", "2 times"),
        (HOUSEHOLD, 'retention = "3y"', 'retention = "forever"', "retention", "forever"),
        (HOUSEHOLD, NEEDS, 'needs = { name = ["yes"] }', "option digits.choices all", "no option"),
        (HOUSEHOLD, NEEDS, 'needs = { names = ["maybe"] }', "option digits.choices all", "maybe"),
        (HOUSEHOLD, NEEDS, "needs = { names = [] }", "option digits.choices all", "none is named"),
        (
            HOUSEHOLD,
            NEEDS,
            'needs = { cohabitants = ["yes"] }',
            "option digits.choices all",
            "before this one",
        ),
        (
            HOUSEHOLD,
            '{ code = "none", name = { ko = "모두 가림", en = "All covered" } }',
            '{ code = "none", name = { ko = "모두 가림" }, needs = { names = ["yes"] } }',
            "option digits.choices none",
            "default",
        ),
    ],
)
def test_a_mistake_about_who_pays_nothing_how_long_it_is_kept_or_what_goes_together_is_named(
    code: str, old: str, new: str, field: str, what: str
) -> None:
    found = [problem for problem in problems(changed(code, old, new)) if problem.field == field]
    assert len(found) == 1, [str(problem) for problem in problems(changed(code, old, new))]
    assert found[0].file == f"{code}/catalogue.toml"
    assert what in found[0].what
    assert found[0].mend
    assert found[0].line


def test_the_registrys_own_certificate_is_free_for_nobody() -> None:
    paid = changed("land", 'register = "land"', 'register = "real-estate"')
    assert "land" in {kind.code for kind in read(paid, TODAY).types}
    free = changed("land", "base = 500", "base = 0", paid)
    assert [problem.field for problem in problems(free)] == ["fee"]
    waived = changed("land", "extra_per_sheet = 100\n", f"extra_per_sheet = 100\n{WAIVED}", paid)
    assert [problem.field for problem in problems(waived)] == ["waiver livelihood", "waiver"]


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    shelf = changed("land", 'category = "parcel"', 'category = "x-y"')
    shelf = changed("forest", "max_copies = 5", "max_copies = 0", shelf)
    shelf = places("1156013200", "11560132", shelf)
    assert len(problems(shelf)) == 3


def test_a_file_that_is_not_toml_names_the_line() -> None:
    shelf = msgspec.structs.replace(GOOD, categories=replaced(GOOD.categories, 'edition = "', "edition = "))
    [problem] = problems(shelf)
    assert problem.file == CATEGORIES
    assert "line 3" in problem.what


def test_the_error_reads_like_a_sentence() -> None:
    with pytest.raises(CatalogueError) as caught:
        read(changed("land", "max_copies = 5", "max_copies = 9"), TODAY)
    line = GOOD.types["land"].splitlines().index("max_copies = 5") + 1
    expected = f"land/catalogue.toml, line {line}: max_copies: 9 is not 1 to 5. Write a number from 1 to 5."
    assert str(caught.value) == expected


@given(st.text(max_size=60))
def test_no_text_whatever_gets_past_as_anything_but_an_error(text: str) -> None:
    for shelf in (
        msgspec.structs.replace(GOOD, types={**GOOD.types, "land": text}),
        msgspec.structs.replace(GOOD, categories=text),
        msgspec.structs.replace(GOOD, places=text),
    ):
        with pytest.raises(CatalogueError):
            read(shelf, TODAY)


def test_a_shelf_without_types_is_told() -> None:
    assert problems(msgspec.structs.replace(GOOD, types={}))


def test_nothing_of_the_files_is_ignored() -> None:
    raw = {code: tomllib.loads(text) for code, text in GOOD.types.items()}
    kinds = everything().types
    assert {kind.code for kind in kinds} == set(raw)
    for kind in kinds:
        options = [option["code"] for option in raw[kind.code].get("option", ())]
        assert [option.code for option in kind.option] == options
        assert kind.fee.base == raw[kind.code]["fee"][-1]["base"]


def test_a_type_is_sold_from_the_day_of_its_first_fee() -> None:
    shelf = changed("forest", "since = 2002-02-01", "since = 2026-12-01")
    assert read(shelf, date(2026, 11, 30)).type("forest") is None
    assert read(shelf, date(2026, 12, 1)).type("forest") is not None


def test_a_machine_without_a_reader_neither_has_nor_names_what_needs_a_card() -> None:
    assert {kind.identification for kind in catalogue().types} == {"none"}
    assert "resident" not in [category.code for category in catalogue().categories]


def test_what_needs_a_card_is_checked_on_every_machine() -> None:
    [problem] = problems(changed("resident-household", "max_sheets = 10", "max_sheets = 0"))
    assert problem.field == "max_sheets"


def test_every_type_asks_what_its_form_can_show() -> None:
    for kind in everything().types:
        contract = tomllib.loads((FORMS / kind.code / "type.toml").read_text("utf-8"))
        assert {option.code for option in kind.option} == set(contract["data"].get("options", {})), kind.code


def test_a_machine_is_shipped_with_the_first_round_only(tmp_path: Path) -> None:
    for code, phase in (("land", 1), ("later", 2)):
        (tmp_path / code).mkdir()
        text = GOOD.types["land"].replace("phase = 1", f"phase = {phase}")
        (tmp_path / code / FILE).write_text(text, "utf-8")
    assert set(load_catalogue_files(tmp_path).types) == {"land"}
    assert set(load_catalogue_files(tmp_path, up_to=2).types) == {"land", "later"}


def test_a_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "land").mkdir()
    (tmp_path / "land" / FILE).write_text("phase = [", "utf-8")
    assert set(load_catalogue_files(tmp_path).types) == {"land"}
