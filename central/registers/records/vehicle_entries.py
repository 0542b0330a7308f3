"""What is entered in the register of a vehicle or a machine (등록원부): part A (갑) is about the thing and whose it is,
part B (을) about what it is pledged for. Entries that hold no longer are kept apart, for who does not ask for them.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from msgspec import Struct

from central.registers.residents.record import Household, Person, Population
from central.registers.residents.town import LAST_DAY

DEALERS: Final = ("(주)한강렌트카", "누리중고차매매상사", "(주)샛별오토", "영등포모터스(주)")
_LENDERS: Final = ("한강캐피탈(주)", "누리저축은행(주)", "샛별새마을금고")
_SEIZURES: Final = ("주정차 위반 과태료", "의무보험 미가입 과태료", "정기검사 지연 과태료")
_OFFICE: Final = "서울특별시 영등포구청장"

Row = dict[str, Any]
Change = tuple[date, str, str, str]  # day, what, detail, the day on which it ended or ""


class Holding(Struct, frozen=True):
    """Whose it is and since when; `before`: the firm that had it first, "" for one that was bought new."""

    owner: Person
    first: date
    bought: date
    before: str = ""


class Chances(Struct, frozen=True):
    """How often something is seized or pledged, and what it may be pledged for, KRW."""

    seized: float
    pledged: float
    worth: tuple[int, int]


class Book:
    """Part A of one thing as it is written, entry by entry."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._main = self._sub = 0
        self.rows: list[Row] = []

    def owner(self, day: date, what: str, detail: str) -> None:
        """An entry of its own: somebody has it from now on."""
        self._main, self._sub = self._main + 1, 0
        self._write(str(self._main), day, what, detail, "")

    def change(self, day: date, what: str, detail: str, ended: str = "") -> None:
        """An entry that belongs to the owner's."""
        self._sub += 1
        self._write(f"{self._main}-{self._sub}", day, what, detail, ended)

    def _write(self, no: str, day: date, what: str, detail: str, ended: str) -> None:
        receipt = receipt_of(self._rng, day)
        entry = {"no": no, "what": what, "detail": detail, "date": day.isoformat()}
        self.rows.append({**entry, "receipt": receipt, "ended": ended})


def parts(rng: random.Random, held: Holding, home: Household, chances: Chances) -> dict[str, list[Row]]:
    """Both parts, what holds and what is past of each."""
    book = Book(rng)
    book.owner(held.first, "신규등록", held.before or "신조")
    if held.before:
        book.owner(held.bought, "이전등록", f"{held.before} 매도")
    for day, what, detail, ended in sorted(_moves(rng, held, home) + _seizures(rng, held, chances)):
        book.change(day, what, detail, ended)
    liens = _liens(rng, held, chances)
    return {
        "entries": [row for row in book.rows if not _is_past(row, book.rows)],
        "past": [row for row in book.rows if _is_past(row, book.rows)],
        "liens": [lien for lien in liens if not lien["ended"]],
        "past_liens": [lien for lien in liens if lien["ended"]],
    }


def _is_past(row: Row, rows: Sequence[Row]) -> bool:
    """What has ended, an owner before the last one, and a place before the last one."""
    later = any(other["what"] == row["what"] and other["date"] > row["date"] for other in rows)
    return bool(row["ended"]) or (row["what"] != "압류등록" and later)


def _moves(rng: random.Random, held: Holding, home: Household) -> list[Change]:
    """The household's moves while the owner had it and lived there, each reported within two weeks."""
    since = max(held.bought.isoformat(), held.owner.stays[-1].since)
    moved = [address for address in home.addresses if address.since > since]
    days = [date.fromisoformat(one.since) + timedelta(days=rng.randint(1, 14)) for one in moved]
    return [
        (min(day, LAST_DAY), "변경등록", f"사용본거지 {one.dwelling.written('')}", "")
        for day, one in zip(days, moved, strict=True)
    ]


def _seizures(rng: random.Random, held: Holding, chances: Chances) -> list[Change]:
    if rng.random() >= chances.seized:
        return []
    day = between(rng, held.bought, LAST_DAY)
    lifted = day + timedelta(days=rng.randint(20, 400))
    detail = f"{_OFFICE} · {rng.choice(_SEIZURES)} 체납"
    return [(day, "압류등록", detail, lifted.isoformat() if lifted <= LAST_DAY else "")]


def _liens(rng: random.Random, held: Holding, chances: Chances) -> list[Row]:
    """A loan for buying it, paid back after three or five years."""
    if rng.random() >= chances.pledged:
        return []
    day = min(held.bought + timedelta(days=rng.randint(0, 5)), LAST_DAY)
    paid = day + timedelta(days=365 * rng.choice((3, 5)) + rng.randint(0, 20))
    least, most = chances.worth
    lien = {
        "no": "1",
        "amount": rng.randint(least // 100_000, most // 100_000) * 100_000,
        "creditor": rng.choice(_LENDERS),
        "contract": min(held.bought, day).isoformat(),
        "date": day.isoformat(),
        "receipt": receipt_of(rng, day),
        "ended": paid.isoformat() if paid <= LAST_DAY else "",
    }
    return [lien]


def receipt_of(rng: random.Random, day: date) -> str:
    """The number under which an application came in: year, month, running number."""
    return f"{day:%Y%m}-{rng.randint(1, 99_999):06}"


def between(rng: random.Random, first: date, last: date) -> date:
    """A day from `first` on, before `last` where there is one."""
    return first + timedelta(days=rng.randrange(max(1, (last - first).days)))


def inspected_until(first: date, years: tuple[int, int]) -> str:
    """When the inspection holds until: at first so many years, then each time so many."""
    once, again = years
    year = first.year + once
    while (until := _in_year(first, year)) <= LAST_DAY:
        year += again
    return until.isoformat()


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, 28)) - timedelta(days=1)


def at_home(people: Population) -> dict[int, list[Person]]:
    """Who is in each household, by its id."""
    found: dict[int, list[Person]] = {}
    for one in people.people:
        found.setdefault(one.household, []).append(one)
    return found


def adults(people: Sequence[Person], home: Household, years: int = 20) -> list[Person]:
    """Who may own something: the living of the household from that age on, its head first, then by age."""
    youngest = f"{LAST_DAY.year - years}{LAST_DAY:-%m-%d}"
    grown = [one for one in people if one.born <= youngest]
    return sorted(grown, key=lambda one: (one.id != home.head, one.born, one.id))
