"""A window per test file, drawn without a screen."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication, QPointingDevice
from PySide6.QtTest import QTest

from tests.ui.looking import Eye
from ui.panel import load
from ui.window import build


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    """The kiosk has no widgets."""
    return QGuiApplication


@pytest.fixture(scope="module")
def eye(qapp: QGuiApplication) -> Iterator[Eye]:
    """A shown window of the usual panel, and what a person sees in it."""
    glass = build(load("27-portrait"))
    glass.window.show()
    yield Eye(glass)
    glass.close()


@pytest.fixture(scope="session")
def finger(qapp: QGuiApplication) -> QPointingDevice:
    """What touches the glass."""
    return QTest.createTouchDevice()
