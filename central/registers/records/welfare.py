"""The welfare office's records, by household: who receives basic livelihood benefits (국민기초생활 보장법), and who of
them has medical aid (의료급여법).
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from central.registers.records.record import Record
from central.registers.residents import known
from central.registers.residents.record import Household, Person, Population

LIVELIHOOD = "livelihood"
MEDICAL_AID = "medical-aid"
_SHARE = 0.05
_FIRST, _LAST = date(2016, 1, 1), date(2026, 9, 30)
# Each kind has its own threshold of income; whoever has the first has the others too (법 제7조).
_MEDICAL = "의료급여"
_BENEFITS = ("생계급여", _MEDICAL, "주거급여", "교육급여")
_WORKING_AGE = range(18, 65)


def records(seed: int, people: Population) -> Iterator[Record]:
    """A record for each member of a household that receives benefits; the well-known ones first."""
    homes = {home.id: home for home in people.households if not home.ended}
    living: dict[int, list[Person]] = {}
    for one in people.people:
        if one.household in homes:
            living.setdefault(one.household, []).append(one)
    by_card = {card.number: card.person for card in people.cards}
    known_homes = [_home_of(people, by_card[number]) for number in (known.ALONE, known.CHANGING)]
    for home in (homes[number] for number in sorted(living)):
        rng = random.Random(f"{seed}:welfare:{home.id}")
        if home.id in known_homes or rng.random() < _SHARE:
            yield from _household(rng, home, living[home.id])


def _home_of(people: Population, person: int) -> int:
    return next(one.household for one in people.people if one.id == person)


def _household(rng: random.Random, home: Household, members: list[Person]) -> Iterator[Record]:
    first = max(_FIRST, date.fromisoformat(home.formed))
    since = first + timedelta(days=rng.randrange(max(1, (_LAST - first).days)))
    count = rng.choice((1, 2, 2, 3))
    start = rng.randrange(len(_BENEFITS) - count + 1) if count < 3 else 0
    benefits = [{"benefit": kind, "since": since.isoformat()} for kind in _BENEFITS[start : start + count]]
    for one in members:
        yield Record(LIVELIHOOD, {"benefits": benefits, "since": since.isoformat()}, person=one.id)
    if any(row["benefit"] == _MEDICAL for row in benefits):
        aid = {"kind": _kind(members), "since": since.isoformat()}
        yield from (Record(MEDICAL_AID, aid, person=one.id) for one in members)


def _kind(members: list[Person]) -> str:
    """1종 where nobody is of an age to work, else 2종 (의료급여법 시행령 제3조, its rule of age alone)."""
    return "2종" if any(_age(one) in _WORKING_AGE for one in members) else "1종"


def _age(one: Person) -> int:
    """Full years on the last day that the records tell of."""
    born = date.fromisoformat(one.born)
    return _LAST.year - born.year - ((_LAST.month, _LAST.day) < (born.month, born.day))
