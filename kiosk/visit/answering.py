"""What comes of the drafts that were asked for, one after the other, until all is known that has to be shown.

Who has several things is asked which, once nothing is waited for any more: nobody is asked while the screen may change.
"""

import msgspec

from kiosk.visit.basket import entry_of, is_asked, is_waited_for, with_answer, without
from kiosk.visit.events import DraftCame, DraftChoice, DraftFailed
from kiosk.visit.items import Asked, Drafted, Entry, Offer, Unpicked
from kiosk.visit.moves import Move, go, needs_card, stay
from kiosk.visit.picking import unknown_now
from kiosk.visit.screens import Check, Preparing, Trouble, Which
from kiosk.visit.state import Visit


def draft_answered(state: Visit, answer: DraftCame | DraftChoice | DraftFailed, now_ms: int) -> Move:
    """A draft, a choice to be made first, or why there is none."""
    match answer:
        case DraftCame():
            return _came(state, answer, now_ms)
        case DraftChoice():
            return _several(state, answer, now_ms)
        case DraftFailed():
            return _failed(state, answer, now_ms)


def _came(state: Visit, came: DraftCame, now_ms: int) -> Move:
    """One draft more; with the last one that was waited for, everything is shown once more."""
    asked = _asked(state, came)
    if asked is None or not isinstance(state.screen, Preparing):
        return stay(state)
    return _answered(state, state.screen, _drafted(state, state.screen, asked, came), now_ms)


def _several(state: Visit, several: DraftChoice, now_ms: int) -> Move:
    """One of them could be about several things."""
    asked = _asked(state, several)
    if asked is None or not isinstance(state.screen, Preparing):
        return stay(state)
    offers = (*asked.offers, Offer(several.what, several.offered))
    return _answered(state, state.screen, Unpicked(asked.entry, asked.line, offers), now_ms)


def _failed(state: Visit, failed: DraftFailed, now_ms: int) -> Move:
    """What can't be had is the certificate at hand from here on; the others are set aside."""
    screen = state.screen
    if not isinstance(screen, Preparing):
        return stay(state)
    items = (*state.basket, screen.at_hand)
    at = next((place for place, item in enumerate(items) if is_asked(item, failed.line, failed.which)), None)
    if at is None:
        return stay(state)
    others = msgspec.structs.replace(state, basket=without(items, at))
    return go(others, Trouble(failed.code, unknown_now(entry_of(items[at]), failed.code)), now_ms), ()


def _asked(state: Visit, answer: DraftCame | DraftChoice) -> Asked | None:
    """What it answers; None for an answer that nobody waits for."""
    screen = state.screen
    items = (*state.basket, screen.at_hand) if isinstance(screen, Preparing) else ()
    found = (item for item in items if isinstance(item, Asked) and is_asked(item, answer.line, answer.which))
    return next(found, None)


def _answered(state: Visit, screen: Preparing, answer: Drafted | Unpicked, now_ms: int) -> Move:
    """On, once nothing more is waited for: to what has to be told yet, or to check it all."""
    *others, at_hand = items = with_answer((*state.basket, screen.at_hand), answer)
    if is_waited_for(items) and not isinstance(at_hand, Entry):
        waiting = msgspec.structs.replace(screen, at_hand=at_hand)
        return msgspec.structs.replace(state, basket=tuple(others), screen=waiting), ()
    for at, item in enumerate(items):
        if isinstance(item, Unpicked):
            known = msgspec.structs.replace(state, basket=without(items, at))
            return go(known, Which(item, holder=screen.holder, subject=screen.subject), now_ms), ()
    assert isinstance(at_hand, Drafted)
    return go(msgspec.structs.replace(state, basket=tuple(others)), Check(at_hand), now_ms), ()


def _drafted(state: Visit, screen: Preparing, asked: Asked, came: DraftCame) -> Drafted:
    personal = needs_card(state, asked)
    return Drafted(
        asked.entry,
        came.line,
        came.sheets,
        came.fee,
        came.waiver,
        screen.lang,
        summary=came.summary,
        notes=came.notes,
        holder=screen.holder if personal else "",
        subject=screen.subject if personal else "",
        offers=asked.offers,
    )
