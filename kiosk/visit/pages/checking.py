"""The screens before the money: the draft is made, then everything is shown once more."""

from kiosk.protocol.screen import Row, ScreenName, Tone
from kiosk.visit.choosing import payable
from kiosk.visit.pages.page import Page, Scene, bilingual, kind_of, location, primary
from kiosk.visit.state import Check, Drafted, Entry, Preparing


def preparing(scene: Scene, screen: Preparing) -> Page:
    """The machine asks; nothing is to be done."""
    words = scene.words
    name = kind_of(scene, screen.entry).name.text(words.lang)
    return Page(
        ScreenName.PREPARING,
        words.say("preparing.title"),
        words.say("preparing.sentence"),
        pictogram="preparing",
        rows=(Row(words.say("row.certificate"), name), *_about(scene, screen.entry, screen.holder)),
        notices=(words.say("preparing.no-money"),),
    )


def check(scene: Scene, screen: Check) -> Page:
    """What, for which parcel, how many sheets, what each copy and all of them cost. No cost appears after this."""
    words, draft = scene.words, screen.draft
    kind = kind_of(scene, draft.entry)
    total = draft.total()
    return Page(
        ScreenName.CHECK,
        words.say("check.title"),
        words.say("check.sentence"),
        tone=Tone.ACTION,
        pictogram="check",
        rows=(
            Row(words.say("row.certificate"), kind.name.text(words.lang), note=bilingual(scene, kind)),
            *_subject(scene, draft),
            *_chosen(scene, draft.entry),
            *_sums(scene, draft),
        ),
        notices=(
            kind.not_needed.text(words.lang),
            *(words.say(f"note.{note}") for note in draft.notes if words.has(f"note.{note}")),
            *((words.say("check.no-return"),) if total else ()),
        ),
        controls=(
            primary(
                "pay",
                words.say("check.pay", total=total) if total else words.say("check.issue"),
                icon="pay" if total else "next",
                note=_why_not(scene, screen),
            ),
        ),
    )


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
    lang, chosen = scene.words.lang, dict(entry.options)
    return [
        Row(option.name.text(lang), choice.name.text(lang))
        for option in kind_of(scene, entry).option
        for choice in option.choices
        if chosen.get(option.code) == choice.code
    ]


def _sums(scene: Scene, draft: Drafted) -> list[Row]:
    words, copies = scene.words, draft.entry.copies
    each = words.won(draft.fee) if draft.fee else words.say("fee.free")
    rows = [
        Row(words.say("row.sheets"), words.say("sheets.each", n=draft.sheets)),
        Row(words.say("row.copies"), words.say("copies.value", n=copies)),
        Row(words.say("row.fee-each"), each, note=_waived(scene, draft)),
    ]
    total = words.won(draft.total()) if draft.total() else words.say("fee.free")
    return [*rows, Row(words.say("row.total"), total, strong=True)]


def _waived(scene: Scene, draft: Drafted) -> str:
    return scene.words.first(f"waiver.{draft.waiver}", "waiver.other") if draft.waiver else ""


def _why_not(scene: Scene, screen: Check) -> str:
    """Why this can't be paid for just now."""
    if screen.until_ms is not None:
        return scene.words.say("check.opening")
    if payable(scene.state, screen):
        return ""
    reason = scene.state.health.of(screen.draft.entry.type_code).reason or "no-change"
    return scene.words.first(f"why.{reason}", "why.other")
