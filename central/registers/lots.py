"""Lots that demos and tests can rely on, whatever the seed. Sheets are with the whole history and recent prices.

ONE_SHEET   여의도동 60         a company's site, short history: one sheet
TWO_SHEETS  영등포동4가 118     a site split and sold often: two sheets
LONG        문래동3가 55        an old factory site, split for a century: five sheets
CHANGING    당산동1가 12        is being amended this minute: refused, record-under-change
CLOSED      대림동 700-1        merged into 700 and struck off: refused, record-closed
FOREST      신길동 산 12        a parcel of the forest register: two sheets
APARTMENTS  여의도동 23         the well-known family's home: two blocks of apartments and one of shops
UNMAPPED    도림동 901          in the register and on no map, since the war: its map is refused, no-record
FIELD       신길동 501          a field of the well-known family's head, and PADDY beside it (farms.py)
MISSING     여의도동 9999       there is no such parcel: refused, parcel-not-found
CLOSED_INTO 대림동 700          what 700-1 was merged into; three factories stand on it, and one on ONE_SHEET
"""

import random
from datetime import date

import msgspec

from central.registers.district import dong_named
from central.registers.farms import FIELD, PADDY, farms
from central.registers.lot_changes import FIRST_PRICE_YEAR, Family, Plan
from central.registers.parcel import GradeEntry, LandEntry, Lot, OwnerEntry, Parcel, ParcelState, PriceEntry
from central.registers.people import Owner

_YEOUIDO = dong_named("여의도동").code
ONE_SHEET = Lot(_YEOUIDO, False, 60, 0)
ONE_SHEET_SPLIT = Lot(_YEOUIDO, False, 60, 1)
APARTMENTS = Lot(_YEOUIDO, False, 23, 0)
TWO_SHEETS = Lot(dong_named("영등포동4가").code, False, 118, 0)
LONG = Lot(dong_named("문래동3가").code, False, 55, 0)
CHANGING = Lot(dong_named("당산동1가").code, False, 12, 0)
CLOSED_INTO = Lot(dong_named("대림동").code, False, 700, 0)
CLOSED = Lot(dong_named("대림동").code, False, 700, 1)
FOREST = Lot(dong_named("신길동").code, True, 12, 0)
UNMAPPED = Lot(dong_named("도림동").code, False, 901, 0)
MISSING = Lot(_YEOUIDO, False, 9999, 0)

RESERVED = frozenset(
    (lot.dong, lot.mountain, lot.main)
    for lot in (
        ONE_SHEET,
        APARTMENTS,
        TWO_SHEETS,
        LONG,
        CHANGING,
        CLOSED_INTO,
        FOREST,
        UNMAPPED,
        FIELD,
        PADDY,
        MISSING,
    )
)

_PRICES_1990 = 4_300_000
_COMPANY = "한빛생명보험주식회사"
_COMPANY_NO = "110111-0******"
# Who built the apartments and kept a shop there.
BUILDER = Owner("한빛건설주식회사", "서울특별시 중구 태평로1가 25", "110111-1******")
BUILT, UNITS = date(1996, 11, 20), 124


def well_known(seed: int) -> list[Parcel]:
    """The parcels above, with the sisters that their histories name."""
    two = _family(seed, TWO_SHEETS, Plan(date(1936, 4, 1), "전", 52_000, 6, 8, 900_000, focus=True))
    long = _family(seed, LONG, Plan(date(1923, 8, 11), "전", 912_000, 34, 56, 700_000, focus=True))
    changing = _family(seed, CHANGING, Plan(date(1938, 5, 2), "대", 8_210, 0, 4, 800_000, focus=True))
    forest = _family(seed, FOREST, Plan(date(1918, 3, 20), "임야", 138_450, 0, 5, 60_000, focus=True))
    changing[0] = msgspec.structs.replace(changing[0], state=ParcelState.CHANGING)
    yeouido = (*_yeouido_60(), _apartments())
    return [*yeouido, *two, *long, *changing, *_merged(), *forest, _unmapped(), *farms()]


def _family(seed: int, mother: Lot, plan: Plan) -> list[Parcel]:
    return Family(random.Random(f"{seed}:{mother.unique_no}"), mother, plan).grow()


def _land(category: str, code: str, area: int, day: str, cause_code: str, cause: str) -> LandEntry:
    return LandEntry(code, category, area, day, cause_code, cause)


def _unmapped() -> Parcel:
    """A lot whose entry was restored after the war (지적복구) and whose boundary never was: it has no map number."""
    return Parcel(
        lot=UNMAPPED,
        state=ParcelState.LIVE,
        map_no="",
        scale="1:600",
        land=(_land("잡종지", "28", 2_975, "1954-11-08", "03", "지적복구"),),
        owners=(OwnerEntry("1954-11-08", "02", "소유권보존", "", "국", ""),),
        note="지적도 미복구",
    )


def _yeouido_60() -> list[Parcel]:
    """A tower's site, and the strip that was split off it."""
    owners = (
        OwnerEntry("1979-07-02", "03", "소유권이전", "서울특별시 중구 태평로2가 43", _COMPANY, _COMPANY_NO),
        OwnerEntry("2002-12-24", "04", "주소변경", "서울특별시 영등포구 63로 50", _COMPANY, _COMPANY_NO),
    )
    site = Parcel(
        lot=ONE_SHEET,
        state=ParcelState.LIVE,
        map_no="12",
        scale="1:600",
        land=(
            _land("대", "08", 330_581, "1979-06-12", "40", "지목변경"),
            _land("대", "08", 263_635, "1985-05-27", "20", "분할되어 본번에 60-1을 부함"),
        ),
        owners=owners,
        grades=(GradeEntry("1990-01-01", "251"), GradeEntry("1995-01-01", "263")),
        prices=_prices(_PRICES_1990),
    )
    strip = Parcel(
        lot=ONE_SHEET_SPLIT,
        state=ParcelState.LIVE,
        map_no="12",
        scale="1:600",
        land=(
            _land("대", "08", 66_946, "1985-05-27", "21", "60번에서 분할"),
            _land("도로", "14", 66_946, "1985-06-03", "40", "지목변경"),
        ),
        owners=(
            owners[0],
            OwnerEntry("1985-07-19", "03", "소유권이전", "서울특별시 중구 태평로1가 31", "서울특별시", ""),
        ),
    )
    return [site, strip]


def _apartments() -> Parcel:
    """The site, which has belonged to the units' owners since the building was divided."""
    sold = f"{BUILDER.name} 외 {UNITS - 1}인"
    city = OwnerEntry("1970-10-02", "02", "소유권보존", "서울특별시 중구 태평로1가 31", "서울특별시", "")
    return Parcel(
        lot=APARTMENTS,
        state=ParcelState.LIVE,
        map_no="3",
        scale="1:600",
        land=(
            _land("잡종지", "28", 49_587, "1970-09-15", "02", "신규등록(매립준공)"),
            _land("대", "08", 49_587, "1996-12-02", "40", "지목변경"),
        ),
        owners=(
            city,
            OwnerEntry("1994-01-20", "03", "소유권이전", BUILDER.address, BUILDER.name, BUILDER.reg_no),
            OwnerEntry("1996-12-24", "21", "대지권설정", BUILDER.address, sold, BUILDER.reg_no),
        ),
        grades=(GradeEntry("1985-07-01", "221"), GradeEntry("1991-01-01", "243")),
        prices=tuple(PriceEntry(year, 3_900_000 + 341_000 * (year - 1991)) for year in range(1991, 2027)),
    )


def _prices(first: int) -> tuple[PriceEntry, ...]:
    """Prices up to 2023 grown from `first`, then the three that the form's sample shows."""
    grown = []
    price = first
    for year in range(FIRST_PRICE_YEAR, 2024):
        grown.append(PriceEntry(year, price // 10_000 * 10_000))
        price = price * 1043 // 1000
    known = (PriceEntry(2024, 17_890_000), PriceEntry(2025, 18_230_000), PriceEntry(2026, 18_610_000))
    return (*grown, *known)


def _merged() -> list[Parcel]:
    """A lot that was split off and came back: 700-1 is struck off."""
    address = "서울특별시 영등포구 대림동 700"
    owner = OwnerEntry("1958-03-14", "02", "소유권보존", address, "한여울", "")
    mother = Parcel(
        lot=CLOSED_INTO,
        state=ParcelState.LIVE,
        map_no="71",
        scale="1:600",
        land=(
            _land("전", "01", 6_612, "1958-02-27", "01", "신규등록"),
            _land("전", "01", 4_959, "1971-09-30", "20", "분할되어 본번에 700-1을 부함"),
            _land("전", "01", 6_612, "1989-04-11", "30", "700-1번과 합병"),
            _land("대", "08", 6_612, "1990-10-05", "40", "지목변경"),
        ),
        owners=(owner, OwnerEntry("1988-12-02", "03", "소유권이전", address, "송가람", "510304-2******")),
        grades=(GradeEntry("1984-07-01", "158"), GradeEntry("1990-01-01", "171")),
        prices=tuple(PriceEntry(year, 1_210_000 + 88_000 * (year - 1991)) for year in range(1991, 2027)),
    )
    gone = Parcel(
        lot=CLOSED,
        state=ParcelState.CLOSED,
        map_no="71",
        scale="1:600",
        land=(
            _land("전", "01", 1_653, "1971-09-30", "21", "700번에서 분할"),
            _land("전", "01", 0, "1989-04-11", "31", "700번에 합병되어 말소"),
        ),
        owners=(owner, OwnerEntry("1988-12-02", "03", "소유권이전", address, "송가람", "510304-2******")),
        grades=(GradeEntry("1984-07-01", "158"),),
    )
    return [mother, gone]
