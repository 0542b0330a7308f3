"""The screen of somebody who wants their money: it is looked for, then shown with one button that pays it."""

from kiosk.protocol.screen import Row, ScreenName, Tone
from kiosk.visit.order_view import OrderView
from kiosk.visit.pages.page import Page, Scene, primary, secondary
from kiosk.visit.screens import Refund


def refund(scene: Scene, screen: Refund) -> Page:
    """Looking; or how much it is."""
    view = screen.view
    if view is None or not screen.waits:
        return _looking(scene, screen)
    words = scene.words
    return Page(
        ScreenName.REFUND,
        words.say("refund.offer.title", sum=view.redeem),
        words.say("refund.offer.sentence"),
        tone=Tone.ACTION,
        pictogram="change",
        rows=(Row(words.say("refund.amount"), words.won(view.redeem), strong=True),),
        notices=(words.say("refund.keeps"),),
        controls=(
            primary("pay-out", words.say("refund.pay-out"), icon="coin"),
            secondary("later", words.say("refund.later")),
        ),
    )


def _looking(scene: Scene, screen: Refund) -> Page:
    words = scene.words
    case = "starting" if screen.confirmed else "looking"
    return Page(
        ScreenName.REFUND,
        words.say(f"refund.{case}.title"),
        words.say(f"refund.{case}.sentence"),
        pictogram="preparing",
    )


def money_rows(scene: Scene, view: OrderView) -> tuple[Row, ...]:
    """What became of it: what came out, and what is still owed."""
    words = scene.words
    rows = [Row(words.say("money.returned"), words.won(view.paid), strong=True)] if view.paid else []
    if view.unsure:
        rows.append(Row(words.say("charged.owed"), words.say("charged.being-looked-into"), strong=True))
    elif left := view.redeem - view.paid:
        rows.append(Row(words.say("charged.owed"), words.won(left), strong=True))
    return tuple(rows) or (Row(words.say("money.returned"), words.say("refund.none")),)
