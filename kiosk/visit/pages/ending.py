"""The last screens: one question, goodbye, and what to tell when it did not work."""

from kiosk.order.model import OrderOutcome
from kiosk.protocol.screen import Control, Role, Row, ScreenName, Tone
from kiosk.visit.choosing import may_guide, may_slip
from kiosk.visit.leaving import own_end
from kiosk.visit.order_view import OrderView, Slip
from kiosk.visit.pages.by_card import card_rows
from kiosk.visit.pages.page import Page, Scene, kind_of, primary, secondary, see_why
from kiosk.visit.pages.paying import slip_notices
from kiosk.visit.pages.refund import money_rows
from kiosk.visit.presses import SCORES
from kiosk.visit.private import refused_in_private
from kiosk.visit.refund import can_ask, payable, wants_money
from kiosk.visit.screens import Goodbye, Survey, Trouble
from kiosk.words.refusals import Remedy, known, refusal, support_number

SEOUL_OFFSET_MS = 9 * 3_600_000
DAY_MS = 24 * 3_600_000
_ICONS = {"edit": "back", "content": "back", "other": "document", "retry": "return", "card": "next"}


def survey(scene: Scene, screen: Survey) -> Page:
    """How was it? Five faces, or none."""
    words = scene.words
    faces = tuple(
        Control(
            f"score:{score}",
            Role.RATING,
            words.say(f"survey.score-{score}"),
            icon=f"face-{score}",
            group="score",
        )
        for score in SCORES
    )
    return Page(
        ScreenName.SURVEY,
        words.say("survey.title"),
        words.say("survey.sentence"),
        tone=Tone.CALM,
        pictogram="survey",
        notices=(words.say("survey.anonymous"), *slip_notices(scene, screen.view)),
        controls=(*faces, secondary("skip", words.say("survey.skip"))),
        remaining_s=scene.seconds_until(scene.state.deadline_ms),
    )


def goodbye(scene: Scene, screen: Goodbye) -> Page:
    """Done, or called off."""
    words, view = scene.words, screen.view
    called_off = view is not None and not view.redeems and view.outcome is OrderOutcome.REFUNDED
    rows = (
        (Row(words.say("money.returned"), words.won(view.paid)),)
        if view is not None and called_off and view.paid
        else ()
    )
    return Page(
        ScreenName.GOODBYE,
        words.say("goodbye.cancelled.title" if called_off else "goodbye.title"),
        words.say("goodbye.sentence"),
        tone=Tone.CALM if called_off else Tone.SUCCESS,
        pictogram="goodbye",
        rows=rows,
        notices=slip_notices(scene, view),
        controls=(primary("done", words.say("goodbye.done"), icon="home"),),
        remaining_s=scene.seconds_until(scene.state.deadline_ms),
    )


def trouble(scene: Scene, screen: Trouble) -> Page:
    """What happened, what was and was not charged, what to do now, and the number to name on the telephone."""
    words, code = scene.words, known(screen.code)
    if refused_in_private(scene.state):
        return _in_private(scene, screen, code)
    view = screen.view
    owed = view is not None and (view.claim > 0 or view.outcome is OrderOutcome.DISPUTED)
    return Page(
        ScreenName.TROUBLE,
        _title(scene, view, code),
        words.say(_what_now(view, code)),
        tone=Tone.ERROR if owed else Tone.WARNING,
        pictogram="trouble",
        rows=(*_money_rows(scene, view), *_slip_row(scene, view)),
        notices=(
            *((words.say(f"guide.{screen.guide.value}"),) if screen.guide else ()),
            words.say(f"refusal.{code}.what"),
            *((words.say("refusal.uncollected.what"),) if _paper_untold(view, code) else ()),
            *slip_notices(scene, view),
        ),
        controls=_ways_on(scene, screen, code),
        code=_code(scene, view, code),
    )


def _paper_untold(view: OrderView | None, code: str) -> bool:
    """Paper was drawn in, and what the screen is about is something else."""
    return view is not None and view.taken_back and code != "uncollected"


def _slip_row(scene: Scene, view: OrderView | None) -> tuple[Row, ...]:
    """The slip that was asked for here, on its way or out."""
    if view is None or not view.taken_back or view.slip not in (Slip.PRINTING, Slip.PRINTED):
        return ()
    return (Row(scene.words.say("row.receipt"), scene.words.say(f"slip.{view.slip.value}")),)


def _in_private(scene: Scene, screen: Trouble, code: str) -> Page:
    """The same for every reason that says something about a person: which it is, they are told behind a press."""
    words = scene.words
    return Page(
        ScreenName.TROUBLE,
        words.say("private.title"),
        words.say("private.do"),
        tone=Tone.WARNING,
        pictogram="trouble",
        rows=_money_rows(scene, None),
        notices=(
            *((words.say(f"guide.{screen.guide.value}"),) if screen.guide else ()),
            words.say("private.what"),
        ),
        controls=(*see_why(scene), *_ways_on(scene, screen, code)),
    )


def _title(scene: Scene, view: OrderView | None, code: str) -> str:
    """What happened; of a visit that the power cut short, when it began, so that its payer knows that it is theirs."""
    if code == "interrupted" and view is not None and view.opened_ms:
        return scene.words.say("interrupted.title", time=_clock(view.opened_ms))
    return scene.words.say(f"refusal.{code}.title")


def _clock(wall_ms: int) -> str:
    """Hours and minutes in Seoul."""
    minutes = (wall_ms + SEOUL_OFFSET_MS) % DAY_MS // 60_000
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _what_now(view: OrderView | None, code: str) -> str:
    """Owed money goes to who shows their card again; without one, to the office; in doubt somebody has to look."""
    if view is not None and view.redeems and view.outcome is OrderOutcome.CLAIM:
        return "charged.card"
    if view is None or not view.claim_code:
        return f"refusal.{code}.do"
    if view.undecided:
        return "charged.look"
    if view.redeems or view.outcome is not OrderOutcome.CLAIM:
        return "charged.call"
    if code == "interrupted":  # no slip was printed: nobody stood here to take it
        return "interrupted.again" if view.at_card else "interrupted.counter"
    return "charged.card" if view.at_card else "charged.counter"


def _money_rows(scene: Scene, view: OrderView | None) -> tuple[Row, ...]:
    """Every won that came in, and where it is now."""
    words = scene.words
    if view is not None and view.by_card:
        return card_rows(scene, view)
    if view is not None and view.redeems:
        return money_rows(scene, view)
    nothing = words.say("charged.nothing")
    if view is None:
        return (Row(words.say("money.fee"), nothing, strong=True),)
    delivered = words.say("charged.delivered", delivered=view.delivered, copies=view.copies)
    if _nothing_in(view):
        note = delivered if view.copies > 1 else ""
        return (Row(words.say("money.fee"), nothing, note=note, strong=True),)
    checked = words.say("charged.being-looked-into")
    rows = [
        Row(words.say("money.inserted"), words.won(view.credit)),
        Row(
            words.say("charged.kept"),
            checked if view.undecided else nothing if _all_back(view) else words.won(view.kept),
            note=delivered if view.copies > 1 or view.kept else "",
        ),
    ]
    if view.paid:
        rows.append(Row(words.say("money.returned"), words.won(view.paid), strong=not view.claim))
    if view.unsure or view.undecided:
        rows.append(Row(words.say("charged.owed"), checked, strong=True))
    elif view.claim:
        rows.append(Row(words.say("charged.owed"), words.won(view.claim), strong=True))
    elif view.outcome is OrderOutcome.DISPUTED:
        rows.append(Row(words.say("charged.owed"), checked, strong=True))
    return tuple(rows)


def _nothing_in(view: OrderView) -> bool:
    """Whether nothing was put in: surely, and not as far as is known."""
    return not (view.credit or view.claim or view.kept or view.paid or view.unsure)


def _all_back(view: OrderView) -> bool:
    """Whether the machine has kept nothing of what was put in, as a fee or to be returned later."""
    return not (view.kept or view.claim or view.unsure) and view.paid >= view.credit


def _ways_on(scene: Scene, screen: Trouble, code: str) -> tuple[Control, ...]:
    words = scene.words
    if screen.entry is None and code == "interrupted" and screen.view is not None and payable(screen.view):
        again = (
            (primary("refund", words.say("interrupted.go-on"), icon="identity"),)
            if can_ask(scene.state)
            else ()
        )
        return (*again, secondary("done", words.say("trouble.done"), icon="home"))
    if screen.entry is None:
        label = "claim-slip" if screen.view is not None and screen.view.claim_code else "slip"
        slip = secondary("slip", words.say(f"trouble.{label}"), icon="receipt")
        offered = (slip,) if may_slip(scene.state, screen) else ()
        return (primary("done", words.say("trouble.done"), icon="home"), *offered)
    helps = refusal(code).remedy
    if helps is Remedy.EDIT and kind_of(scene, screen.entry).personal:
        helps = Remedy.CONTENT
    if helps is Remedy.CARD and kind_of(scene, screen.entry).identification != "card":
        helps = Remedy.OTHER
    health = scene.state.health.of(screen.entry.type_code)
    money = wants_money(screen.entry)
    if own_end(scene.state):
        return (primary("done", words.say("trouble.done"), icon="home"),)
    closed = helps is Remedy.RETRY and not health.sellable and not money
    note = words.first(f"why.{health.reason}", "why.other") if closed else ""
    way = primary(helps, words.say(f"trouble.{helps}"), icon=_ICONS[helps], note=note)
    guide = secondary("guide", words.say("trouble.guide"), icon="receipt")
    others = secondary("without", words.say("trouble.without", n=len(scene.state.basket)), icon="next")
    return (
        way,
        *((guide,) if may_guide(scene.state, screen) else ()),
        *((others,) if scene.state.basket else ()),
    )


def _code(scene: Scene, view: OrderView | None, code: str) -> str:
    number = support_number(code)
    if view is not None and view.claim_code:
        return scene.words.say("trouble.claim-code", claim=view.claim_code, number=number)
    return scene.words.say("trouble.code", number=number)
