"""The screens while the machine works: what it does now, and what the person does now."""

from kiosk.protocol.screen import Chime, ScreenName, Step, Tone
from kiosk.visit.items import Drafted
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.pages.page import Page, Scene, order_rows, secondary
from kiosk.visit.screens import Issuing, Take

# From here on the screen and its tone warn that the paper will be drawn in.
WARN_S = 30
# Paper that is still on its way can't be taken yet.
_CHIMES = {"waiting": Chime.PAPER, "late": Chime.PAPER_LATE}


def issuing(scene: Scene, screen: Issuing) -> Page:
    """Number, print, hand over: where it is, never a bare spinner."""
    words, view = scene.words, screen.view
    working = "printing" if view.phase is Phase.PRINTING else "sealing"
    case = "clearing" if view.clearing else working
    blocked = words.first(f"blocked.{view.blocked}", "blocked.other") if view.blocked else ""
    return Page(
        ScreenName.ISSUING,
        words.say(f"issuing.{case}.title"),
        blocked or words.say(f"issuing.{case}.sentence"),
        tone=Tone.WARNING if blocked or view.clearing else Tone.CALM,
        pictogram="warning" if blocked else "issuing",
        rows=order_rows(scene, _at_work(screen)),
        steps=() if view.clearing else _steps(scene, view),
        notices=(_copies(scene, view),) if view.copies > 1 else (),
    )


def _at_work(screen: Issuing | Take) -> tuple[Drafted, ...]:
    """The certificate whose copy is being made: copies are counted over all lines, in their order."""
    copies = [draft for draft in screen.drafts for _ in range(draft.entry.copies)]
    at = screen.view.copy - 1
    return (copies[at],) if at < len(copies) else ()


def _copies(scene: Scene, view: OrderView) -> str:
    return scene.words.say("issuing.copy", copy=view.copy, copies=view.copies)


def _steps(scene: Scene, view: OrderView) -> tuple[Step, ...]:
    words = scene.words
    at = {Phase.ISSUING: 0, Phase.PRINTING: 1}.get(view.phase, 2)
    printing = (
        words.say("step.printing-sheet", sheet=min(view.sheet + 1, view.sheets), sheets=view.sheets)
        if at == 1 and view.sheets > 1
        else words.say("step.printing")
    )
    labels = [words.say("step.number"), printing, words.say("step.take")]
    if view.credit > view.fee:
        labels.append(words.say("step.change"))
    states = ["done" if step < at else "now" if step == at else "later" for step in range(len(labels))]
    return tuple(Step(label, state) for label, state in zip(labels, states, strict=True))


def take(scene: Scene, screen: Take) -> Page:
    """Take the paper; how long there is, what happens then, and a press for more time."""
    words, view = scene.words, screen.view
    waiting = view.phase is Phase.TAKEN_WAIT
    remaining = scene.seconds_until(view.retract_at_ms) if waiting else None
    late = remaining is not None and remaining <= WARN_S
    may_wait = waiting and not scene.state.power
    case = ("late" if late else "waiting") if waiting else "coming"
    notices = [_copies(scene, view)] if view.copies > 1 else []
    if waiting and view.copy < view.copies:
        notices.append(words.say("take.next"))
    return Page(
        ScreenName.TAKE,
        words.say(f"take.{case}.title"),
        words.say(f"take.{case}.sentence", sheets=view.sheets),
        tone=Tone.WARNING if late else Tone.ACTION,
        pictogram="take",
        rows=order_rows(scene, _at_work(screen)),
        steps=_steps(scene, view),
        notices=tuple(notices),
        controls=(secondary("more-time", words.say("action.more-time"), icon="clock"),) if may_wait else (),
        remaining_s=remaining,
        chime=_CHIMES.get(case, Chime.NONE),
    )
