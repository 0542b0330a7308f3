"""Presses on check: from certificates as they will be to an agreed order; one more of them, or one less."""

import msgspec

from kiosk.visit.basket import entry_of, has_room, price_of_all, without
from kiosk.visit.effects import OpenOrder, OrderLine
from kiosk.visit.following import drafts_of
from kiosk.visit.identifying import ask
from kiosk.visit.items import Drafted, Item
from kiosk.visit.moves import Move, go, stay
from kiosk.visit.patience import OPENING_MS, arm
from kiosk.visit.screens import Check, Choose
from kiosk.visit.state import Remove, Visit


def on_check(state: Visit, screen: Check, control: str, now_ms: int) -> Move:
    """Yes: open the order. The screen stays, its button gone, until core has opened it. Or one more, or one less."""
    if screen.until_ms is not None:
        return stay(state)
    match control:
        case "pay" if not unpayable(state, screen):
            opening = go(state, Check(screen.draft, now_ms + OPENING_MS), now_ms)
            drafts = drafts_of(state)
            holder = next((draft.subject for draft in drafts if draft.subject), "")
            return opening, (OpenOrder(tuple(map(_line, drafts)), holder),)
        case "add" if has_room(state):
            return go(set_aside(state, screen.draft), Choose(), now_ms), ()
        case "remove" if state.basket:
            return arm(msgspec.structs.replace(state, overlay=Remove()), now_ms), ()
        case _:
            return stay(state)


def _line(draft: Drafted) -> OrderLine:
    return OrderLine(draft.line, draft.entry.type_code, draft.entry.copies, draft.sheets, draft.fee)


def unpayable(state: Visit, screen: Check) -> str:
    """Why this can't be sold, or could not be refunded in full, now: a `why.*` key's tail; "" when it can."""
    for draft in drafts_of(state):
        kind = state.health.of(draft.entry.type_code)
        if not kind.sellable:
            return kind.reason or "other"
    total = price_of_all(state) + screen.draft.total()
    return "" if state.health.affords(total) else "no-change"


def set_aside(state: Visit, item: Item) -> Visit:
    """The visit with one certificate more in its basket."""
    return msgspec.structs.replace(state, basket=(*state.basket, item))


def remove(state: Visit, at: str, now_ms: int) -> Move:
    """One certificate less of those that are shown to be checked; the last one stays."""
    screen = state.screen
    if not isinstance(screen, Check) or screen.until_ms is not None:
        return stay(state)
    items: tuple[Item, ...] = (*state.basket, screen.draft)
    if len(items) < 2 or at not in map(str, range(len(items))):
        return stay(state)
    return go_on(state, without(items, int(at)), now_ms)


def go_on(state: Visit, items: tuple[Item, ...], now_ms: int) -> Move:
    """On with what was chosen so far: to what is to be asked yet, or to check it all."""
    open_ones = [at for at, item in enumerate(items) if not isinstance(item, Drafted)]
    at = open_ones[-1] if open_ones else len(items) - 1
    at_hand, others = items[at], msgspec.structs.replace(state, basket=without(items, at))
    if isinstance(at_hand, Drafted):
        return go(others, Check(at_hand), now_ms), ()
    return ask(others, entry_of(at_hand), now_ms)
