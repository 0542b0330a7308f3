"""The town's people as kin: who the resident register says they descend from and are married to.

Marriages were reported on the day on which the couple moved together, or before their first child was born.
"""

import random
from datetime import date, timedelta

from central.registers.relations.clans import draw_clan, surname_of
from central.registers.relations.kin import Kin, beget, wed
from central.registers.relations.places import HERE, Place, draw_place, place_at, soon
from central.registers.residents.living import after
from central.registers.residents.record import Household, Person, Population

_WEDDING, _BIRTH = "혼인", "출생"
_REPORT_DAYS = 30  # 법 제44조: a birth is reported within a month
_BEFORE_FIRST_CHILD = 400


def residents(seed: int, people: Population) -> dict[int, Kin]:
    """Everybody with a Korean name, the dead too, by their ids, with the ties that the resident register knows."""
    return _Growth(seed, people).grow()


class _Growth:
    def __init__(self, seed: int, people: Population) -> None:
        self._seed = seed
        self._people = {one.id: one for one in people.people}
        self._homes = {home.id: home for home in people.households}
        self._kin: dict[int, Kin] = {}

    def grow(self) -> dict[int, Kin]:
        for one in self._people.values():
            self._enter(one)
        for one in self._people.values():
            if not one.female and one.id in self._kin and one.spouse in self._kin:
                self._marry(one, self._people[one.spouse])
        return self._kin

    def _enter(self, one: Person) -> None:
        """A person after the parents, whose clan it is."""
        surname = surname_of(one.name)
        if one.id in self._kin or not surname:
            return
        for parent in (one.father, one.mother):
            if parent:
                self._enter(self._people[parent])
        rng = random.Random(f"{self._seed}:kin:{one.id}")
        father, mother, spouse = (self._kin.get(each) for each in (one.father, one.mother, one.spouse))
        born = date.fromisoformat(one.born)
        kin = Kin(
            id=one.id,
            name=one.name,
            hanja=one.hanja,
            born=born,
            female=one.female,
            number=one.number,
            clan=father.clan
            if father is not None
            else draw_clan(rng, surname, spouse.clan if spouse else ""),
            birthplace=_birthplace(rng, one, self._homes),
            birth_reported=soon(rng, born, _REPORT_DAYS),
            died=date.fromisoformat(one.died) if one.died else None,
        )
        self._kin[one.id] = kin
        if father is not None and mother is not None:
            beget(kin, father, mother)
        else:  # who raises a child alone; fates.py tells of the other
            kin.father, kin.mother = father, mother

    def _marry(self, man: Person, woman: Person) -> None:
        husband, wife = self._kin[man.id], self._kin[woman.id]
        moved = [stay.since for each in (man, woman) for stay in each.stays if stay.reason == _WEDDING]
        children = [child.born for child in husband.children if child.mother is wife]
        first = min(children, default=date.max)
        day = min(map(date.fromisoformat, moved), default=after(max(husband.born, wife.born), 24))
        if day >= first:
            day = first - timedelta(days=_BEFORE_FIRST_CHILD)
        wed(husband, wife, day, HERE)


def _birthplace(rng: random.Random, one: Person, homes: dict[int, Household]) -> Place:
    """The home into which somebody was born, where the resident register tells it."""
    if one.stays[0].reason != _BIRTH:
        return draw_place(rng)
    addresses = homes[one.stays[0].household].addresses
    home = [address for address in addresses if address.since <= one.born][-1]
    return place_at(home.dwelling.lot)
