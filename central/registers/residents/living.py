"""A person and a household while they last, and what the register keeps of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from central.registers.residents.record import Address, Household, Person, Stay

ADULT_YEARS = 19
_YEAR = 365.25


@dataclass(eq=False)
class Living:
    """A person while the life is lived."""

    id: int
    name: str
    hanja: str
    born: date
    female: bool
    number: str
    father: "Living | None" = None
    mother: "Living | None" = None
    spouse: "Living | None" = None
    died: date | None = None
    home: "Home | None" = None
    stays: list[Stay] = field(default_factory=list)


@dataclass(eq=False)
class Home:
    """A household while it lasts."""

    id: int
    formed: date
    reason: str
    head: Living
    members: list[Living] = field(default_factory=list)
    heads: list[tuple[str, int]] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    ended: date | None = None


def after(day: date, years: float) -> date:
    """So many years later."""
    return day + timedelta(days=round(years * _YEAR))


def age(one: Living, day: date) -> float:
    """In years."""
    return (day - one.born).days / _YEAR


def person_of(one: Living) -> Person:
    """The life as a record."""
    return Person(
        id=one.id,
        name=one.name,
        hanja=one.hanja,
        born=one.born.isoformat(),
        female=one.female,
        number=one.number,
        stays=tuple(one.stays),
        father=one.father.id if one.father else 0,
        mother=one.mother.id if one.mother else 0,
        spouse=one.spouse.id if one.spouse else 0,
        died=one.died.isoformat() if one.died else "",
    )


def household_of(home: Home) -> Household:
    """The household as a record."""
    return Household(
        id=home.id,
        formed=home.formed.isoformat(),
        formation_reason=home.reason,
        heads=tuple(home.heads),
        addresses=tuple(home.addresses),
        ended=home.ended.isoformat() if home.ended else "",
    )
