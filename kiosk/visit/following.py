"""The order leads, the screen follows: from the first coin to the receipt."""

import msgspec

from kiosk.order.model import OrderOutcome
from kiosk.visit.basket import drafted
from kiosk.visit.items import Drafted
from kiosk.visit.moves import Move, finish, go, stay
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.patience import arm
from kiosk.visit.screens import Change, Check, Goodbye, Issuing, Pay, Refund, Screen, Survey, Take, Trouble
from kiosk.visit.state import Visit


def view_of(screen: Screen) -> OrderView | None:
    """The order that a screen shows."""
    match screen:
        case Pay(view=view) | Issuing(view=view) | Take(view=view) | Change(view=view):
            return view
        case Survey(view=view) | Goodbye(view=view) | Trouble(view=view) | Refund(view=view):
            return view
        case _:
            return None


def drafts_of(state: Visit) -> tuple[Drafted, ...]:
    """What the citizen agreed to, line by line, as far as the visit still knows it."""
    match state.screen:
        case Check(draft=draft):
            return (*drafted(state.basket), draft)
        case Pay(drafts=drafts) | Issuing(drafts=drafts) | Take(drafts=drafts) | Change(drafts=drafts):
            return drafts
        case _:
            return ()


def follow(state: Visit, view: OrderView, now_ms: int) -> Move:
    """Go where the order is. Without a visit, or about another order, or after the end, there is nothing to follow."""
    known = view_of(state.screen)
    if not state.serving or (known is not None and known.order != view.order):
        return stay(state)
    if known is not None and known.phase is Phase.CLOSED:
        return _after_the_end(state, view, now_ms) if view.phase is Phase.CLOSED else stay(state)
    drafts = () if state.abandoned else drafts_of(state)
    # From here on the order has it all.
    state = msgspec.structs.replace(state, basket=())
    if view.phase is Phase.CLOSED:
        return _close(state, view, drafts, now_ms)
    screen = _screen_for(view, drafts)
    if type(screen) is not type(state.screen):
        return go(state, screen, now_ms), ()
    moved = msgspec.structs.replace(state, screen=screen)
    same_money = known is not None and (view.credit, view.refused) == (known.credit, known.refused)
    if known is not None and same_money and view.phase == known.phase:
        return moved, ()
    # A coin or a note is as good a sign of life as a press.
    return arm(msgspec.structs.replace(moved, overlay=None), now_ms), ()


def _screen_for(view: OrderView, drafts: tuple[Drafted, ...]) -> Pay | Issuing | Take | Change | Refund:
    match view.phase:
        case Phase.RESERVING | Phase.OFFERED:
            return Refund(view)
        case Phase.COLLECTING | Phase.COUNTING | Phase.CHOOSING | Phase.CARD:
            return Pay(view, drafts)
        case Phase.ISSUING | Phase.PRINTING:
            return Issuing(view, drafts)
        case Phase.PRESENTING | Phase.TAKEN_WAIT:
            return Take(view, drafts)
        case Phase.PAYING_OUT | Phase.BOOKING | Phase.CLOSED:
            return Change(view, drafts)


def _after_the_end(state: Visit, view: OrderView, now_ms: int) -> Move:
    """News about an order that is shown as over. Its receipt changes the screen; another end than was told leads to the
    screen of that end: an order that waited for evidence, or for the payment terminal, ends before somebody's eyes.
    """
    screen = state.screen
    if not isinstance(screen, Change | Survey | Goodbye | Trouble):
        return stay(state)
    shown = screen.code if isinstance(screen, Trouble) else ""
    if trouble_code(view) != shown:
        return _close(state, view, drafts_of(state), now_ms)
    return msgspec.structs.replace(state, screen=msgspec.structs.replace(screen, view=view)), ()


def _close(state: Visit, view: OrderView, drafts: tuple[Drafted, ...], now_ms: int) -> Move:
    """Say how it ended; who has left by the clock is told only what is still owed."""
    trouble = trouble_code(view)
    if state.abandoned and not (view.claim or view.outcome is OrderOutcome.DISPUTED):
        return finish(state, "abandoned")
    if trouble:
        return go(state, Trouble(trouble, view=view), now_ms), ()
    if view.paid or view.slip in (Slip.PRINTING, Slip.PRINTED):
        return go(state, Change(view, drafts), now_ms), ()
    return go(state, after_change(view), now_ms), ()


def trouble_code(view: OrderView) -> str:
    """Why a closed order ended otherwise than the citizen wished; "" when it did not."""
    if view.redeems and view.outcome is OrderOutcome.REFUNDED and view.paid:
        return ""
    # "The citizen cancelled" explains no trouble.
    reason = "" if view.cancelled else view.reason
    match view.outcome:
        case OrderOutcome.DISPUTED:
            return reason or view.doubt or "disputed"
        case OrderOutcome.CLAIM:
            return reason or "change-short"
        case OrderOutcome.PARTLY:
            return reason or "printing-failed"
        case OrderOutcome.REFUNDED:
            return "" if view.cancelled else reason or "printing-failed"
        case OrderOutcome.DELIVERED | None:
            return ""


def after_change(view: OrderView) -> Survey | Goodbye:
    """Who got a certificate is asked how it was; who cancelled is not."""
    return Survey(view) if view.outcome is OrderOutcome.DELIVERED else Goodbye(view)
