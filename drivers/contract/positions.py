"""Durable positions: kept in the ledger, handed back at start, advanced only after core has committed."""

from msgspec import Struct

from drivers.contract.bounds import Count, Word


class CoinPosition(Struct, frozen=True):
    """How far coin events are booked: the acceptor's serial, event counter (ccTalk 229), lifetime accepts (225)."""

    serial: Word
    events: Count
    accepted: Count


class NotePosition(Struct, frozen=True):
    """How far note events are booked: the validator's serial, its event counter (ccTalk 159), notes stacked for life.

    `stacked` is None where the validator does not count them for life.
    """

    serial: Word
    events: Count
    stacked: Count | None
