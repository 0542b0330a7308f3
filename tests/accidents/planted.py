"""What can be wrong with a finished document whose draft was good: each fault, and the look that has to find it.

A fault is planted in the typesetter, which sets the draft as it should and the document not. Most leave every word as
it was.
"""

import io
import shutil
from collections.abc import Callable
from dataclasses import replace as other_form
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pikepdf
import pytest
from msgspec.structs import replace

from kiosk.protocol.canonical import content_hash
from kiosk.protocol.looks import Check
from kiosk.protocol.seal_payload import content_prefix
from kiosk.worker import render
from kiosk.worker.marks import band_svg
from kiosk.worker.pieces import Piece
from kiosk.worker.read_back import opened, printed_forms
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import DEFAULT_ROOT, Template, load_templates
from tests.accidents import painted

Data = dict[str, Any]


class Fault(NamedTuple):
    """`plant` gives the faulty document for a job; `look`: who has to find it; `needs`: what the type has to have."""

    plant: Callable[["Bench", RenderJob], bytes]
    look: Check
    needs: str = ""


class Bench:
    """What a fault is made with: the good typesetter, the forms, and a folder for altered ones."""

    def __init__(self, press: Renderer, forms: dict[str, Template], place: Path) -> None:
        self.press, self.forms, self.place = press, forms, place

    def good(self, job: RenderJob) -> bytes:
        """As it should be."""
        return self.press.render(job)

    def data(self, job: RenderJob) -> Data:
        """A copy to alter."""
        copy: Data = msgspec.json.decode(msgspec.json.encode(job.data))
        return copy

    def with_form(self, job: RenderJob, file: str, *edits: tuple[str, str]) -> bytes:
        """Set by a typesetter whose forms differ in one file; the digest is forged."""
        root = self.place / "forms"
        if root.exists():
            shutil.rmtree(root)
        shutil.copytree(DEFAULT_ROOT, root)
        text = (root / file).read_text("utf-8")
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        (root / file).write_text(text, "utf-8")
        code = job.template.partition("/")[0]
        return Renderer(load_templates(root, code), root).render(replace(job, form=""))


class FaultyPress:
    """Sets drafts as they should be, and each document with the fault."""

    def __init__(self, bench: Bench, fault: Fault) -> None:
        self._bench, self._fault = bench, fault

    def render(self, job: RenderJob) -> bytes:
        """A good draft, or the faulty document."""
        if job.payload is None:
            return self._bench.good(job)
        pdf = self._fault.plant(self._bench, job)
        assert pdf != self._bench.good(job)
        return pdf


class Spot(NamedTuple):
    """A value on a page of the document (0, 1 …)."""

    piece: Piece
    page: int


def _spot(bench: Bench, job: RenderJob, pdf: bytes) -> Spot:
    """A text that is a whole value, in a cell, as far down the document as there is one."""
    form = bench.forms[job.template]
    shown = {name: part for name, part in job.data.items() if name not in form.unprinted}
    forms = [forms for forms in printed_forms(shown) if any(len(text) > 1 for text in forms)]
    texts = {text.replace(" ", "") for ways in forms for text in ways}
    with opened(pdf) as document:
        pages = range(len(document))
    for page in reversed(pages):
        lines = painted.edges(pdf, page)
        for piece in reversed(painted.body(pdf, page)):
            if piece.text.replace(" ", "") in texts and _edge(lines, piece) is not None:
                return Spot(piece, page)
    raise AssertionError("no value in a cell")


def _edge(lines: list[Piece], piece: Piece) -> float | None:
    """Where the nearest upright line to the right of it is."""
    box = piece.box
    level = [line.box for line in lines if line.box.bottom < box.bottom and box.top < line.box.top]
    return min((line.left for line in level if line.left > box.right - 1), default=None)


def _alter(change: Callable[[bytes, Piece, int], bytes]) -> Callable[[Bench, RenderJob], bytes]:
    """Something done to one value."""

    def plant(bench: Bench, job: RenderJob) -> bytes:
        pdf = bench.good(job)
        return change(pdf, *_spot(bench, job, pdf))

    return plant


# --- pages ---


def another_document(bench: Bench, job: RenderJob) -> RenderJob:
    """The same form about other data, with its own number."""
    data = bench.data(job)
    _first_text(data, lambda text: text[::-1])
    assert job.payload is not None
    content = content_prefix(content_hash(data))
    return replace(job, data=data, payload=replace(job.payload, content=content, number="9" * 16))


def _first_text(data: Data, change: Callable[[str], str]) -> None:
    """Change one value, not a title, that is a word of its own."""
    for name, value in data.items():
        if name not in ("title", "office", "options") and isinstance(value, str) and change(value) != value:
            data[name] = change(value)
            return


def _last_page_of(pdf: bytes, other: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(other)) as theirs:

        def swap(document: pikepdf.Pdf) -> None:
            document.pages[len(document.pages) - 1] = theirs.pages[-1]

        return painted.edited(pdf, swap)


def last_page_of_another(bench: Bench, job: RenderJob) -> bytes:
    return _last_page_of(bench.good(job), bench.good(another_document(bench, job)))


def last_page_of_another_under_this_number(bench: Bench, job: RenderJob) -> bytes:
    other = another_document(bench, job)
    assert other.payload is not None
    assert job.payload is not None
    same = replace(other, payload=replace(other.payload, number=job.payload.number))
    return _last_page_of(bench.good(job), bench.good(same))


def one_page_more(bench: Bench, job: RenderJob) -> bytes:
    return painted.edited(bench.good(job), lambda document: document.pages.append(document.pages[-1]))


def one_page_less(bench: Bench, job: RenderJob) -> bytes:
    return painted.edited(bench.good(job), lambda document: document.pages.__delitem__(-1))


def pages_in_another_order(bench: Bench, job: RenderJob) -> bytes:
    return painted.edited(bench.good(job), lambda document: document.pages.reverse())


def pages_counted_wrong(bench: Bench, job: RenderJob) -> bytes:
    counted = "counter(page).final().first()"
    return bench.with_form(job, "_common/서식.typ", (f"#{counted}", f"#({counted} + 1)"))


def cropped(bench: Bench, job: RenderJob) -> bytes:
    def crop(document: pikepdf.Pdf) -> None:
        document.pages[-1].CropBox = pikepdf.Array([0, 0, 595.2, 600])

    return painted.edited(bench.good(job), crop)


def turned(bench: Bench, job: RenderJob) -> bytes:
    return painted.edited(bench.good(job), lambda document: document.pages[-1].rotate(180, relative=False))


# --- words and values ---


def another_wording(bench: Bench, job: RenderJob) -> bytes:
    """The form of yesterday: another sentence under the same name."""
    code = job.template.partition("/")[0]
    words = bench.forms[job.template].page_words(job.data)
    notice = str(words["notices"][0])
    return bench.with_form(job, f"{code}/words.toml", (notice[:6], f"구판 {notice[:6]}"))


def marked_as_draft(bench: Bench, job: RenderJob) -> bytes:
    return bench.with_form(
        job,
        "_common/서식.typ",
        ("#let 시안표시 = if 발급 == none {", "#let 시안표시 = {"),
        ("luma(170)", "luma(90)"),
    )


def _swap(one: tuple[Any, ...], other: tuple[Any, ...]) -> Callable[[Bench, RenderJob], bytes]:
    """Two values of the data in each other's place; the seal is the right one's."""

    def plant(bench: Bench, job: RenderJob) -> bytes:
        data = bench.data(job)
        (first, here), (second, there) = (_at(data, path) for path in (one, other))
        assert first[here] != second[there]
        first[here], second[there] = second[there], first[here]
        return bench.good(replace(job, data=data))

    return plant


def _at(data: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:
    for part in path[:-1]:
        data = data[part]
    return data, path[-1]


def reversed_name(bench: Bench, job: RenderJob) -> bytes:
    data = bench.data(job)
    _first_text(data, lambda text: f"\u202e{text}\u202c")
    return bench.good(replace(job, data=data))


# --- number, seal, marks ---


def number_of_another(bench: Bench, job: RenderJob) -> bytes:
    assert job.payload is not None
    return bench.good(replace(job, payload=replace(job.payload, number="1111222233334444")))


def seal_of_another(bench: Bench, job: RenderJob) -> bytes:
    """Of another document of the same person or lot: one character of what the code says is another."""
    return bench.good(replace(job, seal=job.seal[:-1] + ("0" if job.seal[-1] != "0" else "1")))


def code_that_does_not_read(bench: Bench, job: RenderJob) -> bytes:
    return painted.over(bench.good(job), "1 g 70 90 30 30 re f", -1)


def no_ground(bench: Bench, job: RenderJob) -> bytes:
    return bench.press.page_alone(job)


def ground_of_another_printer(bench: Bench, job: RenderJob) -> bytes:
    return bench.good(replace(job, ground="2/6 4/20"))


def stamp_of_another_office(bench: Bench, job: RenderJob) -> bytes:
    form = bench.forms[job.template]
    office = str(job.data["office"])
    stamps = {**bench.forms["military/1"].stamps, **bench.forms["national-tax-clearance/1"].stamps}
    stranger = next(svg for name, svg in stamps.items() if svg != form.stamps[office])
    swapped = other_form(form, stamps={**form.stamps, office: stranger})
    return Renderer({form.id: swapped}).render(job)


def no_stamp(bench: Bench, job: RenderJob) -> bytes:
    return bench.with_form(
        job, "_common/서식.typ", ("#let 관인(한변) = if 발급 != none {", "#let 관인(한변) = if false {")
    )


def pattern_of_another(bench: Bench, job: RenderJob) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "band_svg", lambda seal: band_svg(f"{seal}0"))
        return bench.good(job)


def no_archive(bench: Bench, job: RenderJob) -> bytes:
    """Without a PDF standard the typesetter prints an empty box for what no font has, and says nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "STANDARDS", ())
        return bench.good(job)


# --- what is there and cannot be read ---


def past_its_cell(pdf: bytes, piece: Piece, page: int) -> bytes:
    edge = _edge(painted.edges(pdf, page), piece)
    assert edge is not None
    return painted.shifted(pdf, piece, page, edge - (piece.box.left + piece.box.right) / 2)


def past_the_page(pdf: bytes, piece: Piece, page: int) -> bytes:
    return painted.shifted(pdf, piece, page, 590 - piece.box.left)


def on_another_text(pdf: bytes, piece: Piece, page: int) -> bytes:
    others = [one for one in painted.body(pdf, page) if one.look.size < 10]
    other = next(one.box for one in others if not one.box.meets(piece.box))
    return painted.shifted(pdf, piece, page, other.left - piece.box.left, other.bottom - piece.box.bottom)


def under_a_box(pdf: bytes, piece: Piece, page: int) -> bytes:
    left, bottom, right, top = piece.box
    return painted.over(pdf, f"1 g {left:.1f} {bottom:.1f} {right - left:.1f} {top - bottom:.1f} re f", page)


def under_a_picture(pdf: bytes, piece: Piece, page: int) -> bytes:
    left, bottom, right, top = piece.box
    picture = "BI /W 1 /H 1 /BPC 8 /CS /G ID \u007f EI"
    place = f"{right - left:.1f} 0 0 {top - bottom:.1f} {left:.1f} {bottom:.1f} cm"
    return painted.over(pdf, f"{place} {picture}", page)


def struck_out(pdf: bytes, piece: Piece, page: int) -> bytes:
    """A line through a value, as through one that no longer holds."""
    left, bottom, right, top = piece.box
    middle = (bottom + top) / 2
    return painted.over(pdf, f"0.6 w {left:.1f} {middle:.1f} m {right:.1f} {middle:.1f} l S", page)


# --- maps ---


def another_lot_hatched(bench: Bench, job: RenderJob) -> bytes:
    data = bench.data(job)
    data["map"]["asked"] = next(
        lot["outline"] for lot in data["lots"] if lot["outline"] != data["map"]["asked"]
    )
    return bench.good(replace(job, data=data))


def another_scale_drawn(bench: Bench, job: RenderJob) -> bytes:
    data = bench.data(job)
    data["map"]["scale"] = data["map"]["scale"] * 11 // 10
    return bench.good(replace(job, data=data))


FAULTS: dict[str, Fault] = {
    "the last page is another document's": Fault(last_page_of_another, Check.NUMBER),
    "the last page is another's, under this number": Fault(
        last_page_of_another_under_this_number, Check.CONTENT_CHECK
    ),
    "one page too many": Fault(one_page_more, Check.PAGES),
    "one page too few": Fault(one_page_less, Check.PAGES, "sheets"),
    "pages in another order": Fault(pages_in_another_order, Check.PAGE_COUNT, "sheets"),
    "n / N counted wrong": Fault(pages_counted_wrong, Check.PAGE_COUNT),
    "a page is cropped": Fault(cropped, Check.PAGE_BOX),
    "a page is turned": Fault(turned, Check.PAGE_BOX),
    "another wording of the form": Fault(another_wording, Check.FOREIGN_TEXT),
    "marked as a draft": Fault(marked_as_draft, Check.TEXT_OVER_TEXT),
    "a value missing on the last sheet only": Fault(_alter(painted.removed), Check.VALUES),
    "a direction override in a value": Fault(reversed_name, Check.VALUES),
    "the number of another document": Fault(number_of_another, Check.NUMBER),
    "the seal of another document": Fault(seal_of_another, Check.QR),
    "a QR code that does not read": Fault(code_that_does_not_read, Check.QR),
    "no void ground": Fault(no_ground, Check.GROUND),
    "the ground of another printer": Fault(ground_of_another_printer, Check.GROUND),
    "the stamp of another office": Fault(stamp_of_another_office, Check.STAMP),
    "no stamp": Fault(no_stamp, Check.STAMP),
    "the pattern of another seal": Fault(pattern_of_another, Check.PATTERN),
    "set without a PDF standard": Fault(no_archive, Check.ARCHIVE),
    "an empty box in place of a character": Fault(_alter(painted.tofu), Check.LIKE_DRAFT),
    "a value past its cell": Fault(_alter(past_its_cell), Check.PAST_CELL),
    "a value past the page": Fault(_alter(past_the_page), Check.PAST_EDGE),
    "a value on another": Fault(_alter(on_another_text), Check.TEXT_OVER_TEXT),
    "a value in white": Fault(_alter(painted.whitened), Check.HIDDEN_TEXT),
    "a value that is not painted": Fault(_alter(painted.unpainted), Check.HIDDEN_TEXT),
    "a value cut off": Fault(_alter(painted.clipped), Check.HIDDEN_TEXT),
    "a value on a layer that is off": Fault(_alter(painted.on_a_layer), Check.HIDDEN_TEXT),
    "a box over a value": Fault(_alter(under_a_box), Check.COVERED),
    "a picture over a value": Fault(_alter(under_a_picture), Check.COVERED),
    "a value struck out": Fault(_alter(struck_out), Check.LIKE_DRAFT),
    "name and address swapped": Fault(
        _swap(("owners", 0, "name"), ("owners", 0, "address")), Check.LIKE_DRAFT, "owners"
    ),
    "two members' numbers swapped": Fault(
        _swap(("members", 0, "resident_number"), ("members", 1, "resident_number")),
        Check.LIKE_DRAFT,
        "members",
    ),
    "two children swapped": Fault(
        _swap(("children", 0, "name"), ("children", 1, "name")), Check.LIKE_DRAFT, "children"
    ),
    "another lot hatched": Fault(another_lot_hatched, Check.LIKE_DRAFT, "lots"),
    "another scale drawn": Fault(another_scale_drawn, Check.LIKE_DRAFT, "lots"),
}
