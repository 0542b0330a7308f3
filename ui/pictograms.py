"""Our own drawings, coloured for the surroundings they stand in: `image://pictogram/NAME/PIXELS/LINE/FILL/ACCENT`."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent / "qml" / "pictograms"
# The drawings hold these in place of colours.
LINE, FILL, ACCENT = "#010101", "#020202", "#030303"
UNKNOWN = "document"
# Below this size the lines are drawn thicker, as a typeface does with its small sizes.
SMALL_PX = 72
KEPT_BYTES = 8 << 20
THICKER = {"5": "7.500", "4": "6"}


class Pictograms(QQuickImageProvider):
    """Draws at the size that is asked for, and keeps the last ones: a screen comes back with the same drawings."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._texts: dict[str, str] = {}
        self._kept: dict[str, QImage] = {}

    def requestImage(self, id: str, size: QSize, requested: QSize) -> QImage:  # noqa: A002 (Qt's names)
        """The drawing as an image as wide as is named in `id`, and as high as it is itself."""
        if id not in self._kept:
            while self._kept and sum(kept.sizeInBytes() for kept in self._kept.values()) > KEPT_BYTES:
                del self._kept[next(iter(self._kept))]
            self._kept[id] = self._draw(*id.split("/"))
        return self._kept[id]

    def _draw(self, name: str, pixels: str, line: str, fill: str, accent: str) -> QImage:
        size = int(pixels)
        text = (
            self._text(name).replace(LINE, line).replace(FILL, _opaque(fill)).replace(ACCENT, _opaque(accent))
        )
        if size < SMALL_PX:
            for thin, thick in THICKER.items():
                text = text.replace(f'stroke-width="{thin}"', f'stroke-width="{thick}"')
        renderer = QSvgRenderer(QByteArray(text.encode()))
        box = renderer.viewBoxF()
        image = QImage(
            size, round(size * box.height() / box.width()), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        renderer.render(painter, QRectF(image.rect()))
        painter.end()
        return image

    def _text(self, name: str) -> str:
        if name not in self._texts:
            file = FOLDER / f"{name}.svg"
            self._texts[name] = (file if file.exists() else FOLDER / f"{UNKNOWN}.svg").read_text("utf-8")
        return self._texts[name]


def _opaque(color: str) -> str:
    """SVG's word for a colour; it knows no alpha in #aarrggbb."""
    return "none" if QColor(color).alpha() == 0 else color
