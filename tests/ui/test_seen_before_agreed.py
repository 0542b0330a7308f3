"""What is agreed to was on the screen: its button waits for the last page, by finger, by key and by robot."""

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest

from kiosk.commands.screens import every_screen
from kiosk.protocol.screen import Display, Intent, Snapshot
from tests.ui.looking import Eye
from tests.ui.samples import sample
from tests.ui.touching import middle, touch
from ui.robot import Hand

AGREEING = {"check": "pay", "options-content": "next"}


def shown(name: str, size: int) -> Snapshot:
    return dict(every_screen(Display(text_scale=size)))[f"ko/{name}"]


@pytest.fixture
def large(eye: Eye) -> Iterator[Eye]:
    """Ends at letters of the usual size, as it began."""
    yield eye
    eye.show(sample("choose", "ko"))


def intents(eye: Eye) -> list[Intent]:
    return [each for each in eye.sent if isinstance(each, Intent)]


@pytest.mark.parametrize(("name", "control"), AGREEING.items())
def test_nothing_is_agreed_to_before_its_last_page_was_there(
    large: Eye, finger: QPointingDevice, name: str, control: str
) -> None:
    large.show(shown(name, 200))
    pages = 0
    for page in large.pages():
        pages = page
        button = large.control(control)
        last = not any(each.name == "page-more" and each.item.isEnabled() for each in large.controls())
        assert button.item.isEnabled() is last, f"page {page}"
        if not last:
            large.sent.clear()
            touch(large, finger, middle(button), middle(button))
            button.item.forceActiveFocus()
            QTest.keyClick(large.glass.window, Qt.Key.Key_Return)
            assert intents(large) == [], f"page {page}"
            assert "먼저 끝까지 봐 주세요" in {words.name for words in large.words()}
    assert pages > 2
    large.until(lambda: large.glass.bridge.whole)
    large.sent.clear()
    touch(large, finger, middle(large.control(control)), middle(large.control(control)))
    assert intents(large) == [Intent(large.glass.bridge.shown_seq, control, whole=True)]


@pytest.mark.parametrize(("name", "control"), AGREEING.items())
def test_what_is_on_one_page_can_be_agreed_to_at_once(large: Eye, name: str, control: str) -> None:
    large.show(shown(name, 100))
    assert large.control(control).item.isEnabled()
    large.sent.clear()
    large.glass.bridge.press(control)
    assert intents(large) == [Intent(large.glass.bridge.shown_seq, control, whole=True)]


def test_who_has_seen_all_may_turn_back_and_agree(large: Eye) -> None:
    large.show(shown("check", 200))
    for _page in large.pages():
        pass
    large.until(lambda: large.glass.bridge.whole)
    large.control("page-earlier").item.clicked.emit()  # type: ignore[attr-defined]
    assert large.control("pay").item.isEnabled()


def test_another_screen_begins_unread(large: Eye) -> None:
    large.show(shown("check", 200))
    for _page in large.pages():
        pass
    large.until(lambda: large.glass.bridge.whole)
    large.show(shown("check-two", 200))
    # Where a page is too small for both, it stands on the last one only.
    assert not [each.name for each in large.controls() if each.name == "pay" and each.item.isEnabled()]
    assert not large.glass.bridge.whole


def test_what_lies_under_a_sheet_is_not_read(large: Eye) -> None:
    checked, helped = shown("check", 100), shown("sheet-help", 100)
    bridge = large.glass.bridge
    seq = bridge.snapshot.seq + 1
    covered = msgspec.structs.replace(checked, overlay=helped.overlay, seq=seq, since=seq, began=seq)
    bridge.apply(covered)
    large.until_shown(seq)
    assert not bridge.whole
    bridge.apply(msgspec.structs.replace(checked, seq=seq + 1, since=seq + 1, began=seq))
    large.until_shown(seq + 1)
    assert bridge.whole


def test_a_press_that_comes_before_the_frame_agrees_to_nothing(large: Eye) -> None:
    large.show(sample("choose", "ko"))
    bridge = large.glass.bridge
    seq = bridge.snapshot.seq + 1
    large.sent.clear()
    bridge.apply(msgspec.structs.replace(shown("check", 100), seq=seq, since=seq, began=seq))
    bridge.press("pay")
    assert intents(large) == [Intent(seq - 1, "pay")]
    large.until_shown(seq)


def test_the_robot_turns_the_pages_as_a_person_does(large: Eye) -> None:
    hand = Hand(large.glass)
    large.show(shown("check", 200))
    assert "pay" in {each["control"] for each in hand.tree()["controls"]}
    large.sent.clear()
    hand.press("pay")
    assert intents(large) == [Intent(large.glass.bridge.shown_seq, "pay", whole=True)]
