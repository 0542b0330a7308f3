"""Builds the window: application, engine, the one bridge, the root item. Everything that shows a screen begins here."""

import os
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QUICK_BACKEND", "software")

import shiboken6
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault
from ui.bridge import Bridge, Family
from ui.panel import Panel
from ui.pictograms import Pictograms

QML = Path(__file__).parent / "qml"
FONT_MISSING = (
    "the typeface Pretendard is not installed (Debian: fonts-pretendard); showing Noto Sans CJK KR instead"
)


class WindowError(EnvironmentFault):
    """The QML does not load. The reasons were written by Qt."""

    exit_code = exits.USAGE


@dataclass(frozen=True)
class Glass:
    """A loaded window and what belongs to it; keep it as long as the window is needed."""

    engine: QQmlApplicationEngine
    bridge: Bridge
    window: QQuickWindow
    notes: tuple[str, ...]

    def close(self) -> None:
        """Take the window down before the objects it is bound to."""
        self.bridge.send = lambda message: None
        self.window.close()
        shiboken6.delete(self.window)


def application() -> QGuiApplication:
    """The Qt application, made if there is none yet."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    app = QGuiApplication(["changgu"])
    app.setApplicationName("Changgu")
    return app


def build(panel: Panel) -> Glass:
    """Load the QML for this panel, with the waiting screen in it; the window is not shown yet."""
    engine = QQmlApplicationEngine()
    engine.addImportPath(str(QML))
    engine.addImageProvider("pictogram", Pictograms())
    bridge = engine.singletonInstance("Changgu", "Bridge")
    assert isinstance(bridge, Bridge)
    bridge.panel = panel
    bridge.has_pretendard = QFontDatabase.hasFamily(Family.PRETENDARD.value)
    engine.load(QUrl.fromLocalFile(str(QML / "Main.qml")))
    roots = engine.rootObjects()
    if not roots or not isinstance(roots[0], QQuickWindow):
        raise WindowError("ui/qml/Main.qml does not load")
    window = roots[0]
    window.frameSwapped.connect(bridge.frame_shown)
    bridge.applied.connect(window.update)
    bridge.apply(bridge.snapshot)
    return Glass(engine, bridge, window, () if bridge.has_pretendard else (FONT_MISSING,))
