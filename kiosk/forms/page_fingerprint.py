"""What a page looks like from a step back: how much ink is where, so that a moved table or another font is noticed.

A page is drawn at 150 dpi and seen as 24 by 34 cells of about 9 mm; a letter stands for a cell's mean ink in steps of
1.6 %. One step either way is how finely a rasteriser is followed. Why not a hash of gradients: hairlines and a wrong
weight leave the order of neighbouring cells as it was.
"""

import io
import string
from typing import Final

import pikepdf
from PIL import Image

from kiosk.worker.read_back import opened
from kiosk.worker.underlay import GROUND_NAME

COLUMNS: Final = 24
ROWS: Final = 34
_LEVELS = string.digits + string.ascii_uppercase + string.ascii_lowercase + "+/"
_STEP = 4  # of 256 grey levels
_TOLERANCE = 1  # steps
_DPI = 150
_WIDTH_MM, _HEIGHT_MM = 210, 297


def looks_of(pdf: bytes, dpi: int = _DPI) -> list[str]:
    """Each page's look, row by row: COLUMNS * ROWS letters. Without the void ground, which is the same under each page
    and takes five times as long to draw as all the rest.
    """
    with opened(_bare(pdf)) as document:
        pages = [document[index].render(scale=dpi / 72, grayscale=True) for index in range(len(document))]
        return [_look(page.to_pil()) for page in pages]


def _bare(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            drawn = page.Resources.get("/XObject", pikepdf.Dictionary())
            if GROUND_NAME in drawn:
                del drawn[GROUND_NAME]
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _look(page: Image.Image) -> str:
    cells = page.resize((COLUMNS, ROWS), Image.Resampling.BOX).tobytes()
    return "".join(_LEVELS[(255 - grey) // _STEP] for grey in cells)


def differences(now: str, before: str) -> list[str]:
    """Where a page looks otherwise than before, in words: `150 mm from the left, 210 mm from the top: lighter`."""
    if len(before) != COLUMNS * ROWS:
        return ["what it looked like before is not written down"]
    shifts = [_LEVELS.index(cell) - _LEVELS.index(was) for cell, was in zip(now, before, strict=True)]
    return [_place(at, shift) for at, shift in enumerate(shifts) if abs(shift) > _TOLERANCE]


def _place(at: int, shift: int) -> str:
    row, column = divmod(at, COLUMNS)
    left, top = round((column + 0.5) * _WIDTH_MM / COLUMNS), round((row + 0.5) * _HEIGHT_MM / ROWS)
    return f"{left} mm from the left, {top} mm from the top: {'darker' if shift > 0 else 'lighter'}"
