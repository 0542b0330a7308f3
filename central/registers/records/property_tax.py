"""Property tax on land (재산세), by a rule simpler than the law's that follows from the land register alone.

Whoever owns a parcel on 1 June owes the year's tax (지방세법 제114조): its area × that year's official price × 70 %
(제110조, 시행령 제109조) × one rate, 0.07 % for fields, paddies and forest, 0.2 % for the rest (제111조, its lowest
steps). Owners in common owe equal shares. Less than ten KRW is dropped, a tax below 2,000 KRW is not collected
(제119조), and what the law has levied on top of it (지방교육세, 도시지역분) is left out.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec import Struct

from central.registers.district import dong_of
from central.registers.parcel import LandEntry, OwnerEntry, Parcel

Payer = tuple[str, str]
"""Name and the resident number's first eight places, which is what the land register knows of an owner."""

Entry = TypeVar("Entry", LandEntry, OwnerEntry)

_LOW_RATE = frozenset({"전", "답", "임야"})
_LOW, _REST = 7, 20  # of 10,000
_FAIR_MARKET = 70  # of 100
_NOT_COLLECTED = 2_000
_SHARED = re.compile(r"(.+) 외 ([0-9]+)인")


class PropertyTax(Struct, frozen=True):
    """What one owner owes for one parcel and year: `place` is its location and lot, `amount` KRW."""

    payer: Payer
    year: int
    place: str
    amount: int


def assessments(parcels: Iterable[Parcel], years: Iterable[int]) -> list[PropertyTax]:
    """Every parcel's tax of each of the years, in the order of years and places."""
    years = tuple(years)
    found = [tax for parcel in parcels for year in years if (tax := assess(parcel, year))]
    return sorted(found, key=lambda tax: (tax.year, tax.place))


def assess(parcel: Parcel, year: int) -> PropertyTax | None:
    """The tax of one year; None where the register has no price, no owner or no land on the day that counts."""
    land, owner = _on(parcel.land, f"{year}-06-01"), _on(parcel.owners, f"{year}-06-01")
    price = next((entry.won_per_m2 for entry in parcel.prices if entry.year == year), 0)
    dong = dong_of(parcel.lot.dong)
    if land is None or owner is None or dong is None:
        return None
    name, shares = _owners(owner.name)
    amount = tax_of(land.area, price, land.category, shares)
    if amount < _NOT_COLLECTED:
        return None
    return PropertyTax((name, owner.reg_no[:8]), year, f"{dong.location} {parcel.lot.number}", amount)


def tax_of(tenths_m2: int, won_per_m2: int, category: str, shares: int = 1) -> int:
    """KRW, whole tens, for one of so many equal shares; the area is in tenths of a square metre."""
    rate = _LOW if category in _LOW_RATE else _REST
    whole = tenths_m2 * won_per_m2 * _FAIR_MARKET * rate // (10 * 100 * 10_000 * shares)
    return whole // 10 * 10


def _owners(name: str) -> tuple[str, int]:
    """The owner that the register names, and how many own the parcel: `홍모음 외 3인` are four."""
    shared = _SHARED.fullmatch(name)
    return (shared[1], int(shared[2]) + 1) if shared else (name, 1)


def _on(entries: Sequence[Entry], day: str) -> Entry | None:
    """What held on that day; the entries are in order of time."""
    return next((entry for entry in reversed(entries) if entry.date <= day), None)
