"""What a page shows of its issue: number, dates, content check. All of it comes from the seal, in Korean time."""

from datetime import UTC, datetime, timedelta, timezone

from msgspec import Struct

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


def imprint(payload: SealPayload) -> Imprint:
    """The texts of the issue that `payload` describes."""
    issued, until = _seoul(payload.issued_at), _seoul(payload.expires_at)
    check = payload.content[:_CHECK_DIGITS]
    return Imprint(
        number=grouped(payload.number),
        date=issued.strftime("%Y년 %m월 %d일"),
        time=issued.strftime("%H시 %M분 %S초"),
        until=until.strftime("%Y년 %m월 %d일"),
        kiosk=payload.kiosk,
        check=grouped(check),
        micro=microtext(payload.number, check),
    )


def grouped(text: str) -> str:
    """1234567890123456 -> 1234-5678-9012-3456."""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _seoul(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SEOUL)
