"""What a UPS's variables mean: the supply, the charge, the runtime; and what is wrong with it.

Source of the words: NUT user manual, appendix "NUT command and variable naming scheme"; NUT FAQ for `ups.status`.
"""

import math
from collections.abc import Mapping

from drivers.contract import Identity, PowerReading, ReasonCode, Severity, Supply

_LONGEST_S = 7 * 24 * 3600
_LOW = frozenset({"LB", "FSD"})


def reading(variables: Mapping[str, str]) -> PowerReading:
    """The supply as the UPS tells it. A state that says neither, or both, is UNKNOWN."""
    return PowerReading(
        supply(variables.get("ups.status", "")),
        _number(variables.get("battery.charge", ""), 100),
        _number(variables.get("battery.runtime", ""), _LONGEST_S),
    )


def supply(status: str) -> Supply:
    """`ups.status` in one word. FSD: the server has resolved to shut down, whatever the mains do now."""
    said = set(status.split())
    if "NOCOMM" in said or ({"OL", "OB"} <= said):
        return Supply.UNKNOWN
    if "FSD" in said or ("OB" in said and said & _LOW):
        return Supply.LOW
    if "OB" in said:
        return Supply.BATTERY
    return Supply.LINE if "OL" in said else Supply.UNKNOWN


def reasons(variables: Mapping[str, str]) -> dict[ReasonCode, Severity]:
    """Why the UPS is not simply ready. A battery that is low with the mains there only wants time."""
    said = set(variables.get("ups.status", "").split())
    found: dict[ReasonCode, Severity] = {}
    now = supply(variables.get("ups.status", ""))
    if now in (Supply.BATTERY, Supply.LOW):
        found[ReasonCode.ON_BATTERY] = Severity.WARN
    if now is Supply.LOW:
        found[ReasonCode.BATTERY_LOW] = Severity.ERROR
    elif "LB" in said:
        found[ReasonCode.BATTERY_LOW] = Severity.WARN
    if "RB" in said:
        found[ReasonCode.BATTERY_WORN] = Severity.WARN
    return found


def identity(variables: Mapping[str, str]) -> Identity:
    """Who the UPS says it is."""
    said = [
        _plain(variables.get(f"device.{name}") or variables.get(f"ups.{name}", ""))
        for name in ("mfr", "model", "serial")
    ]
    return Identity(said[0], said[1], said[2], _plain(variables.get("ups.firmware", "")))


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isprintable())[:40].strip()


def _number(text: str, most: int) -> int | None:
    """A number from 0 to `most`, rounded down; None for anything else (some drivers say -1 for "unknown")."""
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if math.isfinite(number) and 0 <= number <= most else None
