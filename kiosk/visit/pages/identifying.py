"""The screens between the choice and the certificate of a person: card in, reading, PIN, whose it is."""

from typing import assert_never

from kiosk.protocol.screen import Chime, Control, Field, Role, Row, ScreenName, Secret, Tone
from kiosk.visit.identifying import entry_of, unsigned
from kiosk.visit.pages.page import Page, Scene, name_of, primary
from kiosk.visit.refund import wants_money
from kiosk.visit.screens import EnterPin, Identifying, InsertCard, ReadingCard, Verifying

DIGITS = 6
# In the order of the lot keypad; the empty place is where that one has its dash.
_KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "none", "0", "delete")


def identify(scene: Scene, screen: Identifying) -> Page:
    """One step of four; the person has something to do on two of them."""
    match screen:
        case InsertCard():
            return _insert(scene, screen)
        case ReadingCard():
            return _wait(scene, screen, "reading")
        case EnterPin():
            return _pin(scene, screen)
        case Verifying():
            return _wait(scene, screen, "verifying")
        case _ as never:
            assert_never(never)


def _wanted(scene: Scene, screen: Identifying) -> tuple[Row, ...]:
    """What the card is needed for: of several certificates only those that say something of a person."""
    money = wants_money(entry_of(screen))
    label = scene.words.say("refund.row" if money else "row.certificate")
    return tuple(Row(label, name_of(scene, entry)) for entry in unsigned(scene.state, entry_of(screen)))


def _insert(scene: Scene, screen: InsertCard) -> Page:
    """Put the card in; a card that can't be the one that is meant has to come out before."""
    words = scene.words
    case = "again" if scene.state.card is not None else "insert"
    mishap = (words.say(f"identify.{screen.mishap}"),) if screen.mishap else ()
    return Page(
        ScreenName.IDENTIFY,
        words.say(f"identify.{case}.title"),
        words.say(f"identify.{case}.sentence"),
        tone=Tone.WARNING if case == "again" or screen.mishap else Tone.ACTION,
        pictogram="warning" if case == "again" or screen.mishap else "card",
        rows=_wanted(scene, screen),
        notices=(*mishap, words.say("identify.which"), words.say("identify.pin-next")),
        chime=Chime.CARD if case == "again" else Chime.NONE,
    )


def _wait(scene: Scene, screen: ReadingCard | Verifying, case: str) -> Page:
    """The machine asks; the card stays where it is."""
    words = scene.words
    return Page(
        ScreenName.IDENTIFY,
        words.say(f"identify.{case}.title"),
        words.say(f"identify.{case}.sentence"),
        pictogram="preparing",
        rows=_wanted(scene, screen),
        notices=(words.say("preparing.no-money"),),
    )


def _pin(scene: Scene, screen: EnterPin) -> Page:
    words = scene.words
    amiss = _amiss(scene, screen)
    field = Field(
        "pin", words.say("pin.field"), placeholder=words.say("pin.digits"), active=True, error=amiss
    )
    return Page(
        ScreenName.IDENTIFY,
        words.say(f"pin.{'again' if amiss else 'first'}.title"),
        words.say("pin.sentence"),
        tone=Tone.WARNING if amiss else Tone.ACTION,
        pictogram="warning" if amiss else "check",
        rows=_wanted(scene, screen),
        fields=(field,),
        notices=(*(() if amiss else _tries(scene, screen)), words.say("pin.hidden")),
        controls=(
            *(_key(scene, key) for key in _KEYPAD),
            primary("enter", words.say("action.close"), icon="check"),
        ),
        secret=Secret("pin", screen.key, screen.info, least=DIGITS, most=DIGITS, attempt=screen.attempt),
    )


def _amiss(scene: Scene, screen: EnterPin) -> str:
    """What was the matter, beside the field, where it is seen before another PIN is typed."""
    if not screen.amiss:
        return ""
    return " ".join((scene.words.say(f"pin.{screen.amiss}"), *_tries(scene, screen)))


def _tries(scene: Scene, screen: EnterPin) -> tuple[str, ...]:
    """How often it may still be another number, where the card tells."""
    if screen.tries is None:
        return ()
    more = "pin.tries-left" if screen.amiss == "wrong" else "pin.tries"
    return (scene.words.say(more, n=screen.tries),)


def _key(scene: Scene, key: str) -> Control:
    if key == "delete":
        label = scene.words.say("key.delete")
        return Control("pin:delete", Role.KEY, label, icon="backspace", group="pin")
    if key == "none":
        return Control("pin:none", Role.KEY, "", group="pin", enabled=False)
    return Control(f"pin:{key}", Role.KEY, key, group="pin")
