"""What the screen shows of a visit: every word already chosen. A pure function of the state."""

from typing import assert_never

import msgspec
from msgspec import Struct

from kiosk.protocol.screen import Money, Overlay, Snapshot
from kiosk.visit.pages import (
    checking,
    choosing,
    ending,
    identifying,
    issuing,
    offering,
    paying,
    picking,
    refund,
    welcome,
)
from kiosk.visit.pages.bar import bar
from kiosk.visit.pages.card import mind_the_card
from kiosk.visit.pages.page import MachineFacts, Page, Scene
from kiosk.visit.pages.power import mind_the_power
from kiosk.visit.pages.sheets import sheet
from kiosk.visit.place import place
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
    ReadingCard,
    Refund,
    Screen,
    Survey,
    Take,
    Trouble,
    Verifying,
    Which,
)
from kiosk.visit.state import Visit
from kiosk.words.words import Words


def present(
    state: Visit, words: Words, facts: MachineFacts, *, seq: int, since: int, now_ms: int, began: int = 1
) -> Snapshot:
    """The snapshot of `state` in the language of `words`, which is state.display.lang's."""
    scene = Scene(state, words, facts, now_ms)
    page = mind_the_power(scene, mind_the_card(scene, _page(scene, state.screen)))
    overlay = sheet(scene, state.overlay, page.screen) if state.overlay is not None else None
    remaining = "" if page.remaining_s is None else words.say("remaining", n=page.remaining_s)
    return Snapshot(
        seq=seq,
        since=since,
        began=began,
        screen=page.screen,
        title=page.title,
        sentence=page.sentence,
        tone=page.tone,
        pictogram=page.pictogram,
        rows=page.rows,
        fields=page.fields,
        steps=page.steps,
        money=page.money,
        notices=page.notices,
        controls=page.controls,
        code=page.code,
        remaining_s=page.remaining_s,
        secret=page.secret,
        chime=page.chime,
        bar=bar(scene),
        overlay=overlay,
        announce=_announce_sheet(overlay) if overlay else _announce(page),
        display=state.display,
        site=facts.site,
        machine=words.say("facts.machine", machine=facts.machine),
        help_phone=words.say("facts.phone", phone=facts.help_phone),
        remaining_text=remaining,
    )


class Drawn(Struct, frozen=True):
    """The last snapshot, and the place in the dialogue that it showed: with what lay over the screen, and without."""

    snapshot: Snapshot
    place: str
    under: str


def redraw(drawn: Drawn | None, state: Visit, words: Words, facts: MachineFacts, now_ms: int) -> Drawn:
    """The next snapshot: `seq` one up, `since` kept while screen and overlay stay, `began` while the screen does. The
    same object if nothing shows.

    `words` are those of state.display.lang: `load(state.display.lang)`.
    """
    here = place(state)
    under = place(msgspec.structs.replace(state, overlay=None))
    if drawn is None:
        return Drawn(present(state, words, facts, seq=1, since=1, now_ms=now_ms), here, under)
    last, seq = drawn.snapshot, drawn.snapshot.seq + 1
    since = last.since if here == drawn.place else seq
    began = last.began if under == drawn.under else seq
    snapshot = present(state, words, facts, seq=seq, since=since, now_ms=now_ms, began=began)
    same = msgspec.structs.replace(snapshot, seq=last.seq) == last
    return drawn if same else Drawn(snapshot, here, under)


def _page(scene: Scene, screen: Screen) -> Page:
    match screen:
        case Attract():
            return welcome.attract(scene)
        case OutOfService():
            return welcome.out_of_service(scene)
        case Choose():
            return offering.choose(scene, screen)
        case Options():
            return choosing.options(scene, screen)
        case InsertCard() | ReadingCard() | EnterPin() | Verifying():
            return identifying.identify(scene, screen)
        case Preparing() | Which() | Check():
            return _page_of_draft(scene, screen)
        case _:
            return _page_of_order(scene, screen)


def _page_of_draft(scene: Scene, screen: Preparing | Which | Check) -> Page:
    match screen:
        case Preparing():
            return checking.preparing(scene, screen)
        case Which():
            return picking.which(scene, screen)
        case Check():
            return checking.check(scene, screen)


def _page_of_order(
    scene: Scene, screen: Pay | Issuing | Take | Change | Survey | Refund | Goodbye | Trouble
) -> Page:
    match screen:
        case Refund():
            return refund.refund(scene, screen)
        case Pay():
            return paying.pay(scene, screen)
        case Issuing():
            return issuing.issuing(scene, screen)
        case Take():
            return issuing.take(scene, screen)
        case Change():
            return paying.change(scene, screen)
        case Survey():
            return ending.survey(scene, screen)
        case Goodbye():
            return ending.goodbye(scene, screen)
        case Trouble():
            return ending.trouble(scene, screen)
        case _ as never:
            assert_never(never)


def _announce(page: Page) -> str:
    """Everything on the screen but its controls; seconds are left out, or it would be said anew each second."""
    rows = [" ".join(told for told in (row.label, row.value, row.note) if told) for row in page.rows]
    steps = [step.label for step in page.steps if step.state == "now"]
    errors = [field.error for field in page.fields]
    told = (page.title, *errors, page.sentence, *_sums(page.money), *rows, *steps, *page.notices, page.code)
    return _sentences(*told)


def _sums(money: Money | None) -> list[str]:
    if money is None:
        return []
    sums = [
        (money.fee_label, money.fee_text),
        (money.inserted_label, money.inserted_text if money.inserted else ""),
        (money.change_label, money.change_text),
    ]
    return [f"{label} {text}" for label, text in sums if text]


def _announce_sheet(overlay: Overlay) -> str:
    """All of it; of what is told to one person alone nothing that others hear too."""
    if overlay.name == "reason":
        return _sentences(overlay.title)
    return _sentences(overlay.title, overlay.lead, *(f"{row.label} {row.value}" for row in overlay.rows))


def _sentences(*texts: str) -> str:
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts if text)
