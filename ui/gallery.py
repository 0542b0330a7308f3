"""Pictures of screens: `render_all` shows each snapshot in each way of display, without a window, and saves a PNG."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from PySide6.QtGui import QImage

from kiosk.protocol.screen import Display, Snapshot
from ui.panel import Panel
from ui.panel import load as load_panel
from ui.window import Glass, application, build

MODES: dict[str, Display] = {
    "default": Display(),
    "high-contrast": Display(high_contrast=True),
    "200": Display(text_scale=200),
    "low-reach": Display(low_reach=True),
}


def render_all(
    place: Callable[[str], Path],
    snapshots: Iterable[tuple[str, Snapshot]],
    panel: Panel | None = None,
    modes: Iterable[str] = tuple(MODES),
) -> list[Path]:
    """Save `NAME.MODE.png` for each named snapshot and mode; names may hold folders ("ko/pay"). Returns the files.

    `place`: where a file of this name goes; its folder is there.
    """
    app = application()
    glass = build(panel or load_panel("27-portrait"))
    glass.window.show()
    files: list[Path] = []
    chosen = tuple(modes)
    for name, snapshot in snapshots:
        for mode in chosen:
            display = msgspec.structs.replace(MODES[mode], lang=snapshot.display.lang)
            glass.bridge.apply(msgspec.structs.replace(snapshot, display=display))
            app.processEvents()
            file = place(f"{name}.{mode}.png")
            _grab(glass).save(str(file))
            files.append(file)
    glass.close()
    return files


def _grab(glass: Glass) -> QImage:
    return glass.window.grabWindow()
