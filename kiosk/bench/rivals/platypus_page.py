"""ReportLab's turn: the document (kiosk/bench/same_document.py) as JSON on stdin, the PDF on stdout."""

import base64
import io
import json
import sys
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import pagesizes
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

WIDTH_MM = 180.0
GRID = [
    ("GRID", (0, 0), (-1, -1), 0.36, "black"),
    ("BOX", (0, 0), (-1, -1), 1.2, "black"),
    ("SPAN", (0, 0), (-1, 0)),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]


class Numbered(canvas.Canvas):  # type: ignore[misc] # the library has no types
    """Knows how many pages there are only at the end, so it writes head and foot then."""

    def __init__(self, *arguments: Any, document: dict[str, Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._document = document
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page back."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write them all, each with its number."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            count = f"{number} / {len(self._kept)}"
            self.setFont("GothicBold", 9.6)
            self.drawString(15 * mm, 284 * mm, self._document["number"])
            self.setFont("Gothic", 8.4)
            self.drawRightString(195 * mm, 284 * mm, count)
            self.setFont("Gothic", 7.2)
            self.drawString(15 * mm, 11.5 * mm, self._document["check"])
            self.drawCentredString(105 * mm, 11.5 * mm, count)
            self.setFont("Gothic", 1.7)
            self.drawString(15 * mm, 9.5 * mm, self._document["micro"])
            self._band(15 * mm, 278 * mm, 11)
            self._band(15 * mm, 15.5 * mm, 9)
            super().showPage()
        super().save()

    def _band(self, left: float, bottom: float, height: float) -> None:
        """The guilloche, drawn in a box of 510 by 11."""
        self.saveState()
        self.translate(left, bottom)
        self.scale(WIDTH_MM * mm / 510, height / 11)
        self.setLineWidth(0.24)
        for points in self._document["band_lines"]:
            path = self.beginPath()
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            self.drawPath(path)
        self.restoreState()


class Squares(Flowable):  # type: ignore[misc] # the library has no types
    """The QR code, as lines of dark squares: left, top, length in modules."""

    def __init__(self, runs: list[list[int]], modules: int, side: float) -> None:
        super().__init__()
        self.runs, self.modules, self.width, self.height = runs, modules, side, side

    def draw(self) -> None:
        """One rectangle a run."""
        module = self.width / self.modules
        for left, top, length in self.runs:
            self.canv.rect(
                left * module, self.height - (top + 1) * module, length * module, module, stroke=0, fill=1
            )


def story_of(document: dict[str, Any]) -> list[Any]:
    """The document as ReportLab's flowables."""
    plain = ParagraphStyle(
        "plain", fontName="Gothic", fontSize=8.8, leading=11.4, alignment=1, wordWrap="CJK"
    )
    left = ParagraphStyle("left", parent=plain, alignment=0, fontName="GothicBold")
    small = ParagraphStyle("small", parent=plain, alignment=0, fontSize=7.8)
    title = ParagraphStyle("title", fontName="SerifBold", fontSize=23, leading=40, alignment=1)
    says = ParagraphStyle("says", fontName="Serif", fontSize=12.5, leading=26, alignment=1)
    office = ParagraphStyle("office", fontName="SerifBold", fontSize=19, leading=30, alignment=1)
    story: list[Any] = [Paragraph(escape(document["title"]), title)]
    for table in document["tables"]:
        story += [_table(table, plain, left), Spacer(1, 5)]
    stamp = Image(io.BytesIO(base64.b64decode(document["stamp"].partition(",")[2])), 74, 74)
    notices = [Paragraph("· " + escape(text), small) for text in document["notices"]]
    qr = Squares(document["qr_runs"], document["qr_modules"], 97)
    end = [
        Paragraph(escape(document["certifies"]), says),
        Paragraph(document["date"], says),
        Table([[Paragraph(escape(document["office"]), office), stamp]], colWidths=[130 * mm, 50 * mm]),
        Table([[qr, notices]], colWidths=[40 * mm, 140 * mm]),
    ]
    return [*story, KeepTogether(end)]


def _table(table: dict[str, Any], plain: ParagraphStyle, left: ParagraphStyle) -> Table:
    widths = table["widths_mm"]
    rest = (WIDTH_MM - sum(width or 0 for width in widths)) / max(1, sum(width is None for width in widths))
    head = [[Paragraph(escape(table["name"]), left), *[""] * (len(widths) - 1)]]
    if table["head"]:
        head.append([Paragraph(escape(cell), plain) for cell in table["head"]])
    rows = [[Paragraph(escape(cell), plain) for cell in row] for row in table["rows"]]
    return Table(
        head + rows, colWidths=[(width or rest) * mm for width in widths], repeatRows=len(head), style=GRID
    )


def main(document: dict[str, Any]) -> bytes:
    """The PDF."""
    for name, file in document["files"].items():
        pdfmetrics.registerFont(ttfonts.TTFont(name, file))
    out = io.BytesIO()
    margins = {"leftMargin": 15 * mm, "rightMargin": 15 * mm, "topMargin": 24 * mm, "bottomMargin": 20 * mm}
    SimpleDocTemplate(out, pagesize=pagesizes.A4, title=document["title"], **margins).build(
        story_of(document),
        canvasmaker=lambda *arguments, **options: Numbered(*arguments, document=document, **options),
    )
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(main(json.load(sys.stdin)))
