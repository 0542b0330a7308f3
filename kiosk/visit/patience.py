"""How long a screen waits for a person: a question is never closed without a warning and a way to go on.

Sources: US Section 508 407.5 and WCAG 2.2.1 (warn, 20 s to answer, at least ten extensions); the Korean kiosk
criteria (no time limit on a choice, or warn 20 s before and allow to extend). Here one press extends, without limit.
"""

import msgspec

from kiosk.protocol.screen import Display
from kiosk.visit.order_view import Phase
from kiosk.visit.screens import (
    Attract,
    Change,
    Goodbye,
    Issuing,
    OutOfService,
    Pay,
    Preparing,
    ReadingCard,
    Refund,
    Survey,
    Take,
    Trouble,
    Verifying,
)
from kiosk.visit.state import MoreTime, Reason, Visit

IDLE_MS = 60_000
WARNING_MS = 30_000
# Whoever enlarges the text reads, and moves, more slowly.
SLOW_FACTOR = 3
# Nothing is lost when these end: no money inside, no paper in the mouth, nothing typed.
RECEIPT_MS = 20_000
SURVEY_MS = 30_000
GOODBYE_MS = 20_000
# What is told to one person alone stands no longer than it takes to read it.
REASON_MS = 12_000
# What a power cut left to tell stays until somebody may have come back for it.
INTERRUPTED_MS = 180_000

# The power fails and the machine would turn itself off.
FAREWELL_MS = 20_000

READ_MS = 10_000
VERIFY_MS = 15_000
DRAFT_MS = 20_000
OPENING_MS = 10_000


def patience_ms(state: Visit) -> int | None:
    """How long the present screen waits for a press; None where it waits for the machine or for nobody."""
    screen = state.screen
    slow = SLOW_FACTOR if state.display.text_scale > 100 else 1
    match screen:
        case Attract() | OutOfService():
            return None if state.display == Display() and state.overlay is None else IDLE_MS * slow
        case ReadingCard() | Verifying() | Preparing() | Issuing() | Take() | Refund(waits=False):
            return None
        case Pay(view=view):
            waits = view.phase in (Phase.COLLECTING, Phase.CHOOSING) and not state.abandoned
            return IDLE_MS * slow if waits else None
        case Change(view=view):
            return RECEIPT_MS * slow if view.phase is Phase.CLOSED else None
        case Survey():
            return SURVEY_MS * slow
        case Goodbye():
            return GOODBYE_MS * slow
        case Trouble():
            return _trouble_ms(state) * (slow if state.serving else 1)
        case _:
            return IDLE_MS * slow


def _trouble_ms(state: Visit) -> int:
    if not state.serving:
        return INTERRUPTED_MS
    return FAREWELL_MS if state.power else IDLE_MS


def arm(state: Visit, now_ms: int) -> Visit:
    """The visit with its patience counted from now: something was pressed, or the screen is new."""
    if isinstance(state.overlay, MoreTime):
        return msgspec.structs.replace(state, deadline_ms=now_ms + WARNING_MS)
    if isinstance(state.overlay, Reason):
        slow = SLOW_FACTOR if state.display.text_scale > 100 else 1
        return msgspec.structs.replace(state, deadline_ms=now_ms + REASON_MS * slow)
    patience = patience_ms(state)
    return msgspec.structs.replace(state, deadline_ms=None if patience is None else now_ms + patience)
