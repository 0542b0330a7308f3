"""Finds the seal in a picture of a certificate: a scan, a photograph, a camera's frame.

One call of the reader fails on what a second look reads (150 dpi, a photocopy), so there is a ladder of looks:
enlarged, sharpened, blurred, each with a threshold that follows the light and with one for the whole picture.
"""

import io
import warnings
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from kiosk.protocol.seal_payload import PREFIX
from kiosk.worker.marks import TEST_MARK

QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
FORMATS: Final = ("PNG", "JPEG")
MAX_PIXELS: Final = 80_000_000
_LOOK_PIXELS = 40_000_000  # no look is at more than this
_LARGE_PIXELS = 12_000_000  # finer than a paper needs: the first look is at half of it
_THRESHOLDS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


class Trouble(StrEnum):
    """Why no seal was read, the less telling first."""

    NOT_A_PICTURE = "not-a-picture"
    TOO_LARGE = "too-large"
    NO_CODE = "no-code"
    OTHER_CODE = "other-code"
    CODE_DAMAGED = "code-damaged"
    SEVERAL_CODES = "several-codes"


class Seen(NamedTuple):
    """What is on a picture: the one seal of ours, or the trouble."""

    seal: str = ""
    trouble: Trouble | None = None


class _Step(NamedTuple):
    scale: float
    resampling: Image.Resampling = Image.Resampling.BICUBIC
    filter: ImageFilter.Filter | None = None


_LADDER: Final = (
    _Step(1),
    _Step(2),
    _Step(2, Image.Resampling.LANCZOS, ImageFilter.UnsharpMask(2, 150, 2)),
    _Step(3, Image.Resampling.BICUBIC, ImageFilter.GaussianBlur(2)),
    _Step(0.5, Image.Resampling.BOX),
)
_LARGE_LADDER: Final = (
    _Step(0.5, Image.Resampling.BOX),
    _Step(1),
    _Step(0.25, Image.Resampling.BOX),
    _Step(1, filter=ImageFilter.GaussianBlur(1.5)),
)


def look_into(content: bytes) -> Seen:
    """The seal in a PNG or JPEG file, whatever the bytes are."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return Seen(trouble=Trouble.TOO_LARGE)
                grey = ImageOps.exif_transpose(picture).convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Seen(trouble=Trouble.TOO_LARGE)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return Seen(trouble=Trouble.NOT_A_PICTURE)
    return look_at(grey)


def look_at(picture: Image.Image) -> Seen:
    """The seal on a grey picture. One that says TEST outweighs whatever is pasted beside it."""
    trouble = Trouble.NO_CODE
    for look in _looks(picture):
        for threshold in _THRESHOLDS:
            seen = _read(look, threshold)
            if seen.seal or seen.trouble is Trouble.SEVERAL_CODES:
                return seen
            trouble = _worse(trouble, seen.trouble)
    return Seen(trouble=trouble)


def glance(picture: Image.Image) -> Seen:
    """One look, for who has better pictures to go on with."""
    return _read(picture, _THRESHOLDS[0])


def _looks(picture: Image.Image) -> Iterator[Image.Image]:
    size = picture.width * picture.height
    for step in _LARGE_LADDER if size > _LARGE_PIXELS else _LADDER:
        if size * step.scale**2 > _LOOK_PIXELS:
            continue
        wide, high = (max(1, round(side * step.scale)) for side in picture.size)
        look = picture if step.scale == 1 else picture.resize((wide, high), step.resampling)
        yield look.filter(step.filter) if step.filter else look


def _read(picture: Image.Image, threshold: zxingcpp.Binarizer) -> Seen:
    codes = zxingcpp.read_barcodes(picture, formats=QR, binarizer=threshold, return_errors=True)
    texts = {str(code.text) for code in codes if code.valid}
    if TEST_MARK in texts:
        return Seen(TEST_MARK)
    ours = {text for text in texts if text.startswith(PREFIX)}
    if len(ours) > 1:
        return Seen(trouble=Trouble.SEVERAL_CODES)
    if ours:
        return Seen(ours.pop())
    if texts:
        return Seen(trouble=Trouble.OTHER_CODE)
    return Seen(trouble=Trouble.CODE_DAMAGED if codes else Trouble.NO_CODE)


def _worse(one: Trouble, other: Trouble | None) -> Trouble:
    order = tuple(Trouble)
    return one if other is None or order.index(other) <= order.index(one) else other
