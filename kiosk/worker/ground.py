"""The void ground: a screen on each page that looks even on the original and reads 사본 (copy) on a photocopy.

Two screens that look equally grey, fine dots that a copier loses and coarse ones that it keeps, with the letters cut
from the coarse one. A 1-bit image on the grid of a 600 dpi page, painted under everything; every rasteriser rounds PDF
tiling patterns differently. Equal *coverage* would show on the original, because toner prints small dots lighter, hence
the pairs. It supports security paper and does not replace it.
"""

import math
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kiosk.worker.screens import DEFAULT_PAIR, REPEAT, Pair, Screen

WIDTH, HEIGHT = 4960, 7016  # dots of A4 at 600 dpi
_TILE_WIDTH, _TILE_HEIGHT = 5 * REPEAT, 3 * REPEAT
WORD = "사본"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
_KR_FACE = 1  # of the collection: JP, KR, SC, TC, HK


def void_ground(pair: Pair = DEFAULT_PAIR) -> bytes:
    """The page's screen, 1 bit a dot (0 paints), rows padded to bytes, zlib."""
    letters = _letters()
    tile = Image.composite(_dots(pair.coarse), _dots(pair.fine), letters)
    row_bytes = _TILE_WIDTH // 8
    raw = tile.convert("1", dither=Image.Dither.NONE).tobytes()
    rows = [raw[at : at + row_bytes] for at in range(0, len(raw), row_bytes)]
    repeat = math.ceil(WIDTH / _TILE_WIDTH)
    wide = [(row * repeat)[: WIDTH // 8] for row in rows]
    page = b"".join(wide[line % _TILE_HEIGHT] for line in range(HEIGHT))
    return zlib.compress(page, 6)


def _dots(screen: Screen) -> Image.Image:
    """A tile of white with black dots."""
    tile = Image.new("L", (_TILE_WIDTH, _TILE_HEIGHT), 255)
    cell = Image.new("L", (screen.pitch, screen.pitch), 255)
    cell.paste(0, (0, 0, screen.dot, screen.dot))
    strip = Image.new("L", (_TILE_WIDTH, screen.pitch), 255)
    for left in range(0, _TILE_WIDTH, screen.pitch):
        strip.paste(cell, (left, 0))
    for top in range(0, _TILE_HEIGHT, screen.pitch):
        tile.paste(strip, (0, top))
    return tile


def _letters() -> Image.Image:
    """White where the letters are: the word twice a tile, aslant, staggered like bricks."""
    word = Image.new("L", (_TILE_WIDTH // 2, _TILE_HEIGHT // 2), 0)
    font = ImageFont.truetype(str(FONT), 380, index=_KR_FACE)
    ImageDraw.Draw(word).text((word.width / 2, word.height / 2), WORD, fill=255, font=font, anchor="mm")
    aslant = word.rotate(30, resample=Image.Resampling.NEAREST).point(lambda value: 255 if value > 127 else 0)
    tile = Image.new("L", (_TILE_WIDTH, _TILE_HEIGHT), 0)
    tile.paste(aslant, (0, 0))
    tile.paste(aslant, (_TILE_WIDTH // 2, _TILE_HEIGHT // 2))
    return tile
