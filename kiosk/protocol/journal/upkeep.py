"""The ledger itself: days, segments, copies, and a ledger that was brought back."""

from typing import ClassVar

from msgspec import UNSET, Struct, UnsetType, field

from kiosk.protocol.journal.fact import Fact, Name, Sum, Time


class DayOpened(Fact, frozen=True):
    """The first day (Seoul) of a machine begins."""

    kind: ClassVar = "day-opened"
    date: Name


class DayMoney(Struct, frozen=True):
    """KRW of the day: cash of known value in, fees earned, coins out, new claims, money that belongs to no order.

    `card`: what cards were charged, which is part of the fees and not of what was taken in. The first machines did not
    write it.
    """

    taken: Sum = 0
    card: Sum = 0
    fee: Sum = 0
    paid: Sum = 0
    claims: Sum = 0
    surplus: Sum = 0


class DayDevice(Struct, frozen=True):
    """One device's count of the day. `counted` None: it can't be known, `why` is silent, replaced or first.

    `nobodys` of the expected belong to no order: they moved, were found, and were written down as nobody's. The first
    machines did not write it.
    """

    what: Name
    expected: Sum
    counted: Sum | None
    why: Name = ""
    nobodys: Sum = 0

    @property
    def differs(self) -> bool:
        """Whether device and ledger say different things."""
        return self.counted is not None and self.counted != self.expected


class DayClosed(Fact, frozen=True):
    """Close `number` of a machine, of rows `first` to `last`: `orders` that ended in it, `claims` that are new.

    `open_claims`: all claims that are still owed then (KRW). `differs`: the count of a device differs from
    the journal. `by`: hour or hand.
    """

    kind: ClassVar = "day-closed"
    date: Name
    number: Sum
    first: Sum
    last: Sum
    orders: Sum
    claims: Sum
    open_claims: Sum
    money: DayMoney
    lines: tuple[DayDevice, ...]
    since_ms: Time
    until_ms: Time
    differs: bool
    by: Name


class SegmentClosed(Fact, frozen=True):
    """Rows `first` to `last` are one segment; the hashes before and at its end.

    The first machines did not write `closed_ms`.
    """

    kind: ClassVar = "segment-closed"
    first: Sum
    last: Sum
    prev: Name
    head: Name
    closed_ms: Time | UnsetType = UNSET


class SegmentDropped(Fact, frozen=True):
    """Core has dropped a segment; central and the second copy have it."""

    kind: ClassVar = "segment-dropped"
    first: Sum
    last: Sum
    head: Name


class CopyMade(Fact, frozen=True):
    """The second copy goes up to row `seq`."""

    kind: ClassVar = "copy-made"
    seq: Sum
    head: Name
    bytes: Sum


class CopyFailed(Fact, frozen=True):
    """The second copy could not be made. The cause differs from that of the last failure."""

    kind: ClassVar = "copy-failed"
    why: Name


class LedgerRebuilt(Fact, frozen=True):
    """The ledger was lost and rebuilt `from` the copy or central. Nobody has `missing` rows of it.

    `copied` rows came with the copy. Central's journal ended at row `central`; the machine had sent it the
    rows up to `told`. `unproved`: orders that ended DISPUTED.
    """

    kind: ClassVar = "ledger-rebuilt"
    source: Name = field(name="from")
    copied: Sum
    central: Sum
    told: Sum
    missing: Sum
    unproved: tuple[Name, ...]
