"""What is painted on a page, piece by piece in the order of painting: texts, lines and areas, pictures.

Extracted text tells what a program reads. A person reads what is painted last, dark enough and inside the page: for
that the pieces have their places and looks.
"""

import ctypes
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, Final, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

_HAIR: Final = 0.5
MOST_POINTS: Final = 100  # segments of a path whose every point counts
_MOST_STARTS: Final = 2_000  # segments of a path whose beginnings count; longer is only a QR code


class Kind(StrEnum):
    """What a piece is."""

    TEXT = "text"
    PATH = "path"
    PICTURE = "picture"
    OTHER = "other"


class Box(NamedTuple):
    """A place in points, from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def grown(self, by: float) -> "Box":
        """The same place and `by` points around it; a negative number makes it smaller."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def within(self, other: "Box") -> bool:
        """Whether it lies in the other, a hair aside."""
        wide = other.grown(_HAIR)
        return (
            wide.left <= self.left
            and wide.bottom <= self.bottom
            and self.right <= wide.right
            and self.top <= wide.top
        )

    def meets(self, other: "Box") -> bool:
        """Whether they share a place."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


class Look(NamedTuple):
    """How a piece is painted. Colours are red, green, blue and opacity; None where nothing is painted with it.

    `size` is a text's height or a line's width; `shape` are a path's points, as far as they count.
    """

    fill: tuple[int, ...] | None
    stroke: tuple[int, ...] | None
    size: float
    shape: tuple[float, ...] = ()


NO_LOOK: Final = Look(None, None, 0.0)


class Piece(NamedTuple):
    """One piece; `seen` unless it is clipped away (were it in part), see-through, or on a layer."""

    kind: Kind
    box: Box
    look: Look
    text: str = ""
    seen: bool = True

    @property
    def opaque(self) -> bool:
        """Whether what lies below it is gone."""
        filled = self.kind is Kind.PATH and self.look.fill is not None
        return filled or self.kind in (Kind.PICTURE, Kind.OTHER)


def pieces_of(page: pdfium.PdfPage) -> tuple[Piece, ...]:
    """All pieces of a page."""
    words = page.get_textpage()
    return tuple(_piece(found.raw, found.type, words) for found in page.get_objects(max_depth=8))


def _piece(found: Any, kind: int, words: pdfium.PdfTextPage) -> Piece:
    box = _box(found)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        return Piece(Kind.TEXT, box, _text_look(found), _text(found, words), _seen(found, box))
    if kind == raw.FPDF_PAGEOBJ_PATH:
        return Piece(Kind.PATH, box, _path_look(found), seen=_seen(found, box))
    return Piece(Kind.PICTURE if kind == raw.FPDF_PAGEOBJ_IMAGE else Kind.OTHER, box, NO_LOOK)


def _box(found: Any) -> Box:
    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(found, *edges)
    return Box(*(round(edge.value, 2) for edge in edges))


def _text(found: Any, words: pdfium.PdfTextPage) -> str:
    size = raw.FPDFTextObj_GetText(found, words.raw, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFTextObj_GetText(found, words.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace").strip()


def _text_look(found: Any) -> Look:
    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(found, size)
    filled = raw.FPDFTextObj_GetTextRenderMode(found) == raw.FPDF_TEXTRENDERMODE_FILL
    fill = _colour(raw.FPDFPageObj_GetFillColor, found) if filled else None
    return Look(fill, None, round(size.value, 2))


def _path_look(found: Any) -> Look:
    mode, stroked, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    raw.FPDFPath_GetDrawMode(found, mode, stroked)
    raw.FPDFPageObj_GetStrokeWidth(found, width)
    fill = _colour(raw.FPDFPageObj_GetFillColor, found) if mode.value != raw.FPDF_FILLMODE_NONE else None
    stroke = _colour(raw.FPDFPageObj_GetStrokeColor, found) if stroked.value else None
    return Look(fill, stroke, round(width.value, 2), tuple(_points(found)))


def _colour(read: Callable[..., Any], found: Any) -> tuple[int, ...]:
    parts = [ctypes.c_uint() for _ in range(4)]
    read(found, *parts)
    return tuple(part.value for part in parts)


def _points(path: Any) -> Iterator[float]:
    """A path's points in its own measure; of a long one where its strokes begin; of a longer one how many."""
    count = raw.FPDFPath_CountSegments(path)
    if count > _MOST_STARTS:
        yield float(count)
        return
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        if count <= MOST_POINTS or raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield from _point(segment)


def _point(segment: Any) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, x, y)
    return round(x.value, 2), round(y.value, 2)


def _seen(found: Any, box: Box) -> bool:
    """Whether the whole piece lies inside what it is clipped to, on no layer, and nothing shines through."""
    if raw.FPDFPageObj_HasTransparency(found) or _on_a_layer(found):
        return False
    clip = raw.FPDFPageObj_GetClipPath(found)
    for path in range(max(0, raw.FPDFClipPath_CountPaths(clip))):
        count = raw.FPDFClipPath_CountPathSegments(clip, path)
        points = [
            _point(raw.FPDFClipPath_GetPathSegment(clip, path, index)) for index in range(max(0, count))
        ]
        if points and not box.within(_around(points)):
            return False
    return True


def _on_a_layer(found: Any) -> bool:
    """Whether it belongs to optional content, which can be switched off."""
    name, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
    words = ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort))
    for index in range(max(0, raw.FPDFPageObj_CountMarks(found))):
        raw.FPDFPageObjMark_GetName(raw.FPDFPageObj_GetMark(found, index), words, len(name), size)
        if name.raw[: max(0, size.value - 2)].decode("utf-16-le") == "OC":
            return True
    return False


def _around(points: list[tuple[float, float]]) -> Box:
    across, up = zip(*points, strict=True)
    return Box(min(across), min(up), max(across), max(up))
