"""The close of a day (마감): what the journal says must have gone through each device, against what these counted.

Pure. A day is what happened since the close before it, by row and never by the clock: one that was set back makes no
gap and no overlap. A difference is written down as what it is. A device that doesn't answer, or another one than at the
last close, has counted nothing that could be compared: None, and why.
"""

import msgspec
from msgspec import Struct

from kiosk.ledger.tally import METERS, Money, Tally


class Meter(Struct, frozen=True):
    """A device's lifetime count, and the device that it was read from."""

    serial: str
    count: int


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


class DayLine(Struct, frozen=True):
    """One device's count of the day. `counted` None: it can't be known, `why` is silent, replaced or first.

    `nobodys` of the expected belong to no order: they moved, were found, and were written down as nobody's.
    """

    what: str
    expected: int
    counted: int | None
    why: str = ""
    nobodys: int = 0

    @property
    def differs(self) -> bool:
        """Whether device and ledger say different things."""
        return self.counted is not None and self.counted != self.expected


class DayClose(Struct, frozen=True):
    """One close. Rows `first` to `last`; `orders` ended in it, `open_claims` are owed by then, however old (KRW)."""

    date: str
    number: int
    first: int
    last: int
    orders: int
    claims: int
    open_claims: int
    money: Money
    lines: tuple[DayLine, ...]
    since_ms: int = 0
    until_ms: int = 0

    @property
    def differs(self) -> bool:
        """Whether any device counted otherwise."""
        return any(line.differs for line in self.lines)


def compare(tally: Tally, before: DayMark | None, now: dict[str, Meter]) -> tuple[DayLine, ...]:
    """Expected against counted, device by device. A note validator that there never was is not missed."""
    then = before.meters if before is not None else {}
    there = [
        what for what in METERS if what != "notes" or what in now or what in then or tally.expected[what]
    ]
    lines = (_line(what, tally.expected[what], before, now.get(what)) for what in there)
    return tuple(msgspec.structs.replace(line, nobodys=tally.nobodys[line.what]) for line in lines)


def carry(lines: tuple[DayLine, ...], before: DayMark | None, now: dict[str, Meter]) -> DayMark:
    """The meters to begin the next day with: one that was silent is counted on from when it last answered."""
    silent = {line.what: line.expected for line in lines if line.why == "silent"}
    then = before.meters if before is not None else {}
    return DayMark("", 0, 0, 0, {**{what: then[what] for what in silent if what in then}, **now}, silent)


def _line(what: str, expected: int, before: DayMark | None, now: Meter | None) -> DayLine:
    then = before.meters.get(what) if before is not None else None
    if before is not None:
        expected += before.carried.get(what, 0)
    if now is None:
        return DayLine(what, expected, None, "silent")
    if then is None:
        return DayLine(what, expected, None, "first")
    if then.serial != now.serial:
        return DayLine(what, expected, None, "replaced")
    return DayLine(what, expected, (now.count - then.count) % METERS[what])
