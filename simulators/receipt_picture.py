"""A receipt as a picture: 80 mm paper, 576 dots printed across, characters in their cells as the head sets them."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from simulators.receipt_strip import (
    GLYPH_DOTS,
    PAPER_DOTS,
    Element,
    Glyph,
    Picture,
    QrCode,
    Space,
    TextLine,
    height_of,
)

_MARGIN = 32
_TOP, _BOTTOM = 48, 24
_TOOTH = 8
_PAPER, _INK, _SHADE = (252, 251, 247), (38, 38, 40), (226, 224, 217)
_FONT_FOLDERS = (Path("/usr/share/fonts/truetype/nanum"), Path("/usr/share/fonts/opentype/noto"))
_FONTS = {
    False: ("NanumGothicCoding.ttf", "NanumGothic.ttf", "NotoSansCJK-Regular.ttc"),
    True: ("NanumGothicCodingBold.ttf", "NanumGothicBold.ttf", "NotoSansCJK-Bold.ttc"),
}


def has_hangul_font() -> bool:
    """Whether receipts can be drawn with Hangul in them."""
    return _font_file(False) is not None


def draw(strip: tuple[Element, ...]) -> Image.Image:
    """The strip as paper, cut at both ends."""
    height = _TOP + sum(height_of(element) for element in strip) + _BOTTOM
    paper = Image.new("RGB", (PAPER_DOTS + 2 * _MARGIN, height), _PAPER)
    at = _TOP
    for element in strip:
        _put(paper, element, at)
        at += height_of(element)
    return _cut_edges(paper)


def save(strip: tuple[Element, ...], image: Path) -> None:
    """Draw the strip into a PNG file."""
    image.parent.mkdir(parents=True, exist_ok=True)
    draw(strip).save(image, optimize=False, compress_level=1)


def _put(paper: Image.Image, element: Element, top: int) -> None:
    match element:
        case TextLine(glyphs=glyphs, align=align):
            left = _left(sum(glyph.width for glyph in glyphs), align)
            tallest = max((glyph.height for glyph in glyphs), default=0)
            for glyph in glyphs:
                _ink(paper, _glyph(glyph), left, top + tallest - glyph.height)
                left += glyph.width
        case QrCode(align=align):
            symbol = _qr(element)
            _ink(paper, symbol, _left(symbol.width, align), top)
        case Picture(raster=raster, align=align):
            size = (raster.width * 8, raster.rows)
            _ink(paper, Image.frombytes("1", size, raster.data).convert("L"), _left(size[0], align), top)
        case Space():
            return


def _left(width: int, align: int) -> int:
    return _MARGIN + (PAPER_DOTS - width) * align // 2


def _ink(paper: Image.Image, mask: Image.Image, left: int, top: int) -> None:
    """Blacken the paper where the mask (mode L, 255 = black) says so."""
    paper.paste(_INK, (left, top), mask)


def _glyph(glyph: Glyph) -> Image.Image:
    style = glyph.style
    scale = max(style.wide, style.high)
    size = (glyph.cells * GLYPH_DOTS // 2 * scale, GLYPH_DOTS * scale)
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    font = _font(bool(style.bold), GLYPH_DOTS * scale)
    if not glyph.char.isspace():
        pen.text((size[0] / 2, size[1] * 0.84), glyph.char, font=font, fill=255, anchor="ms")
    if style.underline:
        pen.rectangle((0, size[1] - 2 * scale, size[0], size[1] - scale), fill=255)
    if style.reverse:
        mask = mask.point(lambda level: 255 - level)
    return mask if style.wide == style.high else mask.resize((glyph.width, glyph.height))


def _qr(code: QrCode) -> Image.Image:
    side = len(code.rows)
    small = Image.frombytes("L", (side, side), bytes(255 * module for row in code.rows for module in row))
    return small.resize((side * code.module, side * code.module), Image.Resampling.NEAREST)


def _cut_edges(paper: Image.Image) -> Image.Image:
    """A toothed lower edge, as the cutter's blade leaves it, and a hairline around the paper."""
    width, height = paper.size
    pen = ImageDraw.Draw(paper)
    pen.line((0, 0, 0, height), fill=_SHADE)
    pen.line((width - 1, 0, width - 1, height), fill=_SHADE)
    pen.line((0, 0, width, 0), fill=_SHADE)
    mask = Image.new("L", (width, height), 255)
    teeth = ImageDraw.Draw(mask)
    for left in range(0, width, 2 * _TOOTH):
        teeth.polygon(((left, height), (left + _TOOTH, height - _TOOTH), (left + 2 * _TOOTH, height)), fill=0)
    whole = paper.convert("RGBA")
    whole.putalpha(mask)
    return whole


@cache
def _font(bold: bool, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    file = _font_file(bold)
    return ImageFont.load_default(size) if file is None else ImageFont.truetype(str(file), size)


@cache
def _font_file(bold: bool) -> Path | None:
    names = _FONTS[bold]
    return next((folder / n for n in names for folder in _FONT_FOLDERS if (folder / n).exists()), None)
