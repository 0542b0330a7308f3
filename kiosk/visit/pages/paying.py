"""The screens about money: coins in, coins out."""

from kiosk.protocol.screen import Chime, Money, Row, ScreenName, Tone
from kiosk.protocol.spoken import spoken
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.pages.by_card import at_the_terminal, booking, card_rows, choosing, other_way
from kiosk.visit.pages.page import Page, Scene, order_rows, primary
from kiosk.visit.screens import Change, Pay

# Where the receipt is all there is to take, neither title nor button may speak of one that may not be there.
_RECEIPT_ONLY = {Slip.FAILED: "nothing", Slip.UNSURE: "unsure"}


def pay(scene: Scene, screen: Pay) -> Page:
    """What it costs, what is in, what is missing; before that, how it shall be paid."""
    words, view = scene.words, screen.view
    if view.phase is Phase.CHOOSING:
        return choosing(scene, screen)
    if view.phase is Phase.CARD:
        return at_the_terminal(scene, screen)
    missing = max(0, view.fee - view.credit)
    money = _money(scene, view, missing)
    case, tone, pictogram = _case(view, missing)
    return Page(
        ScreenName.PAY,
        words.say(f"pay.{case}.title"),
        words.say(f"pay.{case}.sentence", missing=missing, credit=view.credit, note=view.refused),
        tone=tone,
        pictogram=pictogram,
        rows=order_rows(scene, screen.drafts),
        money=money,
        notices=(*_what_is_taken(scene, view), *_risk(scene)) if case in _INVITING else (),
        controls=other_way(scene, view),
    )


_INVITING = ("insert", "insert-any", "refused")


def _case(view: OrderView, missing: int) -> tuple[str, Tone, str]:
    """What the screen is about now: its words, mood and picture."""
    if view.cancelled or view.reason:
        return "returning", Tone.CALM, "return"
    if view.phase is Phase.COUNTING or not missing:
        return "counting", Tone.CALM, "pay"
    if view.stacking:
        return "stacking", Tone.CALM, "pay"
    if view.refused:
        return "refused", Tone.WARNING, "return"
    return ("insert-any" if view.notes else "insert"), Tone.ACTION, "coin"


def _what_is_taken(scene: Scene, view: OrderView) -> tuple[str, ...]:
    """The coins and notes of this moment in words, and what becomes of what is too much."""
    words = scene.words
    coins = _list(scene, scene.facts.coins if view.coins is None else view.coins)
    besides = "-besides" if "card" in view.means else ""
    if view.notes:
        taken = words.say(f"pay.coins-and-notes{besides}", coins=coins, notes=_list(scene, view.notes))
    else:
        taken = words.say(f"pay.coins-only{besides}", coins=coins)
    how = (
        words.say("cash.exact")
        if view.exact
        else words.say("pay.change", coins=_list(scene, scene.facts.change))
    )
    return taken, how


def _list(scene: Scene, values: tuple[int, ...]) -> str:
    return ", ".join(scene.words.won(value) for value in sorted(values))


def _risk(scene: Scene) -> tuple[str, ...]:
    """An acceptor that forgets without power: said before the first coin is in."""
    cash = scene.state.health.cash
    return () if cash is None or cash.remembers else (scene.words.say("pay.one-coin"),)


def _money(scene: Scene, view: OrderView, missing: int) -> Money:
    words = scene.words
    change = max(0, view.credit - view.fee)
    collecting = view.phase is Phase.COLLECTING and not view.cancelled
    coins = scene.facts.coins if view.coins is None else view.coins
    return Money(
        fee=view.fee,
        inserted=view.credit,
        missing=missing,
        change=change,
        fee_text=words.won(view.fee),
        inserted_text=words.won(view.credit),
        missing_text=words.won(missing) if collecting else "",
        change_text=words.won(change) if change else "",
        coins=tuple(words.won(coin) for coin in coins) if collecting else (),
        notes=tuple(words.won(note) for note in view.notes) if collecting else (),
        fee_label=words.say("money.fee"),
        inserted_label=words.say("money.inserted"),
        missing_label=words.say("money.missing"),
        change_label=words.say("money.change"),
    )


def change(scene: Scene, screen: Change) -> Page:
    """Change or refund on its way out, then: take it, and the receipt."""
    view = screen.view
    if view.phase is Phase.BOOKING:
        return booking(scene, screen)
    return _done(scene, screen) if view.phase is Phase.CLOSED else _paying_out(scene, screen)


def _paying_out(scene: Scene, screen: Change) -> Page:
    words, view = scene.words, screen.view
    case = "redeem" if view.redeems else "refund" if view.delivered == 0 else "change"
    blocked = words.first(f"blocked.{view.blocked}", "blocked.other") if view.blocked else ""
    return Page(
        ScreenName.CHANGE,
        words.say(f"change.{case}.title"),
        blocked or words.say("change.sentence", sum=view.to_pay),
        tone=Tone.WARNING if blocked else Tone.ACTION,
        pictogram="change",
        rows=(
            Row(words.say("change.to-pay"), words.won(view.to_pay), strong=True),
            Row(words.say("change.paid"), words.won(view.paid)),
        ),
        notices=(words.say("change.coins", coins=_list(scene, scene.facts.change)),),
    )


def _done(scene: Scene, screen: Change) -> Page:
    words, view = scene.words, screen.view
    slip = view.slip in (Slip.PRINTING, Slip.PRINTED)
    case = ("both" if slip else "coins") if view.paid else _RECEIPT_ONLY.get(view.slip, "slip")
    if case == "nothing" and not view.delivered:
        case = "nothing-cancelled"  # by card: its approval was given back
    doubtful = case in (*_RECEIPT_ONLY.values(), "nothing-cancelled")
    taken = words.say("trouble.done" if doubtful else "change.done")
    rows = [Row(words.say("change.returned"), words.won(view.paid), strong=True)] if view.paid else []
    rows += card_rows(scene, view) if view.by_card else ()
    if slip:
        rows.append(Row(words.say("row.receipt"), words.say(f"slip.{view.slip.value}")))
    return Page(
        ScreenName.CHANGE,
        words.say(f"change.take-{case}.title"),
        words.say(f"change.take-{case}.sentence", paid=view.paid),
        tone=Tone.SUCCESS if view.delivered or view.redeems else Tone.ACTION,
        pictogram="change" if view.paid else "receipt",
        rows=tuple(rows),
        notices=slip_notices(scene, view),
        controls=(primary("done", taken, icon="check"),),
        remaining_s=scene.seconds_until(scene.state.deadline_ms),
        chime=Chime.CHANGE if view.paid else Chime.NONE,
    )


def slip_notices(scene: Scene, view: OrderView | None) -> tuple[str, ...]:
    """A receipt that could not be printed is owned up to, and so is not knowing whether it was."""
    if view is None or view.slip not in (Slip.FAILED, Slip.UNSURE):
        return ()
    return (scene.words.say(f"slip.{view.slip.value}", order=spoken(view.order)),)
