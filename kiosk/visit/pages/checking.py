"""The screens before the money: drafts are made, then everything is shown once more."""

from kiosk.protocol.central import WAIVER_UNKNOWN
from kiosk.protocol.screen import Control, Row, ScreenName, Tone
from kiosk.visit.agreeing import unpayable
from kiosk.visit.basket import MOST_LINES, entry_of, has_room, price_of_all
from kiosk.visit.following import drafts_of
from kiosk.visit.items import Drafted, Entry, Item
from kiosk.visit.pages.page import (
    Page,
    Scene,
    bilingual,
    kind_of,
    location,
    name_of,
    primary,
    secondary,
    see_why,
    whose,
)
from kiosk.visit.screens import Check, Preparing

_USUAL = "check.sentence"
# So many questions with the usual answer are told in one row.
_SHARE_A_ROW = 3


def preparing(scene: Scene, screen: Preparing) -> Page:
    """The machine asks; nothing is to be done."""
    words = scene.words
    items: tuple[Item, ...] = (*scene.state.basket, screen.at_hand)
    return Page(
        ScreenName.PREPARING,
        words.say("preparing.title"),
        words.say("preparing.sentence"),
        pictogram="preparing",
        rows=_asked(scene, screen) if len(items) == 1 else tuple(_line(scene, item) for item in items),
        notices=(words.say("preparing.no-money"),),
    )


def _asked(scene: Scene, screen: Preparing) -> tuple[Row, ...]:
    name = Row(scene.words.say("row.certificate"), name_of(scene, screen.entry))
    personal = kind_of(scene, screen.entry).personal
    return (
        name,
        *_about(scene, screen.entry, screen.holder if personal else ""),
        *_picked(scene, screen.entry),
    )


def _picked(scene: Scene, entry: Entry) -> tuple[Row, ...]:
    """Which of several things, where one was picked."""
    told = " · ".join(picked.label for picked in entry.picked)
    return (Row(scene.words.say("row.picked"), told),) if told else ()


def _line(scene: Scene, item: Item) -> Row:
    return Row(name_of(scene, entry_of(item)), whose(scene, item))


def check(scene: Scene, screen: Check) -> Page:
    """What, for whom, how many sheets, what each copy and all of them cost. No cost appears after this."""
    words = scene.words
    drafts = drafts_of(scene.state)
    total = price_of_all(scene.state) + screen.draft.total()
    several = "several" if len(drafts) > 1 else "one"
    sentence = _sentence(drafts)
    return Page(
        ScreenName.CHECK,
        words.say(f"check.{several}.title", n=len(drafts)),
        "" if scene.large and sentence == _USUAL else words.say(sentence),
        tone=Tone.ACTION,
        pictogram="check",
        rows=_with_total(_rows(scene, drafts), _total(scene, drafts, total), first=scene.large),
        notices=(
            *dict.fromkeys(kind_of(scene, draft.entry).not_needed.text(words.lang) for draft in drafts),
            *_notes(scene, drafts),
            *((words.say("check.no-return"),) if total else ()),
        ),
        controls=(
            primary(
                "pay",
                words.say("check.pay", total=total) if total else words.say("check.issue"),
                icon="pay" if total else "next",
                note=_why_not(scene, screen),
                unseen=words.say("action.unseen"),
            ),
            *see_why(scene),
            *_more_or_less(scene, screen),
        ),
    )


def _sentence(drafts: tuple[Drafted, ...]) -> str:
    """What stands above the rows: what has to be known before paying comes before what is to be pressed."""
    unsure = any(WAIVER_UNKNOWN in draft.notes for draft in drafts)
    return "check.waiver-unknown" if unsure else _USUAL


def _with_total(rows: tuple[Row, ...], total: Row, *, first: bool) -> tuple[Row, ...]:
    """The sum ends the list; in very large letters, which need pages, it begins it."""
    return (total, *rows) if first else (*rows, total)


def _rows(scene: Scene, drafts: tuple[Drafted, ...]) -> tuple[Row, ...]:
    """One certificate with all that is known of it; several with a row each."""
    if len(drafts) > 1:
        return tuple(_summed(scene, draft) for draft in drafts)
    draft = drafts[0]
    kind = kind_of(scene, draft.entry)
    name = Row(scene.words.say("row.certificate"), name_of(scene, draft.entry), note=bilingual(scene, kind))
    subject = _subject(scene, draft)
    said = {row.value for row in subject}
    picked = (row for row in _picked(scene, draft.entry) if row.value not in said)
    return (name, *subject, *picked, *_chosen(scene, draft.entry), *_sums(scene, draft))


def _summed(scene: Scene, draft: Drafted) -> Row:
    """A certificate in one row: whose it is, how much paper, and what its copies cost."""
    words = scene.words
    told = (
        whose(scene, draft),
        words.say("sheets.each", n=draft.sheets),
        words.say("copies.value", n=draft.entry.copies),
        _waived(scene, draft),
    )
    cost = words.won(draft.total()) if draft.total() else words.say("fee.free")
    return Row(name_of(scene, draft.entry), cost, note=" · ".join(part for part in told if part))


def _notes(scene: Scene, drafts: tuple[Drafted, ...]) -> tuple[str, ...]:
    words = scene.words
    told = dict.fromkeys(note for draft in drafts for note in draft.notes)
    return tuple(words.say(f"note.{note}") for note in told if words.has(f"note.{note}"))


def _subject(scene: Scene, draft: Drafted) -> tuple[Row, ...]:
    """The subject as the register names it; as it was typed once the language has changed, so that none are mixed."""
    about = _about(scene, draft.entry, draft.holder)
    if not draft.summary or draft.lang != scene.words.lang:
        return about
    if not draft.holder:
        return draft.summary
    # Whom the card named comes first, and once.
    return (*about, *(row for row in draft.summary if row.value != draft.holder))


def _about(scene: Scene, entry: Entry, holder: str) -> tuple[Row, ...]:
    """For whom, or which parcel."""
    if holder:
        return (Row(scene.words.say("row.holder"), holder),)
    return (Row(scene.words.say("row.where"), location(scene, entry)),)


def _chosen(scene: Scene, entry: Entry) -> list[Row]:
    """What was chosen to be on it: of many questions those with the usual answer share a row, which names them all."""
    lang, chosen = scene.words.lang, dict(entry.options)
    answers = [
        (option, Row(option.name.text(lang), choice.name.text(lang)))
        for option in kind_of(scene, entry).option
        for choice in option.choices
        if chosen.get(option.code) == choice.code
    ]
    usual = [row for option, row in answers if chosen[option.code] == option.default]
    if len(usual) < _SHARE_A_ROW:
        return [row for _option, row in answers]
    others = [row for option, row in answers if chosen[option.code] != option.default]
    told = " · ".join(f"{row.label} {row.value}" for row in usual)
    shared = Row(
        scene.words.say("check.unchanged"), scene.words.say("check.answers", n=len(usual)), note=told
    )
    return [*others, shared]


def _sums(scene: Scene, draft: Drafted) -> list[Row]:
    words, copies = scene.words, draft.entry.copies
    sheets = words.say("sheets.each", n=draft.sheets)
    each = words.won(draft.fee) if draft.fee else words.say("fee.free")
    return [
        Row(words.say("row.copies"), f"{words.say('copies.value', n=copies)} · {sheets}"),
        Row(words.say("row.fee-each"), each, note="" if scene.large else _waived(scene, draft)),
    ]


def _total(scene: Scene, drafts: tuple[Drafted, ...], total: int) -> Row:
    """All copies together. Where it begins the list, it says that somebody pays nothing, too."""
    words = scene.words
    waived = _waived(scene, drafts[0]) if scene.large and len(drafts) == 1 else ""
    value = words.won(total) if total else words.say("fee.free")
    return Row(words.say("row.total"), value, note=waived, strong=True)


def _waived(scene: Scene, draft: Drafted) -> str:
    """That this person pays nothing. Why is told to them alone (sheets.py)."""
    return scene.words.say("waiver.other") if draft.waiver else ""


def _more_or_less(scene: Scene, screen: Check) -> tuple[Control, ...]:
    """One certificate more, and where there are several, one less."""
    words, opening = scene.words, "" if screen.until_ms is None else scene.words.say("check.opening")
    full = "" if has_room(scene.state) else words.say("basket.full", n=MOST_LINES)
    add = secondary("add", words.say("basket.add"), icon="plus", note=opening or full)
    if not scene.state.basket:
        return (add,)
    return (add, secondary("remove", words.say("basket.remove"), icon="minus", note=opening))


def _why_not(scene: Scene, screen: Check) -> str:
    """Why this can't be paid for just now."""
    if screen.until_ms is not None:
        return scene.words.say("check.opening")
    reason = unpayable(scene.state, screen)
    return scene.words.first(f"why.{reason}", "why.other") if reason else ""
