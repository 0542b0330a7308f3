"""The local tax office's records: what was assessed of each taxpayer in the last five years, by kind of tax.

Property tax follows from the land register (property_tax.py). Every head of a household on 1 July owes the resident tax
(주민세 개인분, 지방세법 제74조 이하). Vehicle tax follows from the vehicle register's cars (vehicle_tax.py).
"""

import random
from collections.abc import Iterable, Iterator
from typing import Any

from central.registers.parcel import Parcel
from central.registers.records import property_tax, vehicle_tax
from central.registers.records.garage import Car
from central.registers.records.record import Record
from central.registers.residents.record import Household, Population

LOCAL_TAX = "local-tax-assessment"
YEARS = range(2022, 2027)
RESIDENT_TAX = 6_000  # KRW with 지방교육세, as Seoul has it
_PAID, _UNPAID = "납부", "미납"
_UNPAID_SHARE, _UNPAID_SINCE = 0.06, 2025

Row = dict[str, Any]


def records(
    seed: int, people: Population, parcels: Iterable[Parcel], cars: Iterable[Car]
) -> Iterator[Record]:
    """A record for each living person of whom anything was assessed."""
    land: dict[property_tax.Payer, list[property_tax.PropertyTax]] = {}
    for tax in property_tax.assessments(parcels, YEARS):
        land.setdefault(tax.payer, []).append(tax)
    driven: dict[int, list[vehicle_tax.VehicleTax]] = {}
    for car_tax in vehicle_tax.assessments(cars, YEARS):
        driven.setdefault(car_tax.payer, []).append(car_tax)
    heads = {(year, head) for home in people.households for year in YEARS if (head := head_on(home, year))}
    for one in people.people:
        if not one.died:
            rng = random.Random(f"{seed}:local-tax:{one.id}")
            headed = [year for year in YEARS if (year, one.id) in heads]
            items = {
                "property": [_land(rng, tax) for tax in land.get((one.name, one.number[:8]), ())],
                "vehicle": [_vehicle(rng, tax) for tax in sorted(driven.get(one.id, ()), key=_in_time)],
                "resident": [_resident(rng, year) for year in headed],
            }
            if any(items.values()):
                yield Record(LOCAL_TAX, items, person=one.id)


def head_on(home: Household, year: int) -> int:
    """Who headed the household on 1 July of the year; 0 when it was not there."""
    day = f"{year}-07-01"
    if home.ended and home.ended <= day:
        return 0
    return next((head for since, head in reversed(home.heads) if since <= day), 0)


def _land(rng: random.Random, tax: property_tax.PropertyTax) -> Row:
    return _row(rng, tax.year, "재산세(토지)", tax.place, tax.amount, "09-30")


def _resident(rng: random.Random, year: int) -> Row:
    return _row(rng, year, "주민세(개인분)", "세대주", RESIDENT_TAX, "08-31")


def _vehicle(rng: random.Random, tax: vehicle_tax.VehicleTax) -> Row:
    return _row(rng, tax.year, f"자동차세({tax.half}기)", tax.what, tax.amount, tax.due)


def _in_time(tax: vehicle_tax.VehicleTax) -> tuple[int, int]:
    return tax.year, tax.half


def _row(rng: random.Random, year: int, item: str, what: str, amount: int, due: str) -> Row:
    unpaid = year >= _UNPAID_SINCE and rng.random() < _UNPAID_SHARE
    return {
        "year": str(year),
        "item": item,
        "object": what,
        "amount": amount,
        "due": f"{year}-{due}",
        "state": _UNPAID if unpaid else _PAID,
    }
