"""A specimen: what a certificate looks like, for a notice board or a web page, and worth nothing wherever it turns up.

VOID lies across every page, a code that makes each verdict "not genuine" lies where the seal was, and the data that a
verifier would set again is taken out. The machine itself has no use for it: paper that failed half-way goes into the
locked bin unseen (docs/orders.md), and is never fed through the printer again to be stamped.
"""

import io
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import typst

from kiosk.worker.faces import FONT_FOLDER, read_fonts
from kiosk.worker.marks import TEST_MARK, qr_svg

_PAGE = Path(__file__).resolve().parent / "pages" / "견본.typ"


def specimen(certificate: bytes) -> bytes:
    """The certificate's pages, each with VOID over it."""
    with pikepdf.open(io.BytesIO(certificate)) as pdf, pikepdf.open(io.BytesIO(_cover())) as cover:
        for page in pdf.pages:
            page.add_overlay(cover.pages[0], pikepdf.Rectangle(page.mediabox))
        # With the cover it keeps no standard's word any more, so it claims none.
        for entry in ("/PieceInfo", "/Metadata"):
            if entry in pdf.Root:
                del pdf.Root[entry]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _cover() -> bytes:
    """The overlay of a page, transparent but for its words and its code."""
    sources: Any = {"main": _PAGE.read_bytes()}
    fonts = read_fonts(FONT_FOLDER)
    data = msgspec.json.encode({"mark": qr_svg(TEST_MARK)[0]}).decode()
    cover = typst.Compiler(sources, font_paths=fonts).compile(
        input=sources, format="pdf", sys_inputs={"data": data}, timestamp=0
    )
    assert isinstance(cover, bytes)
    return cover
