"""From the two files of config/catalogue/ to a Catalogue, or to a list of what a clerk has to mend."""

import tomllib
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct

from kiosk.catalogue.catalogue import (
    Area,
    Catalogue,
    Category,
    CertificateType,
    Identification,
    Municipality,
    Option,
    minutes,
)
from kiosk.catalogue.problems import CatalogueError, Problem, from_shape

TYPES = "types.toml"
PLACES = "places.toml"

T = TypeVar("T")


class _TypesFile(Struct, frozen=True, forbid_unknown_fields=True):
    edition: str
    category: tuple[Category, ...]
    type: tuple[CertificateType, ...]


class _PlacesFile(Struct, frozen=True, forbid_unknown_fields=True):
    municipality: Municipality
    area: tuple[Area, ...]


WITHOUT_READER: frozenset[Identification] = frozenset({"none"})
WITH_READER: frozenset[Identification] = frozenset({"none", "card"})


def read(types: str, places: str, identifications: frozenset[Identification] = WITHOUT_READER) -> Catalogue:
    """The catalogue from the texts of types.toml and places.toml. Raises CatalogueError with every problem found.

    `identifications`: what this machine was built for. A type that wants another one is checked with the rest and left
    out, for no repair of this machine would ever make it sellable; so is a category of such types only.
    """
    types_file = _parse(TYPES, types, _TypesFile)
    places_file = _parse(PLACES, places, _PlacesFile)
    problems = [*_check_types(types_file), *_check_places(places_file)]
    if problems:
        raise CatalogueError(problems)
    kinds = tuple(kind for kind in types_file.type if kind.identification in identifications)
    wanted = {kind.category for kind in kinds}
    return Catalogue(
        edition=types_file.edition,
        categories=tuple(category for category in types_file.category if category.code in wanted),
        types=kinds,
        municipality=places_file.municipality,
        areas=places_file.area,
    )


def _parse(file: str, text: str, shape: type[T]) -> T:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mend = "Look at that line: a quotation mark, a comma or a bracket is missing or too many"
        raise CatalogueError([Problem(file, "syntax", str(error), mend)]) from error
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise CatalogueError([from_shape(file, raw, error)]) from error


def _check_types(file: _TypesFile) -> list[Problem]:
    categories = [category.code for category in file.category]
    problems = _twice(TYPES, "category.code", categories) + _twice(
        TYPES, "type.code", [t.code for t in file.type]
    )
    if not file.type:
        problems.append(Problem(TYPES, "type", "there is no certificate type", "Add at least one [[type]]"))
    for kind in file.type:
        problems += _check_type(kind, categories)
    return problems


def _check_type(kind: CertificateType, categories: list[str]) -> list[Problem]:
    def problem(field: str, what: str, mend: str) -> Problem:
        return Problem(TYPES, f"type {kind.code}.{field}", what, mend)

    rules: list[tuple[bool, str, str, str]] = [
        (
            kind.category in categories,
            "category",
            f"“{kind.category}” is not a category",
            f"Use one of: {', '.join(categories)}, or add a [[category]]",
        ),
        (
            1 <= kind.max_copies <= 5,
            "max_copies",
            f"{kind.max_copies} is not 1 to 5",
            "Write a number from 1 to 5",
        ),
        (kind.max_sheets >= 1, "max_sheets", "less than one sheet", "Write how many sheets a copy may have"),
        (
            kind.fee.base >= 0 and kind.fee.extra_per_sheet >= 0 and kind.fee.free_sheets >= 0,
            "fee",
            "a fee or a number of sheets is negative",
            "Write whole KRW, 0 for free",
        ),
        (
            kind.fee.base % 10 == 0 and kind.fee.extra_per_sheet % 10 == 0,
            "fee",
            "no coin is less than 10 KRW",
            "Write a fee that ends in 0",
        ),
        (
            kind.subject != "person" or kind.identification != "none",
            "identification",
            "a person's certificate would be given to anybody",
            "Write “card”",
        ),
        (
            bool(kind.name.ko.strip()),
            "name.ko",
            "the legal name is empty",
            "Write the name as the law has it",
        ),
    ]
    problems = [problem(field, what, mend) for holds, field, what, mend in rules if not holds]
    problems += [p for option in kind.option for p in _check_option(option, problem)]
    problems += _twice(TYPES, f"type {kind.code}.option.code", [option.code for option in kind.option])
    return problems + _check_hours(kind, problem)


def _check_option(option: Option, problem: Callable[[str, str, str], Problem]) -> list[Problem]:
    codes = [choice.code for choice in option.choices]
    found = _twice(TYPES, f"option {option.code}.choices.code", codes)
    if option.default not in codes:
        what = f"the default “{option.default}” is none of the choices"
        found.append(problem(f"option {option.code}.default", what, f"Use one of: {', '.join(codes)}"))
    return found


def _check_hours(kind: CertificateType, problem: Callable[[str, str, str], Problem]) -> list[Problem]:
    found = []
    for field, clock in (("hours.opens", kind.hours.opens), ("hours.closes", kind.hours.closes)):
        try:
            minutes(clock)
        except ValueError:
            found.append(
                problem(field, f"“{clock}” is not a time", "Write hours and minutes, like 09:00 or 24:00")
            )
    return found


def _check_places(file: _PlacesFile) -> list[Problem]:
    places = [place for area in file.area for place in area.places]
    problems = _twice(PLACES, "place.code", [place.code for place in places])
    prefix = file.municipality.code[:5]
    for place in places:
        if not (len(place.code) == 10 and place.code.isascii() and place.code.isdigit()):
            what, mend = f"“{place.code}” has not 10 digits", "Take the code from the list of legal dongs"
            problems.append(Problem(PLACES, f"place {place.name.ko}.code", what, mend))
        elif not place.code.startswith(prefix):
            what = f"{place.code} lies in another municipality than {file.municipality.name.ko}"
            problems.append(
                Problem(PLACES, f"place {place.name.ko}.code", what, f"Its codes begin with {prefix}")
            )
    for area in file.area:
        if not area.places:
            mend = "Add the places of the area, or take the area out"
            problems.append(Problem(PLACES, f"area {area.name.ko}", "it has no place", mend))
    if not file.area:
        problems.append(Problem(PLACES, "area", "there is no area", "Add at least one [[area]]"))
    return problems


def _twice(file: str, field: str, codes: list[str]) -> list[Problem]:
    """Codes name things, so none may come twice, be empty, or hold the signs that separate them in messages."""
    problems = []
    for code in sorted(set(codes)):
        if codes.count(code) > 1:
            what = f"“{code}” is there {codes.count(code)} times"
            problems.append(Problem(file, field, what, "Give each its own code, or take one out"))
        if not code or not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in code):
            what = f"“{code}” is not a code"
            problems.append(Problem(file, field, what, "Use small letters, digits, hyphens and underscores"))
    return problems
