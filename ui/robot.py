"""A hand for demos and tests: presses the real buttons of the real window, on request over a Unix socket.

One JSON object a line, one JSON object back, `{"ok": true, …}` or `{"ok": false, "error": …}`:

    {"do": "state"}                                  the screen's name, the overlay's, the seq of the shown frame
    {"do": "tree"}                                   the same, and what can be seen and pressed now
    {"do": "press", "control": ID}                   touch the middle of that control, turning pages to find it
    {"do": "key", "key": "Tab"}                      a key by Qt's name, without "Key_"
    {"do": "grab", "file": PATH}                     the window as PNG
    {"do": "wait", "screen": …, "overlay": …, "control": …, "after": SEQ, "timeout_ms": …}
                                                     until a frame is shown for which all that is given holds
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from ui.window import Glass

Answer = dict[str, Any]
DEFAULT_WAIT_MS = 10_000
# How long a turned page may take to be on the glass.
FRAME_MS = 2_000
LOOK_MS = 10
STATE = ("screen", "overlay", "seq", "title")
MORE, EARLIER = "page-more", "page-earlier"


class RobotError(Exception):
    """The request makes no sense, or what it asks for is not on the screen."""


def items(root: QQuickItem) -> Iterator[QQuickItem]:
    """All items that can be seen, in the order in which they are drawn."""
    for child in root.childItems():
        if child.isVisible() and child.opacity() > 0:
            yield child
            yield from items(child)


class Hand(QObject):
    """Does what the robot asks, in the Qt thread."""

    asked = Signal(object)

    def __init__(self, glass: Glass) -> None:
        super().__init__()
        self._glass = glass
        self._device = QTest.createTouchDevice()
        self._shown = threading.Condition()
        self._frames = 0
        self.asked.connect(self._do, Qt.ConnectionType.QueuedConnection)
        glass.bridge.shown.connect(self._frame)

    def in_qt_thread(self, work: Callable[[], Answer]) -> Answer:
        """Do `work` in the Qt thread and bring its result here. Raises what it raised."""
        results: queue.Queue[Answer | Exception] = queue.Queue(1)
        self.asked.emit((work, results))
        result = results.get()
        if isinstance(result, Exception):
            raise result
        return result

    @Slot(object)
    def _do(self, asked: tuple[Callable[[], Answer], "queue.Queue[Answer | Exception]"]) -> None:
        work, results = asked
        try:
            results.put(work())
        except Exception as error:  # whatever it is, the one who asked must hear of it
            results.put(error)

    @Slot()
    def _frame(self) -> None:
        with self._shown:
            self._frames += 1
            self._shown.notify_all()

    def _shown_since(self, seen: int) -> bool:
        return self._frames != seen

    def wait(self, request: Answer) -> Answer:
        """Until a shown frame fits `request`. Called outside the Qt thread."""
        deadline = time.monotonic() + float(request.get("timeout_ms", DEFAULT_WAIT_MS)) / 1000
        while True:
            seen = self._frames
            tree = self.in_qt_thread(self.tree)
            if _fits(request, tree):
                return {key: tree[key] for key in STATE}
            with self._shown:
                left = deadline - time.monotonic()
                if left <= 0 or not self._shown.wait_for(partial(self._shown_since, seen), left):
                    where = f"{tree['screen']} {tree['overlay']}".strip()
                    raise RobotError(f"not seen in time; the screen is {where}, frame {tree['seq']}")

    # ---- in the Qt thread ------------------------------------------------------------------------------------------

    def tree(self) -> Answer:
        """The screen's name, the shown seq, what is filled in, and what can be pressed, its place in window pixels."""
        bridge = self._glass.bridge
        shown = bridge.shown_snapshot
        return {
            "screen": shown.screen.value,
            "overlay": shown.overlay.name if shown.overlay else "",
            "seq": bridge.shown_seq,
            "title": (shown.overlay or shown).title,
            "fields": [
                {"field": item.property("fieldId"), "text": item.property("value")}
                for item in items(self._glass.window.contentItem())
                if item.property("fieldId") is not None and item.property("value") is not None
            ],
            "controls": [self._describe(item) for item in self._pressables(turned=True)],
            "more": self._page_button(MORE) is not None,
        }

    def press(self, control: str) -> Answer:
        """Touch a control in its middle. Turns to the first page and on until it can be pressed: what agrees can't be
        before the last page is on the glass. Raises RobotError.
        """
        item = self._find(control)
        while item is None and (back := self._page_button(EARLIER)):
            self._touch(back)
            item = self._find(control)
        while item is None and (onward := self._page_button(MORE)):
            self._touch(onward)
            item = self._find(control)
        if item is None:
            raise RobotError(f"nothing to press called {control}")
        if item.property("unseen"):
            self._until_read()
        seq = self._glass.bridge.shown_seq
        self._touch(item)
        return {"seq": seq}

    def _until_read(self) -> None:
        """Until the page that was turned to is on the glass."""
        for _ in range(FRAME_MS // LOOK_MS):
            if self._glass.bridge.whole:
                return
            QTest.qWait(LOOK_MS)

    def key(self, name: str) -> Answer:
        """Strike a key."""
        key = getattr(Qt.Key, f"Key_{name}", None)
        if key is None:
            raise RobotError(f"no key called {name}")
        QTest.keyClick(self._glass.window, key)
        return {}

    def grab(self, file: str) -> Answer:
        """Save the window as it is now."""
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        if not self._glass.window.grabWindow().save(file):
            raise RobotError(f"{file} can't be written")
        return {"file": file}

    def _pressables(self, *, turned: bool = False) -> Iterator[QQuickItem]:
        """What can be pressed now; `turned`: or once all pages were turned."""
        for item in items(self._glass.window.contentItem()):
            if item.property("controlId") is not None and (
                item.isEnabled() or (turned and item.property("hints"))
            ):
                yield item

    def _find(self, control: str) -> QQuickItem | None:
        return next((item for item in self._pressables() if item.property("controlId") == control), None)

    def _page_button(self, name: str) -> QQuickItem | None:
        found = (item for item in items(self._glass.window.contentItem()) if item.objectName() == name)
        return next((item for item in found if item.isEnabled()), None)

    def _touch(self, item: QQuickItem) -> None:
        window = self._glass.window
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        QTest.touchEvent(window, self._device).press(0, middle, window).commit()
        QTest.touchEvent(window, self._device).release(0, QPoint(middle), window).commit()

    def _describe(self, item: QQuickItem) -> Answer:
        corner = item.mapToScene(QPointF(0, 0))
        far = item.mapToScene(QPointF(item.width(), item.height()))
        rect = [
            round(value) for value in (corner.x(), corner.y(), far.x() - corner.x(), far.y() - corner.y())
        ]
        return {"control": item.property("controlId"), "text": item.property("label"), "rect": rect}


def _fits(request: Answer, tree: Answer) -> bool:
    if tree["seq"] < 0:
        return False
    wanted_control = request.get("control")
    return (
        request.get("screen", tree["screen"]) == tree["screen"]
        and request.get("overlay", tree["overlay"]) == tree["overlay"]
        and tree["seq"] > request.get("after", -1)
        and (wanted_control is None or any(each["control"] == wanted_control for each in tree["controls"]))
    )


class Robot:
    """What may be asked of the hand, one request at a time; who serves the socket is the program's affair."""

    def __init__(self, glass: Glass) -> None:
        self._hand = Hand(glass)

    def answer(self, request: Answer) -> Answer:
        """The answer to one request. Raises RobotError, also for one that makes no sense."""
        try:
            return self._obey(request)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise RobotError(f"not a request: {error!r}") from error

    def _obey(self, request: Answer) -> Answer:
        hand = self._hand
        match request["do"]:
            case "state":
                tree = hand.in_qt_thread(hand.tree)
                return {key: tree[key] for key in STATE}
            case "tree":
                return hand.in_qt_thread(hand.tree)
            case "press":
                return hand.in_qt_thread(lambda: hand.press(request["control"]))
            case "key":
                return hand.in_qt_thread(lambda: hand.key(request["key"]))
            case "grab":
                return hand.in_qt_thread(lambda: hand.grab(request["file"]))
            case "wait":
                return hand.wait(request)
            case other:
                raise RobotError(f"can't do {other!r}")
