"""The town's people: the land register's owners, their families, and others; the same for the same seed.

Every owner of a parcel who has a resident number and an address in the district is one of them, under the same name and
number, and lived at that address on the day of the entry.
"""

import random
import zlib
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import partial

import msgspec

from central.registers.residents.known import ALONE, well_known
from central.registers.residents.life import Register
from central.registers.residents.living import ADULT_YEARS, Living, after, age
from central.registers.residents.lone_parents import lone_parents
from central.registers.residents.names import draw_name, draw_surname
from central.registers.residents.number import Numbers, birth_of
from central.registers.residents.owners import Owner
from central.registers.residents.record import (
    FIRST_OTHER_CARD,
    CardEntry,
    Dwelling,
    Household,
    Person,
    Population,
)
from central.registers.roman import roman_name

LAST_DAY = date(2026, 10, 31)
CARD_YEARS = 17
FIRST_ID = 1_001
_FAMILIES = 262
_WITHOUT_PASSPORT = 6  # one of so many


def population(seed: int, owners: Sequence[Owner], today: date, families: int = _FAMILIES) -> Population:
    """Everybody. `families` couples come besides the owners; `today` fixes only who is sixteen today."""
    numbers = Numbers()
    known = well_known(numbers, today)
    rng = random.Random(f"{seed}:residents")
    plan = Plan(Register(rng, numbers, FIRST_ID, LAST_DAY), numbers)
    plan.take_owners(owners)
    plan.take_others(families)
    people, households = plan.live()
    without = {card.person for card in known.cards if card.number == ALONE}
    alone, their_homes = lone_parents(seed, numbers, LAST_DAY)
    people = tuple(_with_passport(one, without) for one in known.people + people + alone)
    held = {card.person for card in known.cards}
    cards = tuple(_card(one) for one in people if one.id not in held and _has_card(one))
    return Population(people, known.households + households + their_homes, known.cards + cards)


class Plan:
    """What everybody means to do; the register lets it happen or not."""

    def __init__(self, register: Register, numbers: Numbers) -> None:
        self._register = register
        self._numbers = numbers
        self._rng = register.rng
        self._entries: dict[Living, date] = {}

    def take_owners(self, owners: Sequence[Owner]) -> None:
        """The owners come before they own anything, and live to their last entry at least; most of them marry."""
        for owner in owners:
            born = date.fromisoformat(birth_of(owner.start))
            number = self._numbers.complete(owner.start)
            one = self._register.known((owner.name, ""), born, number, female=owner.start[7] in "24")
            first, last = owner.homes[0][0], owner.homes[-1][0]
            earliest = max(after(born, ADULT_YEARS), first - timedelta(days=5_000))
            self._enter(one, min(first, earliest + (first - earliest) * self._rng.random()))
            for day, dwelling in owner.homes:
                self._register.at(day, partial(self._move_to, one, dwelling))
            self._mortal(one, last)
        self._match([one for one in self._entries if self._rng.random() < 0.8])

    def take_others(self, families: int) -> None:
        """Couples who own nothing."""
        for _ in range(families):
            born = date(1938, 1, 1) + timedelta(days=self._rng.randrange(62 * 365))
            one = self._stranger(born, female=False, by=after(born, self._rng.uniform(20, 35)))
            self._find_spouse(one, after(self._entries[one], self._rng.uniform(0.2, 6)))

    def live(self) -> tuple[tuple[Person, ...], tuple[Household, ...]]:
        """Let it happen."""
        self._register.run()
        return self._register.written()

    # --- coming and going ---

    def _enter(self, one: Living, day: date) -> None:
        self._entries[one] = day
        self._register.at(day, partial(self._register.enter, one))

    def _move_to(self, one: Living, dwelling: Dwelling, day: date) -> None:
        if one.home is not None:
            self._register.move(one.home, day, dwelling)

    def _mortal(self, one: Living, not_before: date) -> None:
        """Nobody dies before 63: then all children are grown."""
        years = min(max(self._rng.gauss(84, 9), 63), 103)
        day = max(after(one.born, years), not_before + timedelta(days=self._rng.randint(60, 900)))
        self._register.at(day, partial(self._die, one))

    def _die(self, one: Living, day: date) -> None:
        self._register.die(one, day)
        widow = one.spouse
        if widow is None or widow.died or age(widow, day) < 65 or self._rng.random() < 0.5:
            return
        children = [each for each in self._register.people if each.mother in (one, widow) and each.home]
        if children:
            later = day + timedelta(days=self._rng.randint(60, 700))
            self._register.at(later, partial(self._register.gather, widow, self._rng.choice(children)))

    def _stranger(self, born: date, *, female: bool, by: date) -> Living:
        """Somebody who comes to the district on the day `by`."""
        name = draw_name(self._rng, draw_surname(self._rng))
        one = self._register.person(name, born, female=female)
        self._enter(one, by)
        self._mortal(one, by)
        return one

    # --- families ---

    def _match(self, people: Sequence[Living]) -> None:
        """Pair men and women of about the same age; some of the others find somebody from elsewhere."""
        men = sorted((one for one in people if not one.female), key=lambda one: one.born)
        women = sorted((one for one in people if one.female), key=lambda one: one.born)
        for man in men:
            near = next((one for one in women if abs((one.born - man.born).days) < 6 * 365), None)
            day = after(self._entries[man], self._rng.uniform(0.2, 5))
            if near is not None:
                women.remove(near)
                self._wed(man, near, max(day, after(self._entries[near], 0.3)))
            elif self._rng.random() < 0.4:
                self._find_spouse(man, day)

    def _find_spouse(self, one: Living, day: date) -> None:
        """Somebody from elsewhere, who has lived here for a while by the wedding `day`."""
        years = self._rng.uniform(-2, 5) * (-1 if one.female else 1)
        born = after(one.born, years)
        if age(one, day) < ADULT_YEARS or (day - born).days / 365.25 < ADULT_YEARS + 1:
            day = after(max(one.born, born), ADULT_YEARS + 2)
        other = self._stranger(
            born, female=not one.female, by=day - timedelta(days=self._rng.randint(20, 300))
        )
        self._wed(one, other, day)

    def _wed(self, one: Living, other: Living, day: date) -> None:
        self._register.at(day, partial(self._register.marry, one, other))
        mother = one if one.female else other
        father = other if one.female else one
        birth = after(day, self._rng.uniform(0.9, 3))
        for _ in range(self._children(mother)):
            if ADULT_YEARS < age(mother, birth) < 42 and age(father, birth) < 50:
                self._register.at(birth, partial(self._birth, mother, father))
            birth = after(birth, self._rng.uniform(1.5, 4))

    def _children(self, mother: Living) -> int:
        """How many of them the district sees: those of the oldest have gone elsewhere."""
        if mother.born.year < 1945:
            return self._rng.choice((0, 0, 1))
        return self._rng.choice((1, 1, 2, 2, 3) if mother.born.year < 1975 else (0, 1, 1, 2))

    def _birth(self, mother: Living, father: Living, day: date) -> None:
        if mother.home is None or mother.spouse is not father or father.died:
            return
        name = draw_name(self._rng, father.name[0])
        while any(one.name == name[0] for one in mother.home.members):
            name = draw_name(self._rng, father.name[0])
        female = self._rng.random() < 0.49
        child = self._register.person(name, day, female=female, parents=(father, mother))
        self._register.born(child, mother.home, day)
        self._entries[child] = day
        self._mortal(child, day)
        grown = after(day, self._rng.uniform(ADULT_YEARS, 34))
        self._register.at(grown, partial(self._register.leave, child))
        if self._rng.random() < 0.35:
            self._register.at(after(day, self._rng.uniform(25, 31)), partial(self._look_around, child))

    def _look_around(self, child: Living, day: date) -> None:
        self._find_spouse(child, after(day, 1))


def _with_passport(one: Person, without: Collection[int]) -> Person:
    """With the name as in the passport, unless the person has none."""
    has_none = (
        one.id in without if one.id < FIRST_ID else zlib.crc32(one.number.encode()) % _WITHOUT_PASSPORT == 0
    )
    return one if has_none else msgspec.structs.replace(one, roman=roman_name(one.name))


def _card(one: Person) -> CardEntry:
    return CardEntry(f"{FIRST_OTHER_CARD + one.id:012d}", one.id)


def _has_card(one: Person) -> bool:
    return not one.died and one.born <= f"{LAST_DAY.year - CARD_YEARS}{LAST_DAY:-%m-%d}"
