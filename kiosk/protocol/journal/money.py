"""Money that single rows tell of, for whoever adds up a journal without its orders. KRW. Pure."""

from kiosk.protocol.journal import NoteCredit, Row, Surplus, kind_of

NOTE_KINDS = (kind_of(NoteCredit), kind_of(Surplus))
"""Kinds whose rows can tell of a note that came in."""


def note_value(fact: Row) -> int:
    """What came in as a note by this row; 0: nothing."""
    if isinstance(fact, NoteCredit):
        return fact.value
    return fact.value or 0 if isinstance(fact, Surplus) and fact.what == "note" else 0
