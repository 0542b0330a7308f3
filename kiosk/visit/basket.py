"""What is set aside to be issued and paid together with the certificate at hand: its items and their sums. Pure values.

An item is chosen, asked for, to be told which of several, or drafted. What the citizen changes, or what a worker that
dies has taken along, is chosen only, and asked for again.
"""

from collections.abc import Iterable

from kiosk.visit.items import Asked, Drafted, Entry, Item, Unpicked
from kiosk.visit.state import Visit

MOST_LINES = 5
"""Certificates in one payment: more than most people come for, and few enough to be seen on one screen."""


def entry_of(item: Item) -> Entry:
    """What was chosen."""
    return item if isinstance(item, Entry) else item.entry


def called_off(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items, none of them waiting for a draft: whatever still comes is for nobody."""
    return tuple(item.entry if isinstance(item, Asked | Unpicked) else item for item in items)


def undrafted(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items as they were chosen: the drafts are gone, or are not to be relied on."""
    return tuple(entry_of(item) for item in items)


def with_answer(items: tuple[Item, ...], answer: Drafted | Unpicked) -> tuple[Item, ...]:
    """The items, the one that was asked for as the answer's line answered now."""
    return tuple(answer if is_asked(item, answer.line, answer.entry.which) else item for item in items)


def is_asked(item: Item, line: int, which: str) -> bool:
    """Whether this very line is waited for, about this very thing."""
    return isinstance(item, Asked) and (item.line, item.entry.which) == (line, which)


def is_waited_for(items: Iterable[Item]) -> bool:
    """Whether the answer about one of them is still to come."""
    return any(isinstance(item, Asked) for item in items)


def drafted(items: Iterable[Item]) -> tuple[Drafted, ...]:
    """Those that have a draft."""
    return tuple(item for item in items if isinstance(item, Drafted))


def without(items: tuple[Item, ...], at: int) -> tuple[Item, ...]:
    """The items but for the one at this place."""
    return (*items[:at], *items[at + 1 :])


def price(state: Visit, item: Item) -> int:
    """What an item costs, KRW: by central's quote, before that by the catalogue."""
    if isinstance(item, Drafted):
        return item.total()
    chosen = entry_of(item)
    kind = state.catalogue.type(chosen.type_code)
    return kind.fee.base * chosen.copies if kind is not None else 0


def price_of_all(state: Visit) -> int:
    """What all that is set aside costs, KRW."""
    return sum(price(state, item) for item in state.basket)


def has_room_for_one(state: Visit) -> bool:
    """Whether one more can be chosen."""
    return len(state.basket) < MOST_LINES


def has_room(state: Visit) -> bool:
    """Whether one more can be set aside beside the certificate at hand."""
    return len(state.basket) + 1 < MOST_LINES
