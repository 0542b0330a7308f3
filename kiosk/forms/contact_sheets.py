"""The gallery on a few sheets, and a page that leads a person from them to every paper at full size."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont, ImageOps

from kiosk.console.output_folder import OutputFolder
from kiosk.console.progress import progress
from kiosk.worker.ground import FONT
from kiosk.worker.verify import Finding

INDEX, BOOK = "gallery.html", "contact.pdf"
_THUMB_WIDTH, _COLUMNS, _ROWS, _GAP, _LABEL = 496, 6, 4, 24, 34
_PAPER, _EDGE, _INK = "#ECECEA", "#B9B9B5", "#222222"
_STYLE = """
body { font: 15px/1.5 sans-serif; margin: 2em; background: #ececea; color: #222 }
h2 { margin: 2em 0 .5em; border-bottom: 1px solid #b9b9b5 }
figure { display: inline-block; margin: 0 1em 1em 0; vertical-align: top; width: 260px }
img { width: 260px; background: #fff; border: 1px solid #b9b9b5 }
figcaption { font-size: 13px; overflow-wrap: anywhere }
.wrong { color: #a00; font-weight: bold }
"""


class Paper(Struct, frozen=True):
    """One document of the gallery: the type's number and name, its file, its pages, what `kiosk verify` says of it."""

    no: int
    title: str
    file: Path
    pages: tuple[Path, ...]
    finding: Finding


def lay_out(papers: Sequence[Paper], out: OutputFolder) -> list[Path]:
    """The sheets (contact-01.png …: all pages small, in the papers' order), the same as one PDF, and the index."""
    pages = [page for paper in papers for page in paper.pages]
    sheets = []
    batches = list(_batched(pages, _COLUMNS * _ROWS))
    with progress("Contact sheets", len(batches) + 1) as work:
        for number, some in enumerate(batches, 1):
            sheets.append(out.file(f"contact-{number:02d}.png"))
            work.say(sheets[-1].name)
            _sheet(some).save(sheets[-1])
            work.step(BOOK)
        _bind(sheets, out.file(BOOK))
        work.step()
    out.file(INDEX).write_text("\n".join(_index(papers, sheets)), "utf-8")
    return sheets


def _sheet(pictures: Sequence[Path]) -> Image.Image:
    """Pages small, each with its name below it."""
    height = round(_THUMB_WIDTH * 297 / 210)
    step = (_THUMB_WIDTH + _GAP, height + _LABEL + _GAP)
    rows = -(-len(pictures) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * step[0] + _GAP, rows * step[1] + _GAP), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONT), 20)
    for at, picture in enumerate(pictures):
        left, top = _GAP + at % _COLUMNS * step[0], _GAP + at // _COLUMNS * step[1]
        with Image.open(picture) as page:
            small = ImageOps.fit(page.convert("RGB"), (_THUMB_WIDTH, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top))
        draw.rectangle((left - 1, top - 1, left + _THUMB_WIDTH, top + height), outline=_EDGE)
        draw.text((left, top + height + 6), _within(picture.stem, font), _INK, font)
    return sheet


def _within(name: str, font: ImageFont.FreeTypeFont) -> str:
    """The name, shortened in its middle where it is wider than a page."""
    kept = name
    while font.getlength(kept) > _THUMB_WIDTH:
        half = (len(kept) - 2) // 2
        kept = f"{kept[:half]}…{kept[-half:]}"
    return kept


def _bind(sheets: Sequence[Path], file: Path) -> None:
    first, *others = (Image.open(sheet) for sheet in sheets)
    with first:
        first.save(file, save_all=True, append_images=others, resolution=200, quality=85)
    for other in others:
        other.close()


def _index(papers: Sequence[Paper], sheets: Sequence[Path]) -> Iterator[str]:
    yield f"<!doctype html><html lang=ko><meta charset=utf-8><title>Gallery</title><style>{_STYLE}</style>"
    yield f"<h1>{len(papers)} papers</h1><p><a href={BOOK}>{BOOK}</a>"
    yield from (f"<a href={sheet.name}>{sheet.name}</a>" for sheet in sheets)
    for (no, title), of_type in groupby(papers, key=lambda paper: (paper.no, paper.title)):
        yield f"<h2>{no} {escape(title)}</h2>"
        for paper in of_type:
            yield from _shown(paper)


def _shown(paper: Paper) -> Iterator[str]:
    said = "" if paper.finding is Finding.CONTENTS_GENUINE else ' class="wrong"'
    for number, page in enumerate(paper.pages, 1):
        caption = f"{escape(paper.file.stem)} {number}/{len(paper.pages)}"
        yield (
            f'<figure><a href="{escape(page.name)}"><img loading="lazy" src="{escape(page.name)}" alt="{caption}"></a>'
            f'<figcaption><a href="{escape(paper.file.name)}">{caption}</a> <span{said}>{paper.finding}</span>'
            "</figcaption></figure>"
        )


def _batched(pages: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    return (pages[start : start + size] for start in range(0, len(pages), size))
