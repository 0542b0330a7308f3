"""Who has merit for the country by an act of its own (국가유공자 등), as the welfare office has it from the ministry.

Each act says who can be one: by the years of birth and the sex of those who were there. One of these a person at most.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from central.registers.records.record import Record
from central.registers.residents import known
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY

NATIONAL_MERIT, INDEPENDENCE, VETERAN = "national-merit", "independence", "veteran"
DEFOLIANT, MAY18, SPECIAL_DUTY = "defoliant", "may18", "special-duty"


class Act(Struct, frozen=True):
    """`born`: the first and the last year of birth; `share`: how many of those there are; `enacted`: the first day."""

    kind: str
    born: tuple[int, int]
    share: float
    enacted: date
    men_only: bool = False


# The first that applies. Independence: the survivors, for those who were there are gone.
ACTS = (
    Act(VETERAN, (1919, 1933), 0.3, date(1994, 1, 1), men_only=True),  # the war of 1950
    Act(DEFOLIANT, (1940, 1952), 0.05, date(1993, 3, 10), men_only=True),  # Vietnam, 1964 to 1973
    Act(VETERAN, (1940, 1952), 0.15, date(1994, 1, 1), men_only=True),
    Act(INDEPENDENCE, (1930, 1975), 0.004, date(1995, 1, 1)),
    Act(MAY18, (1935, 1964), 0.003, date(2002, 7, 27)),
    Act(SPECIAL_DUTY, (1933, 1980), 0.002, date(2004, 7, 30), men_only=True),
    Act(NATIONAL_MERIT, (1935, 2004), 0.01, date(1985, 1, 1)),
)
KINDS = tuple(dict.fromkeys(act.kind for act in ACTS))


def records(seed: int, people: Population) -> Iterator[Record]:
    """A record for each of them; of the well-known people only for who has the newer card."""
    newer = next(card.person for card in people.cards if card.number == known.NEWER)
    for one in people.people:
        if one.id == newer:
            yield Record(NATIONAL_MERIT, {"since": "2003-06-05"}, person=one.id)
        elif one.id > known.LAST_ID and not one.died:
            yield from _of(random.Random(f"{seed}:merit:{one.id}"), one)


def _of(rng: random.Random, one: Person) -> Iterator[Record]:
    for act in ACTS:
        first, last = act.born
        fits = first <= int(one.born[:4]) <= last and not (act.men_only and one.female)
        if fits and rng.random() < act.share:
            grown = max(act.enacted, date(int(one.born[:4]) + 21, 1, 1))
            since = grown + timedelta(days=rng.randrange(max(1, (LAST_DAY - grown).days)))
            yield Record(act.kind, {"since": since.isoformat()}, person=one.id)
            return
