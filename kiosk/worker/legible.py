"""Whether a person can read what a program reads: nothing hidden, covered, cut off, or run into something else.

Extracted text says nothing of this. White letters, a box or a picture over them, letters outside what is shown, two
values on one another or one across the edge of its cell all give the right text and a wrong page.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from kiosk.protocol.looks import Check
from kiosk.worker.marks import DOT_PT
from kiosk.worker.pieces import Box, Kind, Piece, pieces_of
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.screens import HEIGHT, WIDTH

PAGE: Final = Box(0, 0, WIDTH * DOT_PT, HEIGHT * DOT_PT)
_PRINTABLE: Final = PAGE.grown(-12)  # no laser printer reaches nearer to the edge
_LIGHTEST: Final = 120  # of 255: a grey that survives 600 dpi in black and white
_SOLID: Final = 255
_MARK_PT: Final = 40  # letters this high are no value
_TOUCH_PT: Final = 0.8  # how far letters may stand over a line or each other: overhang, not overflow
_STRAIGHT, _THIN_PT, _SHORT_PT = (
    4,
    3,
    8,
)  # two points; how thick and how long an edge of a cell may and must be
_RULES: Final = (0.36, 0.6, 1.2)  # certs_templates/_common/서식.typ: 가는선, 보통선, 굵은선
_STRIP_PT: Final = 24  # pieces are looked for strip by strip


def look_at(page: pdfium.PdfPage, number: int, *, draft: bool = False) -> tuple[Piece, ...]:
    """The pieces of a page that is fit to be read. A draft's own mark, huge and grey, may stand across the others.

    Raises WorkError (overflow, read-back-failed).
    """
    _check_boxes(page, number)
    pieces = pieces_of(page)
    texts = [(at, piece) for at, piece in enumerate(pieces) if piece.kind is Kind.TEXT and piece.text]
    texts = [(at, piece) for at, piece in texts if not draft or piece.look.size < _MARK_PT]
    for _, piece in texts:
        _check_shown(piece, number)
    _check_covers(texts, pieces, number)
    _check_overlaps([piece for _, piece in texts], number)
    _check_edges([piece for _, piece in texts], pieces, number)
    return pieces


def _check_boxes(page: pdfium.PdfPage, number: int) -> None:
    """What is shown is the whole page, upright, and nothing lies on it that can be switched off."""
    boxes = [Box(*page.get_mediabox()), Box(*page.get_cropbox())]
    whole = all(box.within(PAGE) and PAGE.within(box) for box in boxes)
    if not whole or page.get_rotation() or raw.FPDFPage_GetAnnotCount(page.raw):
        raise WorkError(
            Code.READ_BACK_FAILED, f"page {number} is cut, turned or has something laid on it", Check.PAGE_BOX
        )


def _check_shown(piece: Piece, number: int) -> None:
    if not piece.box.within(_PRINTABLE):
        raise WorkError(Code.OVERFLOW, f"text past the edge of page {number}", Check.PAST_EDGE)
    fill = piece.look.fill
    if fill is None or max(fill[:3]) > _LIGHTEST or fill[3] != _SOLID or not piece.seen:
        raise WorkError(Code.READ_BACK_FAILED, f"text that is not seen on page {number}", Check.HIDDEN_TEXT)


def _check_covers(texts: list[tuple[int, Piece]], pieces: Sequence[Piece], number: int) -> None:
    """Nothing opaque is painted over a text after it."""
    covers = [(at, piece.box) for at, piece in enumerate(pieces) if piece.opaque]
    for at, piece in texts:
        inside = piece.box.grown(-_TOUCH_PT)
        if any(later > at and inside.meets(box) for later, box in covers):
            raise WorkError(
                Code.READ_BACK_FAILED, f"something lies over a text of page {number}", Check.COVERED
            )


def _check_overlaps(texts: list[Piece], number: int) -> None:
    """No two texts share a place."""
    strips: defaultdict[int, list[Box]] = defaultdict(list)
    for piece in texts:
        box = piece.box.grown(-_TOUCH_PT)
        rows = list(_strips(box))
        if any(box.meets(other) for row in rows for other in strips[row]):
            raise WorkError(Code.OVERFLOW, f"text over text on page {number}", Check.TEXT_OVER_TEXT)
        for row in rows:
            strips[row].append(box)


def _check_edges(texts: list[Piece], pieces: Sequence[Piece], number: int) -> None:
    """No text stands across an upright line, the edge of its cell. A level one may strike out what no longer holds."""
    ruled: defaultdict[int, list[Box]] = defaultdict(list)
    for piece in pieces:
        if _is_rule(piece):
            for row in _strips(piece.box):
                ruled[row].append(piece.box)
    for piece in texts:
        inside = piece.box.grown(-_TOUCH_PT)
        if any(inside.meets(rule) for row in _strips(inside) for rule in ruled[row]):
            raise WorkError(Code.OVERFLOW, f"text past its cell on page {number}", Check.PAST_CELL)


def _is_rule(piece: Piece) -> bool:
    """An upright line of a table: straight, longer than a tick, as thick as tables have it. A map has its own lines."""
    box = piece.box
    straight = (
        piece.kind is Kind.PATH and piece.look.stroke is not None and len(piece.look.shape) == _STRAIGHT
    )
    ruled = straight and piece.look.size in _RULES
    return ruled and box.right - box.left < _THIN_PT and box.top - box.bottom > _SHORT_PT


def _strips(box: Box) -> Iterator[int]:
    yield from range(int(box.bottom // _STRIP_PT), int(box.top // _STRIP_PT) + 1)
