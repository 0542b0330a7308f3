"""Where in the dialogue a visit is: what a press must have been made on, to count."""

from kiosk.visit.order_view import UNPAID, Phase
from kiosk.visit.screens import Change, Check, Choose, EnterPin, Options, Pay, Refund, Trouble, Which
from kiosk.visit.state import Visit


def place(state: Visit) -> str:
    """A name that stays while a press means the same, and changes with screen, question or overlay."""
    screen = state.screen
    parts = [str(state.number), type(screen).__name__]
    match screen:
        case Choose(category=category, typed=typed, by_name=by_name):
            parts.append(f"{category} {typed} {by_name}")
        case Options(question=question):
            parts.append(question.value)
        case EnterPin(card=card, attempt=attempt):
            parts.append(f"{card.reader} {card.insertion} {attempt}")
        case Which(at_hand=unpicked, part=part):
            parts.append(f"{unpicked.line} {len(unpicked.offers)} {part}")
        case Check(until_ms=until_ms):
            parts.append("asked" if until_ms is None else "opening")
        case Pay(view=view):
            unpaid = view.phase.value if view.phase is not Phase.COLLECTING else "open"
            parts.append(unpaid if view.phase in UNPAID and not view.cancelled else "shut")
        case Change(view=view):
            parts.append("done" if view.phase is Phase.CLOSED else "paying")
        case Refund(view=view, confirmed=confirmed):
            parts.append(f"{view.phase if view else ''} {confirmed}")
        case Trouble(code=code):
            parts.append(code)
        case _:
            pass
    if state.overlay is not None:
        parts.append(type(state.overlay).__name__)
    return " ".join(parts)
