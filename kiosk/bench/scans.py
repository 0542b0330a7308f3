"""How many seals are read off paper that was printed, worn, copied and scanned: all forms, 200 and 300 dpi."""

import random
from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image

from kiosk.bench.bar import Bar
from kiosk.bench.print_scan import COPY, GOOD, POOR, PRINT_DPI, Wear, scanned
from kiosk.worker.marks import MAX_QR_DOTS
from kiosk.worker.pictures import look_into
from kiosk.worker.sample import render_sample
from kiosk.worker.templates import load_templates

WEARS: dict[str, Wear] = {"good": GOOD, "poor": POOR, "copied": COPY}
DPI = (200, 300)
TIMES = 1
LIMIT_PERCENT = 1.0
# The seal's place on the last page (certs_templates/_common/서식.typ), with a centimetre around it.
_LEFT, _BOTTOM, _AROUND = 354, 472, 236


def measure() -> Bar:
    """The share of seals that could not be read."""
    codes = sorted({template.code for template in load_templates().values()})
    lost: list[str] = []
    count = 0
    for code in codes:
        seal = seal_on_paper(render_sample(code))
        for name, dpi, wear, rng in _trials(code):
            count += 1
            if not look_into(scanned(seal, dpi, wear, rng)).seal:
                lost.append(f"{code} {name} {dpi}")
    detail = f"{count} scans of {len(codes)} forms, {' and '.join(map(str, DPI))} dpi, {', '.join(WEARS)}"
    if lost:
        detail = f"{detail}; not read: {', '.join(lost[:5])}"
    return Bar("seals not read after print and scan", 100 * len(lost) / count, LIMIT_PERCENT, "%", detail)


def _trials(code: str) -> Iterator[tuple[str, int, Wear, random.Random]]:
    for name, wear in WEARS.items():
        for dpi in DPI:
            for time in range(TIMES):
                yield name, dpi, wear, random.Random(f"{code} {name} {dpi} {time}")


def seal_on_paper(pdf: bytes) -> Image.Image:
    """The seal and what is around it, as the printer's dots."""
    with pdfium.PdfDocument(pdf) as document:
        page: Image.Image = document[len(document) - 1].render(scale=PRINT_DPI / 72, grayscale=True).to_pil()
    bottom = page.height - _BOTTOM
    box = (
        _LEFT - _AROUND,
        bottom - MAX_QR_DOTS - _AROUND,
        _LEFT + MAX_QR_DOTS + _AROUND,
        bottom + _AROUND,
    )
    seal: Image.Image = page.crop(box)
    return seal
