"""Who owes local tax, who was given time for it (징수유예, 지방세징수법 제25조), and what a clearance says of that.

Of the well-known people the one with the rare hanja owes the newest tax, and the one with the long name was given time.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from central.registers.records.record import Record
from central.registers.residents import known
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY

CLEARANCE = "local-tax-clearance"
ADULT_YEARS = 17
PAID, UNPAID, DEFERRED = "납부", "미납", "징수유예"
Row = dict[str, Any]

_OWING, _GIVEN_TIME = 0.05, 0.03
_UNPAID_SINCE: Final = "2025"


class Standing:
    """How each of the town's taxpayers stands with the office."""

    def __init__(self, seed: int, people: Population) -> None:
        by_card = {card.number: card.person for card in people.cards}
        self._seed = seed
        self._known = {by_card[number]: PAID for number in known.ALL}
        self._known |= {by_card[known.RARE]: UNPAID, by_card[known.FOREIGN]: DEFERRED}

    def settle(self, one: Person, items: dict[str, list[Row]]) -> None:
        """Mark what of the person's taxes is not paid: the newest, and with it some of the last two years'."""
        rng = random.Random(f"{self._seed}:unpaid:{one.id}")
        chance = rng.random()
        drawn = UNPAID if chance < _OWING else DEFERRED if chance < _OWING + _GIVEN_TIME else PAID
        state = self._known.get(one.id, drawn)
        rows = sorted((row for rows in items.values() for row in rows), key=lambda row: str(row["due"]))
        if state == PAID or not rows:
            return
        newest = rows[-1]
        if state == UNPAID:
            for row in rows[:-1]:
                if row["year"] >= _UNPAID_SINCE and rng.random() < 0.3:
                    row["state"] = UNPAID
        newest["state"] = state


def clearances(people: Population, assessed: Iterable[Record]) -> Iterator[Record]:
    """For every grown person whether all that was assessed is paid; who was never assessed owes nothing."""
    taxes = {record.person: record.items for record in assessed}
    for one in people.people:
        if not one.died and LAST_DAY.year - int(one.born[:4]) >= ADULT_YEARS:
            yield Record(CLEARANCE, _clearance(taxes.get(one.id, {})), person=one.id)


def _clearance(items: dict[str, list[Row]]) -> dict[str, Any]:
    """What of the taxes stands in the way of a clearance, and what does not although it is not paid."""
    rows = [row for rows in items.values() for row in rows]
    return {
        "arrears": [row for row in rows if row["state"] == UNPAID],
        "deferrals": [_deferral(row) for row in rows if row["state"] == DEFERRED],
    }


def _deferral(row: Row) -> Row:
    """What was given time, for how long."""
    shown = {name: row[name] for name in ("year", "item", "due", "amount")}
    return {"kind": DEFERRED, "until": _six_months_later(date.fromisoformat(row["due"])).isoformat(), **shown}


def _six_months_later(day: date) -> date:
    """As long as time is given for at most (제25조의2)."""
    months = day.month + 6
    return date(day.year + (months > 12), (months - 1) % 12 + 1, min(day.day, 28))
