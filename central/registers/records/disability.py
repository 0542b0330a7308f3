"""The welfare office's records of registered disabilities (장애인복지법 제32조): which kind, how severe, since when.

Kinds and how common each is roughly follow the national statistics; whether somebody has one grows with age.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from central.registers.records.record import Record
from central.registers.residents import known
from central.registers.residents.living import after
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY

DISABILITY = "disability"
# The fifteen kinds of 시행령 별표 1, with how many of a thousand registered people have each.
KINDS = {
    "지체장애": 437,
    "청각장애": 168,
    "시각장애": 94,
    "뇌병변장애": 90,
    "지적장애": 89,
    "신장장애": 41,
    "정신장애": 40,
    "자폐성장애": 16,
    "언어장애": 9,
    "장루ㆍ요루장애": 6,
    "간장애": 4,
    "호흡기장애": 3,
    "뇌전증장애": 2,
    "심장장애": 2,
    "안면장애": 1,
}
SEVERE, MILD = "심한 장애", "심하지 않은 장애"
_FIRST_DAY = date(1988, 11, 1)  # registration began nationwide
_FIRST_YEARS = 2
_SHARES = ((0, 0.0), (_FIRST_YEARS + 1, 0.01), (20, 0.02), (45, 0.05), (65, 0.14))  # from that age on
_KNOWN = {
    known.FAMILY: [("주장애", "지체장애", MILD, "2021-04-20")],
    known.NEWER: [("주장애", "시각장애", SEVERE, "2003-05-12"), ("부장애", "청각장애", MILD, "2017-09-04")],
}

Row = tuple[str, str, str, str]


def records(seed: int, people: Population) -> Iterator[Record]:
    """A record for everybody who is registered; of the well-known people only those above."""
    cards = {card.number: card.person for card in people.cards}
    told = {cards[number]: rows for number, rows in _KNOWN.items()}
    for one in people.people:
        rng = random.Random(f"{seed}:disability:{one.id}")
        if rows := told.get(one.id):
            yield Record(DISABILITY, _items(rows), person=one.id)
        elif one.id > known.LAST_ID and not one.died and rng.random() < _share(one):
            yield Record(DISABILITY, _items(_drawn(rng, one)), person=one.id)


def _items(rows: list[Row]) -> dict[str, object]:
    """`degree` is that of all of them together."""
    degree = SEVERE if any(row[2] == SEVERE for row in rows) else MILD
    names = ("rank", "kind", "degree", "since")
    return {
        "degree": degree,
        "since": min(row[3] for row in rows),
        "disabilities": [dict(zip(names, row, strict=True)) for row in rows],
    }


def _share(one: Person) -> float:
    age = (LAST_DAY - date.fromisoformat(one.born)).days / 365.25
    return next(share for start, share in reversed(_SHARES) if age >= start)


def _drawn(rng: random.Random, one: Person) -> list[Row]:
    first = rng.choices(list(KINDS), list(KINDS.values()))[0]
    day = _since(rng, max(_FIRST_DAY, after(date.fromisoformat(one.born), _FIRST_YEARS)))
    rows = [("주장애", first, rng.choice((SEVERE, MILD, MILD)), day.isoformat())]
    if rng.random() < 0.1:
        second = rng.choice([kind for kind in KINDS if kind != first])
        rows.append(("부장애", second, MILD, _since(rng, day).isoformat()))
    return rows


def _since(rng: random.Random, first: date) -> date:
    return first + timedelta(days=rng.randrange(max(1, (LAST_DAY - first).days)))
