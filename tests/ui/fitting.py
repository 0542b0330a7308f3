"""What is wrong with the page on the glass, read from the running scene: cut off, elided, torn, shrunk, covered.

Nothing here knows what a screen is made of. It walks the tree of items and looks at every text that is visible: at what
Qt laid out, at each rectangle around it that cuts it off, and at what else lies there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextOption
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem

from tests.ui.looking import PAGE_BUTTONS, Eye

PICTOGRAMS = Path(__file__).parents[2] / "ui" / "qml" / "pictograms"
# A text is drawn on whole pixels, and a frame has a line: so much is nobody's fault.
HAIR = 1.5
NOT_ELIDED = Qt.TextElideMode.ElideNone.value
# Of a picture that is not shown whole, the part that has to be: written into the drawing itself.
KEEP = re.compile(r'<rect id="keep" x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"')
VIEW_BOX = re.compile(r'viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Text:
    """A visible text: its room, what is painted of it, what it lies in. Rectangles in the pixels of the panel."""

    words: str
    item: QQuickItem
    room: QRectF
    painted: QRectF
    scale: float
    clips: tuple[QRectF, ...]
    control: QQuickItem | None


@dataclass(frozen=True)
class Plate:
    """Something to press."""

    name: str
    item: QQuickItem
    rect: QRectF


@dataclass(frozen=True)
class Picture:
    """A drawing, and what cuts it off."""

    item: QQuickItem
    clips: tuple[QRectF, ...]


@dataclass(frozen=True)
class Scene:
    """All that is visible on one page."""

    texts: tuple[Text, ...]
    plates: tuple[Plate, ...]
    pictures: tuple[Picture, ...]


def look(root: QQuickItem) -> Scene:
    """What is on the glass now."""
    texts: list[Text] = []
    plates: list[Plate] = []
    pictures: list[Picture] = []
    for item, scale, clips, control in _walk(root, 1.0, (), None):
        meta = item.metaObject()
        if meta.indexOfProperty("lineCount") >= 0:
            if item.property("text"):
                texts.append(_text(item, scale, clips, control))
        elif meta.indexOfProperty("fillMode") >= 0:
            pictures.append(Picture(item, clips))
        elif item is control:
            name = str(item.property("controlId") or item.objectName())
            plates.append(Plate(name, item, _rect(item, QRectF(0, 0, item.width(), item.height()))))
    return Scene(tuple(texts), tuple(plates), tuple(pictures))


_Walked = tuple[QQuickItem, float, tuple[QRectF, ...], QQuickItem | None]


def _walk(
    item: QQuickItem, scale: float, clips: tuple[QRectF, ...], control: QQuickItem | None
) -> Iterator[_Walked]:
    if not item.isVisible() or item.opacity() == 0:
        return
    scale *= item.scale()
    if item.property("controlId") is not None or item.objectName() in PAGE_BUTTONS:
        control = item
    yield item, scale, clips, control
    if item.clip():
        clips = (*clips, _rect(item, QRectF(0, 0, item.width(), item.height())))
    for child in item.childItems():
        yield from _walk(child, scale, clips, control)


def _number(item: QQuickItem, name: str) -> int:
    """A property of a type that PySide does not know, as QML reads it."""
    context = qmlContext(item)
    assert context is not None, name
    value, _undefined = QQmlExpression(context, item, name).evaluate()
    return int(value)


def _rect(item: QQuickItem, rect: QRectF) -> QRectF:
    return item.mapRectToScene(rect)


def _text(item: QQuickItem, scale: float, clips: tuple[QRectF, ...], control: QQuickItem | None) -> Text:
    wide, high = item.property("contentWidth"), item.property("contentHeight")
    aligned = _number(item, "effectiveHorizontalAlignment")
    spare = item.width() - wide
    left = {Qt.AlignmentFlag.AlignHCenter.value: spare / 2, Qt.AlignmentFlag.AlignRight.value: spare}.get(
        aligned, 0
    )
    room = _rect(item, QRectF(0, 0, item.width(), item.height()))
    painted = _rect(item, QRectF(left, (item.height() - high) / 2, wide, high))
    return Text(str(item.property("text")), item, room, painted, scale, clips, control)


def complaints(eye: Eye) -> list[str]:
    """Everything that is wrong with the page that is shown now; nothing when it is as it should be."""
    panel = eye.glass.bridge.panel
    glass = QRectF(0, 0, panel.width_px, panel.height_px)
    scene = look(eye.glass.window.contentItem())
    # Under a sheet the screen is covered, on purpose; what is on it was looked at without the sheet.
    if eye.glass.bridge.snapshot.overlay is not None:
        scene = _of_the_sheet(eye, scene)
    found = [complaint for text in scene.texts for complaint in _of_text(text, glass)]
    found += [f"outside: {plate.name}" for plate in scene.plates if not _holds(glass, plate.rect)]
    found += [f"shrunk: {plate.name}" for plate in scene.plates if abs(plate.item.scale() - 1) > 0.001]
    found += _over_each_other(scene)
    found += [complaint for picture in scene.pictures for complaint in _of_picture(picture, glass)]
    return found


def _of_the_sheet(eye: Eye, scene: Scene) -> Scene:
    sheet = eye.glass.window.findChild(QQuickItem, "sheet-stage")
    assert sheet is not None, "a snapshot with an overlay shows no sheet"

    def on_it(item: QQuickItem) -> bool:
        above: QQuickItem | None = item
        while above is not None and above is not sheet:
            above = above.parentItem()
        return above is sheet

    return Scene(
        tuple(text for text in scene.texts if on_it(text.item)),
        tuple(plate for plate in scene.plates if on_it(plate.item)),
        tuple(picture for picture in scene.pictures if on_it(picture.item)),
    )


def _of_text(text: Text, glass: QRectF) -> list[str]:
    item, told = text.item, repr(text.words[:40])
    found = []
    if item.property("truncated") or _number(item, "elide") != NOT_ELIDED:
        found.append(f"elided: {told}")
    if item.property("lineCount") > item.property("maximumLineCount"):
        found.append(f"lines left out: {told}")
    if not _holds(text.room, text.painted):
        found.append(f"cut off: {told} needs {_size(text.painted)} of {_size(text.room)}")
    found += [f"clipped: {told}" for clip in text.clips if not _holds(clip, text.painted)]
    if not _holds(glass, text.painted):
        found.append(f"outside: {told}")
    if text.control is not None:
        around = _rect(text.control, QRectF(0, 0, text.control.width(), text.control.height()))
        if not _holds(around, text.painted):
            found.append(f"over the edge of its button: {told}")
    if text.scale < 0.999:
        found.append(f"smaller than was asked for: {told} at {text.scale:.2f}")
    found += [f"torn: {told} after {line!r}" for line in torn(item)]
    return found


def _size(rect: QRectF) -> str:
    return f"{rect.width():.0f}x{rect.height():.0f}"


def _holds(outer: QRectF, inner: QRectF) -> bool:
    return outer.adjusted(-HAIR, -HAIR, HAIR, HAIR).contains(inner)


def torn(item: QQuickItem) -> list[str]:
    """The lines of a text that end inside a word, as Qt lays it out in this width."""
    words = str(item.property("text"))
    if item.property("lineCount") <= 1 + words.count("\n"):
        return []
    font = item.property("font")
    assert isinstance(font, QFont)
    found = []
    for part in words.split("\n"):
        ends = list(_line_ends(part, font, item.width()))
        found += [
            part[:end][-12:]
            for end in ends[:-1]
            if not part[end - 1].isspace() and part[end - 1] not in "-·/"
        ]
    return found


def _line_ends(words: str, font: QFont, width: float) -> Iterator[int]:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(words, font)
    layout.setTextOption(option)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        yield line.textStart() + line.textLength()
    layout.endLayout()


def _over_each_other(scene: Scene) -> list[str]:
    found = [
        f"over each other: {a.words[:30]!r} {b.words[:30]!r}"
        for a, b in combinations(scene.texts, 2)
        if _share(a.painted, b.painted)
    ]
    found += [
        f"over each other: {a.name} {b.name}"
        for a, b in combinations(scene.plates, 2)
        if _share(a.rect, b.rect)
    ]
    found += [
        f"under a button: {text.words[:30]!r} {plate.name}"
        for text in scene.texts
        for plate in scene.plates
        if text.control is not plate.item and _share(text.painted, plate.rect)
    ]
    return found


def _share(a: QRectF, b: QRectF) -> bool:
    shared = a.intersected(b)
    return shared.width() > HAIR and shared.height() > HAIR


def _of_picture(picture: Picture, glass: QRectF) -> list[str]:
    """Of a drawing that is cut at an edge, the part that its file names has to be seen."""
    item, whole = picture.item, _rect(picture.item, QRectF(0, 0, picture.item.width(), picture.item.height()))
    shown = [glass, *picture.clips]
    name = str(item.property("name"))
    if not name or all(_holds(edge, whole) for edge in shown):
        return []
    text = (PICTOGRAMS / f"{name}.svg").read_text("utf-8")
    keep, box = KEEP.search(text), VIEW_BOX.search(text)
    if keep is None or box is None:
        return [f"picture {name} is cut off, and does not say what must be seen of it"]
    left, top, wide, high = map(float, box.groups())
    x, y, width, height = map(float, keep.groups())
    across, down = item.width() / wide, item.height() / high
    wanted = _rect(item, QRectF((x - left) * across, (y - top) * down, width * across, height * down))
    return [f"picture {name}: heads are cut off" for edge in shown if not _holds(edge, wanted)]
