"""The seal is found whatever a paper went through, and where it can't be, the trouble has a name."""

import io
import random
import zlib
from collections.abc import Callable

import pytest
import segno
from PIL import Image

from kiosk.bench.print_scan import COPY, GOOD, POOR, Wear, photographed, scanned
from kiosk.protocol.seal_payload import PREFIX
from kiosk.worker.marks import TEST_MARK
from kiosk.worker.pictures import Seen, Trouble, look_into
from kiosk.worker.verify import Finding, verify, verify_frames
from tests.authority import NOW, TRUST
from tests.unit.worker.papers_seen import DOZEN, corner_of, paper_of


def saved(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def qr(text: str, scale: int = 4) -> Image.Image:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=scale, border=4)
    return Image.open(out).convert("L")


def sheet(*codes: Image.Image) -> Image.Image:
    page = Image.new("L", (900, 1700), 255)
    for index, code in enumerate(codes):
        page.paste(code, (50, 50 + 800 * index))
    return page


def cut(picture: Image.Image) -> Image.Image:
    return picture.crop((0, 0, picture.width, picture.height * 3 // 4))


SEAL = paper_of("land")[1]
CODE = qr(SEAL)
# Signing is by chance, and so is whether what is left of a code is still seen as one: 138 of 150 were. This one is.
CUT_OFF = cut(qr(PREFIX + "CUT OFF " * 43))


@pytest.mark.parametrize("code", DOZEN)
@pytest.mark.parametrize(
    ("dpi", "wear"),
    [(150, GOOD), (200, POOR), (200, COPY), (300, COPY)],
    ids=["150-good", "200-poor", "200-copied", "300-copied"],
)
def test_a_scan_of_each_kind_of_paper_is_read(code: str, dpi: int, wear: Wear) -> None:
    scan = scanned(corner_of(code), dpi, wear, random.Random(f"{code} {dpi}"))
    assert look_into(scan).seal == paper_of(code)[1]


@pytest.mark.parametrize("code", DOZEN)
def test_a_camera_s_frame_from_aslant_in_uneven_light_is_read(code: str) -> None:
    frames = [photographed(corner_of(code), random.Random(f"{code} {frame}")) for frame in range(3)]
    report = verify_frames(frames, TRUST, NOW)
    assert report.finding is Finding.SEAL_GENUINE
    assert report.payload is not None
    assert report.payload.type_code == code


@pytest.mark.parametrize("turn", [90, 180, 270, 33])
def test_a_picture_that_lies_on_its_side_is_read(turn: int) -> None:
    picture = corner_of("land").resize((600, 600)).rotate(turn, expand=True, fillcolor=255)
    assert look_into(saved(picture, "JPEG")).seal == SEAL


def test_a_colour_photograph_with_its_turn_in_the_file_is_read() -> None:
    colour = sheet(CODE).convert("RGB").rotate(-90, expand=True)
    out = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6
    colour.save(out, "JPEG", exif=turned)
    assert look_into(out.getvalue()).seal == SEAL


def blotted(picture: Image.Image) -> Image.Image:
    spoilt = picture.copy()
    spoilt.paste(
        0, (picture.width // 3, picture.height // 3, picture.width * 3 // 4, picture.height * 3 // 4)
    )
    return spoilt


TROUBLES: dict[str, tuple[Callable[[], bytes], Trouble]] = {
    "white": (lambda: saved(sheet()), Trouble.NO_CODE),
    "a-dot": (lambda: saved(Image.new("L", (1, 1), 255)), Trouble.NO_CODE),
    "an-address": (lambda: saved(sheet(qr("https://example.org/"))), Trouble.OTHER_CODE),
    "cut-off": (lambda: saved(sheet(CUT_OFF)), Trouble.CODE_DAMAGED),
    "blotted": (lambda: saved(sheet(blotted(CODE))), Trouble.CODE_DAMAGED),
    "two-seals": (
        lambda: saved(sheet(CODE, qr(paper_of("land", "6543210987654321")[1]))),
        Trouble.SEVERAL_CODES,
    ),
    "empty": (lambda: b"", Trouble.NOT_A_PICTURE),
    "a-text": (lambda: b"a letter", Trouble.NOT_A_PICTURE),
    "half-a-file": (lambda: saved(sheet(CODE))[:400], Trouble.NOT_A_PICTURE),
    "another-format": (lambda: saved(sheet(CODE), "GIF"), Trouble.NOT_A_PICTURE),
}


@pytest.mark.parametrize(("make", "trouble"), TROUBLES.values(), ids=TROUBLES)
def test_where_nothing_can_be_read_the_trouble_has_a_name(
    make: Callable[[], bytes], trouble: Trouble
) -> None:
    content = make()
    assert look_into(content) == Seen(trouble=trouble)
    report = verify(content, TRUST, NOW)
    assert (report.finding, report.trouble) == (Finding.UNREADABLE, trouble)


def bomb(side: int) -> bytes:
    """A small PNG that says it is `side` by `side` pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + name + content + check

    size = side.to_bytes(4, "big")
    header = chunk(b"IHDR", size + size + bytes([8, 0, 0, 0, 0]))
    return (
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [9_500, 50_000, 2_000_000_000])
def test_a_picture_that_would_fill_the_memory_is_too_large(side: int) -> None:
    assert look_into(bomb(side)).trouble is Trouble.TOO_LARGE


def test_the_same_seal_twice_is_one_and_a_test_outweighs_it() -> None:
    assert look_into(saved(sheet(CODE, CODE))).seal == SEAL
    assert look_into(saved(sheet(CODE, qr(TEST_MARK)))).seal == TEST_MARK


def test_two_certificates_in_one_scan_are_not_called_false() -> None:
    pages = [sheet(CODE), sheet(qr(paper_of("land", "6543210987654321")[1]))]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    assert verify(out.getvalue(), TRUST, NOW).trouble is Trouble.SEVERAL_CODES


def test_of_several_frames_the_first_that_reads_wins_else_the_most_telling() -> None:
    white, cut_off, good = (saved(sheet(*codes)) for codes in ((), (CUT_OFF,), (CODE,)))
    assert verify_frames([white, cut_off, good, b"junk"], TRUST, NOW).finding is Finding.SEAL_GENUINE
    assert verify_frames([b"junk", cut_off, white], TRUST, NOW).trouble is Trouble.CODE_DAMAGED


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\r", "\t"])
def test_what_a_barcode_scanner_types_is_a_seal(ending: str) -> None:
    for text in (SEAL, SEAL.lower()):
        assert verify(text + ending, TRUST, NOW).finding is Finding.SEAL_GENUINE
        assert verify((text + ending).encode(), TRUST, NOW).finding is Finding.SEAL_GENUINE
    assert verify(SEAL[:-9] + ending, TRUST, NOW).trouble is Trouble.CODE_DAMAGED
