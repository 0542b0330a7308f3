"""The two parts of a deed that tell of rights: 갑구, who owned it when, and 을구, the mortgages on it.

A mortgage is given by an owner and struck when it is paid off, at the latest when the owner sells. What is struck stays
readable, and the entry that strikes it stands below it.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from central.registers.buildings.building import WHOLE, Title
from central.registers.buildings.owners import FIRST, LATER

_BANKS = (
    ("주식회사새한은행", "110111-0******", "서울특별시 중구 을지로2가 88"),
    ("주식회사다온은행", "110111-2******", "서울특별시 종로구 서린동 120"),
    ("여울저축은행주식회사", "110111-3******", "서울특별시 강남구 삼성동 61"),
    ("한가람신용협동조합", "114141-0******", "서울특별시 영등포구 당산동3가 402"),
)
_LAST_DAY = "2026-10-30"
_BOUGHT_FOR = "매매"
_RENAMED = ("주소변경", "성명(명칭)변경")
_SITE_RIGHT = "대지권설정"
_TRADED_SINCE = "2006-06-01"  # from then on a deed tells the price (부동산등기법 제68조)


class Entry(Struct, frozen=True):
    """One line. `ended`: it is struck; `stands`: it is among the valid ones."""

    no: str
    purpose: str
    received: str = ""
    received_no: str = ""
    cause_day: str = ""
    cause: str = ""
    amount: str = ""
    debtor: str = ""
    holder: str = ""
    address: str = ""
    ended: bool = False
    stands: bool = True


class Rights(Struct, frozen=True):
    """갑구 and 을구."""

    owned: tuple[Entry, ...]
    charged: tuple[Entry, ...]


class Period(Struct, frozen=True):
    """The time in which somebody owned it, alone or together, [day, until)."""

    titles: tuple[Title, ...]
    until: str


def entries_of(rng: random.Random, titles: Sequence[Title], worth: int) -> Rights:
    """Both parts, from the owners that the other registers have; `worth` is the price of today, KRW. A lot that was
    split off begins with whoever had it then.
    """
    first, *later = titles
    if _is_change(first):
        titles = (replace(first, cause=LATER), *later)
    owned = tuple(_owned(rng, titles, worth))
    charged: list[Entry] = []
    for period in _periods(titles):
        charged += _mortgage(rng, period, len(charged) + 1, worth)
    return Rights(owned, tuple(charged))


def _days(titles: Sequence[Title]) -> list[tuple[Title, ...]]:
    """Titles of one day and cause are one entry: of owners in common."""
    return [tuple(group) for _, group in groupby(titles, key=lambda title: (title.day, title.cause))]


def _is_change(title: Title) -> bool:
    """Of the name or the address of who owns it already."""
    return title.cause in _RENAMED


def _owned(rng: random.Random, titles: Sequence[Title], worth: int) -> Iterator[Entry]:
    groups = _days(titles)
    last = max(index for index, group in enumerate(groups) if not _is_change(group[0]))
    rank, changes = 0, 0
    for index, group in enumerate(groups):
        changed = _is_change(group[0])
        changes = changes + 1 if changed else 0
        rank += 0 if changed else 1
        no = f"{rank}-{changes}" if changed else str(rank)
        for place, title in enumerate(group):
            if place:
                yield Entry("", "", holder=_holder(title), address=title.address, stands=index >= last)
            else:
                yield _title(rng, no, title, worth, stands=index >= last)


def _title(rng: random.Random, no: str, title: Title, worth: int, *, stands: bool) -> Entry:
    purpose, cause = _named(title)
    bought = cause == _BOUGHT_FOR
    before = date.fromisoformat(title.day) - timedelta(days=rng.randint(12, 55))
    price = f"거래가액 금{_price(rng, worth, title.day):,}원" if title.day >= _TRADED_SINCE else ""
    return Entry(
        no=no,
        purpose=purpose,
        received=title.day,
        received_no=_number(rng),
        cause_day="" if title.cause == FIRST else before.isoformat(),
        cause=cause,
        amount=price if bought else "",
        holder=_holder(title),
        address=title.address,
        stands=stands,
    )


def _named(title: Title) -> tuple[str, str]:
    """등기목적 and 등기원인 of what another register calls by one word."""
    if _is_change(title):
        return "등기명의인표시변경", "전거" if title.cause == _RENAMED[0] else "개명(상호변경)"
    if title.cause == _SITE_RIGHT:
        return "소유권대지권", ""
    return (FIRST, "") if title.cause == FIRST else (LATER, _BOUGHT_FOR)


def _holder(title: Title) -> str:
    share = "소유자" if title.share == WHOLE else f"공유자 지분 {title.share}"
    return " ".join(word for word in (share, title.name, title.reg_no) if word)


def _periods(titles: Sequence[Title]) -> list[Period]:
    groups = [group for group in _days(titles) if not _is_change(group[0])]
    ends = [group[0].day for group in groups[1:]] + [""]
    return [Period(group, end) for group, end in zip(groups, ends, strict=True)]


def _mortgage(rng: random.Random, period: Period, rank: int, worth: int) -> list[Entry]:
    """What the owners borrowed on it, and its end when it has come."""
    first, last = date.fromisoformat(period.titles[0].day), date.fromisoformat(period.until or _LAST_DAY)
    if rng.random() > 0.45 or (last - first).days < 30 or first.year < 1970:
        return []
    bank, reg_no, place = rng.choice(_BANKS)
    given = first if period.titles[0].cause != FIRST else first + timedelta(days=rng.randint(1, 25))
    over = bool(period.until) or rng.random() < 0.4
    owner = period.titles[0]
    most = _price(rng, worth * rng.randint(25, 60) // 100, given.isoformat())
    mortgage = Entry(
        no=str(rank),
        purpose="근저당권설정",
        received=given.isoformat(),
        received_no=_number(rng),
        cause_day=given.isoformat(),
        cause="설정계약",
        amount=f"채권최고액 금{most:,}원",
        debtor=f"채무자 {owner.name} {owner.address}",
        holder=f"근저당권자 {bank} {reg_no}",
        address=place,
        ended=over,
        stands=not over,
    )
    if not over:
        return [mortgage]
    paid = given + timedelta(days=rng.randint(20, max(20, (last - given).days)))
    day = min(paid, last).isoformat()
    purpose = f"순위 {rank}번 근저당권설정 등기말소"
    end = Entry(str(rank + 1), purpose, day, _number(rng), day, "해지", stands=False)
    return [mortgage, end]


def _price(rng: random.Random, worth: int, day: str) -> int:
    """What was paid on that day for what is worth so much today, in whole millions."""
    then = worth * 1.045 ** (int(day[:4]) - int(_LAST_DAY[:4])) * rng.uniform(0.9, 1.1)
    return max(round(then / 1_000_000), 1) * 1_000_000


def _number(rng: random.Random) -> str:
    return f"제{rng.randint(1_000, 98_000)}호"
