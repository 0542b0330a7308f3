"""The close of a day (마감): what the journal says must have gone through each device, against what these counted.

Pure. A day is what happened since the close before it, by row and never by the clock: one that was set back makes no
gap and no overlap. A difference is written down as what it is. A device that doesn't answer, or another one than at the
last close, has counted nothing that could be compared: None, and why.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.protocol.courier import JournalRow

_COIN_SPAN = 1 << 24
_SHEET_SPAN = 1 << 32


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


class Money(Struct, frozen=True):
    """KRW of the day: cash of known value in, fees earned, coins out, new claims, money that belongs to no order.

    `card`: what cards were charged, which is part of the fees and not of what was taken in.
    """

    taken: int = 0
    card: int = 0
    fee: int = 0
    paid: int = 0
    claims: int = 0
    surplus: int = 0


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


METERS = {
    "coins-in": _COIN_SPAN,
    "notes": _COIN_SPAN,
    "coins-out": _COIN_SPAN,
    "sheets": _SHEET_SPAN,
    "retracts": _SHEET_SPAN,
}
"""What is counted, in the order in which a person goes through a machine; and where each count wraps."""


class Tally:
    """Adds up journal rows. Rows of kinds that move nothing are passed over."""

    def __init__(self) -> None:
        self.expected = dict.fromkeys(METERS, 0)
        self.nobodys = dict.fromkeys(METERS, 0)
        self.orders = self.claims = 0
        self.taken = self.card = self.fee = self.paid = self.claimed = self.surplus = 0

    def add(self, rows: Iterable[JournalRow]) -> "Tally":
        """Take these rows in; itself."""
        for row in rows:
            counted = _COUNTS.get(row.kind)
            if counted is not None:
                counted(self, msgspec.json.decode(row.body))
        return self

    @property
    def money(self) -> Money:
        """The sums so far."""
        return Money(self.taken, self.card, self.fee, self.paid, self.claimed, self.surplus)


def _credit(tally: Tally, body: dict[str, Any]) -> None:
    tally.expected["coins-in"] += 1
    tally.taken += body["value"]


def _unknown(tally: Tally, body: dict[str, Any]) -> None:
    tally.expected["coins-in"] += body["count"]


def _note(tally: Tally, body: dict[str, Any]) -> None:
    tally.expected["notes"] += 1
    tally.taken += body["value"]


def _notes_unknown(tally: Tally, body: dict[str, Any]) -> None:
    tally.expected["notes"] += body["count"]


def _surplus(tally: Tally, body: dict[str, Any]) -> None:
    """What moved and belongs to no order, told by its device or found by its counter."""
    moved = body.get("amount", body.get("count", 1))
    tally.expected[_NOBODYS[body["what"]]] += moved
    tally.nobodys[_NOBODYS[body["what"]]] += moved
    tally.surplus += body.get("value", 0)


def _paid(tally: Tally, body: dict[str, Any]) -> None:
    tally.expected["coins-out"] += body["coins"]


def _delivered(tally: Tally, body: dict[str, Any]) -> None:
    tally.expected["sheets"] += body["sheets"]


def _not_delivered(tally: Tally, body: dict[str, Any]) -> None:
    tally.expected["sheets"] += body.get("spoiled", 0)
    tally.expected["retracts"] += body.get("retracted", 0)


def _closed(tally: Tally, body: dict[str, Any]) -> None:
    tally.orders += 1
    tally.fee += body["fee"]
    tally.card += body.get("captured", 0)
    tally.paid += body["paid"]
    tally.claims += bool(body["claim"])
    tally.claimed += body["claim"]


_NOBODYS = {
    "coin": "coins-in",
    "unknown-coin": "coins-in",
    "note": "notes",
    "unknown-note": "notes",
    "coin-out": "coins-out",
    "sheet": "sheets",
    "retract": "retracts",
}
_COUNTS: dict[str, Callable[[Tally, dict[str, Any]], None]] = {
    "credit": _credit,
    "coins-unknown": _unknown,
    "note-credit": _note,
    "notes-unknown": _notes_unknown,
    "surplus": _surplus,
    "paid": _paid,
    "issue-delivered": _delivered,
    "issue-void": _not_delivered,
    "issue-disputed": _not_delivered,
    "order-closed": _closed,
}


def moves(kind: str) -> bool:
    """Whether a row of this kind changes what a close says."""
    return kind in _COUNTS


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
