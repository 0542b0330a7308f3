"""What a person sees in the window: words, controls, and where they are. Rectangles are in pixels of the panel."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QCoreApplication, QEventLoop, QRectF
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.protocol.screen import Snapshot
from ui.robot import items
from ui.window import Glass

DEADLINE_S = 5.0
PAGE_BUTTONS = ("page-more", "page-earlier")


@dataclass(frozen=True)
class Seen:
    """Something on the glass. `name` is a control's id, or the words."""

    name: str
    rect: QRectF
    item: QQuickItem

    def overlap(self, other: "Seen") -> bool:
        """Whether the two share more than a hair."""
        shared = self.rect.intersected(other.rect)
        return shared.width() > 1 and shared.height() > 1


class Eye:
    """Shows snapshots and looks at the result."""

    def __init__(self, glass: Glass) -> None:
        self.glass = glass
        self.sent: list[msgspec.Struct] = []
        glass.bridge.send = self.sent.append
        self._seq = 0

    def show(self, snapshot: Snapshot) -> None:
        """Show it as a new screen, and return when the frame is on the glass."""
        self._seq += 1
        self.glass.bridge.apply(
            msgspec.structs.replace(snapshot, seq=self._seq, since=self._seq, began=self._seq)
        )
        self.until_shown(self._seq)

    def go_on(self, snapshot: Snapshot) -> None:
        """Show it as the next state of the screen that is there."""
        self._seq += 1
        before = self.glass.bridge.snapshot
        self.glass.bridge.apply(
            msgspec.structs.replace(snapshot, seq=self._seq, since=before.since, began=before.began)
        )
        self.until_shown(self._seq)

    def until_shown(self, seq: int) -> None:
        """Until frame `seq` is on the glass."""
        self.until(lambda: self.glass.bridge.shown_seq == seq)

    def until(self, condition: object) -> None:
        """Let Qt work until `condition()`; fails after DEADLINE_S."""
        assert callable(condition)
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, "not seen in time"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def everything(self) -> Iterator[QQuickItem]:
        """All visible items."""
        return items(self.glass.window.contentItem())

    def words(self) -> list[Seen]:
        """All visible words, with the room they were given."""
        return [
            self._seen(i.property("text"), i) for i in self.everything() if _is_text(i) and i.property("text")
        ]

    def controls(self) -> list[Seen]:
        """All that looks as if it could be pressed, the pager's buttons too."""
        named = ((i.property("controlId") or i.objectName(), i) for i in self.everything())
        found = [
            (name, i) for name, i in named if i.property("controlId") is not None or name in PAGE_BUTTONS
        ]
        return [self._seen(name, i) for name, i in found]

    def control(self, name: str) -> Seen:
        """The control of that id on this page."""
        return next(each for each in self.controls() if each.name == name)

    def turn(self) -> bool:
        """Press "more". False when there is nothing more."""
        more = [each for each in self.controls() if each.name == "page-more" and each.item.isEnabled()]
        if not more:
            return False
        # The sheet's pager lies over the screen's. `clicked` is QML's: PySide's types do not know it.
        more[-1].item.clicked.emit()  # type: ignore[attr-defined]
        QTest.qWait(0)
        return True

    def pages(self) -> Iterator[int]:
        """Once for each page of the screen, from the first."""
        number = 1
        yield number
        while self.turn():
            number += 1
            yield number

    def picture(self) -> QImage:
        """The window as pixels."""
        return self.glass.window.grabWindow()

    def _seen(self, name: str, item: QQuickItem) -> Seen:
        return Seen(name, item.mapRectToScene(QRectF(0, 0, item.width(), item.height())), item)


def _is_text(item: QQuickItem) -> bool:
    return item.metaObject().indexOfProperty("lineCount") >= 0
