"""The void ground: a screen on each page that looks even on the original and reads 사본 (copy) on a photocopy.

Two screens that look equally grey, fine dots that a copier loses and coarse ones that it keeps, with the letters cut
from the coarse one. A 1-bit image on the grid of a 600 dpi page, painted under everything; every rasteriser rounds PDF
tiling patterns differently. Equal *coverage* would show on the original, because toner prints small dots lighter, hence
the pairs. It supports security paper and does not replace it.
"""

import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kiosk.worker.screens import HEIGHT, WIDTH, Pair, Screen

_TILE_WIDTH, _TILE_HEIGHT = 2400, 1440
WORD = "사본"
_KEPT = 2  # the machine's own, and that of the printer that is printed on
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
KR_FACE = 1  # of the collection: JP, KR, SC, TC, HK


@lru_cache(maxsize=_KEPT)
def void_ground(pair: Pair) -> bytes:
    """The page's screen, 1 bit a dot (0 paints), rows padded to bytes, zlib; the last two are kept."""
    page = Image.new("1", (WIDTH, _TILE_HEIGHT))
    letters = _letters()
    for left in range(0, WIDTH, _TILE_WIDTH):
        page.paste(letters, (left, 0))
    return zlib.compress(b"".join(screened(page, pair, HEIGHT)), 6)


def screened(letters: Image.Image, pair: Pair, height: int) -> Iterator[bytes]:
    """Rows of `pair`, coarse where `letters` (1 bit, its width in whole bytes, repeated downwards) is white.

    Dots stand on the grid of the whole picture, so no pitch has a seam. A row is one large number: bitwise, it is fast.
    """
    width, size = letters.width, letters.width // 8
    raw = letters.tobytes()
    masks = [int.from_bytes(raw[at : at + size], "big") for at in range(0, len(raw), size)]
    paper = (1 << width) - 1
    blank = paper.to_bytes(size, "big")
    fine, coarse = (_dots(screen, width) for screen in pair)
    for line in range(height):
        small = fine if line % pair.fine.pitch < pair.fine.dot else 0
        large = coarse if line % pair.coarse.pitch < pair.coarse.dot else 0
        if not small and not large:
            yield blank
            continue
        mask = masks[line % len(masks)]
        ink = (small & ~mask) | (large & mask)
        yield (paper ^ ink).to_bytes(size, "big")


def _dots(screen: Screen, width: int) -> int:
    """A row through dots, as one number: ink is 1, the leftmost dot the highest bit."""
    row = ("1" * screen.dot).ljust(screen.pitch, "0")
    return int((row * (width // screen.pitch + 1))[:width], 2)


def _letters() -> Image.Image:
    """White where the letters are: the word twice a tile, aslant, staggered like bricks."""
    word = Image.new("L", (_TILE_WIDTH // 2, _TILE_HEIGHT // 2), 0)
    font = ImageFont.truetype(str(FONT), 380, index=KR_FACE)
    ImageDraw.Draw(word).text((word.width / 2, word.height / 2), WORD, fill=255, font=font, anchor="mm")
    aslant = word.rotate(30, resample=Image.Resampling.NEAREST).point(lambda value: 255 if value > 127 else 0)
    tile = Image.new("L", (_TILE_WIDTH, _TILE_HEIGHT), 0)
    tile.paste(aslant, (0, 0))
    tile.paste(aslant, (_TILE_WIDTH // 2, _TILE_HEIGHT // 2))
    return tile.convert("1", dither=Image.Dither.NONE)
