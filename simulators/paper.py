"""Paper as a laser printer makes it: PDF pages rasterised to grey pictures, and what can be read on them.

The document number of a sheet (16 digits, 4-4-4-4) is read from the page's own text; nobody tells it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pypdfium2

DPI = 200
_POINTS_PER_INCH = 72
T = TypeVar("T")
_PNG_LEVEL = 1  # the fastest; a page is looked at once or twice
# The PDF library reports a hyphen at a line's end as U+0002 or U+FFFE.
_HYPHEN = "[-\u2010\u2011\u2012\u2013\x02\ufffe]"
_NUMBER = re.compile(rf"(?<!\d)(\d{{4}}){_HYPHEN}(\d{{4}}){_HYPHEN}(\d{{4}}){_HYPHEN}(\d{{4}})(?!\d)")


@dataclass(frozen=True)
class PrintedPage:
    """One side of one sheet: the document number on it (or empty) and the file of its picture."""

    number: str
    image: str


def count_sheets(pdf: bytes) -> int | None:
    """How many sheets a document needs; None when it is not a PDF that can be printed."""
    try:
        return _with_document(pdf, len) or None
    except (pypdfium2.PdfiumError, ValueError):
        return None


def print_page(pdf: bytes, index: int, image: Path) -> PrintedPage:
    """Rasterise page `index` (0-based) into `image`. A page that cannot be drawn comes out without a picture."""

    def draw(document: Any) -> PrintedPage:
        page = document[index]
        image.parent.mkdir(parents=True, exist_ok=True)
        picture = page.render(scale=DPI / _POINTS_PER_INCH, grayscale=True).to_pil()
        picture.save(image, dpi=(DPI, DPI), compress_level=_PNG_LEVEL)
        return PrintedPage(document_number(page.get_textpage().get_text_range()), str(image))

    try:
        return _with_document(pdf, draw)
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return PrintedPage("", "")


def document_number(text: str) -> str:
    """The first document number in a page's text, as 4-4-4-4; empty when there is none."""
    found = _NUMBER.search(text)
    return "-".join(found.groups()) if found else ""


def _with_document(pdf: bytes, use: Callable[[Any], T]) -> T:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return use(document)
    finally:
        document.close()


def safe_name(job: str) -> str:
    """A job's name as a file's: nothing in it can lead out of the folder."""
    return re.sub(r"[^0-9A-Za-z가-힣._-]", "_", job).lstrip(".")[:80] or "job"
