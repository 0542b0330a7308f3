"""What leaves the typesetter looks and reads as it should."""

import io
import re
import tomllib
import zlib
from functools import cache
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.forms.page_fingerprint import differences, looks_of
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.fields import value_at
from kiosk.protocol.seal import content_prefix, make_seal
from kiosk.worker.ground import void_ground
from kiosk.worker.marks import MAX_QR_DOTS, QrTooBigError, band_svg, qr_svg
from kiosk.worker.occurrences import spaced
from kiosk.worker.read_back import expected_of, opened, page_texts, read_back, sheets_of
from kiosk.worker.refusals import Code
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.sample import set_sample
from kiosk.worker.screens import DEFAULT_PAIR, HEIGHT, WIDTH
from kiosk.worker.templates import Template
from tests.authority import FORMS, KID, TEMPLATES, payload_for, sample, seal_for
from tests.contract.papers import LONG, issue, look, refusal
from tests.slices import one_in

SAMPLES = sorted((file.parent.name, file.stem) for file in FORMS.glob("*/sample*.json"))


PRESS = Renderer(TEMPLATES)


@pytest.fixture
def press() -> Renderer:
    return PRESS


@cache
def as_expected(code: str, name: str) -> dict[str, Any]:
    """What is written down of this sample's pages: how many, their words, their look."""
    expected: dict[str, Any] = tomllib.loads((FORMS / code / "expected.toml").read_text("utf-8"))[name]
    return expected


def newest(code: str) -> Template:
    return max((one for one in TEMPLATES.values() if one.code == code), key=lambda one: one.version)


@cache
def sample_as_set(code: str, name: str) -> bytes:
    data, sheets = sample(f"{code}/{name}.json"), as_expected(code, name)["sheets"]
    return set_sample(PRESS, newest(code), data, sheets)


@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_a_form_with_its_sample_reads_as_expected_word_for_word(code: str, name: str) -> None:
    expected, texts = as_expected(code, name), page_texts(sample_as_set(code, name))
    assert len(texts) == expected["sheets"]
    assert [spaced(text) for text in texts] == [spaced(text) for text in expected["pages"]]


@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_a_form_with_its_sample_looks_as_expected(code: str, name: str) -> None:
    expected = as_expected(code, name)
    assert "look" in expected, f"`kiosk template expect {code}` writes down what the pages look like"
    looks = looks_of(sample_as_set(code, name))
    assert len(looks) == len(expected["look"])
    assert not [
        differences(*pages) for pages in zip(looks, expected["look"], strict=True) if differences(*pages)
    ]


@pytest.mark.parametrize(("code", "name"), one_in(2, SAMPLES, pytest.mark.forms))
def test_every_sample_of_every_form_reads_back(press: Renderer, code: str, name: str) -> None:
    data, form, pages = sample(f"{code}/{name}.json"), newest(code), as_expected(code, name)["sheets"]
    about = tuple(value_at(data, path) or "" for path in form.subject)
    facts = {"subject": about, "content": content_prefix(content_hash(data)), "template": form.id}
    payload, seal = payload_for(sample(), code, pages, **facts), seal_for(sample(), code, pages, **facts)
    read_back(press.render(RenderJob(form.id, data, payload, seal)), expected_of(form, data, payload, seal))


@pytest.mark.parametrize(("data", "pages"), [(sample(), 1), (LONG, 3)], ids=["one-sheet", "three-sheets"])
def test_a_certificate_reads_back_and_its_draft_has_as_many_sheets(
    press: Renderer, data: dict[str, Any], pages: int
) -> None:
    assert sheets_of(press.render(RenderJob("land/1", data))) == pages
    look(issue(press, data, pages), data, pages)


def test_the_same_data_and_seal_give_the_same_bytes_from_another_typesetter(press: Renderer) -> None:
    assert issue(press, LONG, 3) == issue(Renderer(TEMPLATES), LONG, 3)


def test_a_draft_carries_no_number_no_seal_and_says_so_on_every_page(press: Renderer) -> None:
    draft = press.render(RenderJob("land/1", LONG))
    for text in page_texts(draft):
        assert "효력 없음" in text
        assert not re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", text)
    with pikepdf.open(io.BytesIO(draft)) as pdf:
        assert "/PieceInfo" not in pdf.Root
    assert refusal(draft, LONG, 3).code == Code.READ_BACK_FAILED


def test_the_file_claims_pdf_a_2a_and_pdf_ua_1_and_is_tagged(press: Renderer) -> None:
    with pikepdf.open(io.BytesIO(issue(press, sample()))) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) == ("2", "A")
            assert metadata.get("pdfuaid:part") == "1"
            assert metadata.get("dc:title") == "토지대장"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "ko-KR"
        assert not [name for name in ("/Names", "/OpenAction", "/AF", "/AcroForm") if name in pdf.Root]


def test_no_owner_is_named_in_the_files_description(press: Renderer) -> None:
    with pikepdf.open(io.BytesIO(issue(press, sample()))) as pdf:
        described = str(pdf.docinfo) + pdf.Root.Metadata.read_bytes().decode()
    assert "한빛" not in described
    assert "여의도" not in described


def test_the_page_is_on_the_grid_of_a_600_dpi_printer_and_the_ground_on_every_page(press: Renderer) -> None:
    box = [0, 0, WIDTH * 0.12, HEIGHT * 0.12]
    with pikepdf.open(io.BytesIO(issue(press, LONG, 3))) as pdf:
        for page in pdf.pages:
            assert [float(edge) for edge in page.MediaBox] == pytest.approx(box, abs=0.005)
            ground = page.Resources.XObject["/ChangguGround"]
            assert (int(ground.Width), int(ground.Height), int(ground.BitsPerComponent)) == (WIDTH, HEIGHT, 1)
            assert len(ground.read_bytes()) == WIDTH // 8 * HEIGHT


def test_the_ground_covers_little_enough_to_read_on() -> None:
    raw = zlib.decompress(void_ground(DEFAULT_PAIR))
    painted = 1 - sum(byte.bit_count() for byte in raw) / (len(raw) * 8)
    assert 0.03 < painted < 0.08


def test_two_issues_of_the_same_data_look_different() -> None:
    bands = {band_svg(seal_for(sample(), number=f"{number:016d}")) for number in range(5)}
    assert len(bands) == 5


def test_a_pattern_is_its_seals_and_nobody_without_the_key_can_draw_the_next_numbers() -> None:
    data, stranger = sample(), ec.derive_private_key(0xBAD, ec.SECP256R1())
    seal = seal_for(data)
    assert band_svg(seal) == band_svg(seal)
    payload = payload_for(data, number="1234567890123457")
    forged, real = make_seal(payload, stranger, KID), seal_for(data, number="1234567890123457")
    assert len({band_svg(seal), band_svg(real), band_svg(forged)}) == 3


def test_the_pattern_on_a_page_is_drawn_from_its_seal_and_the_same_on_all_pages(press: Renderer) -> None:
    def drawn(pdf: bytes, page: int) -> bytes:
        with opened(pdf) as document:
            picture = document[page].render(scale=300 / 72, grayscale=True).to_pil()
            band: bytes = picture.crop((150, 145, picture.width - 150, 190)).tobytes()
            return band

    one, next_one = issue(press, LONG, 3), issue(press, LONG, 3, number="1234567890123457")
    assert drawn(one, 0) == drawn(one, 1) == drawn(one, 2)
    assert drawn(one, 0) != drawn(next_one, 0)


def test_a_word_longer_than_its_cell_is_broken_and_still_read_back(press: Renderer) -> None:
    data = sample()
    data["owners"][0]["name"] = word = "가나다라마바사아자차카타파하" * 2
    pdf = issue(press, data)
    text = page_texts(pdf)[0]
    assert word not in text
    assert word in "".join(text.split())
    look(pdf, data)


@pytest.mark.parametrize(
    "text", ['#read("/etc/hostname")', "*x* _y_ $z$", "= x // y", "#panic()", "<b>&amp;</b>", "\\u{41}"]
)
def test_data_is_never_taken_for_markup(press: Renderer, text: str) -> None:
    data = sample()
    data["owners"][0]["name"] = text
    pdf = issue(press, data)
    assert "".join(text.split()) in "".join(page_texts(pdf)[0].split())


def test_a_seal_too_long_for_its_place_is_refused_and_every_other_fits() -> None:
    assert qr_svg("KC1:" + "A" * 500)[1] <= MAX_QR_DOTS
    with pytest.raises(QrTooBigError):
        qr_svg("KC1:" + "A" * 900)
