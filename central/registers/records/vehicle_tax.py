"""Vehicle tax (자동차세, 지방세법 제127조) of the vehicle register's cars: by the size of the engine, in two halves a
year, of whoever has the car on the first day of the half's last month. Simplified: no reduction for a car's age.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from central.registers.records.garage import Car

LORRY: Final = 28_500  # KRW a year, private, up to a ton
_RATES: Final = ((1_000, 80), (1_600, 140), (99_999, 200))  # up to so many cc, KRW a cc and year
_HALVES: Final = ((1, "06-01", "06-30"), (2, "12-01", "12-31"))
_LAST: Final = (2026, 1)  # the half that was assessed last


class VehicleTax(Struct, frozen=True):
    """What one car costs its owner in one half of a year. `amount` in KRW; `due` is a day of that year (MM-DD)."""

    payer: int
    year: int
    half: int
    what: str
    amount: int
    due: str


def assessments(cars: Iterable[Car], years: range) -> Iterator[VehicleTax]:
    """Every half of every car, each car's in the order of time."""
    for car in cars:
        what = f"{car.plate} 승용 {car.make.cc}cc" if car.make.cc else f"{car.plate} 화물 1톤"
        for year in years:
            for half, day, due in _HALVES:
                if (year, half) <= _LAST and car.held.bought.isoformat() <= f"{year}-{day}":
                    yield VehicleTax(car.held.owner.id, year, half, what, tax_of(car.make.cc), due)


def tax_of(cc: int) -> int:
    """Half a year's tax in whole tens of KRW; 0 cc is a lorry."""
    a_year = LORRY if not cc else cc * next(rate for most, rate in _RATES if cc <= most)
    return a_year // 20 * 10
