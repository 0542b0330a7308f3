"""The national tax office's records: registrations of businesses, incomes of the last five years, and who owes what.

Who has a business has income of it in every year that it was open; who owes anything has a business to owe it for.
"""

import random
from collections.abc import Iterable, Iterator
from typing import Any

from central.registers.records.businesses import Business
from central.registers.records.income import income_of_wages, tax_on
from central.registers.records.record import Record, RecordState
from central.registers.records.trades import (
    PRINTING,
    SHOPS,
    WORKSHOPS,
    business_number,
    company_name,
    draw_word,
)
from central.registers.residents import known
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY
from central.registers.roman import address_in_english

BUSINESS, INCOME, CLEARANCE = "business-registration", "income", "national-tax-clearance"
YEARS = range(2021, 2026)  # an income is known in the summer after its year
ADULT_YEARS = 17
_WORKING = range(24, 65)
_EMPLOYED = 0.7
_EMPLOYERS = 40
_FIRST_EMPLOYER = 9_000  # their numbers are far from those of the town's own businesses
_OWING, _DEFERRED = 0.06, 0.05
_VAT, _VAT_EN = "부가가치세", "Value-added tax"
_EXTENSION, _EXTENSION_EN = "납부기한의 연장", "Extended due date"
_DUE, _PERIOD, _PERIOD_EN = "2026-07-25", "2026년 1기", "1st half 2026"
_DEFERRED_UNTIL = "2027-01-25"

Row = dict[str, Any]


def records(seed: int, people: Population, owned: Iterable[Business]) -> Iterator[Record]:
    """Every record of this office; `owned` are the town's businesses."""
    by_owner: dict[int, list[Business]] = {}
    for business in owned:
        by_owner.setdefault(business.owner, []).append(business)
        yield _registration(business)
    by_card = {card.number: card.person for card in people.cards}
    for one in people.people:
        if one.died or LAST_DAY.year - int(one.born[:4]) < ADULT_YEARS:
            continue
        own = by_owner.get(one.id, [])
        yield Record(CLEARANCE, _clearance(seed, one, own, by_card), person=one.id)
        incomes = {"wage": [] if own else _wages(seed, one), "business": _profits(seed, own)}
        if any(incomes.values()):
            yield Record(INCOME, incomes, person=one.id)


# --- businesses ---


def _registration(business: Business) -> Record:
    trade = business.trade
    items = {
        "number": business.number,
        "trade_name": business.name,
        "place": business.address,
        "opened": business.opened,
        "state": "휴업자" if business.suspended else "계속사업자",
        "suspended": business.suspended,
        "trades": [{"category": trade.category, "item": trade.item}],
        "en": {
            "trade_name": business.name_en,
            "place": address_in_english(business.address),
            "state": "Suspended" if business.suspended else "In operation",
            "trades": [{"category": trade.category_en, "item": trade.item_en}],
        },
    }
    state = RecordState.CLOSED if business.closed else RecordState.LIVE
    return Record(BUSINESS, items, business.number, business.owner, state)


# --- incomes ---


def _wages(seed: int, one: Person) -> list[Row]:
    """What an employer of the town paid each year, a little more each time."""
    rng = random.Random(f"{seed}:wages:{one.id}")
    if rng.random() >= _EMPLOYED:
        return []
    order = rng.randrange(_EMPLOYERS)
    wages, (name, number) = rng.randrange(26_000_000, 92_000_000, 10_000), employer(order)
    rows = []
    for year in YEARS:
        if year - int(one.born[:4]) in _WORKING:
            income = income_of_wages(wages)
            rows.append(_row(year, "근로소득", name, number, wages, income))
        wages = wages * rng.randint(101, 106) // 1_000_00 * 1_000
    return rows


def employer(order: int) -> tuple[str, str]:
    """One of the companies that people here work for: its name and its number."""
    rng = random.Random(f"employer:{order}")
    name, _ = company_name(draw_word(rng), rng.choice((*WORKSHOPS, PRINTING, SHOPS[4])))
    return name, business_number(_FIRST_EMPLOYER + order)


def _profits(seed: int, own: Iterable[Business]) -> list[Row]:
    rows = []
    for business in own:
        rng = random.Random(f"{seed}:profits:{business.number}")
        revenue = rng.randrange(48_000_000, 420_000_000, 1_000)
        for year in YEARS:
            if open_in(business, year):
                profit = revenue * rng.randint(12, 32) // 100
                rows.append(_row(year, "사업소득", business.name, business.number, revenue, profit))
                revenue = revenue * rng.randint(92, 113) // 100
    return sorted(rows, key=lambda row: (row["year"], row["number"]))


def open_in(business: Business, year: int) -> bool:
    """Whether the business did any business in the year."""
    ends = min(filter(None, (business.closed, business.suspended)), default="9999")
    return business.opened[:4] <= str(year) <= ends[:4]


def _row(year: int, kind: str, payer: str, number: str, revenue: int, income: int) -> Row:
    return {
        "year": str(year),
        "kind": kind,
        "payer": payer,
        "number": number,
        "revenue": revenue,
        "income": income,
        "tax": tax_on(income),
    }


# --- what is owed ---


def _clearance(seed: int, one: Person, own: list[Business], by_card: dict[str, int]) -> dict[str, Any]:
    """Who owes anything owes value-added tax of the first half of this year, all of it or after an extension."""
    rng = random.Random(f"{seed}:owing:{one.id}")
    standing = [business for business in own if not business.closed]
    chance, amount = rng.random(), rng.randrange(300_000, 8_000_000, 10)
    if one.id in {by_card[number] for number in known.ALL}:
        chance = {by_card[known.RARE]: 0.0, by_card[known.FOREIGN]: _OWING}.get(one.id, 1.0)
    debt = {"period": _PERIOD, "item": _VAT, "due": _DUE, "amount": amount}
    owes = bool(standing) and chance < _OWING
    deferred = bool(standing) and _OWING <= chance < _OWING + _DEFERRED
    return {
        "businesses": [{"number": business.number, "trade_name": business.name} for business in standing],
        "arrears": [debt] if owes else [],
        "deferrals": [{"kind": _EXTENSION, "until": _DEFERRED_UNTIL, **debt}] if deferred else [],
        "en": {
            "businesses": [{"trade_name": business.name_en} for business in standing],
            "deferrals": [{"kind": _EXTENSION_EN, "item": _VAT_EN, "period": _PERIOD_EN}] if deferred else [],
        },
    }
