"""The military manpower office's records: what was decided about each man from 19 on, and how he served (병역법).

Simplified: one decision and one term of service a man; the terms of the army's ranks, by the year of entry; nobody is
an officer. The resident register says nothing of stays abroad, so nobody was there. Service numbers are nobody's: the
range 99 after the year was never given out.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from central.registers.records.record import Record
from central.registers.residents.living import after
from central.registers.residents.record import Person, Population
from central.registers.residents.town import LAST_DAY

MILITARY = "military"
YEARS = 19  # examined in the year in which a man turns 19 (법 제11조)
FREE_FROM = 41  # a private's duty ends with the year in which he turns 40 (법 제72조)
_FIRST_EXAM = 1951
_BRANCHES = ("육군",) * 16 + ("공군",) * 2 + ("해군", "해병대")
_LONGER = {"공군": 3, "해군": 2}  # months more than the army's
_LONGEST = 36

T = TypeVar("T")

# From that year on, months of service in the army. The steps between were weeks apart.
_MONTHS = ((0, 36), (1977, 33), (1984, 30), (1993, 26), (2003, 24), (2011, 21), (2020, 18))
# From that year on: what those are called who serve from home, and for how many months.
_FROM_HOME = (
    (0, ("방위병 소집 대상", 18)),
    (1995, ("공익근무요원 소집 대상", 26)),
    (2014, ("사회복무요원 소집 대상", 24)),
    (2020, ("사회복무요원 소집 대상", 21)),
)
_RANKS = ((0, "이병"), (2, "일병"), (8, "상병"), (14, "병장"))  # by months served
_HOME_RANK = "이병"


def records(seed: int, people: Population) -> Iterator[Record]:
    """A record for each living man who is 19 or older."""
    youngest = f"{LAST_DAY.year - YEARS}{LAST_DAY:-%m-%d}"
    for one in people.people:
        if not (one.female or one.died) and one.born <= youngest:
            yield _record(random.Random(f"{seed}:military:{one.id}"), one)


def _record(rng: random.Random, one: Person) -> Record:
    born = date.fromisoformat(one.born)
    year = max(born.year + YEARS, _FIRST_EXAM)
    decided = date(year, 2, 1) + timedelta(days=rng.randrange(250))
    disposition, duty, services = _decision(rng, born, decided)
    items = {
        "disposition": disposition,
        "disposition_date": decided.isoformat(),
        "duty": "면역" if LAST_DAY.year >= born.year + FREE_FROM and duty != "병역면제" else duty,
        "services": services,
    }
    return Record(MILITARY, items, person=one.id)


def _decision(rng: random.Random, born: date, decided: date) -> tuple[str, str, list[dict[str, str]]]:
    """What was decided, the kind of duty that he has now, and his service so far.

    The conscription of 1951 came too late for those who were older by then.
    """
    chance = rng.random()
    enlisted = _enlisted(rng, born, decided)
    if decided.year > born.year + YEARS or chance < 0.04:
        return "전시근로역", "전시근로역", []
    if chance < 0.06:
        return "병역면제", "병역면제", []
    if chance < 0.16:
        name, months = _in_force(_FROM_HOME, decided.year)
        return name, "보충역", _service(rng, "육군", enlisted, months, from_home=True)
    branch = rng.choice(_BRANCHES)
    months = min(_in_force(_MONTHS, enlisted.year) + _LONGER.get(branch, 0), _LONGEST)
    services = _service(rng, branch, enlisted, months, from_home=False)
    now = "현역" if services and not services[0]["discharged"] else "예비역"
    return "현역병 입영 대상", now if services else "병역준비역", services


def _enlisted(rng: random.Random, born: date, decided: date) -> date:
    """A Monday between 19 and 28, two months after the decision at the earliest."""
    day = max(after(born, rng.triangular(19.2, 27.9, 20.8)), decided + timedelta(days=60))
    return day + timedelta(days=-day.weekday() % 7)


def _service(
    rng: random.Random, branch: str, enlisted: date, months: int, *, from_home: bool
) -> list[dict[str, str]]:
    """The term of service, nothing before it has begun."""
    if enlisted > LAST_DAY:
        return []
    last = after(enlisted, months / 12) - timedelta(days=1)
    over = last <= LAST_DAY
    served = (min(last, LAST_DAY) - enlisted).days * 12 // 365
    entry = {
        "branch": branch,
        "rank": _HOME_RANK if from_home else _in_force(_RANKS, served),
        "number": f"{enlisted:%y}-99{rng.randrange(1_000_000):06d}",
        "enlisted": enlisted.isoformat(),
        "discharged": last.isoformat() if over else "",
        "discharge": ("소집해제" if from_home else "만기전역") if over else "복무 중",
    }
    return [entry]


def _in_force(rows: Sequence[tuple[int, T]], at: int) -> T:
    """What the last row says that begins at `at` or before it."""
    return next(value for since, value in reversed(rows) if since <= at)
