"""The steps that a visit is made of: begin, go to a screen, ask for a draft, end and wipe."""

import msgspec
from msgspec import Struct

from kiosk.catalogue.catalogue import CertificateType
from kiosk.catalogue.money_back import MONEY_BACK
from kiosk.health.health import MachineState
from kiosk.visit.basket import entry_of
from kiosk.visit.effects import BeginVisit, Effect, EndReason, EndVisit, RequestDraft
from kiosk.visit.items import Asked, Drafted, Entry, Item
from kiosk.visit.patience import DRAFT_MS, arm
from kiosk.visit.screens import Attract, Choose, Options, OutOfService, Preparing, Question, Screen
from kiosk.visit.state import Visit

Move = tuple[Visit, tuple[Effect, ...]]


def go(state: Visit, screen: Screen, now_ms: int) -> Visit:
    """The visit on another screen, without an overlay, its patience counted anew."""
    return arm(msgspec.structs.replace(state, screen=screen, overlay=None), now_ms)


def to_options(state: Visit, entry: Entry, question: Question, now_ms: int) -> Visit:
    """To one of the entry's questions. Which of several things it is about is asked anew after it: that may change."""
    return go(state, Options(msgspec.structs.replace(entry, picked=()), question), now_ms)


def stay(state: Visit) -> Move:
    """Nothing changes."""
    return state, ()


def begin(state: Visit, now_ms: int) -> Move:
    """Somebody is here."""
    number = state.number + 1
    # A card that is in already may have been left by somebody else.
    card = msgspec.structs.replace(state.card, before=True) if state.card else None
    begun = msgspec.structs.replace(
        state, number=number, serving=True, worker_ready=False, lines=0, card=card
    )
    return go(begun, Choose(), now_ms), (BeginVisit(number),)


def finish(state: Visit, reason: EndReason) -> Move:
    """The end: a new value with only what belongs to the machine, so that nothing of the citizen can stay."""
    fresh = Visit(
        catalogue=state.catalogue,
        screen=resting(state),
        health=state.health,
        since=state.since,
        number=state.number,
        card=state.card,
        power=state.power,
    )
    return fresh, ((EndVisit(state.number, reason),) if state.serving else ())


def resting(state: Visit) -> Attract | OutOfService:
    """The screen for nobody: inviting, or saying that and why it can't."""
    out = state.health.state is MachineState.OUT_OF_SERVICE
    return OutOfService() if out else Attract()


class Holder(Struct, frozen=True):
    """Whom the card identified, and the lines that it signed for, in the order of the items that need one."""

    lines: tuple[int, ...] = ()
    name: str = ""
    subject: str = ""


NOBODY = Holder()


def ask_drafts(state: Visit, entry: Entry, now_ms: int, holder: Holder = NOBODY) -> Move:
    """Ask what the certificate at hand, and each set aside without a draft, would be: sheets, fee, or a refusal.

    Each asking has a line of its own, so that a late answer can't stand for another parcel.
    """
    signed, last = iter(holder.lines), state.lines
    items: list[Asked | Drafted] = []
    for item in (*state.basket, entry):
        if isinstance(item, Drafted):
            items.append(item)
        elif needs_card(state, item):
            items.append(Asked(entry_of(item), next(signed)))
        else:
            last += 1
            items.append(Asked(entry_of(item), last))
    asking = Preparing(
        items[-1], state.worker_ready, now_ms + DRAFT_MS, state.display.lang, holder.name, holder.subject
    )
    after = go(msgspec.structs.replace(state, basket=tuple(items[:-1]), lines=last), asking, now_ms)
    return after, (requests(after, asking) if state.worker_ready else ())


def requests(state: Visit, asking: Preparing) -> tuple[RequestDraft, ...]:
    """The draft requests of all that is asked for."""
    made = []
    for item in (*state.basket, asking.at_hand):
        if isinstance(item, Asked):
            entry, kind = item.entry, kind_of(state, item.entry)
            options = dict(entry.options)
            about = subject(entry, kind)
            made.append(RequestDraft(item.line, kind.code, about, options, asking.lang, entry.which))
    return tuple(made)


def needs_card(state: Visit, item: Item) -> bool:
    """Whether a card has to say whose it is."""
    return kind_of(state, entry_of(item)).identification != "none"


def kind_of(state: Visit, entry: Entry) -> CertificateType:
    """The entry's type. Raises LookupError: the catalogue that offered it no longer has it."""
    kind = MONEY_BACK if entry.type_code == MONEY_BACK.code else state.catalogue.type(entry.type_code)
    if kind is None:
        raise LookupError(f"type {entry.type_code} is not in the catalogue that offered it")
    return kind


def subject(entry: Entry, kind: CertificateType) -> dict[str, str]:
    """What the certificate is about, as central wants it named; nothing where the card says who.

    A parcel: legal dong (10 digits), whether it lies on a mountain, main and sub lot.
    """
    if kind.personal:
        return {}
    mountain = "1" if kind.subject == "forest" else "0"
    return {"dong": entry.place, "mountain": mountain, "main": entry.main, "sub": entry.sub or "0"}
