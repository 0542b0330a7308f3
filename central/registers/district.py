"""Yeongdeungpo-gu and its 34 legal dongs (법정동), with the ten-digit codes of the administrative standard."""

from msgspec import Struct

PROVINCE = "서울특별시"
DISTRICT = "영등포구"
OFFICE = "서울특별시 영등포구청장"
MUNICIPALITY = "1156000000"  # its ten-digit code of the administrative standard, as fees name it
ISSUER = "KR-3180000"  # the district office's administrative agency code


class Dong(Struct, frozen=True):
    """A legal dong: its code and its name."""

    code: str
    name: str

    @property
    def location(self) -> str:
        """The place as a register writes it."""
        return f"{PROVINCE} {DISTRICT} {self.name}"


_NAMES = (
    *("영등포동", *(f"영등포동{n}가" for n in range(1, 9)), "여의도동"),
    *(*(f"당산동{n}가" for n in range(1, 7)), "당산동", "도림동"),
    *(f"문래동{n}가" for n in range(1, 7)),
    *(*(f"양평동{n}가" for n in range(1, 7)), "양화동", "신길동", "대림동", "양평동"),
)

DONGS = tuple(Dong(f"11560{101 + index}00", name) for index, name in enumerate(_NAMES))
_BY_CODE = {dong.code: dong for dong in DONGS}
_BY_NAME = {dong.name: dong for dong in DONGS}


def dong_of(code: str) -> Dong | None:
    """The dong with this ten-digit code."""
    return _BY_CODE.get(code)


def dong_named(name: str) -> Dong:
    """The dong with this name. Raises KeyError."""
    return _BY_NAME[name]
