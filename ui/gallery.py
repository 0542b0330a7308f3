"""Pictures of screens: each snapshot in each way of display, without a window, saved as PNG."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QImageWriter

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
# zlib's level 1, as Qt counts (11 a level): 13 % larger than by default, in half the time.
_COMPRESSION = 11


def render_each(
    place: Callable[[str], Path],
    snapshots: Iterable[tuple[str, Snapshot]],
    panel: Panel | None = None,
    modes: Iterable[str] = tuple(MODES),
) -> Iterator[Path]:
    """Save `NAME.MODE.png` for each named snapshot and mode; names may hold folders ("ko/pay"). Each file is yielded
    once it is written, in the order in which they were shown.

    `place`: where a file of this name goes; its folder is there. Raises OSError.
    """
    app = application()
    glass = build(panel or load_panel("27-portrait"))
    glass.window.show()
    chosen = tuple(modes)
    # Pressing a picture takes three times as long as showing it, and Qt lets go of Python's lock meanwhile.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as press:
        under_way: list[Future[Path]] = []
        try:
            for name, snapshot in snapshots:
                for mode in chosen:
                    display = msgspec.structs.replace(MODES[mode], lang=snapshot.display.lang)
                    glass.bridge.apply(msgspec.structs.replace(snapshot, display=display))
                    app.processEvents()
                    under_way.append(press.submit(_save, _grab(glass), place(f"{name}.{mode}.png")))
                    if len(under_way) > 2 * (os.cpu_count() or 1):  # each holds eight megabytes
                        yield under_way.pop(0).result()
            for one in under_way:
                yield one.result()
        finally:
            press.shutdown(cancel_futures=True)
            glass.close()


def _grab(glass: Glass) -> QImage:
    return glass.window.grabWindow()


def _save(picture: QImage, file: Path) -> Path:
    """Through memory: Qt says of a file that can't be written only that it can't."""
    pressed = QBuffer()
    pressed.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(pressed, b"png")
    writer.setCompression(_COMPRESSION)
    if not writer.write(picture):
        raise ValueError(f"{file}: {writer.errorString()}")
    try:
        file.write_bytes(pressed.data().data())
    except OSError as error:
        error.filename = error.filename or str(file)
        raise
    return file
