"""The close of a day (마감): what the journal says must have gone through each device, against what these counted.

Pure. A day is what happened since the close before it, by row and never by the clock: one that was set back makes no
gap and no overlap. A difference is written down as what it is. A device that doesn't answer, or another one than at the
last close, has counted nothing that could be compared: None, and why.
"""

import msgspec
from msgspec import Struct

from drivers.contract import SPAN_32
from kiosk.ledger.tally import METERS, Tally
from kiosk.protocol.journal import DayDevice


class Meter(Struct, frozen=True):
    """A device's lifetime count, and the device that it was read from. `span`: where it begins anew."""

    serial: str
    count: int
    span: int = SPAN_32


class DayMark(Struct, frozen=True):
    """Where a day ended: its date (Seoul) and running number, its last row, and each meter's last reading.

    `carried`: what is expected of meters that did not answer then, since that reading.
    """

    date: str
    number: int
    seq: int
    at_ms: int
    meters: dict[str, Meter] = {}
    carried: dict[str, int] = {}


def compare(tally: Tally, before: DayMark | None, now: dict[str, Meter]) -> tuple[DayDevice, ...]:
    """Expected against counted, device by device. A note validator that there never was is not missed."""
    then = before.meters if before is not None else {}
    there = [
        what for what in METERS if what != "notes" or what in now or what in then or tally.expected[what]
    ]
    lines = (_line(what, tally.expected[what], before, now.get(what)) for what in there)
    return tuple(msgspec.structs.replace(line, nobodys=tally.nobodys[line.what]) for line in lines)


def carry(lines: tuple[DayDevice, ...], before: DayMark | None, now: dict[str, Meter]) -> DayMark:
    """The meters to begin the next day with: one that was silent is counted on from when it last answered."""
    silent = {line.what: line.expected for line in lines if line.why == "silent"}
    then = before.meters if before is not None else {}
    return DayMark("", 0, 0, 0, {**{what: then[what] for what in silent if what in then}, **now}, silent)


def _line(what: str, expected: int, before: DayMark | None, now: Meter | None) -> DayDevice:
    then = before.meters.get(what) if before is not None else None
    if before is not None:
        expected += before.carried.get(what, 0)
    if now is None:
        return DayDevice(what, expected, None, "silent")
    if then is None:
        return DayDevice(what, expected, None, "first")
    if then.serial != now.serial:
        return DayDevice(what, expected, None, "replaced")
    return DayDevice(what, expected, (now.count - then.count) % now.span)
