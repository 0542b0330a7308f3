"""The district's register of factories (공장등록, 산업집적법 제16조): what stands on a lot and what is made there.

A resident's factory is the one of the business that is registered there; companies have the others, the lot's owner
first. A factory that was there before 2013 has no name in English, nor has the third of the well-known ones.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from central.registers.parcel import Parcel
from central.registers.records.book import key_on_lot
from central.registers.records.businesses import Business
from central.registers.records.factory_sites import WELL_KNOWN, sites
from central.registers.records.farmland import written
from central.registers.records.record import Record
from central.registers.records.trades import (
    PRINTING,
    WORKSHOPS,
    Trade,
    business_number,
    company_in_english,
    company_name,
    draw_word,
)
from central.registers.residents.names import draw_name, draw_surname
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY
from central.registers.roman import roman_name

FACTORY = "factory"
_FIRST_COMPANY = 5_000  # their numbers are far from those of the town's own businesses
_FIRST, _ENGLISH_SINCE = date(2008, 1, 2), "2013"
_INCORPORATED = "주식회사"
_WELL_KNOWN_IN_ENGLISH = 2  # of those on one lot
_TOWER = 200_000  # tenths of m²: on land as large as this stands a tower, in which one prints
_OWNED, _RENTED = ("자가", "Owned"), ("임대", "Rented")


class Maker(Struct, frozen=True):
    """Whose factory it is: names in Korean and in English, the number, what is made there since when, on whose land."""

    name: tuple[str, str]
    head: tuple[str, str]
    number: str
    trade: Trade
    since: date
    holding: tuple[str, str]


def records(
    seed: int, people: Population, parcels: Iterable[Parcel], owned: Iterable[Business]
) -> Iterator[Record]:
    """A record for each factory, by its lot; whose it is stands in it, for anybody may ask."""
    by_id = {one.id: one for one in people.people}
    by_lot = {business.lot: business for business in owned if business.lot}
    order = 0
    for parcel, count in sites(seed, parcels):
        for place in range(count):
            order += 1
            rng = random.Random(f"{seed}:factory:{parcel.lot.unique_no}:{place}")
            business = by_lot.get(parcel.lot) if place == 0 else None
            if business:
                maker = _resident(business, by_id[business.owner], parcel)
            else:
                maker = _company(rng, order, parcel, first=place == 0)
            registered = maker.since + timedelta(days=rng.randint(0, 150))
            english = registered.isoformat() >= _ENGLISH_SINCE
            if parcel.lot in WELL_KNOWN:
                english = place < _WELL_KNOWN_IN_ENGLISH
            number = f"11560-{registered.year}-{order:04d}"
            items = _items(rng, maker, parcel.area // count, english=english)
            items |= {
                "number": number,
                "registered": registered.isoformat(),
                "path": [[maker.name[0], number]],
            }
            yield Record(FACTORY, items, key_on_lot(parcel.lot, number))


def _resident(business: Business, owner: Person, parcel: Parcel) -> Maker:
    return Maker(
        name=(business.name, business.name_en),
        head=(owner.name, owner.roman),
        number=business.number,
        trade=business.trade,
        since=date.fromisoformat(business.opened),
        holding=_OWNED if parcel.owners[-1].name == owner.name else _RENTED,
    )


def _company(rng: random.Random, order: int, parcel: Parcel, *, first: bool) -> Maker:
    """The lot's owner when that is a company that makes things, else one that rents its place."""
    owner = parcel.owners[-1]
    own = first and _INCORPORATED in owner.name and parcel.area < _TOWER
    trade = PRINTING if parcel.area >= _TOWER else rng.choice(WORKSHOPS)
    name = (owner.name, company_in_english(owner.name)) if own else company_name(draw_word(rng), trade)
    head = draw_name(rng, draw_surname(rng))[0]
    since = _FIRST + timedelta(days=rng.randrange((LAST_DAY - _FIRST).days - 200))
    return Maker(
        name=name,
        head=(head, roman_name(head)),
        number=business_number(_FIRST_COMPANY + order),
        trade=trade,
        since=max(since, date.fromisoformat(owner.date)) if own else since,
        holding=_OWNED if own else _RENTED,
    )


def _items(rng: random.Random, maker: Maker, most: int, *, english: bool) -> dict[str, Any]:
    """Areas on paper are square metres; `most` is the lot's share in tenths."""
    land = min(most, rng.randint(2_000, 30_000))
    men, women = rng.randint(1, 24), rng.randint(1, 16)
    return {
        "company": maker.name[0],
        "business_number": maker.number,
        "representative": maker.head[0],
        "started": maker.since.isoformat(),
        "holding": maker.holding[0],
        "industries": [{"code": maker.trade.industry, "name": maker.trade.industry_name}],
        "land_m2": written(land),
        "making_m2": written(land * rng.randint(45, 70) // 100),
        "other_m2": written(land * rng.randint(5, 20) // 100),
        "men": men,
        "women": women,
        "workers": men + women,
        "en": {
            "company": maker.name[1] if english else "",
            "representative": maker.head[1],
            "holding": maker.holding[1],
            "industries": [{"name": maker.trade.industry_en}],
        },
    }
