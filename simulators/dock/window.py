"""The dock's window: QML on the software renderer, fonts that have Hangul."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQuick import QQuickView

from simulators.dock.panel import Panel

WIDTH, HEIGHT = 860, 1010
# What a window's own frame and a desktop's bar take of the screen's height.
_FRAME = 40
_FAMILIES = ["Pretendard", "Noto Sans CJK KR", "NanumGothic", "sans-serif"]
_QML = Path(__file__).parent / "qml"


def qt_application() -> QGuiApplication:
    """The process's Qt application, with the dock's fonts."""
    running = QGuiApplication.instance()
    application = running if isinstance(running, QGuiApplication) else QGuiApplication(["changgu-dock"])
    font = QFont()
    font.setFamilies(_FAMILIES)
    application.setFont(font)
    return application


def height_for(available: int) -> int:
    """How high the window is where so many pixels are free; what it does not show of the panel is scrolled to."""
    return min(HEIGHT, available - _FRAME)


def open_window(panel: Panel, height: int = HEIGHT) -> QQuickView:
    """A window with the panel in it. RuntimeError when the QML does not load."""
    view = QQuickView()
    view.setTitle("창구 조작반 · Changgu dock")
    view.setInitialProperties({"panel": panel})
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    view.setSource(QUrl.fromLocalFile(str(_QML / "Dock.qml")))
    if view.errors():
        raise RuntimeError("; ".join(error.toString() for error in view.errors()))
    view.resize(WIDTH, height)
    view.setMinimumWidth(WIDTH)
    view.setMaximumWidth(WIDTH)
    view.show()
    return view
