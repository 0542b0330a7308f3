"""A parcel as the land register keeps it, and its record in the words of the certificates drawn from it.

Form: 토지대장, 임야대장 (공간정보의 구축 및 관리 등에 관한 법률 제71조). Areas are whole tenths of a square metre.
"""

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from central.registers.district import dong_of


class ParcelState(StrEnum):
    """LIVE can be certified; CHANGING is being amended this minute; CLOSED was struck off (말소)."""

    LIVE = "live"
    CHANGING = "changing"
    CLOSED = "closed"


class Lot(Struct, frozen=True, order=True):
    """Which parcel: the dong's ten-digit code, land or 산, main and sub number."""

    dong: str
    mountain: bool
    main: int
    sub: int

    @property
    def number(self) -> str:
        """The lot number as printed: `60`, `60-1`, `산 12`."""
        plain = f"{self.main}-{self.sub}" if self.sub else str(self.main)
        return f"산 {plain}" if self.mountain else plain

    @property
    def unique_no(self) -> str:
        """The 19 digits that name a parcel in the whole country, grouped 10-5-4."""
        return f"{self.dong}-{2 if self.mountain else 1}{self.main:04d}-{self.sub:04d}"


class LandEntry(Struct, frozen=True):
    """One row of the land's own history. `area` in tenths of m², `date` ISO."""

    category_code: str
    category: str
    area: int
    date: str
    cause_code: str
    cause: str


class OwnerEntry(Struct, frozen=True):
    """One row of the owners' history. `reg_no` is kept masked: the register never had more."""

    date: str
    cause_code: str
    cause: str
    address: str
    name: str
    reg_no: str


class Sharer(Struct, frozen=True):
    """One of several who own a lot together. `share` is a fraction, `2/7`; all of a lot's are one. `reg_no`: masked."""

    date: str
    cause_code: str
    cause: str
    share: str
    address: str
    name: str
    reg_no: str


class GradeEntry(Struct, frozen=True):
    """The land grade from `date` on (grades ended in 1995)."""

    date: str
    grade: str


class PriceEntry(Struct, frozen=True):
    """The officially assessed price on 1 January of `year`, KRW per m²."""

    year: int
    won_per_m2: int


class Parcel(Struct, frozen=True):
    """All that the register holds about one parcel; every list in order of time.

    `sharers`: today's owners where there are several (공유지연명부), else nobody.
    """

    lot: Lot
    state: ParcelState
    map_no: str
    scale: str
    land: tuple[LandEntry, ...]
    owners: tuple[OwnerEntry, ...]
    grades: tuple[GradeEntry, ...] = ()
    prices: tuple[PriceEntry, ...] = ()
    note: str = ""
    sharers: tuple[Sharer, ...] = ()

    @property
    def area(self) -> int:
        """The area now, in tenths of m²; 0 once struck off."""
        return 0 if self.state is ParcelState.CLOSED else self.land[-1].area


def parcel_items(parcel: Parcel) -> dict[str, Any]:
    """All that the register can certify of a parcel, by field; a type's source.toml says which of it stands on a paper.

    `category` and `area_m2` are today's.
    """
    dong = dong_of(parcel.lot.dong)
    if dong is None:
        raise ValueError(f"no dong {parcel.lot.dong} in this district")
    sheets = len(parcel.land) // 12 + 1
    return {
        "unique_no": parcel.lot.unique_no,
        "map_no": parcel.map_no,
        "register_no": f"{sheets}-1",
        "scale": parcel.scale,
        "location": dong.location,
        "lot": parcel.lot.number,
        "category": parcel.land[-1].category,
        "area_m2": tenths(parcel.area),
        "note": parcel.note,
        "land": [_land(entry) for entry in parcel.land],
        "owners": [_owner(entry) for entry in parcel.owners],
        "grades": [_grade(entry) for entry in parcel.grades],
        "prices": [_price(entry) for entry in parcel.prices],
        "sharers": [_sharer(no, one) for no, one in enumerate(parcel.sharers, 1)],
    }


def tenths(area: int) -> str:
    """An area in tenths of m² as the register writes it: `33058.1`, `330`."""
    whole, tenth = divmod(area, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def _land(entry: LandEntry) -> dict[str, str]:
    return {
        "category_code": entry.category_code,
        "category": entry.category,
        "area_m2": tenths(entry.area),
        "date": entry.date,
        "cause_code": entry.cause_code,
        "cause": entry.cause,
    }


def _owner(entry: OwnerEntry) -> dict[str, str]:
    return {
        "date": entry.date,
        "cause_code": entry.cause_code,
        "cause": entry.cause,
        "address": entry.address,
        "name": entry.name,
        "reg_no": entry.reg_no,
    }


def _sharer(no: int, one: Sharer) -> dict[str, str]:
    return {"no": str(no), **msgspec.structs.asdict(one)}


def _grade(entry: GradeEntry) -> dict[str, str]:
    return {"date": entry.date, "grade": entry.grade}


def _price(entry: PriceEntry) -> dict[str, str | int]:
    return {"base_date": f"{entry.year}-01-01", "won_per_m2": entry.won_per_m2}
