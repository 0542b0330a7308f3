"""Which of several things: a pick asks again for the very line that a card has signed for; back leads a level up."""

from typing import Final

import msgspec

from kiosk.protocol.central import Offered
from kiosk.visit.items import Asked, Drafted, Entry, Offer, Unpicked
from kiosk.visit.moves import Move, go, requests, stay, to_options
from kiosk.visit.patience import DRAFT_MS
from kiosk.visit.screens import Preparing, Question, Which
from kiosk.visit.state import Visit

PART: Final = 40
"""So many are shown at a time; of more, the citizen says first between which two it lies."""


def on_which(state: Visit, screen: Which, control: str, now_ms: int) -> Move:
    """One of those shown, or another part of them."""
    action, _, value = control.partition(":")
    offered = screen.at_hand.offers[-1].offered
    match action:
        case "part" if value in map(str, range(len(parts(screen.at_hand.offers[-1])))):
            return go(state, msgspec.structs.replace(screen, part=int(value)), now_ms), ()
        case "pick" if value in map(str, range(len(offered))):
            return _pick(state, screen, offered[int(value)], now_ms)
        case _:
            return stay(state)


def parts(offer: Offer) -> tuple[range, ...]:
    """The places of what is offered, as they are shown together."""
    count = len(offer.offered)
    return tuple(range(start, min(start + PART, count)) for start in range(0, count, PART))


def _pick(state: Visit, screen: Which, picked: Offered, now_ms: int) -> Move:
    """Ask for the draft of the one that was picked. What is set aside keeps its drafts."""
    unpicked = screen.at_hand
    entry = msgspec.structs.replace(unpicked.entry, picked=(*unpicked.entry.picked, picked))
    asking = Preparing(
        Asked(entry, unpicked.line, unpicked.offers),
        state.worker_ready,
        now_ms + DRAFT_MS,
        state.display.lang,
        screen.holder,
        screen.subject,
    )
    after = go(state, asking, now_ms)
    return after, (requests(after, asking) if state.worker_ready else ())


def back_to_pick(item: Asked | Unpicked | Drafted, holder: str, subject: str) -> Which | None:
    """Where another could be picked instead; None for what was not picked."""
    if not item.offers or not item.entry.picked:
        return None
    entry = msgspec.structs.replace(item.entry, picked=item.entry.picked[:-1])
    return Which(Unpicked(entry, item.line, item.offers), holder=holder, subject=subject)


def back_from_which(state: Visit, screen: Which, now_ms: int) -> Visit:
    """A level up (to the building, from its units); from the first one to what the certificate shall have on it."""
    unpicked = screen.at_hand
    upper = msgspec.structs.replace(unpicked, offers=unpicked.offers[:-1])
    above = back_to_pick(upper, screen.holder, screen.subject)
    if above is not None:
        return go(state, above, now_ms)
    return to_options(state, unpicked.entry, Question.CONTENT, now_ms)


def unknown_now(entry: Entry, code: str) -> Entry:
    """The entry after this refusal: what is no longer in the register can't be picked again."""
    return msgspec.structs.replace(entry, picked=()) if code == "choice-unknown" else entry
