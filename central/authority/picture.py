"""Finds seals in a picture or a PDF that somebody uploaded, in a child process with little memory and little time.

What is uploaded is hostile until proved otherwise, and image and PDF readers are large: they don't run where the keys
are. As a module (`python -m central.authority.picture`) it reads the file on stdin and prints the texts as JSON.
"""

import asyncio
import io
import resource
import sys
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 12 * 1024 * 1024
_MAX_PIXELS = 40_000_000
_LOOK_PIXELS = 24_000_000  # what the time allows
_MAX_PAGES = 60
_THOROUGH_PAGES = 2
_PDF_SCALE = 200 / 72
_MEMORY_BYTES = 1536 * 1024 * 1024
_CPU_S = 8
_DEADLINE_S = 12
_PREFIX = "KC1:"


class PictureError(Exception):
    """No seal could be read; `code` is unreadable-file, no-code, other-code, damaged-code or several-codes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Found(msgspec.Struct, frozen=True):
    """What the child saw: seals of ours, how many codes of others, how many that can't be read."""

    texts: tuple[str, ...]
    others: int
    damaged: int


class PictureReader:
    """Reads uploads, one at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def find_seal(self, content: bytes) -> str:
        """The text of the one seal in a picture or PDF. Raises PictureError."""
        async with self._turn:
            output = await _run_child(content)
        found = msgspec.json.decode(output, type=Found)
        texts = set(found.texts)
        if len(texts) == 1:
            return texts.pop()
        if texts:
            raise PictureError("several-codes")
        raise PictureError("other-code" if found.others else "damaged-code" if found.damaged else "no-code")


async def _run_child(content: bytes) -> bytes:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "central.authority.picture"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_DEADLINE_S):
            output, _ = await child.communicate(content)
    except TimeoutError:
        raise PictureError("unreadable-file") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise PictureError("unreadable-file")
    return output


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        sys.exit(2)
    pages = [_read(page, whole=False) for page in _pages(content)]
    if not any(page.texts for page in pages):
        # The code is on a certificate's last page; a thorough look at each of sixty would take minutes.
        pages += [_look(page) for page in deque(_pages(content), _THOROUGH_PAGES)]
    found = Found(
        tuple(sorted({text for page in pages for text in page.texts})),
        sum(page.others for page in pages),
        sum(page.damaged for page in pages),
    )
    sys.stdout.buffer.write(msgspec.json.encode(found))


def _pages(content: bytes) -> Iterator["Image"]:
    """Each page of a PDF at 200 dpi, or the one picture."""
    if content[:1024].lstrip().startswith(b"%PDF"):
        import pypdfium2

        document = pypdfium2.PdfDocument(content)
        for index in range(min(len(document), _MAX_PAGES)):
            page = document[index]
            if page.get_width() * page.get_height() * _PDF_SCALE**2 <= _MAX_PIXELS:
                yield page.render(scale=_PDF_SCALE).to_pil().convert("L")
        return
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS
    picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"))
    yield ImageOps.exif_transpose(picture).convert("L")


def _look(page: "Image") -> Found:
    """The codes on one page: as it is, enlarged and sharpened (a scan's modules may be small), halved (a photograph's
    may be needlessly large), with a threshold that follows the light and with one for the whole.
    """
    others = damaged = 0
    for picture in _looks(page):
        for whole in (False, True):
            found = _read(picture, whole=whole)
            if found.texts:
                return found
            others, damaged = max(others, found.others), max(damaged, found.damaged)
    return Found((), others, damaged)


def _looks(page: "Image") -> Iterator["Image"]:
    from PIL import ImageFilter
    from PIL.Image import Resampling

    sharper, softer = ImageFilter.UnsharpMask(2, 150, 2), ImageFilter.GaussianBlur(2)
    yield page
    for factor, resampling, after in (
        (2, Resampling.BICUBIC, None),
        (2, Resampling.LANCZOS, sharper),
        (3, Resampling.BICUBIC, softer),
        (0.5, Resampling.BOX, None),
    ):
        if page.width * page.height * factor**2 <= _LOOK_PIXELS:
            size = (max(1, round(page.width * factor)), max(1, round(page.height * factor)))
            look = page.resize(size, resampling)
            yield look.filter(after) if after else look


def _read(page: "Image", *, whole: bool) -> Found:
    import zxingcpp

    # A plain buffer: handing over a PIL image would ask for numpy.
    rows = memoryview(page.tobytes()).cast("B", (page.height, page.width))
    threshold = zxingcpp.Binarizer.GlobalHistogram if whole else zxingcpp.Binarizer.LocalAverage
    qr = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    codes = zxingcpp.read_barcodes(rows, formats=qr, binarizer=threshold, return_errors=True)
    ours = tuple(code.text for code in codes if code.valid and code.text.startswith(_PREFIX))
    others = sum(code.valid for code in codes) - len(ours)
    return Found(ours, others, sum(not code.valid for code in codes))


if __name__ == "__main__":
    _main()
