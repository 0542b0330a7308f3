"""Farmland of the well-known family's head, so that a demo has some to show: a field, and a paddy shared with his wife.

He is entered at the address by its road, as registers have written it since 2011. The town's people are drawn from
entries by the lot (residents/owners.py), so he is not made a second time.
"""

import msgspec

from central.registers.district import dong_named
from central.registers.parcel import (
    GradeEntry,
    LandEntry,
    Lot,
    OwnerEntry,
    Parcel,
    ParcelState,
    PriceEntry,
    Sharer,
)

_DONG = dong_named("신길동")
FIELD = Lot(_DONG.code, False, 501, 0)
PADDY = Lot(_DONG.code, False, 502, 0)
_WIFE, _WIFE_NO = "성춘향", "820505-2******"
OWNER, OWNER_NO = "홍길동", "800101-1******"
_HOME = "서울특별시 영등포구 국제금융로 10, 101동 1203호 (여의도동)"
_FIRST_PRICE, _YEARLY = 410_000, 21_000  # KRW per m²


def farms() -> list[Parcel]:
    """The two lots."""
    return [
        _farm(FIELD, ("01", "전"), 16_529, "2020-05-14", OWNER),
        msgspec.structs.replace(
            _farm(PADDY, ("02", "답"), 9_917, "2021-02-19", f"{OWNER} 외 1인"),
            sharers=tuple(
                Sharer("2021-02-19", "03", "소유권이전", "1/2", _HOME, *who)
                for who in ((OWNER, OWNER_NO), (_WIFE, _WIFE_NO))
            ),
        ),
    ]


def _farm(lot: Lot, category: tuple[str, str], area: int, bought: str, owner: str) -> Parcel:
    code, name = category
    first = OwnerEntry("1957-06-03", "02", "소유권보존", f"{_DONG.location} {lot.number}", "서들녘", "")
    return Parcel(
        lot=lot,
        state=ParcelState.LIVE,
        map_no="84",
        scale="1:1200",
        land=(LandEntry(code, name, area, "1957-05-20", "01", "신규등록"),),
        owners=(first, OwnerEntry(bought, "03", "소유권이전", _HOME, owner, OWNER_NO)),
        grades=(GradeEntry("1984-07-01", "112"), GradeEntry("1990-01-01", "124")),
        prices=tuple(PriceEntry(year, _FIRST_PRICE + _YEARLY * (year - 1991)) for year in range(1991, 2027)),
    )
