"""Kin who never lived in the district: invented people with numbers that nobody else has."""

import random
from datetime import date, timedelta

from central.registers.relations.clans import draw_clan, surname_of
from central.registers.relations.kin import NUMBERS_SINCE, Kin
from central.registers.relations.places import draw_place, soon
from central.registers.residents.living import after
from central.registers.residents.names import draw_name, draw_surname
from central.registers.residents.number import Numbers
from central.registers.residents.record import Population
from central.registers.residents.town import LAST_DAY

_REPORT_DAYS = 30


class Strangers:
    """Makes them, and knows whom it `made`. Their numbers follow those of the residents of the same birth and sex."""

    def __init__(self, people: Population) -> None:
        self.made: list[Kin] = []
        self._numbers = Numbers()
        for one in people.people:
            self._numbers.complete(one.number[:8])

    def one(
        self,
        rng: random.Random,
        born: date,
        *,
        female: bool,
        surname: str = "",
        clan: str = "",
        alive_until: date | None = None,
        died: date | None = None,
    ) -> Kin:
        """Somebody who lived to `alive_until` at least, and died at a usual age or on `died`."""
        surname = surname or draw_surname(rng)
        name, hanja = draw_name(rng, surname)
        end = died or _end(rng, born, alive_until or born)
        numbered = end is None or end >= NUMBERS_SINCE
        made = Kin(
            id=0,
            name=name,
            hanja=hanja,
            born=born,
            female=female,
            number=self._numbers.give(born.isoformat(), female=female) if numbered else "",
            clan=clan or draw_clan(rng, surname),
            birthplace=draw_place(rng),
            birth_reported=soon(rng, born, _REPORT_DAYS),
            died=end,
            elders=(draw_name(rng, surname)[0], draw_name(rng, draw_surname(rng))[0]),
        )
        self.made.append(made)
        return made

    def parents(self, rng: random.Random, child: Kin, lived: date, surname: str = "") -> tuple[Kin, Kin]:
        """A couple who could be somebody's parents and `lived` then; the father of the child's surname and clan, or of
        another surname.
        """
        mother_born = after(child.born, -rng.uniform(20, 33))
        father_born = after(mother_born, -rng.uniform(-1, 6))
        own = surname or surname_of(child.name)
        clan = child.clan if own == surname_of(child.name) else ""
        father = self.one(rng, father_born, female=False, surname=own, clan=clan, alive_until=lived)
        return father, self.spouse(rng, father, mother_born, lived)

    def spouse(self, rng: random.Random, one: Kin, born: date, lived: date) -> Kin:
        """Somebody to marry, `born` then, who `lived` then: of another surname, as the law long wanted it of a clan."""
        surname = surname_of(one.name)
        while surname == surname_of(one.name):
            surname = draw_surname(rng)
        return self.one(rng, born, female=not one.female, surname=surname, alive_until=lived)


def _end(rng: random.Random, born: date, not_before: date) -> date | None:
    """A day of death in the past, or None; of those born before 1900 nobody got a number."""
    day = max(after(born, min(max(rng.gauss(80, 9), 40), 101)), not_before)
    if born.year < 1900:
        day = max(min(day, NUMBERS_SINCE - timedelta(days=rng.randint(1, 900))), not_before)
    return day if day <= LAST_DAY else None
