"""Who owns a unit: residents of the town, at the address that the resident register had for them on that day.

Nobody who lives under a protected address is among them: the paper of a building is given to anybody.
"""

import random
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from central.registers.buildings.building import Title
from central.registers.people import Owner, draw_owner
from central.registers.residents.record import Dwelling, Household, Person, Population
from central.registers.residents.town import LAST_DAY

_LIVED_HERE_BY = LAST_DAY.isoformat()
_ADULT_BY = "1998-12-31"
_SHARED = 0.15
_TOGETHER = " 외 "  # 홍길동 외 1인: of a unit each co-owner is entered

FIRST, LATER = "소유권보존", "소유권이전"


class Holder(Struct, frozen=True):
    """Somebody who can own a unit: who, where they live since when, and with whom they may own it."""

    person: Person
    dwelling: Dwelling
    since: str
    spouse: Person | None = None

    def address(self, day: str) -> str:
        """As a register wrote it on that day."""
        return self.dwelling.written(day)


class Holders:
    """The residents as owners; `at` finds who lives behind a door."""

    def __init__(self, people: Population) -> None:
        members = _members(people.people)
        by_id = {one.id: one for one in people.people}
        self._everybody: list[Holder] = []
        self._heads: dict[str, Holder] = {}
        for home in people.households:
            living = members.get(home.id, [])
            if home.ended or not living or any(one.protected for one in living):
                continue
            adults = [one for one in living if one.born <= _ADULT_BY]
            held = {one.id: _holder(one, home, by_id) for one in adults}
            self._everybody += held.values()
            if home.head in held:
                self._heads.setdefault(home.addresses[-1].dwelling.road, held[home.head])

    def at(self, road: str) -> Holder | None:
        """The head of the household at that address."""
        return self._heads.get(road)

    def titles(self, rng: random.Random, approved: str, builder: Owner, road: str) -> tuple[Title, ...]:
        """How a unit went from who built it to who owns it now: who lives in it, or anybody else."""
        holder = self.at(road) or rng.choice(self._everybody)
        first = _days_after(approved, rng.randint(14, 40))
        bought = _bought(rng, holder, first)
        titles = [Title(first, FIRST, builder.name, builder.reg_no, builder.address)]
        if bought <= first:  # who lives there came before it was entered: they have it from the builder
            bought = _days_after(first, rng.randint(1, 30))
        for day in _between(rng, first, bought):
            other = _stranger(rng, date.fromisoformat(day))
            titles.append(Title(day, LATER, other.name, other.reg_no, other.address))
        return (*titles, *_last(rng, holder, bought))


def _members(people: Iterable[Person]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    for one in people:
        if one.household:
            found.setdefault(one.household, []).append(one)
    return found


def _holder(one: Person, home: Household, by_id: dict[int, Person]) -> Holder:
    spouse = by_id.get(one.spouse)
    together = spouse is not None and spouse.household == home.id and spouse.born <= _ADULT_BY
    since = max(home.addresses[-1].since, one.stays[-1].since)
    return Holder(one, home.addresses[-1].dwelling, since, spouse if together else None)


def _bought(rng: random.Random, holder: Holder, first: str) -> str:
    """A day since they have lived at today's address, and since the unit has been there."""
    return _day_between(rng, max(holder.since, first), _LIVED_HERE_BY)


def _last(rng: random.Random, holder: Holder, day: str) -> list[Title]:
    """One owner, or husband and wife in equal shares."""
    together = holder.spouse is not None and rng.random() < _SHARED
    owners = [holder.person, holder.spouse] if together else [holder.person]
    share = f"{len(owners)}분의 1"
    return [
        Title(day, LATER, one.name, one.masked_number, holder.address(day), share) for one in owners if one
    ]


def _between(rng: random.Random, first: str, last: str) -> list[str]:
    """The days on which others bought it meanwhile."""
    room = (date.fromisoformat(last) - date.fromisoformat(first)).days
    count = rng.choice((0, 1, 1, 2, 3)) if room > 1_500 else 0
    return sorted(_days_after(first, day) for day in rng.sample(range(90, room - 30), count))


def _stranger(rng: random.Random, day: date) -> Owner:
    """Somebody on their own."""
    while _TOGETHER in (found := draw_owner(rng, day)).name:
        pass
    return found


def _days_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _day_between(rng: random.Random, first: str, last: str) -> str:
    room = (date.fromisoformat(last) - date.fromisoformat(first)).days
    return _days_after(first, rng.randint(0, max(room, 0)))
