"""Presses on the pay screen: how to pay, or another way than the one at hand, as long as nothing has been paid."""

from kiosk.visit.effects import ChooseMeans
from kiosk.visit.moves import Move, stay
from kiosk.visit.order_view import UNPAID, OrderView, Phase
from kiosk.visit.screens import Pay
from kiosk.visit.state import Visit

MEANS = ("cash", "card")


def on_pay(state: Visit, screen: Pay, control: str) -> Move:
    """The order decides; the screen follows it."""
    view = screen.view
    if state.abandoned or view.cancelled:
        return stay(state)
    action, _, value = control.partition(":")
    match action:
        case "pay" if view.phase is Phase.CHOOSING and value in open_means(state, view):
            return state, (ChooseMeans(value),)
        case "other-way" if may_change(state, view):
            return state, (ChooseMeans(""),)
        case _:
            return stay(state)


def open_means(state: Visit, view: OrderView) -> tuple[str, ...]:
    """How this order can be paid just now."""
    now = state.health.means(view.fee)
    return tuple(means for means in MEANS if means in view.means and means in now)


def may_change(state: Visit, view: OrderView) -> bool:
    """Whether there is another way to pay, and nothing has been paid in this one."""
    unpaid = view.phase in UNPAID and view.phase is not Phase.CHOOSING and not view.credit
    return unpaid and len(view.means) > 1 and not (view.blocked or view.stacking)
