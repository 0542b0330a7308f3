"""Finger and keys: what was pressed reaches core, with the frame that it was pressed on."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest

from kiosk.protocol.screen import FrameShown, Intent
from tests.ui.looking import Eye
from tests.ui.samples import MAKERS, sample
from tests.ui.touching import middle, touch


def intents(eye: Eye) -> list[Intent]:
    return [each for each in eye.sent if isinstance(each, Intent)]


def test_a_touch_says_which_control_on_which_frame(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(sample("choose", "ko"))
    eye.sent.clear()
    at = middle(eye.control("type:forest"))
    touch(eye, finger, at, at)
    assert intents(eye) == [Intent(eye.glass.bridge.shown_seq, "type:forest")]


def test_a_finger_that_slides_off_before_it_lifts_presses_nothing(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(sample("choose", "ko"))
    eye.sent.clear()
    touch(eye, finger, middle(eye.control("type:forest")), middle(eye.control("home")))
    assert intents(eye) == []


def test_a_press_before_the_new_frame_is_meant_for_the_old_one(eye: Eye) -> None:
    eye.show(sample("choose", "ko"))
    old = eye.glass.bridge.shown_seq
    eye.sent.clear()
    eye.glass.bridge.apply(msgspec.structs.replace(sample("lot", "ko"), seq=old + 1, since=old + 1))
    eye.glass.bridge.press("next")
    assert intents(eye) == [Intent(old, "next")]
    eye.show(sample("lot", "ko"))


def test_each_frame_is_reported_once_when_it_is_on_the_glass(eye: Eye) -> None:
    eye.sent.clear()
    eye.show(sample("pay", "ko"))
    eye.picture()
    assert [each for each in eye.sent if isinstance(each, FrameShown)] == [
        FrameShown(eye.glass.bridge.shown_seq)
    ]


def test_what_is_not_enabled_does_not_react(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(sample("lot-wrong", "ko"))
    eye.sent.clear()
    at = middle(eye.control("next"))
    touch(eye, finger, at, at)
    assert intents(eye) == []


def test_under_a_sheet_nothing_can_be_pressed(eye: Eye, finger: QPointingDevice) -> None:
    eye.show(sample("help", "ko"))
    eye.sent.clear()
    for control in eye.controls():
        if not control.item.isEnabled():
            touch(eye, finger, middle(control), middle(control))
    assert {each.control for each in intents(eye)} <= {"close"}


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_keys_alone_reach_every_control(eye: Eye, name: str) -> None:
    eye.show(sample(name, "ko"))
    window = eye.glass.window
    for _ in eye.pages():
        wanted = {each.name for each in eye.controls() if each.item.isEnabled()}
        reached: set[str] = set()
        for _ in range(len(wanted) + 2):
            QTest.keyClick(window, Qt.Key.Key_Tab)
            focused = window.activeFocusItem()
            reached.add(focused.property("controlId") or focused.objectName())
        assert wanted <= reached


def test_arrows_walk_and_return_presses(eye: Eye) -> None:
    eye.show(sample("choose", "ko"))
    window = eye.glass.window
    eye.sent.clear()
    QTest.keyClick(window, Qt.Key.Key_Down)
    first = window.activeFocusItem().property("controlId")
    QTest.keyClick(window, Qt.Key.Key_Down)
    second = window.activeFocusItem().property("controlId")
    QTest.keyClick(window, Qt.Key.Key_Up)
    assert window.activeFocusItem().property("controlId") == first != second
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert intents(eye) == [Intent(eye.glass.bridge.shown_seq, first)]


def test_the_focus_stays_on_its_control_while_the_screen_changes_in_place(eye: Eye) -> None:
    before = sample("lot", "ko")
    eye.show(before)
    window = eye.glass.window
    while window.activeFocusItem().property("controlId") != "key:5":
        QTest.keyClick(window, Qt.Key.Key_Tab)
    focused = window.activeFocusItem()
    seq = eye.glass.bridge.shown_seq
    fields = (before.fields[0], msgspec.structs.replace(before.fields[1], value="5"))
    eye.glass.bridge.apply(msgspec.structs.replace(before, seq=seq + 1, since=seq, fields=fields))
    eye.until_shown(seq + 1)
    eye._seq = seq + 1
    assert window.activeFocusItem() is focused


def test_the_keyboards_focus_can_be_seen(eye: Eye) -> None:
    eye.show(sample("choose", "ko"))
    plain = eye.picture()
    QTest.keyClick(eye.glass.window, Qt.Key.Key_Tab)
    assert eye.picture() != plain


def test_pages_turn_by_touch_and_begin_anew_on_the_next_screen(eye: Eye, finger: QPointingDevice) -> None:
    from kiosk.protocol.screen import Display

    eye.show(sample("dong", "ko", Display(text_scale=160)))
    first = {each.name for each in eye.controls()}
    at = middle(eye.control("page-more"))
    touch(eye, finger, at, at)
    assert "dong:0" in first
    assert "dong:0" not in {each.name for each in eye.controls()}
    eye.show(sample("choose", "ko", Display(text_scale=160)))
    eye.show(sample("dong", "ko", Display(text_scale=160)))
    assert {each.name for each in eye.controls()} == first
