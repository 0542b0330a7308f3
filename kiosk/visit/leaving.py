"""Where a visit may end, and which control ends it: one on each screen, its own where it has one, else the bar's."""

from kiosk.visit.order_view import UNPAID, Phase
from kiosk.visit.refund import wants_money
from kiosk.visit.screens import (
    Attract,
    Change,
    Check,
    Choose,
    EnterPin,
    Goodbye,
    InsertCard,
    Issuing,
    Options,
    OutOfService,
    Pay,
    Preparing,
    ReadingCard,
    Refund,
    Take,
    Trouble,
    Verifying,
    Which,
)
from kiosk.visit.state import Visit
from kiosk.words.refusals import Remedy, refusal


def can_leave(state: Visit) -> bool:
    """Whether the citizen may stop now: not while an order is under way past collecting, or about to be opened."""
    match state.screen:
        case Pay(view=view):
            return view.phase in UNPAID and not view.cancelled and not state.abandoned
        case Change(view=view):
            return view.phase is Phase.CLOSED
        case Refund(confirmed=confirmed):
            return not confirmed
        case Issuing() | Take() | Attract() | OutOfService():
            return False
        case Check(until_ms=until_ms):
            return until_ms is None
        case _:
            return True


def own_end(state: Visit) -> bool:
    """Whether the screen has a control of its own that ends the visit; the bar then has none."""
    match state.screen:
        case Goodbye():
            return True
        case Refund() as screen:
            return screen.waits
        case Trouble(entry=None):
            return True
        case Trouble(entry=entry, code=code):
            return wants_money(entry) and refusal(code).remedy is Remedy.OTHER
        case _:
            return False


def goes_home(state: Visit) -> bool:
    """Whether there is a way back to the choice: nothing is ordered yet."""
    match state.screen:
        case Choose() | Options() | Preparing() | Check(until_ms=None):
            return state.serving
        case Trouble(view=None):
            return state.serving and not own_end(state)
        case InsertCard() | ReadingCard() | EnterPin() | Verifying() | Which():
            return True
        case _:
            return False
