"""The sources of time and ids: passed to everything that decides, so that tests can pass their own."""

import time
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Final

from msgspec import Struct

from kiosk.identifiers import new_ulid

SEOUL: Final = timezone(timedelta(hours=9))
_MINUTES_A_DAY = 24 * 60


class Clocks(Struct, frozen=True):
    """`now_ms` monotonic, `wall_ms` since 1970, both in ms; `new_id` a new ULID; `boot` this start's id."""

    now_ms: Callable[[], int]
    wall_ms: Callable[[], int]
    new_id: Callable[[], str]
    boot: str


def system_clocks() -> Clocks:
    """The real ones."""
    return Clocks(
        now_ms=lambda: time.monotonic_ns() // 1_000_000,
        wall_ms=lambda: time.time_ns() // 1_000_000,
        new_id=new_ulid,
        boot=new_ulid(),
    )


def minute_in_seoul(wall_ms: int) -> int:
    """The minute of the day there (0..1439), by which registers open and close."""
    return (wall_ms // 60_000 + 9 * 60) % _MINUTES_A_DAY
