"""The town's cars: which households have how many, whose each is and since when. Plates and makes are invented.

Plates by the rules for private vehicles: two digits (01–69 passenger cars, 80–97 lorries), a syllable and four digits;
three digits for passenger cars that were registered from September 2019 on.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from central.registers.records.vehicle_entries import DEALERS, Holding, adults, at_home, between
from central.registers.residents import known
from central.registers.residents.record import Household, Person, Population
from central.registers.residents.town import LAST_DAY

SYLLABLES: Final = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
_THREE_DIGITS: Final = date(2019, 9, 1)
_OLDEST: Final = date(2009, 3, 2)
_COUNTS: Final = (0,) * 9 + (1,) * 8 + (2,) * 2 + (3,)
# What demos and tests rely on: the family's head has two, who lives alone has one that is pledged.
KNOWN: Final = {known.FAMILY: 2, known.LARGE: 1, known.ALONE: 1}
_COLORS: Final = ("흰색", "검은색", "은색", "회색", "파란색", "빨간색")
_VIN: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


class Make(Struct, frozen=True):
    """A make of car: `cc` of its engine, 0 for a lorry; `price` when it is new, KRW."""

    name: str
    kind: str
    cc: int
    engine: str
    price: int


MAKES: Final = (
    Make("다온 1.0", "승용 경형", 998, "D3LA", 14_000_000),
    Make("누리 1.6", "승용 소형", 1_598, "N4FD", 23_000_000),
    Make("가온 2.0", "승용 중형", 1_999, "G4NL", 31_000_000),
    Make("큰마루 2.5", "승용 대형", 2_497, "K4KP", 45_000_000),
    Make("짐꾼 1톤", "화물 소형", 0, "J4CB", 21_000_000),
)


class Car(Struct, frozen=True):
    """One car and whose it is. `home` is the owner's household."""

    plate: str
    make: Make
    vin: str
    spec: str
    color: str
    made: date
    held: Holding
    home: Household


def cars(seed: int, people: Population) -> Iterator[Car]:
    """Every car of the town, no two with one plate; the same for the same seed."""
    living = at_home(people)
    cards = {card.person: card.number for card in people.cards}
    given: set[str] = set()
    for home in people.households:
        owners = adults(living.get(home.id, []), home)
        if home.ended or not owners:
            continue
        rng = random.Random(f"{seed}:garage:{home.id}")
        count = rng.choice(_COUNTS)
        wanted = KNOWN.get(cards.get(owners[0].id, ""))
        for number in range(count if wanted is None else wanted):
            alone = wanted is not None or rng.random() < 0.4
            yield _car(rng, owners[0 if alone else number % len(owners)], home, given)


def _car(rng: random.Random, owner: Person, home: Household, given: set[str]) -> Car:
    make = rng.choice(MAKES)
    grown = date.fromisoformat(owner.born) + timedelta(days=365 * 20)
    first = between(rng, max(grown, _OLDEST), LAST_DAY - timedelta(days=30))
    used = rng.random() < 0.35 and first < LAST_DAY - timedelta(days=900)
    bought = between(rng, first + timedelta(days=365), LAST_DAY) if used else first
    made = first - timedelta(days=rng.randint(10, 90))
    return Car(
        _plate(rng, make, first, given),
        make,
        "KZZ" + "".join(rng.choice(_VIN) for _ in range(14)),
        f"Z{rng.randint(1, 9):02}-1-{rng.randint(1, 99_999):05}-{rng.randint(1, 9_999):04}-1{made:%y%m}",
        rng.choice(_COLORS),
        made,
        Holding(owner, first, bought, rng.choice(DEALERS) if used else ""),
        home,
    )


def _plate(rng: random.Random, make: Make, first: date, given: set[str]) -> str:
    while True:
        if not make.cc:
            front = str(rng.randint(80, 97))
        else:
            front = str(rng.randint(100, 699)) if first >= _THREE_DIGITS else f"{rng.randint(1, 69):02}"
        plate = f"{front}{rng.choice(SYLLABLES)} {rng.randint(1000, 9999)}"
        if plate not in given:
            given.add(plate)
            return plate
