"""The ui program: a window that shows what core says, until it is told to stop."""

import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.protocol.screen import Snapshot
from ui.panel import Panel
from ui.sound.reminder import Reminder
from ui.sound.speaker import NoSpeaker, SystemSpeaker
from ui.window import Glass, application, build
from ui.wire import Wire

BEAT_MS = 1_000

log = logging.getLogger("ui")


Asked = Callable[[dict[str, Any]], dict[str, Any]]


class Served(Protocol):
    """A socket at which the robot is asked."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Stop."""


@dataclass(frozen=True)
class Options:
    """How to run. `socket_path` is core's ui.sock; `robot` opens the robot's socket (demo and tests only).

    `beat` is called each second for as long as the event loop goes round. `loudness` of the chimes is 0 (off) to 100.
    """

    socket_path: Path
    version: str
    panel: Panel
    windowed: bool = False
    robot: Callable[[Asked], Served] | None = None
    beat: Callable[[], None] | None = None
    loudness: int = 0


class Absence:
    """Why core is not there, in the log once for each cause: it may last. The wire's thread calls `lost` and `here`.

    The end of a connection is no news; that the next one can't be made is.
    """

    def __init__(self, arrive: Callable[[Snapshot], None], lose: Callable[[str], None]) -> None:
        self._arrive, self._lose = arrive, lose
        self._losses = 0
        self._told = ""

    def here(self, snapshot: Snapshot) -> None:
        """Core is there."""
        self._losses, self._told = 0, ""
        self._arrive(snapshot)

    def lost(self, why: str) -> None:
        """Core is not there, or not there any more."""
        self._losses += 1
        if self._losses > 1 and why != self._told:
            self._told = why
            log.warning("core is not there: %s", why)
        self._lose(why)


def run(options: Options) -> int:
    """Show the screen until SIGTERM, SIGINT or the window's end. Returns the exit code."""
    app = application()
    glass = build(options.panel)
    for note in glass.notes:
        log.warning(note)
    absence = Absence(glass.bridge.arrive, glass.bridge.lose)
    wire = Wire(options.socket_path, options.version, absence.here, absence.lost)
    glass.bridge.send = wire.send
    reminder = Reminder(SystemSpeaker(options.loudness) if options.loudness else NoSpeaker())
    glass.bridge.applied.connect(lambda: reminder.follow(glass.bridge.snapshot))
    _show(glass, options)
    stopping = _stop_on_signals(app)
    heart = _beating(options.beat)
    wire.start()
    robot = None
    if options.robot is not None:
        # Loaded only here: it brings Qt's test library, which a machine in service has no use for.
        from ui.robot import Robot

        robot = options.robot(Robot(glass).answer)
        robot.start()
    code = app.exec()
    del stopping, heart
    if robot is not None:
        robot.stop()
    wire.close()
    reminder.close()
    glass.close()
    return code


def _beating(beat: Callable[[], None] | None) -> QTimer | None:
    if beat is None:
        return None
    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(BEAT_MS)
    return timer


def _show(glass: Glass, options: Options) -> None:
    if QGuiApplication.platformName() == "offscreen":
        # Without a screen there is nothing to fill; the window keeps the panel's own size.
        glass.window.show()
        return
    if not options.windowed:
        glass.window.showFullScreen()
        return
    screen = glass.window.screen().availableSize()
    scale = min(
        1.0, 0.92 * screen.height() / options.panel.height_px, 0.92 * screen.width() / options.panel.width_px
    )
    glass.window.resize(round(options.panel.width_px * scale), round(options.panel.height_px * scale))
    glass.window.show()


def _stop_on_signals(app: QGuiApplication) -> tuple[QSocketNotifier, socket.socket, socket.socket]:
    """SIGTERM and SIGINT end the event loop; Qt's loop would not give Python the time to notice them by itself."""
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    signal.set_wakeup_fd(far.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(near.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(app.quit, Qt.ConnectionType.QueuedConnection)
    return notifier, near, far
