"""From a chosen certificate to whose it is: the card comes in, is read, gets its PIN, and central names the holder.

What was signed for is one certificate as it was chosen; whoever changes it, or chooses another, is asked again.
"""

import msgspec

from kiosk.protocol.identity import AskedLine
from kiosk.visit.basket import drafted, undrafted
from kiosk.visit.basket import entry_of as item_entry
from kiosk.visit.effects import CardEffect, CloseCard, Identify, OpenCard
from kiosk.visit.events import CardReady, CardRefused, HolderKnown
from kiosk.visit.items import Drafted, Entry
from kiosk.visit.moves import Holder, Move, ask_drafts, go, kind_of, needs_card, stay, subject
from kiosk.visit.patience import READ_MS, VERIFY_MS, arm
from kiosk.visit.refund import look_for, wants_money
from kiosk.visit.screens import (
    Card,
    EnterPin,
    Identifying,
    InsertCard,
    ReadingCard,
    Screen,
    Trouble,
    Verifying,
)
from kiosk.visit.state import Visit

# The card is no longer the one that was read: it has to come in again.
_MISHAPS = {"card-removed": "pulled", "card-changed": "changed"}
_ANOTHER_PIN = ("pin-wrong", "pin-malformed")


def ask(state: Visit, entry: Entry, now_ms: int) -> Move:
    """On to the drafts of an entry that is complete and of what is set aside without one.

    Who wants a certificate of their own shows who they are first, once for all that need it.
    """
    if not unsigned(state, entry):
        return ask_drafts(state, entry, now_ms)
    card = state.card
    if card is None or card.before or not reader_works(state):
        return await_card(state, entry, now_ms), ()
    return _read(state, entry, card, now_ms)


def unsigned(state: Visit, entry: Entry) -> tuple[Entry, ...]:
    """What no card has signed for yet, of all that needs one."""
    items = undrafted(item for item in (*state.basket, entry) if not isinstance(item, Drafted))
    return tuple(chosen for chosen in map(item_entry, items) if needs_card(state, chosen))


def reader_works(state: Visit) -> bool:
    """Whether nothing is known against the card reader."""
    return all(ailment.device != "card" for ailment in state.health.ailments)


def await_card(state: Visit, entry: Entry, now_ms: int, mishap: str = "") -> Visit:
    """Ask for a card, as long as there is something to put it in."""
    if not reader_works(state):
        return go(state, Trouble("reader-gone", entry), now_ms)
    return go(state, InsertCard(entry, mishap), now_ms)


def _read(state: Visit, entry: Entry, card: Card, now_ms: int) -> Move:
    reading = ReadingCard(entry, card, state.worker_ready, now_ms + READ_MS)
    effects = (OpenCard(card.reader, card.insertion),) if state.worker_ready else ()
    return go(state, reading, now_ms), effects


def card_in(state: Visit, card: Card, now_ms: int) -> Move:
    """A card came in. Where one is waited for it is read; one that takes the place of another is asked for again."""
    known = state.card
    if known is not None and (known.reader, known.insertion) == (card.reader, card.insertion):
        return stay(state)
    now_in = msgspec.structs.replace(state, card=card)
    match state.screen:
        case InsertCard(entry=entry):
            return _read(now_in, entry, card, now_ms)
        case ReadingCard() | EnterPin() | Verifying() as screen:
            return await_card(now_in, entry_of(screen), now_ms, "changed"), ()
        case _:
            return now_in, ()


def card_out(state: Visit, now_ms: int) -> Move:
    """The card is out: too early, or as it should be."""
    out = msgspec.structs.replace(state, card=None)
    match state.screen:
        case InsertCard():
            # As good a sign of life as a press.
            return arm(msgspec.structs.replace(out, overlay=None), now_ms), ()
        case ReadingCard() | EnterPin() | Verifying() as screen:
            return await_card(out, entry_of(screen), now_ms, "pulled"), ()
        case _:
            return out, ()


def card_ready(state: Visit, ready: CardReady, now_ms: int) -> Move:
    """The card can sign: for the PIN."""
    match state.screen:
        case ReadingCard(entry=entry, card=card, requested=True):
            return go(state, EnterPin(entry, card, ready.tries, ready.key, ready.info), now_ms), ()
        case _:
            return stay(state)


def entered(state: Visit, control: str, sealed: bytes, now_ms: int) -> Move:
    """The PIN was typed. Each line that the card is to sign for has the number that its draft will have."""
    screen = state.screen
    if not isinstance(screen, EnterPin) or state.overlay is not None or control != "enter":
        return stay(state)
    asked = tuple(
        AskedLine(line, entry.type_code, subject(entry, kind_of(state, entry)), dict(entry.options))
        for line, entry in enumerate(unsigned(state, screen.entry), state.lines + 1)
    )
    verifying = Verifying(screen, tuple(line.line for line in asked), now_ms + VERIFY_MS)
    after = go(msgspec.structs.replace(state, lines=asked[-1].line), verifying, now_ms)
    return after, (Identify(asked, sealed),)


def refused(state: Visit, why: CardRefused, now_ms: int) -> Move:
    """Not so: another PIN, the card once more, or the end of this attempt."""
    match state.screen:
        case Verifying(asked=asked) if why.code in _ANOTHER_PIN and why.tries != 0:
            return go(state, _once_more(asked, why), now_ms), ()
        case ReadingCard() | Verifying() as screen:
            entry = entry_of(screen)
            if why.code in _MISHAPS:
                return await_card(state, entry, now_ms, _MISHAPS[why.code]), ()
            code = "pin-blocked" if (why.code, why.tries) == ("pin-wrong", 0) else why.code
            return go(state, Trouble(code, entry), now_ms), ()
        case _:
            return stay(state)


def _once_more(asked: EnterPin, why: CardRefused) -> EnterPin:
    """A PIN that the card never saw has cost no try."""
    if why.code == "pin-malformed":
        return msgspec.structs.replace(asked, attempt=asked.attempt + 1, amiss="malformed")
    return msgspec.structs.replace(asked, attempt=asked.attempt + 1, amiss="wrong", tries=why.tries)


def holder_known(state: Visit, known: HolderKnown, now_ms: int) -> Move:
    """Central knows who is here: ask for the very lines that were signed for.

    One payment is for one person's certificates: another person's card does not add to them.
    """
    match state.screen:
        case Verifying(asked=asked, lines=lines):
            if wants_money(asked.entry):
                return look_for(state, known.subject, now_ms)
            others = any(item.holder and item.subject != known.subject for item in drafted(state.basket))
            if others:
                return go(state, Trouble("another-person", asked.entry), now_ms), ()
            return ask_drafts(state, asked.entry, now_ms, Holder(lines, known.masked_name, known.subject))
        case _:
            return stay(state)


def worker_came(state: Visit, now_ms: int) -> Move:
    """The worker that a card has waited for; or another one, to which the card has to be shown anew."""
    match state.screen:
        case ReadingCard(card=card) as screen:
            reading = msgspec.structs.replace(screen, requested=True)
            opened = OpenCard(card.reader, card.insertion)
            return msgspec.structs.replace(state, screen=reading), (opened,)
        case EnterPin() | Verifying() as screen:
            return ask(state, entry_of(screen), now_ms)
        case _:
            return stay(state)


def out_of_time(state: Visit, now_ms: int) -> Visit | None:
    """The visit without an answer that should have come by now; None where none is late."""
    match state.screen:
        case ReadingCard(entry=entry, until_ms=until_ms) if now_ms >= until_ms:
            return go(state, Trouble("card-mute", entry), now_ms)
        case Verifying(asked=asked, until_ms=until_ms) if now_ms >= until_ms:
            return go(state, Trouble("identity-timeout", asked.entry), now_ms)
        case _:
            return None


def back_from_card(state: Visit, screen: Identifying, now_ms: int) -> Visit:
    """One step back: to the card, for another one."""
    return await_card(state, entry_of(screen), now_ms)


def entry_of(screen: Identifying) -> Entry:
    """What the card is wanted for."""
    return screen.asked.entry if isinstance(screen, Verifying) else screen.entry


def let_go(before: Screen, after: Screen) -> tuple[CardEffect, ...]:
    """The card is let go by whichever way its screens are left: known, pulled, called off or out of time."""
    opened = isinstance(before, EnterPin | Verifying) or (
        isinstance(before, ReadingCard) and before.requested
    )
    return (CloseCard(),) if opened and not isinstance(after, ReadingCard | EnterPin | Verifying) else ()
