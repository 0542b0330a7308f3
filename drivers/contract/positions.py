"""Durable positions: kept in the ledger, handed back at start, advanced only after core has committed."""

from msgspec import Struct

from drivers.contract.bounds import SPAN_24, Count, Span, Word


class CoinPosition(Struct, frozen=True, omit_defaults=True):
    """How far coin events are booked: the acceptor's serial, its event counter, its lifetime count of accepted coins.

    Both are the driver's own; only of the lifetime count is it known that it goes up by one a coin, and to `span`.
    """

    serial: Word
    events: Count
    accepted: Count
    span: Span = SPAN_24


class NotePosition(Struct, frozen=True, omit_defaults=True):
    """How far note events are booked: the validator's serial, its event counter, notes stacked for life, up to `span`.

    `stacked` is None where the validator does not count them for life.
    """

    serial: Word
    events: Count
    stacked: Count | None
    span: Span = SPAN_24
