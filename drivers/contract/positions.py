"""Durable positions: kept in the ledger, handed back at start, advanced only after core has committed."""

from msgspec import Struct


class CoinPosition(Struct, frozen=True):
    """How far coin events are booked: the acceptor's serial, event counter (ccTalk 229), lifetime accepts (225)."""

    serial: str
    events: int
    accepted: int
