"""From the files of a catalogue to a Catalogue, or to a list of what a clerk has to mend."""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

import msgspec
from msgspec import Struct

from kiosk.catalogue.catalogue import Area, Catalogue, Category, CertificateType, Fee, Municipality
from kiosk.catalogue.problems import CatalogueError, Problem, from_shape, located
from kiosk.catalogue.rules import check_places, check_type, twice
from kiosk.protocol.certificates import FILE, DatedFee, Identification, TypeFile, fee_on

CATEGORIES = "categories.toml"
PLACES = "places.toml"
# Fields that a certificate type has as its file has them.
_AS_WRITTEN = tuple(name for name in CertificateType.__struct_fields__ if name != "fee")

T = TypeVar("T")


class CategoriesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """categories.toml. `edition` names the state of the whole catalogue."""

    edition: str
    category: tuple[Category, ...]


class PlacesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """places.toml."""

    municipality: Municipality
    area: tuple[Area, ...]


class CatalogueFiles(Struct, frozen=True):
    """The texts of all files: `types` by the name of their folder, categories.toml and places.toml."""

    types: Mapping[str, str]
    categories: str
    places: str


WITHOUT_READER: frozenset[Identification] = frozenset({"none"})
WITH_READER: frozenset[Identification] = frozenset({"none", "card"})


def read(
    shelf: CatalogueFiles, day: date, identifications: frozenset[Identification] = WITHOUT_READER
) -> Catalogue:
    """The catalogue as it is in force on `day`. Raises CatalogueError with every problem found.

    `identifications`: what this machine was built for. A type that wants another one is checked with the rest and left
    out, for no repair of this machine would ever make it sellable; so is a category of such types only, and a type
    whose first fee lies in the future.
    """
    problems: list[Problem] = []
    categories = _parse(CATEGORIES, shelf.categories, CategoriesFile, problems)
    places = _parse(PLACES, shelf.places, PlacesFile, problems)
    known = [category.code for category in categories.category] if categories else None
    files = [
        file for file in (_type(name, text, known, problems) for name, text in shelf.types.items()) if file
    ]
    problems += [*_check_categories(categories, shelf), *_check_places(places, shelf), *_check_all(files)]
    if problems or categories is None or places is None:
        raise CatalogueError(problems)
    sold = [(file, fee_on(file.fee, day, places.municipality.code)) for file in files]
    kinds = tuple(
        _kind(file, fee)
        for file, fee in sorted(sold, key=lambda pair: pair[0].no)
        if fee is not None and file.identification in identifications
    )
    wanted = {kind.category for kind in kinds}
    return Catalogue(
        edition=categories.edition,
        categories=tuple(category for category in categories.category if category.code in wanted),
        types=kinds,
        municipality=places.municipality,
        areas=places.area,
    )


def _kind(file: TypeFile, fee: DatedFee) -> CertificateType:
    written = {name: getattr(file, name) for name in _AS_WRITTEN}
    return CertificateType(**written, fee=Fee(fee.base, fee.free_sheets, fee.extra_per_sheet))


def _type(folder: str, text: str, categories: list[str] | None, problems: list[Problem]) -> TypeFile | None:
    """One type's file, its problems added to the others."""
    name = f"{folder}/{FILE}"
    file = _parse(name, text, TypeFile, problems)
    if file is not None:
        found = [Problem(name, *said) for said in check_type(file, folder, categories)]
        problems += [located(problem, text) for problem in found]
    return file


def _parse(file: str, text: str, shape: type[T], problems: list[Problem]) -> T | None:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mend = "Look at that line: a quotation mark, a comma or a bracket is missing or too many"
        problems.append(Problem(file, "syntax", str(error), mend))
        return None
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        problems.append(located(from_shape(file, raw, error), text))
        return None


def _check_categories(file: CategoriesFile | None, shelf: CatalogueFiles) -> list[Problem]:
    if file is None:
        return []
    found = twice("category.code", [category.code for category in file.category])
    return [located(Problem(CATEGORIES, *said), shelf.categories) for said in found]


def _check_places(file: PlacesFile | None, shelf: CatalogueFiles) -> list[Problem]:
    if file is None:
        return []
    found = check_places(file.municipality.code[:5], file.municipality.name.ko, file.area)
    return [located(Problem(PLACES, *said), shelf.places) for said in found]


def _check_all(files: list[TypeFile]) -> list[Problem]:
    """What no file shows by itself: there has to be a type, and each has a number of its own."""
    if not files:
        return [Problem(FILE, "whole file", "there is no certificate type", "Add a folder with its files")]
    numbers = [file.no for file in files]
    return [
        Problem(
            f"{file.code}/{FILE}", "no", f"{file.no} is another type's number too", "Give each its own number"
        )
        for file in files
        if numbers.count(file.no) > 1
    ]
