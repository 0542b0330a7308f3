"""The code is found in a photograph, a scan and a PDF; anything else ends in a code and never in a failure."""

import asyncio
import io
import random
import zlib

import pypdfium2
import pytest
import segno
from PIL import Image

from central.authority.picture import PictureError, PictureReader

SEAL = "KC1:" + "ABCDEFGHIJ0123456789" * 20


def qr(text: str, scale: int = 6) -> Image.Image:
    """A code as a picture."""
    stream = io.BytesIO()
    segno.make(text, error="m").save(stream, kind="png", scale=scale, border=4)
    return Image.open(stream).convert("L")


def sheet(*codes: Image.Image) -> Image.Image:
    """A page with codes on it."""
    page = Image.new("L", (1240, 1754), 255)
    for index, code in enumerate(codes):
        page.paste(code, (100, 100 + 800 * index))
    return page


def saved(picture: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind)
    return stream.getvalue()


def find(content: bytes) -> str:
    return asyncio.run(PictureReader().find_seal(content))


def trouble(content: bytes) -> str:
    with pytest.raises(PictureError) as error:
        find(content)
    return error.value.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "PDF"])
def test_the_code_is_found_on_a_page(kind: str) -> None:
    assert find(saved(sheet(qr(SEAL)), kind)) == SEAL


def test_a_small_turned_code_of_a_scan_is_found() -> None:
    scan = sheet(qr(SEAL, scale=3)).rotate(2, fillcolor=255)
    assert find(saved(scan, "JPEG")) == SEAL


def test_a_code_that_is_cut_off_is_said_to_be_damaged() -> None:
    code = qr(SEAL)
    half = code.crop((0, 0, code.width, code.height * 3 // 4))
    assert trouble(saved(sheet(half), "PNG")) == "damaged-code"


def test_the_same_code_on_every_page_of_a_pdf_is_one_code() -> None:
    stream = io.BytesIO()
    page = sheet(qr(SEAL))
    page.save(stream, "PDF", save_all=True, append_images=[page, page])
    assert len(pypdfium2.PdfDocument(stream.getvalue())) == 3
    assert find(stream.getvalue()) == SEAL


def test_a_page_without_a_code_of_ours_or_with_two_is_said_to_be_so() -> None:
    assert trouble(saved(sheet(), "PNG")) == "no-code"
    assert trouble(saved(sheet(qr("https://example.org/")), "PNG")) == "other-code"
    assert trouble(saved(sheet(qr(SEAL), qr(SEAL + "X")), "PNG")) == "several-codes"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        random.Random(1).randbytes(5_000),
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    ],
    ids=["empty", "cut-pdf", "cut-png", "noise", "svg"],
)
def test_a_file_that_is_no_picture_is_unreadable(content: bytes) -> None:
    assert trouble(content) == "unreadable-file"


def test_a_picture_that_would_fill_the_memory_is_unreadable() -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + name + content + check

    size = (50_000).to_bytes(4, "big")
    header = chunk(b"IHDR", size + size + bytes([8, 0, 0, 0, 0]))
    bomb = (
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")
    )
    assert trouble(bomb) == "unreadable-file"
