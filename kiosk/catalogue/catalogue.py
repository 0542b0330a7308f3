"""Certificate types, their choices and fees, and the places that a parcel can lie in: one frozen value."""

from collections import Counter
from functools import cached_property

from msgspec import Struct

from kiosk.catalogue.initials import matches
from kiosk.protocol.certificates import BY_LOT, Hours, Identification, Names, Option, Subject, Waiver

# A word in more names than this does not tell which one is meant.
_TELLING = 6


class Fee(Struct, frozen=True, forbid_unknown_fields=True):
    """The fee of one copy for display, KRW: `base` covers `free_sheets` (0: all); each further sheet costs extra."""

    base: int
    free_sheets: int = 0
    extra_per_sheet: int = 0


class Category(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of types on the choose screen. `icon` names a pictogram."""

    code: str
    name: Names
    icon: str


class CertificateType(Struct, frozen=True):
    """One certificate type as this machine sells it: its file (kiosk.protocol.certificates), and the fee of the day."""

    code: str
    no: int
    category: str
    icon: str
    name: Names
    about: Names
    authority: Names
    register: str
    legal_basis: str
    subject: Subject
    identification: Identification
    max_copies: int
    max_sheets: int
    hours: Hours
    fee: Fee
    not_needed: Names
    verified: bool
    unverified: tuple[str, ...] = ()
    option: tuple[Option, ...] = ()
    waiver: tuple[Waiver, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether the card says whose it is; otherwise a lot is asked for."""
        return self.subject not in BY_LOT


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
        """The types whose name begins a word with what was typed: initial consonants (ㅌㅈ), syllables or letters.

        A word that very many names share (Certificate) finds none of them.
        """
        names = [kind.name.text(lang) for kind in self.types]
        sharing = Counter(word for name in names for word in set(name.split()))
        telling = (
            " ".join(word for word in name.split() if sharing[word] <= _TELLING) or name for name in names
        )
        return tuple(kind for kind, name in zip(self.types, telling, strict=True) if matches(name, typed))
