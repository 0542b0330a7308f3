"""What a page shows of its issue: number, dates, content check. All of it comes from the seal, in Korean time."""

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

from msgspec import Struct

from kiosk.protocol.certificates import ENGLISH, KOREAN
from kiosk.protocol.seal_payload import SealPayload
from kiosk.worker.marks import microtext

SEOUL = timezone(timedelta(hours=9), "KST")
_CHECK_DIGITS = 16


class Imprint(Struct, frozen=True):
    """The texts as printed."""

    number: str
    date: str
    time: str
    until: str
    kiosk: str
    check: str
    micro: str


def imprint(payload: SealPayload, language: str = KOREAN) -> Imprint:
    """The texts of the issue that `payload` describes, on a paper in that language."""
    issued, until = _seoul(payload.issued_at), _seoul(payload.expires_at)
    check = payload.content[:_CHECK_DIGITS]
    return Imprint(
        number=grouped(payload.number),
        date=written_day(issued, language),
        time=f"{issued:%H:%M:%S}" if language == ENGLISH else issued.strftime("%H시 %M분 %S초"),
        until=written_day(until, language),
        kiosk=payload.kiosk,
        check=grouped(check),
        micro=microtext(payload.number, check),
    )


def written_day(day: date, language: str) -> str:
    """2026년 11월 25일, or 25 November 2026."""
    if language == ENGLISH:
        return f"{day.day} {calendar.month_name[day.month]} {day.year}"
    return day.strftime("%Y년 %m월 %d일")


def grouped(text: str) -> str:
    """1234567890123456 -> 1234-5678-9012-3456."""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _seoul(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SEOUL)
