"""The bar: the same six controls at the same places; what can't be pressed now says why."""

from kiosk.protocol.screen import Control, Role
from kiosk.visit.grouping import step_up
from kiosk.visit.leaving import can_leave, goes_home, own_end
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.pages.page import Scene
from kiosk.visit.paying import may_change
from kiosk.visit.refund import wants_money
from kiosk.visit.screens import (
    Attract,
    Change,
    Check,
    Choose,
    EnterPin,
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

_ICONS = {
    "home": "home",
    "back": "back",
    "cancel": "cross",
    "help": "help",
    "language": "globe",
    "display": "display",
}


def bar(scene: Scene) -> tuple[Control, ...]:
    """The bar of the present screen; where nobody has begun there is nothing to leave."""
    state = scene.state
    nobody = isinstance(state.screen, Attract | OutOfService) or not state.serving
    leaving = () if nobody else (_home(scene), _back(scene), _cancel(scene))
    return (*leaving, *(_control(scene, name) for name in ("help", "language", "display")))


def _control(scene: Scene, name: str, note: str = "") -> Control:
    label = scene.words.say(f"bar.{name}")
    return Control(name, Role.NAVIGATION, label, note=note, icon=_ICONS[name], enabled=not note)


def _home(scene: Scene) -> Control:
    """Back to the choice. Where that would end the visit it is the cancel control's, or the screen's own."""
    if goes_home(scene.state):
        return _control(scene, "home")
    return _control(scene, "home", _no_way_back(scene))


def _cancel(scene: Scene) -> Control:
    """The one way out, where the screen has none of its own. Past the fee the note says what holds instead."""
    if own_end(scene.state):
        return _control(scene, "cancel", scene.words.say("bar.own-end"))
    if can_leave(scene.state):
        return _control(scene, "cancel")
    return _control(scene, "cancel", scene.words.say(f"bar.{_why_staying(scene)}"))


def _no_way_back(scene: Scene) -> str:
    match scene.state.screen:
        case Pay(view=view) if can_leave(scene.state):
            unpaid = view.phase in (Phase.CHOOSING, Phase.CARD)
            return scene.words.say("bar.unpaid" if unpaid else "bar.paying")
        case Pay() | Issuing() | Take() | Check():
            return scene.words.say(f"bar.{_why_staying(scene)}")
        case _:
            return scene.words.say("bar.over")


def _why_staying(scene: Scene) -> str:
    match scene.state.screen:
        case Pay(view=OrderView(phase=Phase.CARD)) | Change(view=OrderView(phase=Phase.BOOKING)):
            return "stopping"
        case Pay(view=view) if view.cancelled or scene.state.abandoned:
            return "returning"
        case Pay(view=view) if view.phase is Phase.COUNTING:
            return "counting"
        case Check():
            return "opening"
        case Change() | Refund():
            return "returning"
        case _:
            return "issuing"


def _back(scene: Scene) -> Control:
    state = scene.state
    match state.screen:
        case Choose() as screen:
            first = step_up(state.catalogue, screen) is None and not state.basket
            return _control(scene, "back", scene.words.say("bar.over") if first else "")
        case InsertCard(entry=entry) | Trouble(entry=entry, view=None) if wants_money(entry):
            return _control(scene, "back", scene.words.say("bar.over"))
        case Options() | Preparing() | Check(until_ms=None):
            return _control(scene, "back")
        case InsertCard() | ReadingCard() | EnterPin() | Verifying() | Which():
            return _control(scene, "back")
        case Trouble(entry=entry, view=None) if entry is not None:
            return _control(scene, "back")
        case Pay(view=view) if may_change(state, view) and can_leave(state):
            return _control(scene, "back")
        case _:
            return _control(scene, "back", _no_way_back(scene))
