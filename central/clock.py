"""Central's time: one clock, passed in, always with its zone. Documents carry Seoul time.

Central's own times can be relied on. Those that a machine wrote cannot: `believed_ms` is what central goes by.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "KST")  # no daylight saving since 1988

DAY_MS = 24 * 3600 * 1000
EARLY_DAYS = (
    31  # a machine that was off, or without a line, for a month still tells truly when something happened
)
LATE_DAYS = 1  # nothing has happened in the future; a day is more than any zone or summer time is wrong by

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in Seoul."""
    return datetime.now(SEOUL)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The moment of `ms` milliseconds since 1970, in Seoul: of a time of central's own. Raises past the year 9999."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(SEOUL)


def moment_of(ms: int) -> datetime | None:
    """The same of a time that somebody else wrote, or that was found in a store; None: there is no such moment."""
    try:
        return from_ms(ms)
    except (ValueError, OverflowError, OSError):
        return None


def written(ms: int, shape: str) -> str:
    """A time that somebody else wrote, in the shape of strftime, for a list; `?` where there is no such moment."""
    moment = moment_of(ms)
    return "?" if moment is None else moment.strftime(shape)


def plausible(told_ms: int, received_ms: int) -> bool:
    """Whether a time that a machine told lies in the days around its receipt (decision 0035)."""
    return received_ms - EARLY_DAYS * DAY_MS <= told_ms <= received_ms + LATE_DAYS * DAY_MS


def believed_ms(told_ms: int, received_ms: int) -> int:
    """When something happened, as far as central goes by it: what the machine told if plausible, else the receipt."""
    return told_ms if plausible(told_ms, received_ms) else received_ms


def start_of_day_ms(moment: datetime) -> int:
    """Midnight in Seoul of the day that `moment` is in, as milliseconds since 1970."""
    local = moment.astimezone(SEOUL)
    return to_ms(local.replace(hour=0, minute=0, second=0, microsecond=0))
