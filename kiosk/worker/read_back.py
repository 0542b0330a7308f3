"""The last look before paper: open the finished PDF as a stranger would and compare it with what was asked for.

Its pages, the number, n/N and content check on every page, every value of the data, nothing that is neither data nor
form, all text inside the page and to be seen there, the ground, and the QR code as a reader decodes it. Why: the known
swaps (another person's second page, another field in a changed template) would each have failed one of these.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import msgspec
import pypdfium2 as pdfium
import zxingcpp
from msgspec import Struct

from kiosk.protocol.certificates import ENGLISH
from kiosk.protocol.looks import Check
from kiosk.protocol.seal_payload import SealPayload
from kiosk.worker.imprint import imprint, written_day
from kiosk.worker.legible import look_at
from kiosk.worker.marks import DOT_PT, MAX_QR_DOTS
from kiosk.worker.occurrences import occurrences, spaced
from kiosk.worker.pieces import Piece
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.screens import DEFAULT_PAIR, pair_of
from kiosk.worker.templates import Template

_LEFT_DOTS, _BOTTOM_DOTS = 354, 472  # certs_templates/_common/서식.typ: 옆여백, 아랫여백
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LADDER_DPI = (200, 300, 150)
_ARCHIVE = b"<pdfaid:part>2</pdfaid:part>"
_DRAFT = "draft"
_PUNCTUATION = re.compile(r"[\s()*·\x00]+")

Pages = tuple[tuple[Piece, ...], ...]


class Expected(Struct, frozen=True):
    """What the paper has to say. `values`: the ways each value may be printed; `furniture`: the form's own words and
    the issue's. `ground`: the screens under it ("": as everywhere).
    """

    pages: int
    number: str
    check: str
    seal: str
    values: tuple[tuple[str, ...], ...]
    furniture: tuple[str, ...]
    ground: str = ""


def expected_of(
    template: Template, data: dict[str, Any], payload: SealPayload, seal: str, ground: str = ""
) -> Expected:
    """What a certificate of this form, data and seal has to say."""
    shown = imprint(payload, template.language(data))
    own = {name: word for name, word in template.page_words(data).items() if name != _DRAFT}
    words = [text.replace("{until}", shown.until) for text in _texts(own)]
    counts = [f"{page} / {payload.pages}" for page in range(1, payload.pages + 1)]
    return Expected(
        pages=payload.pages,
        number=shown.number,
        check=shown.check,
        seal=seal,
        values=_values_of(template, data),
        furniture=(*words, *counts, *msgspec.structs.astuple(shown)),
        ground=ground,
    )


def _values_of(template: Template, data: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(printed_forms(_without(data, frozenset(template.unprinted))))


def _without(data: object, paths: frozenset[str], path: str = "") -> Any:
    """The data without what stands at the paths; `labels.x` is that field of each entry of a list."""
    if isinstance(data, dict):
        left = {name: value for name, value in data.items() if path + name not in paths}
        return {name: _without(value, paths, f"{path}{name}.") for name, value in left.items()}
    if isinstance(data, list):
        return [_without(entry, paths, path) for entry in data]
    return data


def _texts(words: object) -> Iterator[str]:
    if isinstance(words, dict):
        words = list(words.values())
    if isinstance(words, list):
        for word in words:
            yield from _texts(word)
    else:
        yield str(words)


@contextmanager
def opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document, closed afterwards. Raises WorkError (read-back-failed) when it is no PDF."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        raise WorkError(Code.READ_BACK_FAILED, "not a PDF") from error
    try:
        yield document
    finally:
        document.close()


def read_back(pdf: bytes, expected: Expected) -> Pages:
    """What stands where on each page. Raises WorkError (overflow, read-back-failed) with what is wrong and on which
    page, never with a value.
    """
    from kiosk.worker.underfoot import check_ground

    with opened(pdf) as document:
        if len(document) != expected.pages:
            detail = f"{len(document)} pages instead of {expected.pages}"
            raise WorkError(Code.READ_BACK_FAILED, detail, Check.PAGES)
        pages = list(document)  # each is taken apart once, however often it is looked at
        pages_seen = _looked_at(pages)
        texts = _spaced_texts(pages)
        _check_bindings(texts, expected)
        _check_values(texts, expected)
        if _ARCHIVE not in pdf:
            raise WorkError(Code.READ_BACK_FAILED, "no PDF/A: a character may be missing", Check.ARCHIVE)
        check_ground(pages, pair_of(expected.ground) if expected.ground else DEFAULT_PAIR)
        if decode_seal(pages[-1]) != expected.seal:
            raise WorkError(Code.READ_BACK_FAILED, "the QR code does not read as the seal", Check.QR)
    return pages_seen


def draft_pages(pdf: bytes) -> Pages:
    """What stands where on each page of a draft that can be read. Raises WorkError (overflow, read-back-failed)."""
    with opened(pdf) as document:
        return _looked_at(list(document), draft=True)


def read_draft(pdf: bytes, template: Template, data: dict[str, Any]) -> Pages:
    """The same, once every value is found on it: what could not be read back is refused before anybody pays for it."""
    with opened(pdf) as document:
        pages = list(document)
        pages_seen = _looked_at(pages, draft=True)
        texts = _spaced_texts(pages)
    _take_values(texts, _values_of(template, data), tuple(_texts(template.page_words(data))))
    return pages_seen


def sheets_of(pdf: bytes) -> int:
    """How many pages a draft has, once all its text is known to stand where it can be read. Raises WorkError."""
    return len(draft_pages(pdf))


def _looked_at(pages: list[pdfium.PdfPage], *, draft: bool = False) -> Pages:
    return tuple(look_at(page, number, draft=draft) for number, page in enumerate(pages, start=1))


def _spaced_texts(pages: list[pdfium.PdfPage]) -> list[str]:
    return [spaced(_text_of(page.get_textpage())) for page in pages]


def page_texts(pdf: bytes) -> list[str]:
    """The visible text of each page, line by line as the PDF gives it."""
    with opened(pdf) as document:
        return [_text_of(document[index].get_textpage()) for index in range(len(document))]


def _text_of(content: pdfium.PdfTextPage) -> str:
    try:
        return str(content.get_text_range())
    except UnicodeDecodeError as error:
        raise WorkError(Code.READ_BACK_FAILED, "text that is not text") from error


def _check_bindings(texts: list[str], expected: Expected) -> None:
    """Every page says which document it belongs to and which page of how many it is."""
    for position, text in enumerate(texts, start=1):
        count = f"{position} / {expected.pages}"
        for what, wanted, check in (
            ("number", expected.number, Check.NUMBER),
            ("page count", count, Check.PAGE_COUNT),
            ("content check", expected.check, Check.CONTENT_CHECK),
        ):
            if occurrences(text, wanted)[0] == 0:
                raise WorkError(Code.READ_BACK_FAILED, f"page {position} lacks its {what}", check)


def _check_values(texts: list[str], expected: Expected) -> None:
    """Every value is there as often as in the data, and nothing is left once data and form are taken away."""
    if _PUNCTUATION.sub("", _take_values(texts, expected.values, expected.furniture)):
        detail = "text on a page that is neither data nor form"
        raise WorkError(Code.READ_BACK_FAILED, detail, Check.FOREIGN_TEXT)


def _take_values(texts: list[str], values: tuple[tuple[str, ...], ...], furniture: tuple[str, ...]) -> str:
    """What is left once values and form are taken away. Raises WorkError when a value is not there often enough."""
    rest = "\n".join(texts)
    wanted = Counter(tuple(spaced(form) for form in forms) for forms in values)
    known = {form for forms in wanted for form in forms} | {spaced(text) for text in furniture}
    found: Counter[str] = Counter()
    # The longest first: it may hold others.
    for text in sorted(known - {""}, key=lambda text: (-len(text), text)):
        found[text], rest = occurrences(rest, text)
    for forms, times in wanted.items():
        if any(forms) and sum(found[form] for form in forms) < times:
            raise WorkError(Code.READ_BACK_FAILED, "a value of the data is not on the page", Check.VALUES)
    return rest


def decode_seal(last: pdfium.PdfPage) -> str:
    """The text of the QR code at its place on the last page, or nothing; looked for at up to three scales."""
    width, height = last.get_size()
    left, bottom, size = (dots * DOT_PT for dots in (_LEFT_DOTS, _BOTTOM_DOTS, MAX_QR_DOTS))
    crop = (left, bottom, max(0, width - left - size), max(0, height - bottom - size))
    for dpi in _LADDER_DPI:
        bitmap = last.render(scale=dpi / 72, crop=crop, grayscale=True)
        found = zxingcpp.read_barcodes(bitmap.to_pil(), formats=QR)
        if found:
            return str(found[0].text)
    return ""


def printed_forms(data: object) -> Iterator[tuple[str, ...]]:
    """Each value in the ways a form may print it: as it is, a date in words of either language or with dots, a number
    with commas.
    """
    match data:
        case dict():
            for value in data.values():
                yield from printed_forms(value)
        case list():
            for value in data:
                yield from printed_forms(value)
        case int():
            yield (f"{data:,}",)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", data):
            yield _printed_day(data)
        case _:
            yield (str(data),)


def _printed_day(text: str) -> tuple[str, ...]:
    """2026-11-25 as a form may print it; what only looks like a day stands for itself."""
    year, month, day = text.split("-")
    forms = (text, f"{year}년 {month}월 {day}일", f"{year}. {month}. {day}.")
    try:
        return (*forms, written_day(date.fromisoformat(text), ENGLISH))
    except ValueError:
        return forms
