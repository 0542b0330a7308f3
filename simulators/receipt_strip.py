"""What is printed on the receipt paper so far: lines of characters, QR symbols, pictures, white space.

Pure layout in dots: 576 across, font A 12 × 24, a Hangul 24 × 24, lines 30 apart.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import segno

from simulators.escpos import Raster

PAPER_DOTS = 576
CELL_DOTS, GLYPH_DOTS = 12, 24
LINE_DOTS = 30


@dataclass(frozen=True)
class Style:
    """How characters look. `wide` and `high` are multiples 1..8."""

    bold: int = 0
    underline: int = 0
    reverse: int = 0
    wide: int = 1
    high: int = 1


@dataclass(frozen=True)
class Glyph:
    """One character in its cell of `width` × `height` dots."""

    char: str
    cells: int
    style: Style

    @property
    def width(self) -> int:
        """Dots across."""
        return self.cells * CELL_DOTS * self.style.wide

    @property
    def height(self) -> int:
        """Dots down."""
        return GLYPH_DOTS * self.style.high


@dataclass(frozen=True)
class TextLine:
    """One printed line. `align` 0 left, 1 centre, 2 right."""

    glyphs: tuple[Glyph, ...]
    align: int
    height: int

    @property
    def text(self) -> str:
        """The line's characters."""
        return "".join(glyph.char for glyph in self.glyphs)


@dataclass(frozen=True)
class QrCode:
    """A QR symbol: rows of modules (1 is black), each `module` dots wide."""

    data: bytes
    rows: tuple[bytes, ...]
    module: int
    align: int


@dataclass(frozen=True)
class Picture:
    """A raster picture."""

    raster: Raster
    align: int


@dataclass(frozen=True)
class Space:
    """White paper."""

    height: int


Element = TextLine | QrCode | Picture | Space


@dataclass
class LineBuilder:
    """Collects characters until the line is full or is fed."""

    style: Style = field(default_factory=Style)
    align: int = 0
    spacing: int = LINE_DOTS
    _glyphs: list[Glyph] = field(default_factory=list)

    def add(self, text: str, cells: int) -> list[TextLine]:
        """Put characters on the line; the lines that became full."""
        full: list[TextLine] = []
        for char in text:
            glyph = Glyph(char, cells, self.style)
            if sum(g.width for g in self._glyphs) + glyph.width > PAPER_DOTS:
                full.append(self.feed())
            self._glyphs.append(glyph)
        return full

    def feed(self) -> TextLine:
        """The line as it is, empty or not."""
        height = max((glyph.height for glyph in self._glyphs), default=0)
        line = TextLine(tuple(self._glyphs), self.align, max(self.spacing, height))
        self._glyphs.clear()
        return line

    @property
    def empty(self) -> bool:
        """Whether nothing is on the line."""
        return not self._glyphs

    def restyle(self, **changes: Any) -> None:
        """Characters from now on look like this: fields of `Style`."""
        self.style = replace(self.style, **changes)


def style_changes(name: str, value: int) -> dict[str, int]:
    """What a style command changes, as fields of `Style`; nothing for any other command."""
    match name:
        case "ESC E" | "ESC G":
            return {"bold": value & 1}
        case "ESC -" | "FS -":
            return {"underline": value in (1, 2, 49, 50)}
        case "GS B":
            return {"reverse": value & 1}
        case "GS !":
            return {"wide": 1 + (value >> 4 & 7), "high": 1 + (value & 7)}
        case "ESC !":
            size = {"wide": 1 + (value >> 5 & 1), "high": 1 + (value >> 4 & 1)}
            return {"bold": value >> 3 & 1, "underline": value >> 7 & 1, **size}
        case "FS !":
            return {"wide": 1 + (value >> 2 & 1), "high": 1 + (value >> 3 & 1)}
        case "FS W":
            return {"wide": 1 + (value & 1), "high": 1 + (value & 1)}
        case _:
            return {}


def qr_code(data: bytes, module: int, level: str, align: int) -> QrCode | None:
    """A symbol of the bytes; None when they do not fit into one or it does not fit on the paper."""
    try:
        symbol = segno.make_qr(data, error=level, boost_error=False)
    except segno.DataOverflowError:
        return None
    rows = tuple(bytes(row) for row in symbol.matrix)
    return QrCode(data, rows, module, align) if len(rows) * module <= PAPER_DOTS else None


def height_of(element: Element) -> int:
    """How many dots of paper it takes."""
    match element:
        case TextLine(height=height) | Space(height=height):
            return height
        case QrCode(rows=rows, module=module):
            return len(rows) * module
        case Picture(raster=raster):
            return raster.rows


def readable(strip: tuple[Element, ...]) -> tuple[str, ...]:
    """The strip as lines of text; a QR symbol reads `[QR …]`, a picture `[picture W×H]`."""
    lines: list[str] = []
    for element in strip:
        match element:
            case TextLine():
                lines.append(element.text.rstrip())
            case QrCode(data=data):
                lines.append(f"[QR {data.decode('utf-8', 'replace')}]")
            case Picture(raster=raster):
                lines.append(f"[picture {raster.width * 8}×{raster.rows}]")
            case Space():
                continue
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)
