"""What a press does: on the overlay if there is one, else on the bar or the screen."""

from typing import assert_never

import msgspec

from kiosk.protocol.screen import Display
from kiosk.visit.agreeing import on_check, remove
from kiosk.visit.choosing import (
    back_from_choose,
    back_from_options,
    may_slip,
    on_attract,
    on_choose,
    on_options,
    on_trouble,
    without_letters,
)
from kiosk.visit.effects import CancelOrder, HoldPaper, PrintSlip, RecordSurvey
from kiosk.visit.following import after_change
from kiosk.visit.identifying import back_from_card
from kiosk.visit.items import Asked, Drafted, Entry, Unpicked
from kiosk.visit.leaving import can_leave, goes_home
from kiosk.visit.moves import Move, finish, go, stay, to_options
from kiosk.visit.order_view import UNPAID, OrderView, Phase
from kiosk.visit.patience import arm
from kiosk.visit.paying import on_pay
from kiosk.visit.picking import back_from_which, back_to_pick, on_which
from kiosk.visit.private import has_a_reason
from kiosk.visit.refund import on_refund, wants_money
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
    Question,
    ReadingCard,
    Refund,
    Survey,
    Take,
    Trouble,
    Verifying,
    Which,
)
from kiosk.visit.state import DisplaySheet, Help, Languages, Leave, MoreTime, Overlay, Reason, Remove, Visit

LANGUAGES = ("ko", "en")
TEXT_SCALES = (100, 130, 160, 200)
SCORES = (1, 2, 3, 4, 5)

_SHEETS: dict[str, Overlay] = {"help": Help(), "language": Languages(), "display": DisplaySheet()}


def press(state: Visit, control: str, now_ms: int) -> Move:
    """The visit after a press. A control that means nothing here changes nothing."""
    if state.overlay is not None:
        return _on_overlay(state, control, now_ms)
    if control in _SHEETS:
        return arm(msgspec.structs.replace(state, overlay=_SHEETS[control]), now_ms), ()
    match control:
        case "why" if has_a_reason(state):
            return arm(msgspec.structs.replace(state, overlay=Reason()), now_ms), ()
        case "home":
            return _home(state, now_ms)
        case "back" if isinstance(state.screen, Pay):
            return on_pay(state, state.screen, "other-way")
        case "back":
            return _back(state, now_ms)
        case "cancel":
            return _cancel(state, now_ms)
        case _:
            return _on_screen(state, control, now_ms)


def _on_overlay(state: Visit, control: str, now_ms: int) -> Move:
    closed = arm(msgspec.structs.replace(state, overlay=None), now_ms)
    action, _, value = control.partition(":")
    match action:
        case "close" | "more-time":
            return closed, ()
        case "leave" if isinstance(state.overlay, Leave | MoreTime):
            return leave(closed, now_ms)
        case "remove" if isinstance(state.overlay, Remove):
            return remove(closed, value, now_ms)
        case "lang" if value in LANGUAGES:
            return arm(_redisplay(without_letters(closed), lang=value), now_ms), ()
        case "scale" | "contrast" | "reach":
            return arm(_adjust(state, action, value), now_ms), ()
        case _:
            return stay(state)


def _adjust(state: Visit, action: str, value: str) -> Visit:
    """The display sheet stays open, so that the effect is seen and can be undone."""
    if action == "scale":
        known = [scale for scale in TEXT_SCALES if str(scale) == value]
        return _redisplay(state, text_scale=known[0]) if known else state
    if value not in ("on", "off"):
        return state
    name = "high_contrast" if action == "contrast" else "low_reach"
    return _redisplay(state, **{name: value == "on"})


def _redisplay(state: Visit, **fields: str | int | bool) -> Visit:
    display: Display = msgspec.structs.replace(state.display, **fields)
    return msgspec.structs.replace(state, display=display)


def leave(state: Visit, now_ms: int) -> Move:
    """Stop for good: money first, then the end."""
    if isinstance(state.screen, Pay) and state.screen.view.phase in UNPAID:
        return arm(state, now_ms), (CancelOrder(),)
    return finish(state, "cancelled") if can_leave(state) else stay(state)


def _cancel(state: Visit, now_ms: int) -> Move:
    if not can_leave(state):
        return stay(state)
    if isinstance(state.screen, Pay) and state.screen.view.credit:
        return arm(msgspec.structs.replace(state, overlay=Leave()), now_ms), ()
    return leave(state, now_ms)


def _home(state: Visit, now_ms: int) -> Move:
    return (go(state, Choose(), now_ms), ()) if goes_home(state) else stay(state)


def _back(state: Visit, now_ms: int) -> Move:
    match state.screen:
        case Choose() as screen:
            return back_from_choose(state, screen, now_ms)
        case Options() as screen:
            return back_from_options(state, screen, now_ms)
        case InsertCard(entry=Entry() as entry) | Trouble(entry=Entry() as entry, view=None):
            return _back_from_entry(state, entry, now_ms)
        case ReadingCard() | EnterPin() | Verifying() as screen:
            return back_from_card(state, screen, now_ms), ()
        case Preparing() as screen:
            return _back_from_answer(state, screen.at_hand, screen.holder, screen.subject, now_ms)
        case Which() as screen:
            return back_from_which(state, screen, now_ms), ()
        case Check(draft=draft, until_ms=None):
            return _back_from_answer(state, draft, draft.holder, draft.subject, now_ms)
        case _:
            return stay(state)


def _back_from_entry(state: Visit, entry: Entry, now_ms: int) -> Move:
    """To the contents; who came for their money has chosen none."""
    if wants_money(entry):
        return stay(state)
    return to_options(state, entry, Question.CONTENT, now_ms), ()


def _back_from_answer(
    state: Visit, item: Asked | Unpicked | Drafted, holder: str, subject: str, now_ms: int
) -> Move:
    """To the pick that led here; to the contents, where nothing was picked."""
    picking = back_to_pick(item, holder, subject)
    if picking is not None:
        return go(state, picking, now_ms), ()
    return to_options(state, item.entry, Question.CONTENT, now_ms), ()


def _on_screen(state: Visit, control: str, now_ms: int) -> Move:
    match state.screen:
        case Attract():
            return on_attract(state, control, now_ms)
        case Choose() as screen:
            return on_choose(state, screen, control, now_ms)
        case Options() as screen:
            return on_options(state, screen, control, now_ms)
        case Which() as screen:
            return on_which(state, screen, control, now_ms)
        case Check() as screen:
            return on_check(state, screen, control, now_ms)
        case Trouble() as screen:
            return _on_trouble(state, screen, control, now_ms)
        case (
            OutOfService() | InsertCard() | ReadingCard() | EnterPin() | Verifying() | Preparing() | Issuing()
        ):
            # What is typed on the screen with the PIN comes as Entered.
            return stay(state)
        case Pay() | Take() | Change() | Survey() | Refund() | Goodbye() as ending:
            return _on_ending(state, ending, control, now_ms)
        case _ as never:
            assert_never(never)


def _on_ending(
    state: Visit, screen: Pay | Take | Change | Survey | Refund | Goodbye, control: str, now_ms: int
) -> Move:
    match screen:
        case Pay():
            return on_pay(state, screen, control)
        case Refund():
            return on_refund(state, screen, control)
        case Take(view=view) if control == "more-time" and view.phase is Phase.TAKEN_WAIT:
            return state, (HoldPaper(),)
        case Change(view=view) if control == "done" and view.phase is Phase.CLOSED:
            return go(state, after_change(view), now_ms), ()
        case Survey(view=view):
            return _on_survey(state, view, control, now_ms)
        case Goodbye() if control == "done":
            return finish(state, "finished")
        case Take() | Change() | Goodbye():
            return stay(state)
        case _ as never:
            assert_never(never)


def _on_trouble(state: Visit, screen: Trouble, control: str, now_ms: int) -> Move:
    if control == "refund" and not state.serving:
        return on_attract(state, control, now_ms)
    if control == "slip" and may_slip(state, screen):
        return arm(state, now_ms), (PrintSlip(),)
    return finish(state, "finished") if control == "done" else on_trouble(state, screen, control, now_ms)


def _on_survey(state: Visit, view: OrderView, control: str, now_ms: int) -> Move:
    if control == "skip":
        return go(state, Goodbye(view), now_ms), ()
    score = next((score for score in SCORES if control == f"score:{score}"), None)
    if score is None:
        return stay(state)
    return go(state, Goodbye(view), now_ms), (RecordSurvey(score),)
