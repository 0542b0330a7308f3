"""How one lot becomes a family of lots: splits, mergers, changes of category and of owners, in order of time.

A split takes its area from the lot it leaves and a merger gives it back, so the living lots of a family always add up
to the area it was registered with.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from msgspec import Struct

from central.registers.categories import CATEGORIES
from central.registers.joint import sharers_of
from central.registers.parcel import GradeEntry, LandEntry, Lot, OwnerEntry, Parcel, ParcelState, PriceEntry
from central.registers.people import Owner, draw_address, draw_company_name, draw_owner

_UNPRICED = ("도로", "하천", "철도용지")
_BECOMES = {
    "전": ("대", "대", "대", "공장용지", "도로"),
    "답": ("대", "대", "공장용지", "전"),
    "잡종지": ("대", "공장용지"),
    "공장용지": ("대", "잡종지"),
    "대": ("도로", "공장용지"),
    "임야": ("대", "공원"),
}
_SMALLEST = 300  # tenths of m²: nobody splits a lot below 30 m²
_OPEN_VOWEL_DIGITS = "2459"  # read 이, 사, 오, 구: the particle is 를, else 을
_GRADE_YEARS_JULY, _GRADE_YEARS_JANUARY = (1984, 1985, 1986), (1989, 1990, 1991, 1993, 1995)
_GRADE_DAYS = (
    *(f"{year}-07-01" for year in _GRADE_YEARS_JULY),
    *(f"{year}-01-01" for year in _GRADE_YEARS_JANUARY),
)
FIRST_PRICE_YEAR = 1990


class Plan(Struct, frozen=True):
    """What is to happen to a family. Counts of events; with `focus` all of them happen to the mother lot."""

    founded: date
    category: str
    area: int
    land_events: int
    owner_events: int
    base_price: int
    last_day: date = date(2026, 1, 31)
    focus: bool = False


@dataclass(eq=False)
class _Draft:
    """A lot while its history is being made."""

    lot: Lot
    owner: Owner
    land: list[LandEntry] = field(default_factory=list)
    owners: list[OwnerEntry] = field(default_factory=list)
    closed: str = ""

    @property
    def category(self) -> str:
        return self.land[-1].category

    @property
    def area(self) -> int:
        return self.land[-1].area


class Family:
    """The lots grown from one mother lot. `grow` makes them; the same generator state gives the same family."""

    def __init__(self, rng: random.Random, mother: Lot, plan: Plan) -> None:
        self._rng = rng
        self._plan = plan
        owner = draw_owner(rng, plan.founded)
        self._mother = _Draft(mother, owner)
        self._drafts = [self._mother]
        first = "신규등록" if plan.founded.year < 1968 else "신규등록(매립준공)"
        code = "01" if plan.founded.year < 1968 else "02"
        self._add_land(self._mother, plan.category, plan.area, plan.founded, code, first)
        self._add_owner(self._mother, plan.founded, "02", "소유권보존")

    def grow(self) -> list[Parcel]:
        """Let the planned events happen, then write the family down."""
        for day, kind in self._calendar():
            draft = self._whom()
            if kind == "owner":
                self._owner_event(draft, day)
            else:
                self._land_event(draft, day)
        return [self._written(draft) for draft in self._drafts]

    def _calendar(self) -> list[tuple[date, str]]:
        kinds = ["land"] * self._plan.land_events + ["owner"] * self._plan.owner_events
        span = (self._plan.last_day - self._plan.founded).days
        days = sorted(self._rng.sample(range(30, span), len(kinds)))
        self._rng.shuffle(kinds)
        founded = self._plan.founded
        return [(_working_day(founded + timedelta(day)), kind) for day, kind in zip(days, kinds, strict=True)]

    def _whom(self) -> _Draft:
        living = [draft for draft in self._drafts if not draft.closed]
        return self._mother if self._plan.focus else self._rng.choice(living)

    # --- the land ---

    def _land_event(self, draft: _Draft, day: date) -> None:
        choice = self._rng.random()
        sister = self._mergeable(draft)
        if choice < 0.25 and sister is not None:
            self._merge(draft, sister, day)
        elif choice < 0.75 and draft.area >= 4 * _SMALLEST:
            self._split(draft, day)
        else:
            self._change_category(draft, day)

    def _split(self, draft: _Draft, day: date) -> None:
        """Part of the lot becomes a new one, with the category and the owner it had."""
        most = int(draft.area * (0.12 if self._plan.focus else 0.55))
        taken = self._rng.randint(_SMALLEST, max(_SMALLEST, most))
        new = Lot(
            draft.lot.dong, draft.lot.mountain, draft.lot.main, max(d.lot.sub for d in self._drafts) + 1
        )
        child = _Draft(new, draft.owner, owners=[draft.owners[-1]])
        left = f"{new.main}-{new.sub}"
        self._add_land(
            draft,
            draft.category,
            draft.area - taken,
            day,
            "20",
            f"분할되어 본번에 {left}{_object(left)} 부함",
        )
        self._add_land(child, draft.category, taken, day, "21", f"{draft.lot.number}번에서 분할")
        self._drafts.append(child)

    def _mergeable(self, draft: _Draft) -> _Draft | None:
        for other in reversed(self._drafts):
            if other in (draft, self._mother) or other.closed:
                continue
            if other.category == draft.category:
                return other
        return None

    def _merge(self, draft: _Draft, gone: _Draft, day: date) -> None:
        """`gone` is struck off and its area goes to `draft`."""
        area = draft.area + gone.area
        self._add_land(gone, gone.category, 0, day, "31", f"{draft.lot.number}번에 합병되어 말소")
        gone.closed = day.isoformat()
        self._add_land(draft, draft.category, area, day, "30", f"{gone.lot.number}번과 합병")

    def _change_category(self, draft: _Draft, day: date) -> None:
        options = [name for name in _BECOMES.get(draft.category, ("대",)) if name != draft.category]
        if not options:
            return
        category = self._rng.choice(options)
        self._add_land(draft, category, draft.area, day, "40", "지목변경")

    def _add_land(self, draft: _Draft, category: str, area: int, day: date, code: str, cause: str) -> None:
        draft.land.append(LandEntry(CATEGORIES[category], category, area, day.isoformat(), code, cause))

    # --- the owners ---

    def _owner_event(self, draft: _Draft, day: date) -> None:
        choice = self._rng.random()
        if choice < 0.6:
            draft.owner = draw_owner(self._rng, day)
            self._add_owner(draft, day, "03", "소유권이전")
        elif choice < 0.92 or "주식회사" not in draft.owner.name:
            draft.owner = draft.owner.moved_to(draw_address(self._rng))
            self._add_owner(draft, day, "04", "주소변경")
        else:
            draft.owner = Owner(draw_company_name(self._rng), draft.owner.address, draft.owner.reg_no)
            self._add_owner(draft, day, "05", "성명(명칭)변경")

    def _add_owner(self, draft: _Draft, day: date, code: str, cause: str) -> None:
        owner = draft.owner
        draft.owners.append(OwnerEntry(day.isoformat(), code, cause, owner.address, owner.name, owner.reg_no))

    # --- what is derived at the end ---

    def _written(self, draft: _Draft) -> Parcel:
        mountain = draft.lot.mountain
        return Parcel(
            lot=draft.lot,
            state=ParcelState.CLOSED if draft.closed else ParcelState.LIVE,
            map_no=str(draft.lot.main // 10 + 1),
            scale="1:6000" if mountain else "1:600",
            land=tuple(draft.land),
            owners=tuple(draft.owners),
            grades=() if mountain else self._grades(draft),
            prices=self._prices(draft),
            sharers=sharers_of(draft.owners),
        )

    def _grades(self, draft: _Draft) -> tuple[GradeEntry, ...]:
        grade = self._rng.randint(90, 190)
        entries = []
        for day in _GRADE_DAYS:
            if draft.land[0].date < day and not (draft.closed and draft.closed <= day):
                entries.append(GradeEntry(day, str(grade)))
                grade += self._rng.randint(2, 14)
        return tuple(entries)

    def _prices(self, draft: _Draft) -> tuple[PriceEntry, ...]:
        if draft.category in _UNPRICED:
            return ()
        entries = []
        price = float(self._plan.base_price)
        for year in range(FIRST_PRICE_YEAR, self._plan.last_day.year + 1):
            price *= 1 + _yearly_change(year) + self._rng.uniform(-0.015, 0.015)
            day = f"{year}-01-01"
            if draft.land[0].date < day and not (draft.closed and draft.closed <= day):
                entries.append(PriceEntry(year, _rounded(price)))
        return tuple(entries)


def _object(number: str) -> str:
    """The object particle after a number read aloud."""
    return "를" if number[-1] in _OPEN_VOWEL_DIGITS else "을"


def _working_day(day: date) -> date:
    """The register is not written on a Sunday."""
    return day + timedelta(days=1) if day.isoweekday() == 7 else day


def _yearly_change(year: int) -> float:
    """How prices moved: down in 1998 and 2009, level in 2023, up otherwise."""
    return {1998: -0.12, 1999: -0.01, 2009: -0.03, 2023: -0.055}.get(year, 0.045)


def _rounded(price: float) -> int:
    """Three leading digits, as prices are announced."""
    step = int(10 ** max(3, len(str(int(price))) - 3))
    return int(price / step) * step
