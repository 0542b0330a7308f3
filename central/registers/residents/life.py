"""Lives in order of time: people enter, marry, have children, move, part and die, and the register follows.

Whatever is planned happens only to those whom it still can happen to, so a register is consistent by construction: all
changes go through `_join` and `_part`. Chance is handed in.
"""

import heapq
import random
from collections.abc import Callable
from datetime import date

from central.registers.residents.living import Home, Living, after, household_of, person_of
from central.registers.residents.number import Numbers
from central.registers.residents.record import Address, Dwelling, Household, Person, Stay
from central.registers.residents.roads import draw_dwelling


class Register:
    """The register while it is being written. `at` plans, `run` lets it all happen until `end`."""

    def __init__(
        self, rng: random.Random, numbers: Numbers, first_id: int, end: date, *, restless: bool = True
    ) -> None:
        self.rng = rng
        self.end = end
        self._restless = restless
        self.people: list[Living] = []
        self.homes: list[Home] = []
        self._numbers = numbers
        self._first_id = first_id
        self._planned: list[tuple[date, int, Callable[[date], None]]] = []
        self._order = 0

    def at(self, day: date, happens: Callable[[date], None]) -> None:
        """Plan something; what is planned past the end never happens."""
        if day <= self.end:
            self._order += 1
            heapq.heappush(self._planned, (day, self._order, happens))

    def run(self) -> None:
        """Let everything happen, in order of days."""
        while self._planned:
            day, _, happens = heapq.heappop(self._planned)
            happens(day)

    def person(
        self,
        name: tuple[str, str],
        born: date,
        *,
        female: bool,
        parents: "tuple[Living | None, Living | None] | None" = None,
    ) -> Living:
        """Somebody with a fresh number, living nowhere yet."""
        number = self._numbers.give(born.isoformat(), female=female)
        return self.known(name, born, number, female=female, parents=parents)

    def known(
        self,
        name: tuple[str, str],
        born: date,
        number: str,
        *,
        female: bool,
        parents: "tuple[Living | None, Living | None] | None" = None,
    ) -> Living:
        """Somebody whose number is given."""
        father, mother = parents or (None, None)
        identity = self._first_id + len(self.people)
        one = Living(identity, *name, born, female, number, father=father, mother=mother)
        self.people.append(one)
        return one

    # --- what happens ---

    def enter(self, one: Living, day: date) -> None:
        """Somebody moves into the district, alone."""
        self.found(one, day, "전입", draw_dwelling(self.rng))

    def found(self, one: Living, day: date, reason: str, dwelling: Dwelling) -> Home:
        """A household of one's own."""
        home = Home(self._first_id + len(self.homes), day, reason, one)
        self.homes.append(home)
        home.heads.append((day.isoformat(), one.id))
        home.addresses.append(Address(dwelling, day.isoformat(), "전입"))
        self._join(one, home, day, reason)
        self._wander(home, day)
        return home

    def born(self, child: Living, home: Home, day: date) -> None:
        """A child enters its mother's household at birth."""
        self._join(child, home, day, "출생")

    def come(self, one: Living, home: Home, day: date, reason: str) -> None:
        """Somebody moves into another's household."""
        self._join(one, home, day, reason)

    def move(self, home: Home, day: date, dwelling: Dwelling) -> None:
        """The whole household moves."""
        if home.ended or home.addresses[-1].dwelling == dwelling:
            return
        if home.addresses[-1].since == day.isoformat():
            home.addresses.pop()
        home.addresses.append(Address(dwelling, day.isoformat(), "전입"))

    def marry(self, one: Living, other: Living, day: date) -> None:
        """They move together: to whoever has a household, else into a new one."""
        if any(each.died or each.spouse or each.home is None for each in (one, other)):
            return
        one.spouse, other.spouse = other, one
        host, guest = (one, other) if _leads(one) or not _leads(other) else (other, one)
        if not _leads(host):
            self.found(host, day, "혼인", draw_dwelling(self.rng))
        assert host.home is not None
        self._join(guest, host.home, day, "혼인")

    def leave(self, one: Living, day: date) -> None:
        """A grown child takes a household of its own."""
        if one.home and not one.died and not _leads(one) and not one.spouse:
            self.found(one, day, "세대분가", draw_dwelling(self.rng))

    def gather(self, elder: Living, younger: Living, day: date) -> None:
        """A widowed parent who lives alone moves in with a child."""
        if elder.died or younger.died or elder.home is None or younger.home is None:
            return
        if elder.home is not younger.home and len(elder.home.members) == 1:
            self._join(elder, younger.home, day, "합가")

    def die(self, one: Living, day: date) -> None:
        """The end of a life; the household goes on under another head, or ends."""
        if one.home is not None:
            self._part(one, day)
            one.died = day
            one.home = None

    def _wander(self, home: Home, since: date) -> None:
        """Sooner or later every household moves."""

        def away(day: date) -> None:
            self.move(home, day, draw_dwelling(self.rng))
            self._wander(home, day)

        if self._restless and not home.ended:
            self.at(after(since, self.rng.uniform(2, 18)), away)

    # --- keeping it consistent ---

    def _join(self, one: Living, home: Home, day: date, reason: str) -> None:
        if one.home is not None and one.home is not home:
            self._part(one, day)
        home.members.append(one)
        one.home = home
        one.stays.append(Stay(home.id, day.isoformat(), "", reason))

    def _part(self, one: Living, day: date) -> None:
        home = one.home
        assert home is not None
        last = one.stays[-1]
        one.stays[-1] = Stay(last.household, last.since, day.isoformat(), last.reason)
        home.members.remove(one)
        if not home.members:
            home.ended = day
        elif home.head is one:
            home.head = _next_head(home, one)
            if home.heads[-1][0] == day.isoformat():
                home.heads.pop()
            home.heads.append((day.isoformat(), home.head.id))

    def written(self) -> tuple[tuple[Person, ...], tuple[Household, ...]]:
        """The register as records; who never came is not in it."""
        people = tuple(person_of(one) for one in self.people if one.stays)
        return people, tuple(map(household_of, self.homes))


def _leads(one: Living) -> bool:
    return one.home is not None and one.home.head is one


def _next_head(home: Home, gone: Living) -> Living:
    """The widow or widower, else the oldest."""
    if gone.spouse in home.members:
        return gone.spouse
    return min(home.members, key=lambda one: (one.born, one.id))
