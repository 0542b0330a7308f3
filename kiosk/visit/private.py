"""What is told to the person alone: why they pay nothing, and why there is no certificate of theirs."""

from kiosk.visit.following import drafts_of
from kiosk.visit.moves import kind_of
from kiosk.visit.refund import wants_money
from kiosk.visit.screens import Check, Trouble
from kiosk.visit.state import Visit
from kiosk.words.refusals import IN_PRIVATE, refusal


def refused_in_private(state: Visit) -> bool:
    """Whether what went wrong says something about a person. Of a parcel anybody may know."""
    match state.screen:
        case Trouble(code=code, entry=entry) if entry is not None and not wants_money(entry):
            return refusal(code).told is IN_PRIVATE and kind_of(state, entry).personal
        case _:
            return False


def has_a_reason(state: Visit) -> bool:
    """Whether there is something to be told behind a press."""
    waived = isinstance(state.screen, Check) and any(draft.waiver for draft in drafts_of(state))
    return waived or refused_in_private(state)
