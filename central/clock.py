"""Time as central sees it: one clock, handed in, always with its zone. Documents carry Seoul time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "KST")  # no daylight saving since 1988

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in Seoul."""
    return datetime.now(SEOUL)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The moment of `ms` milliseconds since 1970, in Seoul."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(SEOUL)


def start_of_day_ms(moment: datetime) -> int:
    """Midnight in Seoul of the day that `moment` is in, as milliseconds since 1970."""
    local = moment.astimezone(SEOUL)
    return to_ms(local.replace(hour=0, minute=0, second=0, microsecond=0))
