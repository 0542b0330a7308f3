"""Faults planted into how the machine hears its UPS."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import msgspec

from drivers.contract import PowerReading, Supply
from kiosk.health import power
from kiosk.health.power import PowerPolicy, Watch

_halt_due = power.halt_due
HASTY_MS = 12_000


def _not_failing(watch: Watch, policy: PowerPolicy, now_ms: int) -> bool:
    """Whatever the UPS says, it sells on."""
    return False


def _whoever_is_there(watch: Watch, policy: PowerPolicy, now_ms: int, **_there: Any) -> bool:
    """It turns itself off, whoever is there and whatever is under way."""
    return watch.away_ms is not None and now_ms - watch.away_ms >= HASTY_MS


def _silence_too(watch: Watch, policy: PowerPolicy, now_ms: int, **there: Any) -> bool:
    """A UPS that fell silent is taken to say what it said last."""
    if watch.supply is Supply.UNKNOWN and watch.away_ms is not None:
        watch = msgspec.structs.replace(watch, reading=PowerReading(Supply.BATTERY))
    return _halt_due(watch, policy, now_ms, **there)


PLANTED: dict[str, Callable[[], list[Any]]] = {
    "a failing supply is nobody's business": lambda: [mock.patch.object(power, "failing", _not_failing)],
    "it turns itself off whoever is there": lambda: [mock.patch.object(power, "halt_due", _whoever_is_there)],
    "silence turns it off": lambda: [mock.patch.object(power, "halt_due", _silence_too)],
}
