"""What the machine runs on, and what follows from it: sell, bring to an end, or turn off. Pure.

The mains count as back only when they have been steady for a while; a server of the UPS that falls silent says nothing.
While the machine was on battery that holds it back for a time; it never turns the machine off.
"""

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from drivers.contract import PowerReading, Supply
from kiosk.health.health import Ailment

FAILING = Ailment("power", "on-battery")
HALTING = Ailment("power", "turning-off")
_AWAY = (Supply.BATTERY, Supply.LOW)


class Power(StrEnum):
    """What the dialogue has to know: nothing, that everything comes to an end, or that the machine turns off."""

    GOOD = ""
    ENDING = "ending"
    HALTING = "halting"


class PowerPolicy(Struct, frozen=True):
    """Delays in ms. `grace_ms`: a cut this short is nobody's business. `steady_ms`: the mains are believed after it.

    `hold_ms`: on battery this long with nobody served, the machine turns itself off; likewise, what a UPS that fell
    silent said last holds this long. `farewell_ms`: with a low battery, who was served can still read how it ended.
    `low_ms`: with a low battery it waits no longer than this for anything.
    """

    grace_ms: int = 10_000
    steady_ms: int = 5_000
    hold_ms: int = 120_000
    farewell_ms: int = 20_000
    low_ms: int = 90_000


class Watch(Struct, frozen=True):
    """What is known of the supply. Times on the clock of now_ms; None: it is not so.

    `away_ms`: since when the mains are away (or may be), with all that came and went since; `drained_ms`: since when
    without a word of them; `low_ms`: since when the battery is low; `back_ms`: since when the mains are back without a
    break; `silent_ms`: since when nobody says anything, having been on battery. `seen`: the mains were there once since
    the start; before that nobody knows how long they have been away.
    """

    reading: PowerReading = PowerReading()
    away_ms: int | None = None
    drained_ms: int | None = None
    low_ms: int | None = None
    back_ms: int | None = None
    silent_ms: int | None = None
    seen: bool = False

    @property
    def supply(self) -> Supply:
        """What it runs on, as last told."""
        return self.reading.supply


def heard(watch: Watch, reading: PowerReading, now_ms: int) -> Watch:
    """The UPS told something else than before."""
    seen = watch.seen or (reading.supply is Supply.LINE and watch.away_ms is None)
    change: dict[str, Any] = {"reading": reading, "back_ms": None, "silent_ms": None, "seen": seen}
    if reading.supply in _AWAY:
        change["away_ms"] = now_ms if watch.away_ms is None else watch.away_ms
        change["drained_ms"] = now_ms if watch.drained_ms is None else watch.drained_ms
        if reading.supply is Supply.LOW and watch.low_ms is None:
            change["low_ms"] = now_ms
    elif watch.away_ms is not None:
        since = "back_ms" if reading.supply is Supply.LINE else "silent_ms"
        before = getattr(watch, since)
        change[since] = now_ms if before is None else before
        change["drained_ms"] = None if reading.supply is Supply.LINE else watch.drained_ms
    return msgspec.structs.replace(watch, **change)


def passed(watch: Watch, policy: PowerPolicy, now_ms: int) -> Watch:
    """Time has passed: mains that are steady are back, and what a silent UPS said last is forgotten in the end."""
    steady = watch.back_ms is not None and now_ms - watch.back_ms >= policy.steady_ms
    forgotten = watch.silent_ms is not None and now_ms - watch.silent_ms >= policy.hold_ms
    return Watch(watch.reading, seen=watch.seen or steady) if steady or forgotten else watch


def failing(watch: Watch, policy: PowerPolicy, now_ms: int) -> bool:
    """Whether nothing new may begin, and what is under way has to end."""
    if watch.away_ms is None:
        return False
    return watch.low_ms is not None or not watch.seen or now_ms - watch.away_ms >= policy.grace_ms


def left_ms(watch: Watch) -> int | None:
    """How long the battery lasts by its own word; 0 when it is low and does not say; None when it does not say."""
    if watch.supply in _AWAY and watch.reading.runtime_s is not None:
        return watch.reading.runtime_s * 1_000
    return 0 if watch.low_ms is not None else None


def halt_due(
    watch: Watch, policy: PowerPolicy, now_ms: int, *, serving: bool, quiet_since_ms: int | None
) -> bool:
    """Whether the machine has to turn itself off now; only while the UPS itself says that the mains are away.

    `serving`: somebody is there. `quiet_since_ms`: since when no order is under way, None while one is.
    """
    if watch.supply not in _AWAY or watch.drained_ms is None:
        return False
    if watch.low_ms is None:
        return not serving and quiet_since_ms is not None and now_ms - watch.drained_ms >= policy.hold_ms
    if now_ms - watch.low_ms >= policy.low_ms:
        return True
    if quiet_since_ms is None:
        return False
    return not serving or now_ms - max(quiet_since_ms, watch.low_ms) >= policy.farewell_ms


def ailments(watch: Watch, policy: PowerPolicy, now_ms: int, *, halting: bool) -> tuple[Ailment, ...]:
    """What ails the machine: the UPS itself (sells on), or the supply (sells nothing)."""
    if halting:
        return (HALTING,)
    if failing(watch, policy, now_ms):
        return (FAILING,)
    if watch.supply is Supply.UNKNOWN:
        return (Ailment("ups", "silent"),)
    return (Ailment("ups", "on-battery"),) if watch.away_ms is not None else ()
