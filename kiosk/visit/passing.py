"""What the passing of time does: warn, then forgive and wipe; give up on what the machine did not answer."""

import msgspec

from kiosk.protocol.screen import Display
from kiosk.visit.effects import CancelOrder
from kiosk.visit.following import after_change
from kiosk.visit.identifying import out_of_time
from kiosk.visit.moves import Move, finish, go, stay
from kiosk.visit.order_view import UNPAID
from kiosk.visit.patience import arm
from kiosk.visit.screens import Attract, Change, Check, Goodbye, OutOfService, Pay, Preparing, Survey, Trouble
from kiosk.visit.state import MoreTime, Reason, Visit


def tick(state: Visit, now_ms: int) -> Move:
    """The visit at now_ms."""
    unanswered = out_of_time(state, now_ms)
    if unanswered is not None:
        return unanswered, ()
    match state.screen:
        case Preparing(until_ms=until_ms) as screen if now_ms >= until_ms:
            return go(state, Trouble("draft-timeout", screen.entry), now_ms), ()
        case Check(draft=draft, until_ms=int(until_ms)) if now_ms >= until_ms:
            return go(state, Trouble("order-timeout", draft.entry), now_ms), ()
        case _:
            late = state.deadline_ms is not None and now_ms >= state.deadline_ms
            if late and isinstance(state.overlay, Reason):
                return arm(msgspec.structs.replace(state, overlay=None), now_ms), ()
            return _out_of_patience(state, now_ms) if late else stay(state)


def _out_of_patience(state: Visit, now_ms: int) -> Move:
    match state.screen:
        case Attract() | OutOfService():
            # Somebody looked around and went: the next one finds the machine as it is for everybody.
            return msgspec.structs.replace(state, overlay=None, display=Display(), deadline_ms=None), ()
        case _ if state.power and state.serving:
            return _hurry(state, now_ms)
        case Change(view=view):
            return go(state, after_change(view), now_ms), ()
        case Survey(view=view):
            return go(state, Goodbye(view), now_ms), ()
        case Goodbye():
            return finish(state, "finished")
        case Trouble() if not state.serving:
            return finish(state, "finished")
        case _ if isinstance(state.overlay, MoreTime):
            return _abandon(state, now_ms)
        case _:
            return arm(msgspec.structs.replace(state, overlay=MoreTime()), now_ms), ()


def _hurry(state: Visit, now_ms: int) -> Move:
    """The power fails: no question any more; nothing of the citizen's is in the machine on these screens."""
    match state.screen:
        case Change(view=view) | Survey(view=view):
            return go(state, Goodbye(view), now_ms), ()
        case Goodbye():
            return finish(state, "finished")
        case _:
            return _abandon(state, now_ms)


def _abandon(state: Visit, now_ms: int) -> Move:
    """Nobody answered: money back first, everything typed is forgotten now, the visit ends when the order has ended."""
    screen = state.screen
    if isinstance(screen, Pay) and screen.view.phase in UNPAID:
        left = msgspec.structs.replace(state, abandoned=True, screen=Pay(screen.view, ()), overlay=None)
        return arm(left, now_ms), (CancelOrder(),)
    return finish(state, "abandoned")
