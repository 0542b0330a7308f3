"""Whether the document is its draft with the marks of its issue on it, piece by piece and place by place.

The draft was counted, its fee was paid. Between it and the document only number, dates, seal, stamp and patterns come
on; the typesetter gives all the rest the same places and looks. So whatever else differs is a fault, also where every
word is right: two values in each other's place, another lot hatched, a character that turned into an empty box.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from msgspec import Struct

from kiosk.protocol.looks import Check
from kiosk.worker.legible import PAGE
from kiosk.worker.marks import DOT_PT, MAX_QR_DOTS, band_svg
from kiosk.worker.pieces import MOST_POINTS, Box, Kind, Piece
from kiosk.worker.read_back import Expected
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.templates import Template

# certs_templates/_common/서식.typ: 옆여백, 윗여백, 아랫여백, 표시너비
_SIDE, _HEAD, _FOOT, _CODE = (dots * DOT_PT for dots in (354, 560, 472, MAX_QR_DOTS))
HEADER: Final = Box(0, PAGE.top - _HEAD, PAGE.right, PAGE.top)
FOOTER: Final = Box(0, 0, PAGE.right, _FOOT)
_QR: Final = Box(_SIDE, _FOOT, _SIDE + _CODE, _FOOT + _CODE)
_NOTICES: Final = Box(_SIDE + _CODE, _FOOT, PAGE.right - _SIDE, _FOOT + _CODE)
_BEGINNING = re.compile(r"M(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)")
_PATH = re.compile(r'<path[^>]*\bd="([^"]*)"')
_FRAME = re.compile(r"<rect\b")
_TWO_POINTS: Final = 4
_BORDER_PT: Final = 2  # a stamp's frame reaches over its ground
_BANDS: Final = 2  # a page's patterns: at its head and at its foot


class Marks(Struct, frozen=True):
    """What an issue puts on its pages: texts (its own and the form's), the office's stamp and the seal's pattern (SVG).

    `draft` is the text that only a draft carries.
    """

    texts: tuple[str, ...]
    stamp: str
    band: str
    draft: str


def marks_of(template: Template, data: dict[str, Any], expected: Expected) -> Marks:
    """The marks of an issue of this form and data, which has to say what is expected."""
    stamp = template.stamps.get(str(data.get("office")), "")
    return Marks(expected.furniture, stamp, band_svg(expected.seal), str(template.page_words(data)["draft"]))


def check_likeness(
    document: Sequence[tuple[Piece, ...]], draft: Sequence[tuple[Piece, ...]], marks: Marks
) -> None:
    """Raises WorkError (read-back-failed): `like-draft`, `stamp` or `pattern`."""
    if len(document) != len(draft):
        raise _other("as many pages as its draft has", Check.PAGES)
    texts = frozenset(_dense(text) for text in marks.texts)
    for number, (now, before) in enumerate(zip(document, draft, strict=True), start=1):
        last = number == len(draft)
        was, has = Counter(before), Counter(now)
        if any(not _may_go(piece, marks.draft, last=last) for piece in was - has):
            raise _other(f"what was drafted for page {number}", Check.LIKE_DRAFT)
        come = list((has - was).elements())
        if any(not _may_come(piece, texts) for piece in come):
            raise _other(
                f"nothing but its draft and the marks of its issue on page {number}", Check.LIKE_DRAFT
            )
        drawn = [piece for piece in come if piece.kind is Kind.PATH]
        _check_patterns(drawn, marks.band, number)
        _check_stamp(drawn, marks.stamp if last else "", number)


def _other(wanted: str, check: Check) -> WorkError:
    return WorkError(Code.READ_BACK_FAILED, f"the document has not {wanted}", check)


def _may_go(piece: Piece, draft: str, *, last: bool) -> bool:
    """The draft's own mark; and what makes room at the foot and among the notices for check and date."""
    moves = piece.box.within(FOOTER) or (last and piece.box.within(_NOTICES))
    return not piece.text or piece.text == draft if piece.kind is Kind.TEXT and not moves else moves


def _may_come(piece: Piece, texts: frozenset[str]) -> bool:
    """The issue's texts; drawings, which are looked at one by one; the ground, which has a look of its own."""
    if piece.kind is Kind.TEXT:
        dense = _dense(piece.text)
        return any(dense in text for text in texts)
    return piece.kind is Kind.PATH or (
        piece.kind is Kind.PICTURE and piece.box.grown(1).within(PAGE.grown(1))
    )


def _dense(text: str) -> str:
    return "".join(text.split())


def _check_patterns(drawn: list[Piece], band: str, number: int) -> None:
    """The seal's own waves, at head and foot."""
    wanted = Counter(_beginnings(band) * _BANDS)
    found = Counter(piece.look.shape for piece in drawn if _at_an_end(piece) and not _is_line(piece))
    if found != wanted:
        raise _other(f"the pattern of its seal on page {number}", Check.PATTERN)


def _at_an_end(piece: Piece) -> bool:
    return piece.box.within(HEADER) or piece.box.within(FOOTER)


def _is_line(piece: Piece) -> bool:
    """The foot's rule, which moves up a little."""
    return len(piece.look.shape) == _TWO_POINTS and piece.look.fill is None


def _check_stamp(drawn: list[Piece], stamp: str, number: int) -> None:
    """Whatever else was drawn is the stamp ("": none is due here): its frames, and its letters in their order."""
    left = [piece for piece in drawn if not _at_an_end(piece) and not piece.box.within(_QR)]
    place = next((piece.box.grown(_BORDER_PT) for piece in left if piece.look.fill is not None), PAGE)
    if left and (not stamp or not all(piece.box.within(place) for piece in left)):
        raise _other(f"nothing but its draft and the marks of its issue on page {number}", Check.LIKE_DRAFT)
    letters = _beginnings(stamp)
    whole = len(left) == len(letters) + len(_FRAME.findall(stamp))
    if not whole or not all(any(_begins(piece, letter) for piece in left) for letter in letters):
        raise _other(f"the stamp of its office on page {number}", Check.STAMP)


def _begins(piece: Piece, wanted: tuple[float, ...]) -> bool:
    """Whether the strokes of a path begin at those points: a long path has no others written down."""
    shape = piece.look.shape
    points = set(zip(shape[::2], shape[1::2], strict=False))
    return shape == wanted or (
        len(shape) <= 2 * MOST_POINTS and points >= set(zip(wanted[::2], wanted[1::2], strict=True))
    )


@cache
def _beginnings(svg: str) -> list[tuple[float, ...]]:
    """Where the strokes of each path begin, in the picture's own measure."""
    paths = _PATH.findall(svg)
    return [tuple(float(part) for point in _BEGINNING.findall(path) for part in point) for path in paths]
