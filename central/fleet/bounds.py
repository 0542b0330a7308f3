"""What central takes of a machine's facts: words and sums that its books and pages can hold. Pure."""

from typing import Final

from kiosk.protocol.journal import BodyError, OrderClosed, Row

LONGEST: Final = 200
MOST: Final = 10**12
"""KRW or a count: a million such orders still add up in SQLite's integers."""


def without_positions(body: object) -> object:
    """The body but for where the machine's devices stand: that is for the machine itself."""
    return {name: body[name] for name in body if name != "kept"} if isinstance(body, dict) else body


def bounded(fact: Row) -> Row:
    """The fact. Raises BodyError, naming the field: a word too long, a sum that is none, an end without outcome."""
    if isinstance(fact, OrderClosed) and not fact.outcome:
        raise BodyError("`outcome` is empty")  # an order without one is open
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if isinstance(value, str) and len(value) > LONGEST:
            raise BodyError(f"`{name}` has more than {LONGEST} characters")
        if isinstance(value, int) and not (0 <= value <= MOST or name.endswith("_ms")):
            raise BodyError(f"`{name}` is not from 0 to {MOST}")
    return fact
