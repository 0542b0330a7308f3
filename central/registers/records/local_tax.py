"""The local tax office's records: what was assessed of each taxpayer in the last five years, by kind of tax.

Property tax follows from the land register (property_tax.py). Every head of a household on 1 July owes the resident tax
(주민세 개인분, 지방세법 제74조 이하). Vehicle tax follows from the vehicle register's cars (vehicle_tax.py).
"""

from collections.abc import Iterable, Iterator

from central.registers.parcel import Parcel
from central.registers.records import property_tax, vehicle_tax
from central.registers.records.garage import Car
from central.registers.records.record import Record
from central.registers.records.unpaid import PAID, Row, Standing
from central.registers.residents.record import Household, Population

LOCAL_TAX = "local-tax-assessment"
YEARS = range(2022, 2027)
RESIDENT_TAX = 6_000  # KRW with 지방교육세, as Seoul has it


def records(
    seed: int, people: Population, parcels: Iterable[Parcel], cars: Iterable[Car]
) -> Iterator[Record]:
    """A record for each living person of whom anything was assessed."""
    land: dict[property_tax.Payer, list[property_tax.PropertyTax]] = {}
    for tax in property_tax.assessments(parcels, YEARS):
        land.setdefault(tax.payer, []).append(tax)
    standing = Standing(seed, people)
    driven: dict[int, list[vehicle_tax.VehicleTax]] = {}
    for car_tax in vehicle_tax.assessments(cars, YEARS):
        driven.setdefault(car_tax.payer, []).append(car_tax)
    heads = {(year, head) for home in people.households for year in YEARS if (head := head_on(home, year))}
    for one in people.people:
        if not one.died:
            headed = [year for year in YEARS if (year, one.id) in heads]
            items = {
                "property": [_land(tax) for tax in land.get((one.name, one.number[:8]), ())],
                "vehicle": [_vehicle(tax) for tax in sorted(driven.get(one.id, ()), key=_in_time)],
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


def _vehicle(tax: vehicle_tax.VehicleTax) -> Row:
    return _row(tax.year, f"자동차세({tax.half}기)", tax.what, tax.amount, tax.due)


def _in_time(tax: vehicle_tax.VehicleTax) -> tuple[int, int]:
    return tax.year, tax.half


def _row(year: int, item: str, what: str, amount: int, due: str) -> Row:
    return {
        "year": str(year),
        "item": item,
        "object": what,
        "amount": amount,
        "due": f"{year}-{due}",
        "state": PAID,
    }
