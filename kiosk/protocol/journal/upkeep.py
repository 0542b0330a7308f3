"""The ledger itself: days, segments, copies, and a ledger that was brought back."""

from msgspec import Struct, field

from kiosk.protocol.journal.fact import Fact, Name, Sum, Time


class DayOpened(Fact, frozen=True, tag="day-opened"):
    """The first day (Seoul) of a machine begins."""

    date: Name


class DayMoney(Struct, frozen=True):
    """KRW of the day: cash in, what cards were charged, fees, coins out, new claims, money of no order."""

    taken: int
    card: int
    fee: int
    paid: int
    claims: int
    surplus: int


class DayDevice(Struct, frozen=True):
    """One device's count of the day beside what the journal expects. `counted` None: it can't be known, and `why`."""

    what: Name
    expected: int
    counted: int | None
    why: Name
    nobodys: int


class DayClosed(Fact, frozen=True, tag="day-closed"):
    """Close `number` of a machine, of rows `first` to `last`.

    `by` hour or hand; `differs`: a device counted otherwise than the journal.
    """

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


class SegmentClosed(Fact, frozen=True, tag="segment-closed"):
    """Rows `first` to `last` are one segment; the hashes before and at its end."""

    first: Sum
    last: Sum
    prev: Name
    head: Name
    closed_ms: Time


class SegmentDropped(Fact, frozen=True, tag="segment-dropped"):
    """A segment was let go of: central and the second copy have it."""

    first: Sum
    last: Sum
    head: Name


class CopyMade(Fact, frozen=True, tag="copy-made"):
    """The second copy goes up to row `seq`."""

    seq: Sum
    head: Name
    bytes: Sum


class CopyFailed(Fact, frozen=True, tag="copy-failed"):
    """The second copy could not be made."""

    why: Name


class LedgerRebuilt(Fact, frozen=True, tag="ledger-rebuilt"):
    """The ledger was lost and brought back, `source` copy or central; `missing` rows of it nobody has.

    `copied` rows came with the copy; `central` is its last row, `told` the last one that it was told of. `unproved`:
    orders that ended DISPUTED.
    """

    source: Name = field(name="from")
    copied: Sum
    central: Sum
    told: Sum
    missing: Sum
    unproved: tuple[Name, ...]
