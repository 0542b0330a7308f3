"""Invented owners: people, companies, their addresses and masked registration numbers. Nobody here exists."""

import random
from datetime import date

from msgspec import Struct

from central.registers.district import DISTRICT, DONGS, PROVINCE

_SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
_FIRST = "가나다도라로모보산새솔아여온은이재초하해"
_SECOND = "람루미빈별봄샘설솔숲슬울윤음인찬터품현힘"
_COMPANY_WORDS = ("한빛", "푸른들", "새한강", "여울", "샛별", "누리온", "다온", "해오름", "가람", "미리내")
_COMPANY_TRADES = ("방직", "제과", "기계공업", "건설", "물산", "화학", "상사", "개발", "섬유", "운수")
_OTHER_DISTRICTS = (
    "종로구 청운동",
    "마포구 공덕동",
    "구로구 구로동",
    "동작구 노량진동",
    "용산구 청파동",
    "양천구 목동",
)
_RESIDENT_NUMBERS_SINCE = 1968
_FIRST_COMPANY_YEAR = 1950


class Owner(Struct, frozen=True):
    """Who owns a parcel: name, address, masked registration number (empty before there were any)."""

    name: str
    address: str
    reg_no: str

    def moved_to(self, address: str) -> "Owner":
        """The same owner at another address."""
        return Owner(self.name, address, self.reg_no)


def draw_owner(rng: random.Random, day: date) -> Owner:
    """Somebody who could have become an owner on `day`."""
    if day.year >= _FIRST_COMPANY_YEAR and rng.random() < 0.15:
        return _company(rng)
    return _person(rng, day)


def draw_co_owner(rng: random.Random, surname: str, day: str) -> Owner:
    """Somebody who owns a lot together with another since `day` (ISO), often a relative; they live elsewhere."""
    kin = surname if rng.random() < 0.7 and surname in _SURNAMES else rng.choice(_SURNAMES)
    name = kin + rng.choice(_FIRST) + rng.choice(_SECOND)
    return Owner(name, _outside(rng), _resident_number(rng, date.fromisoformat(day)))


def draw_address(rng: random.Random) -> str:
    """An address in the district or in one of its neighbours."""
    lot = f"{rng.randint(1, 400)}-{rng.randint(1, 30)}" if rng.random() < 0.7 else str(rng.randint(1, 400))
    if rng.random() < 0.65:
        return f"{PROVINCE} {DISTRICT} {rng.choice(DONGS).name} {lot}"
    return f"{PROVINCE} {rng.choice(_OTHER_DISTRICTS)} {lot}"


def _outside(rng: random.Random) -> str:
    return f"{PROVINCE} {rng.choice(_OTHER_DISTRICTS)} {rng.randint(1, 400)}-{rng.randint(1, 30)}"


def draw_company_name(rng: random.Random) -> str:
    """The name of a company that does not exist."""
    name = rng.choice(_COMPANY_WORDS) + rng.choice(_COMPANY_TRADES)
    return f"{name}주식회사" if rng.random() < 0.6 else f"주식회사{name}"


def _company(rng: random.Random) -> Owner:
    return Owner(draw_company_name(rng), draw_address(rng), f"110111-{rng.randint(0, 4)}******")


def _person(rng: random.Random, day: date) -> Owner:
    first = rng.choice(_FIRST)
    name = rng.choice(_SURNAMES) + first + rng.choice([second for second in _SECOND if second != first])
    if rng.random() < 0.12:
        name += f" 외 {rng.randint(1, 6)}인"
    return Owner(name, draw_address(rng), _resident_number(rng, day))


def _resident_number(rng: random.Random, day: date) -> str:
    """Date of birth and the digit of sex and century; the rest is masked."""
    born = date(day.year - rng.randint(22, 70), rng.randint(1, 12), rng.randint(1, 28))
    digit = rng.randint(1, 2) + (2 if born.year >= 2000 else 0)
    return "" if day.year < _RESIDENT_NUMBERS_SINCE else f"{born:%y%m%d}-{digit}******"
