"""`python -m simulators.dock --run RUN`: the control panel beside the kiosk. Needs a display."""

import argparse
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from simulators.dock.panel import Panel
from simulators.dock.window import height_for, open_window, qt_application


def main() -> int:
    """Show the dock until its window is closed."""
    parser = argparse.ArgumentParser(prog="python -m simulators.dock", description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the run directory of the desk machine")
    given = parser.parse_args()
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    application = qt_application()
    signal.signal(signal.SIGTERM, lambda *_: application.quit())
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    pulse = QTimer(interval=500)  # lets Python see a signal while Qt waits
    pulse.timeout.connect(lambda: None)
    pulse.start()
    panel = Panel(given.run.resolve())
    view = open_window(panel, height_for(application.primaryScreen().availableGeometry().height()))
    # At the right edge, so that it does not open on top of the kiosk's window; a compositor may know better.
    room = view.screen().availableGeometry()
    view.setPosition(max(room.left(), room.right() - view.width()), room.top())
    panel.start()
    ended = application.exec()
    view.deleteLater()
    return ended


if __name__ == "__main__":
    sys.exit(main())
