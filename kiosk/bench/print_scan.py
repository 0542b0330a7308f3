"""What a laser printer, a copier and a scanner do to a page, in grey pictures: to measure how well seals are read."""

import io
import math
import random
from collections.abc import Callable
from typing import Final

from msgspec import Struct
from PIL import Image, ImageChops, ImageFilter

PRINT_DPI = 600
_WHITE = 255
_COPY_DPI = 300


class Wear(Struct, frozen=True):
    """`tilt_deg`: at most so crooked. `contrast`: ink against paper, 1 is all. `noise`: in grey levels (deviation).

    `quality`: of the JPEG that comes out. `copies`: photocopied so many times before it is scanned.
    """

    tilt_deg: float
    contrast: float
    noise: float
    quality: int
    copies: int = 0


GOOD: Final = Wear(1.5, 0.95, 3, 85)
POOR: Final = Wear(3.0, 0.7, 12, 50)
COPY: Final = Wear(1.5, 0.9, 4, 80, copies=1)


def scanned(page: Image.Image, dpi: int, wear: Wear, rng: random.Random) -> bytes:
    """A page (grey, 600 dpi) printed, worn and scanned at `dpi`: a JPEG."""
    paper = printed(page, rng)
    for _ in range(wear.copies):
        paper = photocopied(paper, GOOD, rng)
    out = io.BytesIO()
    _seen(paper, dpi, wear, rng).save(out, "JPEG", quality=wear.quality)
    return out.getvalue()


def photographed(page: Image.Image, rng: random.Random) -> bytes:
    """A page (grey, 600 dpi) on a table as a camera sees it: aslant, in uneven light, blurred; a JPEG."""
    paper = printed(page, rng)
    scale = rng.uniform(180, 260) / PRINT_DPI
    paper = paper.resize((round(paper.width * scale), round(paper.height * scale)), Image.Resampling.BOX)
    margin = round(max(paper.size) * 0.25)
    size = (paper.width + 2 * margin, paper.height + 2 * margin)
    table = Image.new("L", size, rng.randint(50, 140))
    table.paste(paper, (margin, margin))
    seen = table.transform(size, Image.Transform.PERSPECTIVE, _aslant(size, rng), Image.Resampling.BICUBIC)
    light = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(size)
    lit = ImageChops.multiply(seen, light.point(lambda level: 130 + level * 115 / _WHITE))
    blurred = lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))
    out = io.BytesIO()
    _noisy(blurred, 5, rng).save(out, "JPEG", quality=75)
    return out.getvalue()


def _aslant(size: tuple[int, int], rng: random.Random) -> tuple[float, ...]:
    """Where each point of the frame lies on the table, as Pillow's eight numbers: turned, tilted about the middle."""
    middle_x, middle_y = size[0] / 2, size[1] / 2
    turn = math.radians(rng.uniform(-12, 12))
    tilt_x, tilt_y = (rng.uniform(-0.25, 0.25) / side for side in size)
    cos, sin = math.cos(turn), math.sin(turn)
    one = 1 - tilt_x * middle_x - tilt_y * middle_y
    numbers = (
        cos + middle_x * tilt_x,
        -sin + middle_x * tilt_y,
        -cos * middle_x + sin * middle_y + middle_x * one,
        sin + middle_y * tilt_x,
        cos + middle_y * tilt_y,
        -sin * middle_x - cos * middle_y + middle_y * one,
        tilt_x,
        tilt_y,
    )
    return tuple(number / one for number in numbers)


def photocopied(paper: Image.Image, wear: Wear, rng: random.Random) -> Image.Image:
    """What a copier makes of a sheet: scanned at 300 dpi, printed again."""
    seen = _seen(paper, _COPY_DPI, wear, rng)
    return printed(seen.resize(paper.size, Image.Resampling.BICUBIC), rng)


def printed(page: Image.Image, rng: random.Random) -> Image.Image:
    """Toner: edges run, dots grow or shrink a little, and it is there or not."""
    blurred = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.6, 1.2)))
    # Where the edge of a grown dot lies: above one half the ink has spread.
    threshold = rng.uniform(120, 190)
    return blurred.point(lambda grey: 0 if grey < threshold else _WHITE)


def _seen(paper: Image.Image, dpi: int, wear: Wear, rng: random.Random) -> Image.Image:
    """A scanner's look: crooked, a little out of scale and focus, grey, noisy."""
    tilted = paper.rotate(
        rng.uniform(-wear.tilt_deg, wear.tilt_deg), Image.Resampling.BICUBIC, expand=True, fillcolor=_WHITE
    )
    scale = dpi / PRINT_DPI * rng.uniform(0.99, 1.01)
    size = (max(1, round(tilted.width * scale)), max(1, round(tilted.height * scale)))
    small = tilted.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.7)))
    return _noisy(small.point(_faded(wear.contrast)), wear.noise, rng)


def _faded(contrast: float) -> Callable[[int], float]:
    return lambda grey: _WHITE - (_WHITE - grey) * contrast


def _noisy(picture: Image.Image, deviation: float, rng: random.Random) -> Image.Image:
    """Gaussian noise around each pixel, from `rng` (a picture's own noise is not seeded)."""
    count = picture.width * picture.height
    # The sum of many small throws is as good as Gaussian, and a byte string a throw is fast.
    throws = [Image.frombytes("L", picture.size, rng.randbytes(count)) for _ in range(2)]
    noise = ImageChops.add(throws[0], throws[1], 2)
    spread = deviation / 52.0  # the mean of two bytes has a standard deviation of 52
    shifted = noise.point(lambda level: 128 + (level - 127.5) * spread)
    return ImageChops.add(picture, shifted, 1, -128)
