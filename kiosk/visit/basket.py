"""What is set aside to be issued and paid together with the certificate at hand: its items and their sums. Pure values.

An item is chosen, asked for or drafted. What the citizen changes, or what a worker that dies has taken along, is chosen
only, and asked for again.
"""

from collections.abc import Iterable

from kiosk.visit.state import Asked, Drafted, Entry, Item, Visit

MOST_LINES = 5
"""Certificates in one payment: more than most people come for, and few enough to be seen on one screen."""


def entry_of(item: Item) -> Entry:
    """What was chosen."""
    return item if isinstance(item, Entry) else item.entry


def called_off(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items, none of them waiting for a draft: whatever still comes is for nobody."""
    return tuple(item.entry if isinstance(item, Asked) else item for item in items)


def undrafted(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items as they were chosen: the drafts are gone, or are not to be relied on."""
    return tuple(entry_of(item) for item in items)


def with_draft(items: Iterable[Item], draft: Drafted) -> tuple[Item, ...]:
    """The items, the one that was asked for as the draft's line drafted now."""
    return tuple(draft if is_asked(item, draft.line) else item for item in items)


def is_asked(item: Item, line: int) -> bool:
    """Whether this very line is waited for."""
    return isinstance(item, Asked) and item.line == line


def drafted(items: Iterable[Item]) -> tuple[Drafted, ...]:
    """Those that have a draft."""
    return tuple(item for item in items if isinstance(item, Drafted))


def all_drafted(items: Iterable[Item]) -> bool:
    """Whether nothing is waited for, and nothing has to be asked for."""
    return all(isinstance(item, Drafted) for item in items)


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
