"""Whether the void ground lies under each page of a document: the whole page, first of all, both screens in it."""

import ctypes
from collections.abc import Sequence
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from kiosk.protocol.looks import Check
from kiosk.worker.legible import PAGE
from kiosk.worker.pieces import Box
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.screens import HEIGHT, WIDTH, Pair

_ALL_DOTS: Final = WIDTH * HEIGHT
_GRAIN: Final = 0.0002  # dots that the page's edge cuts off


def check_ground(pages: Sequence[pdfium.PdfPage], pair: Pair) -> None:
    """Raises WorkError (read-back-failed, `ground`)."""
    packed = b""
    for index, page in enumerate(pages):
        picture = _ground_of(page)
        if picture is None:
            raise _missing(index)
        now = _bytes(raw.FPDFImageObj_GetImageDataRaw, picture)
        if index and now != packed:
            raise _missing(index)
        packed = now
        if not index and not _fits(_bytes(raw.FPDFImageObj_GetImageDataDecoded, picture), pair):
            raise _missing(index)


def _missing(index: int) -> WorkError:
    return WorkError(Code.READ_BACK_FAILED, f"not this printer's ground under page {index + 1}", Check.GROUND)


def _ground_of(page: pdfium.PdfPage) -> Any:
    """The page's only picture, painted before all else and as large as the page."""
    pieces = list(page.get_objects(max_depth=8))
    pictures = [piece for piece in pieces if piece.type == raw.FPDF_PAGEOBJ_IMAGE]
    if len(pictures) != 1 or pieces[0].type != raw.FPDF_PAGEOBJ_IMAGE:
        return None
    place = Box(*pictures[0].get_bounds())
    return pictures[0].raw if place.within(PAGE) and PAGE.within(place) else None


def _bytes(read: Any, picture: Any) -> bytes:
    size = read(picture, None, 0)
    buffer = ctypes.create_string_buffer(size)
    read(picture, buffer, size)
    return buffer.raw


def _fits(dots: bytes, pair: Pair) -> bool:
    """As much ink as the two screens give: the one on most of the page, the other in the letters."""
    if len(dots) * 8 != _ALL_DOTS:
        return False
    ink = 1 - int.from_bytes(dots, "big").bit_count() / _ALL_DOTS
    low, high = sorted(screen.coverage for screen in pair)
    letters = (
        high - low
    ) / 50  # they are about a twentieth of the page: without them one screen would be alone
    return low + letters - _GRAIN < ink < high - letters + _GRAIN
