"""A certificate type as data: the shape of certs_templates/<code>/catalogue.toml, which kiosk and central both read.

The kiosk sells by it, the authority charges by it; docs/adding-a-certificate.md tells a clerk what each field means.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

FILE: Final = "catalogue.toml"
KOREAN: Final = "ko"
ENGLISH: Final = "en"
LANGUAGE: Final = "language"
"""The code of the option that says in which language the paper is; a type without it is issued in Korean alone."""


class Names(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in the languages of the machine. Korean is the legal one and stands in for a language that is missing."""

    ko: str
    en: str = ""
    zh: str = ""
    ja: str = ""
    vi: str = ""

    def text(self, lang: str) -> str:
        """The text in `lang`, else in Korean."""
        own = {"en": self.en, "zh": self.zh, "ja": self.ja, "vi": self.vi}
        return own.get(lang, "") or self.ko


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to an option. `needs`: by the code of another option, the choices of which one must hold with it."""

    code: str
    name: Names
    needs: dict[str, tuple[str, ...]] = {}

    def applies(self, chosen: Mapping[str, str]) -> bool:
        """Whether it can be chosen beside these choices, by the code of the option."""
        return all(chosen.get(option) in codes for option, codes in self.needs.items())


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """Something the citizen may choose about a certificate; exactly one choice holds, at first `default`."""

    code: str
    name: Names
    default: str
    choices: tuple[Choice, ...]


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


class DatedFee(Struct, frozen=True, forbid_unknown_fields=True):
    """The fee of one copy from a day on, KRW: `base` covers `free_sheets` (0: all); each further sheet costs extra.

    `municipality` is the code of the one whose ordinance it is, "" where all have the same.
    """

    since: date
    base: int
    free_sheets: int = 0
    extra_per_sheet: int = 0
    municipality: str = ""


class Waiver(Struct, frozen=True, forbid_unknown_fields=True):
    """Who pays nothing from `since` on: whoever has a record of the kind `record` in `register`. The citizen is told
    `name`, and nobody else is.
    """

    code: str
    since: date
    register: str
    record: str
    legal_basis: str
    name: Names


Retention = Literal["1y", "3y", "5y", "10y", "30y", "permanent"]
"""How long the authority keeps what it knows of an issue: the classes of 공공기록물 관리에 관한 법률 시행령 제26조."""
UNNAMED: Final[Retention] = "5y"

Identification = Literal["none", "card"]
"""How a type wants to know who asks: not at all, or by an identity card and its PIN."""

Subject = Literal["parcel", "forest", "building", "factory", "person", "vehicle", "machine", "business"]
"""What it is about: a lot, a forest lot (산), what stands on a lot (a building, a factory), all of which are asked for
by the lot; or the person whom the card identifies, or something that is theirs.
"""
BY_LOT: Final[frozenset[Subject]] = frozenset({"parcel", "forest", "building", "factory"})


class TypeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `no` is the place in the national list, `phase` the round in which the type was introduced.

    `register` names the source register; `unverified` the fields that no public source confirms.
    `retention` is how long an issue is kept at the authority.
    """

    code: str
    no: int
    phase: int
    category: str
    icon: str
    register: str
    subject: Subject
    identification: Identification
    legal_basis: str
    max_copies: int
    max_sheets: int
    verified: bool
    name: Names
    about: Names
    not_needed: Names
    authority: Names
    hours: Hours
    fee: tuple[DatedFee, ...]
    unverified: tuple[str, ...] = ()
    option: tuple[Option, ...] = ()
    waiver: tuple[Waiver, ...] = ()
    retention: Retention = UNNAMED

    @property
    def personal(self) -> bool:
        """Whether the card says whose it is; otherwise a lot is asked for."""
        return self.subject not in BY_LOT


def paper_language(options: Mapping[str, str]) -> str:
    """In which language the paper is, by what was chosen."""
    return options.get(LANGUAGE, KOREAN)


def fee_on(rows: tuple[DatedFee, ...], day: date, municipality: str = "") -> DatedFee | None:
    """The row in force on `day` in that municipality, its own before everybody's; None when there is none yet."""
    own = [row for row in rows if row.since <= day and row.municipality == municipality]
    everybodys = [row for row in rows if row.since <= day and not row.municipality]
    return max(own or everybodys, key=lambda row: row.since, default=None)


def waivers_on(rows: tuple[Waiver, ...], day: date) -> tuple[Waiver, ...]:
    """The rows in force on `day`, in the file's order."""
    return tuple(row for row in rows if row.since <= day)


def settled(options: tuple[Option, ...], chosen: Mapping[str, str]) -> dict[str, str]:
    """The choices, each that does not apply beside the others (any more) as at first. An option only ever needs ones
    that stand before it in the file.
    """
    found: dict[str, str] = {}
    for option in options:
        code = chosen.get(option.code, option.default)
        fits = any(choice.code == code and choice.applies(found) for choice in option.choices)
        found[option.code] = code if fits else option.default
    return found


@lru_cache(maxsize=256)
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
