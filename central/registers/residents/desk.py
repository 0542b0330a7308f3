"""What the resident register's own office enters: a state, a protection, a death, a card that was lost."""

import msgspec
from sqlalchemy.engine import Connection

from central.registers.residents.book import (
    Holder,
    find_holder,
    find_household,
    members_of,
    rewrite_household,
    rewrite_person,
    set_card,
)
from central.registers.residents.record import CardState, Person, RecordState

PROTECTED, DECEASED = "protected", "deceased"


class DeskError(Exception):
    """What cannot be entered; the message says why."""


def mark(connection: Connection, card: str, state: str, today: str) -> None:
    """The holder's household is live, changing or moving; the holder is protected, or died `today` (ISO).

    `live` also ends a protection. Raises DeskError.
    """
    one = _holder(connection, card).person
    if one.died:
        raise DeskError("the holder of this card has died")
    match state:
        case "protected":
            rewrite_person(connection, msgspec.structs.replace(one, protected=True))
        case "deceased":
            _bury(connection, one, today)
        case "live" | "changing" | "moving":
            rewrite_person(connection, msgspec.structs.replace(one, protected=False))
            home = find_household(connection, one.household)
            rewrite_household(connection, msgspec.structs.replace(home, state=RecordState(state)))
        case _:
            raise DeskError("a record is live, changing, moving, protected or deceased")


def report(connection: Connection, card: str, state: str) -> None:
    """A card is valid, lost or replaced. Raises DeskError."""
    _holder(connection, card)
    try:
        set_card(connection, card, CardState(state))
    except ValueError:
        raise DeskError("a card is valid, lost or replaced") from None


def _bury(connection: Connection, one: Person, today: str) -> None:
    """The household goes on under the widow or widower, else the oldest; or it ends."""
    home = find_household(connection, one.household)
    left = [member for member in members_of(connection, home.id) if member.id != one.id]
    if not left:
        rewrite_household(connection, msgspec.structs.replace(home, ended=today))
    elif home.head == one.id:
        heir = min(left, key=lambda member: (member.id != one.spouse, member.born, member.id))
        rewrite_household(connection, msgspec.structs.replace(home, heads=(*home.heads, (today, heir.id))))
    last = msgspec.structs.replace(one.stays[-1], until=today)
    rewrite_person(connection, msgspec.structs.replace(one, died=today, stays=(*one.stays[:-1], last)))


def _holder(connection: Connection, card: str) -> Holder:
    holder = find_holder(connection, card)
    if holder is None:
        raise DeskError(f"nobody holds card {card}")
    return holder
