"""The overlays: help, language, display, more time, really stop."""

from kiosk.protocol.screen import Control, Field, Overlay, Role, Row, ScreenName, Tone
from kiosk.visit.following import drafts_of, view_of
from kiosk.visit.items import Drafted
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.pages.page import Scene, name_of, primary, secondary, waiver_of, whose
from kiosk.visit.presses import TEXT_SCALES
from kiosk.visit.screens import Pay, Trouble
from kiosk.visit.state import DisplaySheet, Help, Languages, Leave, MoreTime, Reason, Remove
from kiosk.visit.state import Overlay as Sheet
from kiosk.words.refusals import known, support_number
from kiosk.words.words import LANGUAGES


def sheet(scene: Scene, which: Sheet, over: ScreenName) -> Overlay:
    """The overlay over the screen `over`."""
    match which:
        case Help():
            return _help(scene, over)
        case Languages():
            return _languages(scene)
        case DisplaySheet():
            return _display(scene)
        case MoreTime():
            return _more_time(scene)
        case Leave():
            return _leave(scene)
        case Remove():
            return _remove(scene)
        case Reason():
            return _reason(scene)


def _help(scene: Scene, over: ScreenName) -> Overlay:
    words, facts = scene.words, scene.facts
    return Overlay(
        "help",
        words.say("help.title"),
        words.say(f"help.{_topic(scene, over)}"),
        rows=(
            Row(words.say("help.phone"), facts.help_phone, strong=True, note=words.say("help.phone-note")),
            Row(words.say("help.machine"), facts.machine, note=facts.site),
        ),
        controls=(primary("close", words.say("action.close"), icon="check"),),
        pictogram="help",
    )


def _topic(scene: Scene, over: ScreenName) -> str:
    """What is explained: on the pay screen, the way to pay that is at hand."""
    match scene.state.screen:
        case Pay(view=OrderView(phase=Phase.CHOOSING)):
            return "pay-choosing"
        case Pay(view=OrderView(phase=Phase.CARD)):
            return "pay-card"
        case _:
            return over.value


def _languages(scene: Scene) -> Overlay:
    words = scene.words
    choices = tuple(
        Control(
            f"lang:{lang}",
            Role.LANGUAGE,
            words.say(f"language.{lang}"),
            group="language",
            selected=lang == words.lang,
        )
        for lang in LANGUAGES
    )
    return Overlay(
        "language",
        words.say("languages.title"),
        words.say("languages.lead"),
        controls=(*choices, secondary("close", words.say("action.close"))),
        pictogram="globe",
    )


def _display(scene: Scene) -> Overlay:
    words, display = scene.words, scene.state.display
    scales = tuple(
        Control(
            f"scale:{scale}",
            Role.CHOICE,
            words.say(f"display.scale-{scale}"),
            group="scale",
            selected=scale == display.text_scale,
        )
        for scale in TEXT_SCALES
    )
    return Overlay(
        "display",
        words.say("display.title"),
        words.say("display.lead"),
        controls=(
            *scales,
            *_switch(scene, "contrast", on=display.high_contrast),
            *_switch(scene, "reach", on=display.low_reach),
            primary("close", words.say("action.close"), icon="check"),
        ),
        fields=tuple(Field(group, words.say(f"display.{group}")) for group in ("scale", "contrast", "reach")),
        pictogram="display",
    )


def _switch(scene: Scene, group: str, *, on: bool) -> list[Control]:
    return [
        Control(
            f"{group}:{value}",
            Role.CHOICE,
            scene.words.say(f"display.{group}-{value}"),
            group=group,
            selected=on == (value == "on"),
        )
        for value in ("off", "on")
    ]


def _more_time(scene: Scene) -> Overlay:
    words = scene.words
    view = view_of(scene.state.screen)
    money = view is not None and view.credit > 0
    remaining = scene.seconds_until(scene.state.deadline_ms)
    return Overlay(
        "more-time",
        words.say("more-time.title"),
        words.say("more-time.lead-money" if money else "more-time.lead"),
        controls=(
            primary("more-time", words.say("more-time.go-on"), icon="clock"),
            secondary("leave", words.say("more-time.stop")),
        ),
        remaining_s=remaining,
        remaining_text="" if remaining is None else words.say("remaining", n=remaining),
        tone=Tone.WARNING,
        pictogram="clock",
    )


def _reason(scene: Scene) -> Overlay:
    """What is nobody else's business, and how long it still stands here."""
    words, screen = scene.words, scene.state.screen
    remaining = scene.seconds_until(scene.state.deadline_ms)
    lead, rows = "", tuple[Row, ...]()
    if isinstance(screen, Trouble):
        code = known(screen.code)
        title, what, do = (words.say(f"refusal.{code}.{part}") for part in ("title", "what", "do"))
        number = words.say("trouble.code", number=support_number(code))
        lead, rows = f"{title}. {what} {do}", (Row(words.say("private.tell"), number),)
    else:
        waived = (draft for draft in drafts_of(scene.state) if draft.waiver)
        rows = tuple(Row(name_of(scene, draft.entry), waiver_of(scene, draft)) for draft in waived)
    return Overlay(
        "reason",
        words.say("private.sheet"),
        lead,
        rows=rows,
        controls=(primary("close", words.say("private.hide"), icon="check"),),
        pictogram="info",
        remaining_s=remaining,
        remaining_text="" if remaining is None else words.say("remaining", n=remaining),
    )


def _remove(scene: Scene) -> Overlay:
    """A button for each certificate; a second one of the same kind is told by whose it is."""
    words = scene.words
    drafts = enumerate(drafts_of(scene.state))
    choices = (
        Control(f"remove:{at}", Role.CHOICE, _named(scene, draft), group="remove") for at, draft in drafts
    )
    return Overlay(
        "remove",
        words.say("remove.title"),
        words.say("remove.lead"),
        controls=(*choices, primary("close", words.say("remove.keep"), icon="check")),
        pictogram="minus",
    )


def _named(scene: Scene, draft: Drafted) -> str:
    copies = scene.words.say("copies.value", n=draft.entry.copies)
    told = (name_of(scene, draft.entry), whose(scene, draft), copies)
    return " · ".join(part for part in told if part)


def _leave(scene: Scene) -> Overlay:
    words = scene.words
    view = view_of(scene.state.screen)
    return Overlay(
        "leave",
        words.say("leave.title"),
        words.say("leave.lead", credit=view.credit if view else 0),
        controls=(
            primary("close", words.say("leave.stay"), icon="back"),
            Control("leave", Role.DANGER, words.say("leave.go"), icon="return"),
        ),
        tone=Tone.WARNING,
        pictogram="return",
    )
