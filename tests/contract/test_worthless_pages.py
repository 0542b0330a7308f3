"""A test print and a specimen are never taken for a certificate, whatever is pasted on them."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.protocol.trust import TrustList
from kiosk.worker.marks import DOT_PT, MAX_QR_DOTS, TEST_MARK, qr_svg
from kiosk.worker.read_back import page_texts
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.specimen import specimen
from kiosk.worker.trial_page import trial_page
from kiosk.worker.underlay import DATA_KEY
from kiosk.worker.verify import Finding, verify
from tests.authority import NOW, TEMPLATES, TRUST, payload_for, sample, seal_for

DATA = sample()
LONG = sample("land/sample_long.json")
LEFT, BOTTOM = 354 * DOT_PT, 472 * DOT_PT  # where a certificate has its seal


def certificate(pages: int = 1) -> bytes:
    data = LONG if pages > 1 else DATA
    job = RenderJob("land/1", data, payload_for(data, pages=pages), seal_for(data, pages=pages))
    return Renderer(TEMPLATES).render(job)


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return certificate()


@pytest.fixture(scope="module")
def trial() -> bytes:
    return trial_page("machine", NOW)


def finding(content: bytes, folder: Path, trust: TrustList = TRUST) -> Finding:
    file = folder / "file"
    file.write_bytes(content)
    return verify(file, trust, NOW).finding


def drawn(pdf: bytes, page: int = 0, dpi: int = 200) -> Image.Image:
    with pdfium.PdfDocument(pdf) as document:
        picture: Image.Image = document[page].render(scale=dpi / 72, grayscale=True).to_pil()
    return picture


def as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def edited(pdf: bytes, edit: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        edit(file)
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


def paste_seal(genuine: bytes) -> Callable[[pikepdf.Pdf], None]:
    """The real seal, cut from the certificate, laid where the page has its own."""
    side = MAX_QR_DOTS * DOT_PT
    picture = drawn(genuine, dpi=600)
    bottom = picture.height - 472
    cut = picture.crop((354, bottom - MAX_QR_DOTS, 354 + MAX_QR_DOTS, bottom))

    def edit(pdf: pikepdf.Pdf) -> None:
        image = pikepdf.Stream(pdf, cut.tobytes())
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = cut.width, cut.height, 8
        image.ColorSpace = pikepdf.Name.DeviceGray
        pdf.pages[0].Resources["/XObject"]["/Pasted"] = pdf.make_indirect(image)
        paint = f"q {side} 0 0 {side} {LEFT} {BOTTOM} cm /Pasted Do Q".encode()
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, paint))

    return edit


def paste_data(genuine: bytes) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(genuine)) as source:
            pdf.Root["/PieceInfo"] = pdf.copy_foreign(source.make_indirect(source.Root["/PieceInfo"]))

    return edit


def test_a_test_print_is_sealed_by_nobody(trial: bytes, tmp_path: Path) -> None:
    assert finding(trial, tmp_path) is Finding.UNKNOWN_ISSUER
    assert trial_page("machine", NOW) != trial  # the next one has another key, which is thrown away too


def test_a_test_print_says_so_and_names_no_authority(trial: bytes) -> None:
    [text] = page_texts(trial)
    assert "TEST PRINT" in text
    assert "효력 없음" in text
    assert "구청장" not in text


def test_a_photograph_of_a_test_print_is_not_genuine(trial: bytes, tmp_path: Path) -> None:
    assert finding(as_png(drawn(trial)), tmp_path) is Finding.NOT_GENUINE


def test_with_the_seal_of_a_real_certificate_pasted_in_it_is_not_genuine(
    trial: bytes, genuine: bytes, tmp_path: Path
) -> None:
    pasted = edited(trial, paste_seal(genuine))
    assert finding(pasted, tmp_path) is Finding.NOT_GENUINE
    assert finding(as_png(drawn(pasted)), tmp_path) is Finding.NOT_GENUINE


def test_with_the_seal_and_the_data_of_a_real_certificate_it_is_not_genuine(
    trial: bytes, genuine: bytes, tmp_path: Path
) -> None:
    pasted = edited(edited(trial, paste_seal(genuine)), paste_data(genuine))
    assert finding(pasted, tmp_path) is Finding.NOT_GENUINE
    stripped = edited(pasted, lambda pdf: pdf.Root.__delitem__("/PieceInfo"))
    assert finding(stripped, tmp_path) is Finding.NOT_GENUINE


def test_a_specimen_of_a_genuine_certificate_is_not_genuine(genuine: bytes, tmp_path: Path) -> None:
    assert finding(genuine, tmp_path) is Finding.CONTENTS_GENUINE
    void = specimen(genuine)
    assert finding(void, tmp_path) is Finding.NOT_GENUINE
    assert finding(as_png(drawn(void)), tmp_path) is Finding.NOT_GENUINE
    assert finding(edited(void, paste_data(genuine)), tmp_path) is Finding.NOT_GENUINE
    with pikepdf.open(io.BytesIO(void)) as pdf:
        assert not [entry for entry in ("/PieceInfo", "/Metadata") if entry in pdf.Root]


def test_every_page_of_a_specimen_says_void(tmp_path: Path) -> None:
    texts = page_texts(specimen(certificate(3)))
    assert len(texts) == 3
    assert all("VOID" in text for text in texts)
    for page in range(3):
        assert finding(as_png(drawn(specimen(certificate(3)), page)), tmp_path) is Finding.NOT_GENUINE


def test_a_certificate_carries_no_test_mark(genuine: bytes) -> None:
    with pikepdf.open(io.BytesIO(genuine)) as pdf:
        assert DATA_KEY in pdf.Root["/PieceInfo"]
    assert not TEST_MARK.startswith("KC1:")
    assert qr_svg(TEST_MARK)[1] < qr_svg(seal_for(DATA))[1]


def test_both_are_made_from_the_command_line(tmp_path: Path) -> None:
    for words in (["test-page"], ["specimen", "forest"]):
        out = tmp_path / f"{words[0]}.pdf"
        result = CliRunner().invoke(commands, ["template", *words, "--out", str(out)])
        assert (result.exit_code, result.output.strip()) == (0, str(out)), result.output
        assert finding(out.read_bytes(), tmp_path) in {Finding.NOT_GENUINE, Finding.UNKNOWN_ISSUER}
    result = CliRunner().invoke(commands, ["template", "test-page", "--run", str(tmp_path / "no")])
    assert result.exit_code == 2
