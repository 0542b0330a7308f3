"""Certificate types, their choices and fees, and the places that a parcel can lie in: one frozen value."""

from functools import cached_property
from typing import Literal

from msgspec import Struct

from kiosk.catalogue.initials import matches


class Names(Struct, frozen=True, forbid_unknown_fields=True):
    """A name in the languages of the machine. Korean is the legal one and stands in for a language that is missing."""

    ko: str
    en: str = ""

    def text(self, lang: str) -> str:
        """The name in `lang`, else in Korean."""
        return (self.en if lang == "en" else "") or self.ko


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to an option."""

    code: str
    name: Names


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """Something the citizen may choose about a certificate; exactly one choice holds, at first `default`."""

    code: str
    name: Names
    default: str
    choices: tuple[Choice, ...]


class Fee(Struct, frozen=True, forbid_unknown_fields=True):
    """The fee of one copy for display, KRW: `base` covers `free_sheets` (0: all); each further sheet costs extra."""

    base: int
    free_sheets: int = 0
    extra_per_sheet: int = 0


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    """When the source register answers, each day, `HH:MM` in Seoul; `closes` may be 24:00 or lie past midnight."""

    opens: str
    closes: str

    def open_at(self, minute: int) -> bool:
        """Whether `minute` (of the day, 0..1439, Seoul) lies inside."""
        opens, closes = minutes(self.opens), minutes(self.closes)
        if opens <= closes:
            return opens <= minute < closes
        return minute >= opens or minute < closes


class Category(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of types on the choose screen. `icon` names a pictogram."""

    code: str
    name: Names
    icon: str


Identification = Literal["none", "card"]
"""How a type wants to know who asks: not at all, or by an identity card and its PIN."""


class CertificateType(Struct, frozen=True, forbid_unknown_fields=True):
    """One certificate type as the machine sells it. `unverified` names fields that no public source confirms.

    `subject` is what it is about: a parcel, which is asked for, or the person whom the card identifies.
    """

    code: str
    category: str
    icon: str
    name: Names
    about: Names
    authority: Names
    register: Literal["land", "forest", "resident"]
    legal_basis: str
    subject: Literal["parcel", "person"]
    identification: Identification
    max_copies: int
    max_sheets: int
    hours: Hours
    fee: Fee
    not_needed: Names
    verified: bool
    unverified: tuple[str, ...] = ()
    option: tuple[Option, ...] = ()


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """A legal dong (법정동). `code` has 10 digits."""

    code: str
    name: Names


class Area(Struct, frozen=True, forbid_unknown_fields=True):
    """A neighbourhood: one or several legal dongs of one name."""

    name: Names
    places: tuple[Place, ...]


class Municipality(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose registers these are. `code` has 10 digits."""

    code: str
    name: Names


class Catalogue(Struct, frozen=True, dict=True):
    """Everything the machine can issue, and for where. Made by `kiosk.catalogue.read.read`, which has checked it."""

    edition: str
    categories: tuple[Category, ...]
    types: tuple[CertificateType, ...]
    municipality: Municipality
    areas: tuple[Area, ...]

    @cached_property
    def _by_code(self) -> dict[str, CertificateType]:
        return {kind.code: kind for kind in self.types}

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {place.code: place for area in self.areas for place in area.places}

    def type(self, code: str) -> CertificateType | None:
        """The type of that code, or None."""
        return self._by_code.get(code)

    def place(self, code: str) -> Place | None:
        """The legal dong of that code, or None."""
        return self._places.get(code)

    def in_category(self, category: str) -> tuple[CertificateType, ...]:
        """The types of one category, in the file's order."""
        return tuple(kind for kind in self.types if kind.category == category)

    def search(self, typed: str, lang: str) -> tuple[CertificateType, ...]:
        """The types whose name begins a word with what was typed: initial consonants (ㅌㅈ), syllables or letters."""
        return tuple(kind for kind in self.types if matches(kind.name.text(lang), typed))


def minutes(clock: str) -> int:
    """`HH:MM` as minutes of the day, 0..1440. Raises ValueError."""
    hour, colon, minute = clock.partition(":")
    digits = hour + minute
    if not (colon and len(hour) == len(minute) == 2 and digits.isascii() and digits.isdigit()):
        raise ValueError(clock)
    value = int(hour) * 60 + int(minute)
    if int(minute) > 59 or value > 24 * 60:
        raise ValueError(clock)
    return value
