"""The screens about paying by card: how to pay, the card at the card machine, and its last word."""

from kiosk.protocol.screen import Control, Role, Row, ScreenName, Tone
from kiosk.visit.order_view import OrderView
from kiosk.visit.pages.page import Page, Scene, order_rows, secondary
from kiosk.visit.paying import MEANS, may_change, open_means
from kiosk.visit.screens import Change, Pay

_ICONS = {"cash": "coin", "card": "payment-card"}
# What the card machine asks for has its own title; anything else is "hold your card to it".
_PROMPTS = ("pin", "remove", "wait")


def choosing(scene: Scene, screen: Pay) -> Page:
    """In coins or by card? What can't be had just now says why."""
    words, view = scene.words, screen.view
    problem = f"pay.problem.{view.problem}" if view.problem else ""
    return Page(
        ScreenName.PAY,
        words.say("pay.choosing.title"),
        words.say(problem) if problem else words.say("pay.choosing.sentence", fee=view.fee),
        tone=Tone.WARNING if problem else Tone.ACTION,
        pictogram="pay",
        rows=(*order_rows(scene, screen.drafts), _fee(scene, view)),
        notices=(words.say("pay.card-later"),) if "card" in view.means else (),
        controls=tuple(_means(scene, view, means) for means in MEANS if means in view.means),
    )


def _means(scene: Scene, view: OrderView, means: str) -> Control:
    words = scene.words
    coins = ", ".join(words.won(coin) for coin in scene.facts.coins)
    levels = scene.state.health.cash
    detail = "cash-detail-notes" if means == "cash" and levels and levels.notes else f"{means}-detail"
    usable = means in open_means(scene.state, view)
    return Control(
        f"pay:{means}",
        Role.TILE,
        words.say(f"pay.means.{means}"),
        detail=words.say(f"pay.means.{detail}", coins=coins) if usable else "",
        note="" if usable else words.say(f"pay.means.{means}-down"),
        icon=_ICONS[means],
        group="means",
        enabled=usable,
    )


def at_the_terminal(scene: Scene, screen: Pay) -> Page:
    """What to do with the card, as the card machine asks for it."""
    words, view = scene.words, screen.view
    case = _case(view)
    waits = case in ("stopping", "silent", "wait")
    return Page(
        ScreenName.PAY,
        words.say(f"pay.card.{case}.title"),
        words.say(f"pay.card.{case}.sentence", fee=view.fee),
        tone=Tone.CALM if waits else Tone.ACTION,
        pictogram="payment-card",
        rows=(*order_rows(scene, screen.drafts), _fee(scene, view)),
        notices=(words.say("pay.card-later"),),
        controls=other_way(scene, view),
    )


def _case(view: OrderView) -> str:
    if view.blocked:
        return "silent"
    if view.cancelled:
        return "stopping"
    return view.prompt if view.prompt in _PROMPTS else "present"


def other_way(scene: Scene, view: OrderView) -> tuple[Control, ...]:
    """Another way to pay, where there is one and nothing has been paid yet."""
    if not may_change(scene.state, view):
        return ()
    return (secondary("other-way", scene.words.say("pay.other-way"), icon="back"),)


def _fee(scene: Scene, view: OrderView) -> Row:
    return Row(scene.words.say("money.fee"), scene.words.won(view.fee), strong=True)


def booking(scene: Scene, screen: Change) -> Page:
    """The card is charged for what was handed over."""
    words, view = scene.words, screen.view
    case = "silent" if view.blocked else "booking"
    return Page(
        ScreenName.CHANGE,
        words.say(f"change.{case}.title"),
        words.say(f"change.{case}.sentence"),
        tone=Tone.CALM,
        pictogram="payment-card",
        rows=(
            Row(words.say("payment.reserved"), words.won(view.reserved)),
            Row(words.say("payment.to-charge"), words.won(view.kept), strong=True),
        ),
        notices=(words.say("pay.card-later"),),
    )


def card_rows(scene: Scene, view: OrderView) -> tuple[Row, ...]:
    """Of a payment by card: what was reserved, what of it is charged, what went back."""
    words = scene.words
    charged = words.won(view.kept) if view.kept else words.say("charged.nothing")
    delivered = words.say("charged.delivered", delivered=view.delivered, copies=view.copies)
    reserved = words.won(view.reserved) if view.reserved else words.say("payment.unknown")
    rows = [
        Row(words.say("payment.reserved"), reserved),
        Row(
            words.say("payment.charged"),
            words.say("payment.unknown") if view.settling else charged,
            note=delivered if view.copies > 1 or view.kept else "",
            strong=True,
        ),
    ]
    if view.given_back:
        rows.append(Row(words.say("payment.given-back"), words.won(view.given_back)))
    return tuple(rows)
