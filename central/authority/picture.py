"""Finds seals in a picture or a PDF that somebody uploaded, in a child process with little memory and little time.

What is uploaded is hostile until proved otherwise, and image and PDF readers are large: they don't run where the keys
are. As a module (`python -m central.authority.picture`) it reads the file on stdin and prints the texts as JSON.
"""

import asyncio
import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 12 * 1024 * 1024
_MAX_PIXELS = 40_000_000
_MAX_PAGES = 60
_PDF_SCALE = 200 / 72
_MEMORY_BYTES = 1536 * 1024 * 1024
_CPU_S = 8
_DEADLINE_S = 12
_PREFIX = "KC1:"


class PictureError(Exception):
    """No seal could be read; `code` is unreadable-file, no-code or several-codes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PictureReader:
    """Reads uploads, one at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def find_seal(self, content: bytes) -> str:
        """The text of the one seal in a picture or PDF. Raises PictureError."""
        async with self._turn:
            output = await _run_child(content)
        texts = set(msgspec.json.decode(output, type=list[str]))
        if len(texts) != 1:
            raise PictureError("several-codes" if texts else "no-code")
        return texts.pop()


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
    texts = sorted({text for page in _pages(content) for text in _codes(page)})
    sys.stdout.write(json.dumps(texts))


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


def _codes(page: "Image") -> list[str]:
    """The seals on one page: as it is, then enlarged (a photograph's modules may be small)."""
    from PIL.Image import Resampling

    for factor in (1, 2, 3):
        if factor > 1 and page.width * page.height * factor**2 > _MAX_PIXELS:
            break
        size = (page.width * factor, page.height * factor)
        texts = _read(page if factor == 1 else page.resize(size, Resampling.BICUBIC))
        if texts:
            return texts
    return []


def _read(page: "Image") -> list[str]:
    import zxingcpp

    # A plain buffer: handing over a PIL image would ask for numpy.
    rows = memoryview(page.tobytes()).cast("B", (page.height, page.width))
    found = zxingcpp.read_barcodes(rows, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in found if code.text.startswith(_PREFIX)]


if __name__ == "__main__":
    _main()
