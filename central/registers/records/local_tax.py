"""The local tax office's records: what was assessed of each taxpayer in the last five years, by kind of tax.

Property tax follows from the land register (property_tax.py). Every head of a household on 1 July owes the resident tax
(주민세 개인분, 지방세법 제74조 이하). Vehicle tax is invented with its cars: there is no vehicle register to follow.
"""

import random
from collections.abc import Iterable, Iterator

from central.registers.parcel import Parcel
from central.registers.records import property_tax
from central.registers.records.record import Record
from central.registers.records.unpaid import PAID, Row, Standing
from central.registers.residents.record import Household, Population

LOCAL_TAX = "local-tax-assessment"
YEARS = range(2022, 2027)
RESIDENT_TAX = 6_000  # KRW with 지방교육세, as Seoul has it
_CAR_SHARE = 0.35
_CARS = ((998, 80), (1_368, 140), (1_598, 140), (1_999, 200), (2_497, 200))  # cc, KRW a cc and year (제127조)
_SYLLABLES = "가나다라마거너더러머고노도로모구누두루무"


def records(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Record]:
    """A record for each living person of whom anything was assessed."""
    land: dict[property_tax.Payer, list[property_tax.PropertyTax]] = {}
    for tax in property_tax.assessments(parcels, YEARS):
        land.setdefault(tax.payer, []).append(tax)
    standing = Standing(seed, people)
    heads = {(year, head) for home in people.households for year in YEARS if (head := head_on(home, year))}
    for one in people.people:
        if not one.died:
            rng = random.Random(f"{seed}:local-tax:{one.id}")
            headed = [year for year in YEARS if (year, one.id) in heads]
            items = {
                "property": [_land(tax) for tax in land.get((one.name, one.number[:8]), ())],
                "vehicle": _vehicle(rng, headed),
                "resident": [_resident(year) for year in headed],
            }
            standing.settle(one, items)
            if any(items.values()):
                yield Record(LOCAL_TAX, items, person=one.id)


def head_on(home: Household, year: int) -> int:
    """Who headed the household on 1 July of the year; 0 when it was not there."""
    day = f"{year}-07-01"
    if home.ended and home.ended <= day:
        return 0
    return next((head for since, head in reversed(home.heads) if since <= day), 0)


def _land(tax: property_tax.PropertyTax) -> Row:
    return _row(tax.year, "재산세(토지)", tax.place, tax.amount, "09-30")


def _resident(year: int) -> Row:
    return _row(year, "주민세(개인분)", "세대주", RESIDENT_TAX, "08-31")


def _vehicle(rng: random.Random, headed: list[int]) -> list[Row]:
    """Two halves a year for the car that a head of household has from one of these years on; the last half is yet
    to be assessed.
    """
    if not headed or rng.random() >= _CAR_SHARE:
        return []
    size, rate = rng.choice(_CARS)
    plate = f"{rng.randint(100, 699)}{rng.choice(_SYLLABLES)} {rng.randint(1000, 9999)}"
    halves = [(year, half) for year in range(rng.choice(headed), YEARS.stop) for half in (1, 2)][:-1]
    return [
        _row(
            year,
            f"자동차세({half}기)",
            f"{plate} 승용 {size}cc",
            size * rate // 20 * 10,
            ("06-30", "12-31")[half - 1],
        )
        for year, half in halves
    ]


def _row(year: int, item: str, what: str, amount: int, due: str) -> Row:
    return {
        "year": str(year),
        "item": item,
        "object": what,
        "amount": amount,
        "due": f"{year}-{due}",
        "state": PAID,
    }
