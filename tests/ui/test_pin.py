"""A PIN: typed with a finger, seen as dots, sent sealed, forgotten. Core, robot and screen reader learn no digit."""

import subprocess
import sys
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QAccessible, QPointingDevice

from kiosk.protocol.screen import Display, FrameShown, Intent, ScreenName, SealedEntry, Secret, Snapshot
from kiosk.protocol.sealing import new_key, open_sealed
from tests.ui.looking import Eye
from tests.ui.samples import LANGUAGES, sample
from tests.ui.test_fits import SIZES, complaints
from tests.ui.test_look_and_words import children
from tests.ui.touching import tap
from ui.pin import DOT, Pin
from ui.robot import Hand

PRIVATE, KEY = new_key()
INFO = b"kiosk 1, order 2"
SIX = Secret("pin", KEY, INFO, least=6, most=6)


def asking(secret: Secret = SIX, lang: str = "ko", display: Display | None = None) -> Snapshot:
    return msgspec.structs.replace(sample("pin", lang, display), secret=secret)


def typed(eye: Eye, finger: QPointingDevice, digits: str) -> None:
    tap(eye, finger, *(f"pin:{digit}" for digit in digits))


def dots(eye: Eye) -> int:
    """How many dots are seen."""
    return sum(words.name.count(DOT) for words in eye.words())


def said(eye: Eye) -> list[Intent | SealedEntry]:
    """What core was told, without the signs of life."""
    assert all(isinstance(each, Intent | SealedEntry | FrameShown) for each in eye.sent)
    return [each for each in eye.sent if isinstance(each, Intent | SealedEntry)]


def opened(entry: Intent | SealedEntry) -> bytes:
    assert isinstance(entry, SealedEntry)
    return open_sealed(PRIVATE, entry.sealed, INFO)


def held(thing: object, seen: dict[int, object]) -> Iterator[bytes]:
    """Every text and buffer that can be reached from it by attributes and containers of ours."""
    if id(thing) in seen:
        return
    seen[id(thing)] = thing  # kept, or another thing would get its id
    if isinstance(thing, str):
        yield thing.encode()
    elif isinstance(thing, bytes | bytearray):
        yield bytes(thing)
    elif isinstance(thing, dict):
        yield from held(list(thing.items()), seen)
    elif isinstance(thing, list | tuple | set | frozenset):
        for each in thing:
            yield from held(each, seen)
    elif isinstance(thing, msgspec.Struct):
        yield from held([getattr(thing, name) for name in thing.__struct_fields__], seen)
    elif type(thing).__module__.startswith("ui."):
        yield from held(vars(thing), seen)


def remembered(eye: Eye) -> list[bytes]:
    return list(held(eye.glass.bridge, {}))


@pytest.fixture
def pin(eye: Eye) -> Eye:
    """The PIN's screen on the glass, nothing typed and nothing said yet."""
    eye.show(asking())
    eye.sent.clear()
    return eye


# ---- what core learns ----------------------------------------------------------------------------------------------


def test_core_gets_the_sealed_entry_and_nothing_else(pin: Eye, finger: QPointingDevice) -> None:
    typed(pin, finger, "730195")
    assert pin.sent == []
    tap(pin, finger, "next")
    [entry] = said(pin)
    assert (entry.seq, entry.control) == (pin.glass.bridge.shown_seq, "next")
    assert opened(entry) == b"730195"


def test_with_too_few_digits_the_primary_control_does_nothing(pin: Eye, finger: QPointingDevice) -> None:
    typed(pin, finger, "73019")
    assert not pin.control("next").item.isEnabled()
    tap(pin, finger, "next")
    pin.glass.bridge.press("next")
    assert said(pin) == []
    typed(pin, finger, "5")
    assert pin.control("next").item.isEnabled()


def test_a_double_tap_sends_once(pin: Eye, finger: QPointingDevice) -> None:
    typed(pin, finger, "730195")
    tap(pin, finger, "next", "next")
    pin.glass.bridge.press("next")
    assert len(said(pin)) == 1


def test_a_digit_too_many_is_ignored_and_delete_takes_the_last_one(pin: Eye, finger: QPointingDevice) -> None:
    typed(pin, finger, "7301952")
    assert dots(pin) == 6
    tap(pin, finger, "pin:delete", "pin:delete")
    assert dots(pin) == 4
    typed(pin, finger, "04")
    tap(pin, finger, "next")
    assert [opened(each) for each in said(pin)] == [b"730104"]


def test_longer_pins_go_where_they_are_allowed(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(asking(Secret("pin", KEY, INFO, least=6, most=8)))
    eye.sent.clear()
    typed(eye, finger, "12345678")
    tap(eye, finger, "next")
    assert [opened(each) for each in said(eye)] == [b"12345678"]


def test_the_bar_works_as_ever(pin: Eye, finger: QPointingDevice) -> None:
    typed(pin, finger, "730195")
    tap(pin, finger, "help", "cancel")
    seq = pin.glass.bridge.shown_seq
    assert said(pin) == [Intent(seq, "help"), Intent(seq, "cancel")]


def test_a_sheets_own_primary_control_is_an_ordinary_press(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(msgspec.structs.replace(asking(), overlay=sample("help", "ko").overlay))
    eye.sent.clear()
    tap(eye, finger, "close")
    assert said(eye) == [Intent(eye.glass.bridge.shown_seq, "close")]


def test_a_key_that_comes_after_its_screen_is_told_to_nobody(pin: Eye) -> None:
    later = pin.glass.bridge.shown_seq + 1
    pin.glass.bridge.apply(msgspec.structs.replace(sample("choose", "ko"), seq=later, since=later))
    pin.glass.bridge.press("pin:7")
    assert said(pin) == []
    pin.show(sample("choose", "ko"))


def test_a_key_that_comes_before_its_screen_types_nothing(eye: Eye) -> None:
    eye.show(asking())
    later = eye.glass.bridge.shown_seq + 1
    eye.glass.bridge.apply(msgspec.structs.replace(asking(), seq=later, since=later))
    eye.glass.bridge.press("pin:7")
    eye.show(asking())
    assert dots(eye) == 0


@pytest.mark.logs_errors
def test_what_cannot_be_sealed_is_not_sent_and_forgotten(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(asking(Secret("pin", bytes(32), INFO, least=6, most=6)))
    eye.sent.clear()
    typed(eye, finger, "730195")
    tap(eye, finger, "next")
    assert said(eye) == []
    assert dots(eye) == 0


# ---- when it is forgotten ------------------------------------------------------------------------------------------


def test_the_same_screen_going_on_keeps_what_was_typed(pin: Eye, finger: QPointingDevice) -> None:
    typed(pin, finger, "7301")
    pin.go_on(msgspec.structs.replace(asking(), remaining_s=57))
    assert dots(pin) == 4
    typed(pin, finger, "95")
    tap(pin, finger, "next")
    assert [opened(each) for each in said(pin)] == [b"730195"]


def forget_by_pressing(eye: Eye, finger: QPointingDevice) -> None:
    typed(eye, finger, "5")
    tap(eye, finger, "next")


def forget_by_another_attempt(eye: Eye, finger: QPointingDevice) -> None:
    eye.go_on(asking(msgspec.structs.replace(SIX, attempt=2)))


def forget_by_another_receiver(eye: Eye, finger: QPointingDevice) -> None:
    eye.go_on(asking(msgspec.structs.replace(SIX, key=new_key()[1])))


def forget_by_the_screen_beginning_anew(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(asking())


def forget_by_another_screen(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(sample("check", "ko"))


def forget_by_a_sheet(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(msgspec.structs.replace(asking(), overlay=sample("help", "ko").overlay))


def forget_by_losing_core(eye: Eye, finger: QPointingDevice) -> None:
    eye.glass.bridge.lose("the cable")
    eye.until(lambda: eye.glass.bridge.snapshot.secret is None)


@pytest.mark.parametrize(
    "forget",
    [
        forget_by_pressing,
        forget_by_another_attempt,
        forget_by_another_receiver,
        forget_by_the_screen_beginning_anew,
        forget_by_another_screen,
        forget_by_a_sheet,
        forget_by_losing_core,
    ],
    ids=lambda way: way.__name__,
)
def test_nothing_the_bridge_holds_knows_the_digits_any_more(
    pin: Eye, finger: QPointingDevice, forget: object
) -> None:
    assert callable(forget)
    typed(pin, finger, "73019")
    assert any(b"73019" in each for each in remembered(pin))
    written = pin.glass.bridge._pin._digits
    forget(pin, finger)
    assert written == bytes(6)
    assert not any(b"73019" in each for each in remembered(pin))
    assert dots(pin) == 0


@given(st.lists(st.sampled_from([*"0123456789", "delete", "none", "Home", "٣"]), max_size=30))
def test_what_is_sealed_is_what_a_person_would_count(keys: list[str]) -> None:
    counted: list[str] = []
    pin = Pin()
    pin.follow(msgspec.structs.replace(asking(Secret("pin", KEY, INFO, least=3, most=5))))
    for key in keys:
        pin.strike(f"pin:{key}")
        if key == "delete":
            counted = counted[:-1]
        elif key in set("0123456789") and len(counted) < 5:
            counted.append(key)
        assert pin.count == len(counted)
    entry = pin.hand_over("next", 1)
    assert (entry is not None) == (len(counted) >= 3)
    if entry is not None:
        assert opened(entry) == "".join(counted).encode()


# ---- what is seen, heard, and told to the robot --------------------------------------------------------------------


def everything_told(eye: Eye) -> tuple[object, ...]:
    """Words, what a screen reader finds, and what the robot sees."""
    root = QAccessible.queryAccessibleInterface(eye.glass.window)
    kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
    heard = [node.text(kind) for node in children(root) for kind in kinds]
    tree = {**Hand(eye.glass).tree(), "seq": 0}
    return [words.name for words in eye.words()], heard, tree


def test_which_digits_they_are_changes_nothing_that_can_be_seen_or_heard(
    pin: Eye, finger: QPointingDevice
) -> None:
    QAccessible.setActive(True)
    typed(pin, finger, "7301")
    told, picture = everything_told(pin), pin.picture()
    pin.show(asking())
    typed(pin, finger, "2945")
    assert everything_told(pin) == told
    assert pin.picture() == picture


@pytest.mark.parametrize(
    ("lang", "name"), [("ko", "PIN 6자리, 4자리 입력됨"), ("en", "PIN, 6 digits, digits typed: 4")]
)
def test_the_ear_is_told_how_many(eye: Eye, finger: QPointingDevice, lang: str, name: str) -> None:
    QAccessible.setActive(True)
    eye.show(asking(lang=lang))
    typed(eye, finger, "7301")
    nodes = children(QAccessible.queryAccessibleInterface(eye.glass.window))
    fields = [node for node in nodes if node.role() == QAccessible.Role.EditableText]
    assert [node.text(QAccessible.Text.Name) for node in fields] == [name]
    assert DOT not in fields[0].text(QAccessible.Text.Description)


def test_the_robot_presses_the_real_keys_and_sees_dots(pin: Eye) -> None:
    hand = Hand(pin.glass)
    for control in ("pin:1", "pin:2"):
        hand.press(control)
    assert hand.tree()["fields"] == [{"field": "pin", "text": DOT * 2}]
    assert said(pin) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("low", [False, True], ids=["usual", "low-reach"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_typing_moves_nothing_and_all_dots_fit(
    eye: Eye, finger: QPointingDevice, size: int, low: bool, lang: str
) -> None:
    display = Display(lang=lang, text_scale=size, low_reach=low)
    eye.show(asking(Secret("pin", KEY, INFO, least=6, most=8), lang, display))
    places = [(each.name, each.rect) for each in eye.controls()]
    typed(eye, finger, "12345678")
    eye.picture()
    assert [(each.name, each.rect) for each in eye.controls()] == places
    assert dots(eye) == 8
    for _ in eye.pages():
        assert complaints(eye) == []


def test_a_keypad_is_laid_out_alike_whatever_the_screen_is_called(eye: Eye) -> None:
    eye.show(asking())
    question = eye.picture()
    eye.show(msgspec.structs.replace(asking(), screen=ScreenName.PREPARING))
    assert eye.picture() == question


def test_an_empty_place_is_not_there(pin: Eye) -> None:
    assert "pin:none" not in {each.name for each in pin.controls()}
    row = {name: pin.control(f"pin:{name}").rect for name in ("7", "8", "9", "0", "delete")}
    assert row["0"].x() == row["8"].x()
    assert row["delete"].x() == row["9"].x()


# ---- what it costs -------------------------------------------------------------------------------------------------

STARTING = """
import sys
from tests.ui.looking import Eye
from tests.ui.samples import sample
from ui.panel import load
from ui.window import application, build

application()
eye = Eye(build(load("27-portrait")))
eye.glass.window.show()
eye.show(sample("lot", "ko"))
before = "cryptography" in sys.modules
eye.show(sample("pin", "ko"))
print(before, "kiosk.protocol.sealing" in sys.modules)
eye.glass.close()
"""


def test_what_seals_is_loaded_with_the_first_pins_screen_and_not_before() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTING], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.split() == ["False", "True"]
