"""A record in item form: its items are the fields of a certificate as its form's sample has them, all of them.

What a citizen leaves out is taken away later (view.py); what says whose it is comes from the resident register, so
that no two registers can differ in it.
"""

from enum import StrEnum
from typing import Any

from msgspec import Struct


class RecordState(StrEnum):
    """LIVE can be certified; CHANGING is being amended this minute; CLOSED holds no longer."""

    LIVE = "live"
    CHANGING = "changing"
    CLOSED = "closed"


class Record(Struct, frozen=True):
    """`kind`: livelihood, vehicle, …; `key` names one of several (a plate), "" where there is one; `person`: whose it
    is (an id of the resident register), 0 where it is nobody's.
    """

    kind: str
    items: dict[str, Any]
    key: str = ""
    person: int = 0
    state: RecordState = RecordState.LIVE
