"""The bar: the same six controls at the same places; what can't be pressed now says why."""

from kiosk.protocol.screen import Control, Role
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.pages.page import Scene
from kiosk.visit.paying import may_change
from kiosk.visit.presses import can_leave
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
    leaving = () if nobody else (_leaving(scene, "home"), _back(scene), _leaving(scene, "cancel"))
    return (*leaving, *(_control(scene, name) for name in ("help", "language", "display")))


def _control(scene: Scene, name: str, note: str = "") -> Control:
    label = scene.words.say(f"bar.{name}")
    return Control(name, Role.NAVIGATION, label, note=note, icon=_ICONS[name], enabled=not note)


def _leaving(scene: Scene, name: str) -> Control:
    """Home and cancel. Past the fee there is no way back, and the note says what holds instead."""
    if can_leave(scene.state):
        return _control(scene, name)
    return _control(scene, name, scene.words.say(f"bar.{_why_staying(scene)}"))


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
    match scene.state.screen:
        case Choose() | Options() | Preparing() | Check(until_ms=None):
            return _control(scene, "back")
        case InsertCard() | ReadingCard() | EnterPin() | Verifying() | Which():
            return _control(scene, "back")
        case Trouble(entry=entry, view=None) if entry is not None:
            return _control(scene, "back")
        case Pay(view=view) if may_change(scene.state, view) and can_leave(scene.state):
            return _control(scene, "back")
        case Pay(view=view) if can_leave(scene.state):
            unpaid = view.phase in (Phase.CHOOSING, Phase.CARD)
            return _control(scene, "back", scene.words.say("bar.unpaid" if unpaid else "bar.paying"))
        case Pay() | Issuing() | Take() | Check():
            return _control(scene, "back", scene.words.say(f"bar.{_why_staying(scene)}"))
        case _:
            return _control(scene, "back", scene.words.say("bar.over"))
