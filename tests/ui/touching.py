"""A finger on the glass: real touch events of Qt, at a place or in the middle of a control."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest

from tests.ui.looking import Eye, Seen


def middle(seen: Seen) -> QPoint:
    """Where a finger is aimed."""
    return seen.rect.center().toPoint()


def touch(eye: Eye, finger: QPointingDevice, down: QPoint, up: QPoint) -> None:
    """Down here, up there."""
    window = eye.glass.window
    QTest.touchEvent(window, finger).press(0, down, window).commit()
    if up != down:
        QTest.touchEvent(window, finger).move(0, up, window).commit()
    QTest.touchEvent(window, finger).release(0, up, window).commit()


def tap(eye: Eye, finger: QPointingDevice, *controls: str) -> None:
    """One after the other, each in its middle, whether it can be pressed or not."""
    for control in controls:
        at = middle(eye.control(control))
        touch(eye, finger, at, at)
