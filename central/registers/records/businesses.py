"""Who in the town has a business: shops of heads of households, workshops of those who own a factory's lot.

The well-known ones: the family's head has one, the large family's head a shop and a bakery (choose!), the one with the
long name and the one with the rare hanja one each; who lost the card has given up his.
"""

import random
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec import Struct

from central.registers.district import dong_of
from central.registers.lots import CLOSED_INTO
from central.registers.parcel import Lot, Parcel
from central.registers.records.factory_sites import sites
from central.registers.records.trades import (
    BAKERY,
    SHOPS,
    WORKSHOPS,
    Trade,
    business_number,
    draw_word,
    shop_name,
)
from central.registers.residents import known
from central.registers.residents.record import Person, Population
from central.registers.residents.roads import draw_dwelling, dwelling_at
from central.registers.residents.town import LAST_DAY

_SHARE = 0.16
_AGES = range(27, 76)
_FLAT = re.compile(r", \S+동 \S+호")
_FIRST = date(2012, 3, 2)
_WITHOUT_ENGLISH, _SUSPENDED, _CLOSED = 0.15, 0.05, 0.08
_KNOWN = ((known.FAMILY, 0), (known.LARGE, 2), (known.FOREIGN, 4), (known.RARE, 6), (known.NEWER, 3))


class Business(Struct, frozen=True):
    """One registration. `suspended` and `closed` are days or ""; `lot`: where its factory stands."""

    owner: int
    number: str
    name: str
    name_en: str
    trade: Trade
    opened: str
    address: str
    suspended: str = ""
    closed: str = ""
    lot: Lot | None = None


def businesses(seed: int, people: Population, parcels: Iterable[Parcel]) -> list[Business]:
    """All of them, the well-known ones first; the same for the same seed."""
    wanted = enumerate(_wanted(seed, people, parcels), 1)
    return [_registered(random.Random(f"{seed}:business:{order}"), order, *plan) for order, plan in wanted]


Plan = tuple[Person, Trade, Lot | None]


def _wanted(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Plan]:
    by_card = {card.number: card.person for card in people.cards}
    by_id = {one.id: one for one in people.people}
    for card, shop in _KNOWN:
        yield by_id[by_card[card]], SHOPS[shop], None
    yield by_id[by_card[known.LARGE]], BAKERY, CLOSED_INTO
    yield from _workshops(seed, people, parcels)
    well_known = {by_card[number] for number in known.ALL}
    heads = {home.head for home in people.households if not home.ended}
    for one in people.people:
        if one.id in heads - well_known and LAST_DAY.year - int(one.born[:4]) in _AGES and not one.died:
            rng = random.Random(f"{seed}:shop:{one.id}")
            if rng.random() < _SHARE:
                yield one, rng.choice(SHOPS), None


def _workshops(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Plan]:
    """Of the owners of the lots on which factories stand, those who live here and may be working."""
    living = {(one.name, one.number[:8]): one for one in people.people if not one.died}
    for parcel, _ in sites(seed, parcels):
        owner = parcel.owners[-1]
        one = living.get((owner.name, owner.reg_no[:8]))
        if one is not None and LAST_DAY.year - int(one.born[:4]) in _AGES and parcel.lot != CLOSED_INTO:
            rng = random.Random(f"{seed}:workshop:{parcel.lot.unique_no}")
            yield one, rng.choice(WORKSHOPS), parcel.lot


def _registered(rng: random.Random, order: int, owner: Person, trade: Trade, lot: Lot | None) -> Business:
    name, english = shop_name(draw_word(rng), trade)
    first = max(_FIRST, date(int(owner.born[:4]) + _AGES.start - 3, 1, 2))
    opened = first + timedelta(days=rng.randrange((LAST_DAY - first).days - 300))
    state, without = rng.random(), rng.random() < _WITHOUT_ENGLISH
    later = (opened + timedelta(days=rng.randrange(200, (LAST_DAY - opened).days))).isoformat()
    if order <= len(_KNOWN) + 1:
        state, without = (0.0 if order == len(_KNOWN) else 1.0), False
    return Business(
        owner=owner.id,
        number=business_number(order),
        name=name,
        name_en="" if without else english,
        trade=trade,
        opened=opened.isoformat(),
        address=_ground_floor(_at(lot) if lot else draw_dwelling(rng).road),
        closed=later if state < _CLOSED and lot is None else "",
        suspended=later if _CLOSED <= state < _CLOSED + _SUSPENDED else "",
        lot=lot,
    )


def _ground_floor(address: str) -> str:
    """The address without the flat: nobody cooks or binds books in somebody's flat."""
    return _FLAT.sub("", address)


def _at(lot: Lot) -> str:
    """The address of the door that opens on the lot."""
    dong = dong_of(lot.dong)
    door = dwelling_at(f"{dong.location} {lot.number}") if dong else None
    if door is None:
        raise ValueError("no road leads to this lot")
    return door.road
