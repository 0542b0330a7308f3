"""The register of construction machines (건설기계등록원부, 건설기계관리법): a few of the town's people have one or two.

Numbers begin with the kind's own code (02 excavators, 03 loaders, 04 fork lifts, 06 tippers); makes are invented.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from central.registers.records.record import Record
from central.registers.records.vehicle_entries import (
    DEALERS,
    Chances,
    Holding,
    adults,
    at_home,
    between,
    inspected_until,
    parts,
)
from central.registers.residents import known
from central.registers.residents.record import Household, Person, Population
from central.registers.residents.town import LAST_DAY

MACHINE: Final = "machine"
_SHARE: Final = 0.012
_OLDEST: Final = date(2010, 3, 2)
_SYLLABLES: Final = "가나다라마바사아"
_SEIZED, _PLEDGED = 0.05, 0.4
# What demos and tests rely on: how many they have.
KNOWN: Final = {known.LARGE: 2, known.RARE: 1}
_NOBODYS: Final = (known.FAMILY, known.ALONE)
_PARKS: Final = ("서울특별시 영등포구 양화동 공영주기장", "서울특별시 영등포구 문래동 공영주기장")


class Make(Struct, frozen=True):
    """A make of machine: its kind, the kind's code, its size, and what a new one costs, KRW."""

    kind: str
    code: int
    name: str
    size: str
    engine: str
    price: int


_MAKES: Final = (
    Make("굴착기", 2, "큰손 60", "0.20 ㎥", "HD4-60", 62_000_000),
    Make("굴착기", 2, "큰손 140", "0.60 ㎥", "HD6-140", 128_000_000),
    Make("지게차", 4, "든든 30", "3톤", "HF4-30", 34_000_000),
    Make("로더", 3, "삽사리 20", "1.0 ㎥", "HL4-20", 55_000_000),
    Make("덤프트럭", 6, "큰짐 15", "15톤", "HT6-15", 118_000_000),
)


def records(seed: int, people: Population) -> Iterator[Record]:
    """Every machine's record, its owner's, by its number."""
    living = at_home(people)
    cards = {card.person: card.number for card in people.cards}
    given: set[str] = set()
    for home in people.households:
        owners = [] if home.ended else adults(living.get(home.id, []), home, years=25)
        for owner in owners:
            rng = random.Random(f"{seed}:machine:{owner.id}")
            for _ in range(_count(rng, cards.get(owner.id, ""))):
                yield _machine(rng, owner, home, given)


def _count(rng: random.Random, card: str) -> int:
    if card in KNOWN:
        return KNOWN[card]
    return rng.choice((1, 1, 2)) if card not in _NOBODYS and rng.random() < _SHARE else 0


def _machine(rng: random.Random, owner: Person, home: Household, given: set[str]) -> Record:
    make = rng.choice(_MAKES)
    grown = date.fromisoformat(owner.born) + timedelta(days=365 * 25)
    first = between(rng, max(grown, _OLDEST), LAST_DAY - timedelta(days=30))
    used = rng.random() < 0.4 and first < LAST_DAY - timedelta(days=900)
    bought = between(rng, first + timedelta(days=365), LAST_DAY) if used else first
    held = Holding(owner, first, bought, rng.choice(DEALERS) if used else "")
    number = _number(rng, make, given)
    chances = Chances(_SEIZED, _PLEDGED, (make.price * 2 // 10, make.price * 7 // 10))
    items = {
        "number": number,
        "kind": make.kind,
        "model": make.name,
        "size": make.size,
        "serial": f"HZZ{make.code:02}{rng.randint(1, 999_999):06}",
        "engine": make.engine,
        "use": "자가용",
        "year": f"{first.year}년",
        "first": first.isoformat(),
        "inspected_until": inspected_until(first, (1, 1)),
        "park": rng.choice(_PARKS),
        **parts(rng, held, home, chances),
    }
    return Record(MACHINE, items, number, owner.id)


def _number(rng: random.Random, make: Make, given: set[str]) -> str:
    """서울 02가 1234: private machines have 1001 to 4999."""
    while True:
        number = f"서울 {make.code:02}{rng.choice(_SYLLABLES)} {rng.randint(1001, 4999)}"
        if number not in given:
            given.add(number)
            return number
