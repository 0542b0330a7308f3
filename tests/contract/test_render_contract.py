"""What leaves the typesetter is what was asked for, and whatever is not never reaches paper."""

import io
import re
import shutil
import tomllib
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.apps.look import differences, looks_of
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.fields import value_at
from kiosk.protocol.seal import content_prefix, make_seal
from kiosk.worker.faces import CERTIFICATE_FACES
from kiosk.worker.ground import void_ground
from kiosk.worker.marks import DOT_PT, MAX_QR_DOTS, QrTooBigError, band_svg, qr_svg
from kiosk.worker.read_back import expected_of, opened, page_texts, read_back, sheets_of, spaced
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.sample import render_sample
from kiosk.worker.screens import HEIGHT, WIDTH
from kiosk.worker.templates import Template, TemplateError, load_templates
from tests.authority import FORMS, KID, payload_for, sample, seal_for

TEMPLATES = load_templates()
LAND = TEMPLATES["land/1"]
LONG = sample("land/sample_long.json")
HOUSEHOLD = TEMPLATES["resident-household/1"]
FAMILY = sample("resident-household/sample.json")
LEAST = sample("resident-household/sample_least.json")
NINE = sample("resident-household/sample_long.json")
Edit = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


def issue(press: Renderer, data: dict[str, Any], pages: int = 1, **other: Any) -> bytes:
    return press.render(
        RenderJob(
            "land/1", data, payload_for(data, pages=pages, **other), seal_for(data, pages=pages, **other)
        )
    )


def look(pdf: bytes, data: dict[str, Any], pages: int = 1, template: Template = LAND) -> None:
    read_back(pdf, expected_of(template, data, payload_for(data, pages=pages), seal_for(data, pages=pages)))


def refusal(pdf: bytes, data: dict[str, Any], pages: int = 1) -> WorkError:
    with pytest.raises(WorkError) as refused:
        look(pdf, data, pages)
    return refused.value


def with_form(tmp_path: Path, *edits: tuple[str, str, str]) -> Path:
    """A copy of the forms in which a file's text is replaced."""
    root = tmp_path / "forms"
    shutil.copytree(FORMS, root)
    for name, old, new in edits:
        text = (root / name).read_text("utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), "utf-8")
    return root


def set_with(root: Path, data: dict[str, Any]) -> bytes:
    payload = payload_for(data)
    return Renderer(load_templates(root), root).render(RenderJob("land/1", data, payload, seal_for(data)))


# --- what it looks like ---


SAMPLES = sorted((file.parent.name, file.stem) for file in FORMS.glob("*/sample*.json"))


@cache
def set_sample(code: str, name: str) -> bytes:
    return render_sample(code, sample(f"{code}/{name}.json"))


@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_a_form_with_its_sample_reads_as_expected_word_for_word(code: str, name: str) -> None:
    expected = tomllib.loads((FORMS / code / "expected.toml").read_text("utf-8"))[name]
    texts = page_texts(set_sample(code, name))
    assert len(texts) == expected["sheets"]
    assert [spaced(text) for text in texts] == [spaced(text) for text in expected["pages"]]


@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_a_form_with_its_sample_looks_as_expected(code: str, name: str) -> None:
    expected = tomllib.loads((FORMS / code / "expected.toml").read_text("utf-8"))[name]
    assert "look" in expected, f"`kiosk template expect {code}` writes down what the pages look like"
    looks = looks_of(set_sample(code, name))
    assert len(looks) == len(expected["look"])
    assert not [
        differences(*pages) for pages in zip(looks, expected["look"], strict=True) if differences(*pages)
    ]


@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_every_sample_of_every_form_reads_back(press: Renderer, code: str, name: str) -> None:
    data = sample(f"{code}/{name}.json")
    form = max((one for one in TEMPLATES.values() if one.code == code), key=lambda one: one.version)
    pages = sheets_of(press.render(RenderJob(form.id, data)))
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
    assert issue(press, LONG, 3) == issue(Renderer(load_templates()), LONG, 3)


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
    raw = zlib.decompress(void_ground())
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


# --- the household ---


def household(press: Renderer, data: dict[str, Any], pages: int, **other: Any) -> bytes:
    payload = payload_for(data, "resident-household", pages, **other)
    seal = seal_for(data, "resident-household", pages, **other)
    return press.render(RenderJob(HOUSEHOLD.id, data, payload, seal))


def look_at_household(pdf: bytes, data: dict[str, Any], pages: int) -> None:
    payload = payload_for(data, "resident-household", pages)
    read_back(pdf, expected_of(HOUSEHOLD, data, payload, seal_for(data, "resident-household", pages)))


def sheets_of_household(press: Renderer, data: dict[str, Any]) -> int:
    return sheets_of(press.render(RenderJob(HOUSEHOLD.id, data)))


def named(name: str, hanja: str = "") -> dict[str, Any]:
    """The family with another name for its head, who applies."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(FAMILY))
    data["head"] = data["requester"] = data["members"][0]["name"] = name
    data["members"][0]["name_hanja"] = hanja
    return data


@pytest.mark.parametrize(
    ("data", "pages"), [(FAMILY, 1), (LEAST, 1), (NINE, 2)], ids=["family", "least", "nine"]
)
def test_a_household_reads_back_and_its_draft_has_as_many_sheets(
    press: Renderer, data: dict[str, Any], pages: int
) -> None:
    assert sheets_of_household(press, data) == pages
    look_at_household(household(press, data, pages), data, pages)


@pytest.mark.parametrize(
    ("name", "hanja"),
    [
        ("남궁하늘빛누리한가람슬기로운온누리새벽별빛따라걷는아름다운나라해솔한울미르봄여름", "南宮"),
        ("NGUYEN THI PHUONG THAO ELISABETH MARGARETA", ""),
        ("W" * 50, ""),
        ("김䬈례", "金䬈㖀"),
        ("김가", "\uf90a家"),
    ],
    ids=["forty", "words", "widest", "rare", "compatibility"],
)
def test_any_name_that_a_register_holds_stays_inside_the_margins_and_reads_back(
    press: Renderer, name: str, hanja: str
) -> None:
    data = named(name, hanja)
    pdf = household(press, data, 1)
    look_at_household(pdf, data, 1)
    with opened(pdf) as document:
        content = document[0].get_textpage()
        edges = [content.get_rect(index) for index in range(content.count_rects())]
    margin = 354 * DOT_PT
    assert all(left >= margin - 1 and right <= WIDTH * DOT_PT - margin + 1 for left, _, right, _ in edges)


def test_the_largest_household_that_the_form_takes_reads_back(press: Renderer) -> None:
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(NINE))
    relative = data["members"][-1]
    data["members"] += [{**relative, "no": str(no), "name": f"남궁봄{no}"} for no in range(10, 41)]
    data["past_addresses"] = data["past_addresses"] * 6
    data["cohabitants"] = [{**data["cohabitants"][0], "no": str(no)} for no in range(1, 41)]
    pages = sheets_of_household(press, data)
    assert 4 <= pages <= HOUSEHOLD.max_sheets
    look_at_household(household(press, data, pages), data, pages)


def test_what_was_not_asked_for_is_said_to_be_left_out(press: Renderer) -> None:
    [page] = page_texts(household(press, LEAST, 1))
    assert "신청에 따라 생략한 항목: 과거의 주소 변동 내역, 세대 구성 사유 및 일자" in spaced(page)
    [page] = page_texts(household(press, FAMILY, 1))
    assert spaced(page).count("생략한 항목: 주민등록번호 뒷자리, 동거인") == 1


def test_nothing_to_list_is_told_from_nothing_asked_for(press: Renderer) -> None:
    data = {**FAMILY, "past_addresses": [], "options": {**FAMILY["options"], "cohabitants": "yes"}}
    [page] = page_texts(household(press, data, 1))
    assert page.count("해당 사항 없음") == 2


def test_no_word_of_an_ordinary_household_is_broken_across_lines(press: Renderer) -> None:
    lines = [line.split() for text in page_texts(household(press, NINE, 2)) for line in text.splitlines()]
    standing = {word for line in lines for word in line}
    for past in NINE["past_addresses"]:
        assert set(past["address"].split()) <= standing


def test_the_seal_and_the_files_description_hold_no_resident_number(press: Renderer) -> None:
    payload = payload_for(NINE, "resident-household", 2)
    assert payload.subject == ("남궁재현", "520314-1")
    with pikepdf.open(io.BytesIO(household(press, NINE, 2))) as pdf:
        described = str(pdf.docinfo) + pdf.Root.Metadata.read_bytes().decode()
    assert "남궁" not in described
    assert "520314" not in described


def test_the_second_sheet_of_another_household_is_found(press: Renderer) -> None:
    other: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(NINE))
    other["cohabitants"][0]["name"] = "다른이"
    foreign = pikepdf.open(io.BytesIO(household(press, other, 2)))

    def swap(document: pikepdf.Pdf) -> None:
        document.pages[1] = foreign.pages[1]

    with foreign, pytest.raises(WorkError) as refused:
        look_at_household(edited(household(press, NINE, 2), swap), NINE, 2)
    assert refused.value.detail == "page 2 lacks its content check"


def test_a_form_that_swaps_two_fields_of_a_person_is_found(tmp_path: Path) -> None:
    swapped = ("resident-household/form.typ", "값(이.resident_number, 10", "값(이.relation, 10")
    root = with_form(tmp_path, swapped)
    pdf = household(Renderer(load_templates(root), root), FAMILY, 1)
    with pytest.raises(WorkError, match="a value of the data is not on the page"):
        look_at_household(pdf, FAMILY, 1)


# --- planted faults ---


def edited(pdf: bytes, edit: Edit) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        edit(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def test_another_persons_second_page_is_found(press: Renderer) -> None:
    other = msgspec.json.decode(msgspec.json.encode(LONG))
    other["owners"][12]["name"] = "다른사람"
    foreign = pikepdf.open(io.BytesIO(issue(press, other, 3, number="9999888877776666")))

    def swap(document: pikepdf.Pdf) -> None:
        document.pages[1] = foreign.pages[1]

    with foreign:
        assert refusal(edited(issue(press, LONG, 3), swap), LONG, 3).code == Code.READ_BACK_FAILED


def test_a_page_of_the_same_number_but_other_data_is_found(press: Renderer) -> None:
    other = msgspec.json.decode(msgspec.json.encode(LONG))
    other["owners"][12]["name"] = "다른사람"
    foreign = pikepdf.open(io.BytesIO(issue(press, other, 3)))

    def swap(document: pikepdf.Pdf) -> None:
        document.pages[1] = foreign.pages[1]

    with foreign:
        refused = refusal(edited(issue(press, LONG, 3), swap), LONG, 3)
    assert "page 2 lacks its content check" in refused.detail


@pytest.mark.parametrize(
    "edit",
    [
        lambda pdf: pdf.pages.__delitem__(2),
        lambda pdf: pdf.pages.append(pdf.pages[0]),
        lambda pdf: pdf.pages.reverse(),
    ],
    ids=["lost", "doubled", "reversed"],
)
def test_pages_lost_doubled_or_out_of_order_are_found(press: Renderer, edit: Edit) -> None:
    assert refusal(edited(issue(press, LONG, 3), edit), LONG, 3).code == Code.READ_BACK_FAILED


def test_another_number_is_found(press: Renderer) -> None:
    pdf = issue(press, sample(), number="1111222233334444")
    assert "number" in refusal(pdf, sample()).detail


def test_the_seal_of_another_document_is_found(press: Renderer) -> None:
    data = sample()
    pdf = press.render(
        RenderJob("land/1", data, payload_for(data), seal_for(data, number="1111222233334444"))
    )
    assert "QR" in refusal(pdf, data).detail


def test_a_form_that_prints_one_field_in_the_place_of_another_is_found(tmp_path: Path) -> None:
    root = with_form(tmp_path, ("_common/대장.typ", "칸(소유자.name, 9),", "칸(소유자.reg_no, 9),"))
    assert refusal(set_with(root, sample()), sample()).detail == "a value of the data is not on the page"


def test_a_form_that_prints_something_of_its_own_is_found(tmp_path: Path) -> None:
    root = with_form(tmp_path, ("land/form.typ", "#대장", "#대장\n홍길동 900101-1234567"))
    data = sample()
    pdf = set_with(root, data)
    with opened(pdf) as document:
        pages = len(document)
    expected = expected_of(LAND, data, payload_for(data, pages=pages), seal_for(data))
    with pytest.raises(WorkError):
        read_back(pdf, expected)


def test_text_past_the_edge_of_the_page_is_found(tmp_path: Path) -> None:
    long_word = "A" * 60
    broken = ("_common/서식.typ", "else { 긴낱말(낱말, 폭) }", "else { box(낱말) }")
    root = with_form(tmp_path, broken, ("land/type.toml", "reg_no = 14", "reg_no = 60"))
    data = sample()
    data["owners"][0]["reg_no"] = long_word
    assert refusal(set_with(root, data), data).code == Code.OVERFLOW


def test_a_character_that_no_font_has_is_refused_by_name_of_the_fault_only(press: Renderer) -> None:
    data = sample()
    data["owners"][0]["name"] = "\U0002a70e㐂"
    with pytest.raises(WorkError) as refused:
        press.render(RenderJob("land/1", data))
    assert refused.value.code == Code.TEXT_UNPRINTABLE
    assert "㐂" not in str(refused.value)


def test_a_form_of_another_version_is_not_used(press: Renderer) -> None:
    with pytest.raises(WorkError) as refused:
        press.render(RenderJob("land/2", sample()))
    assert refused.value.code == Code.TEMPLATE_UNKNOWN


def test_an_office_without_a_seal_here_gets_no_document(press: Renderer) -> None:
    data = {**sample(), "office": "부산광역시 해운대구청장"}
    with pytest.raises(WorkError) as refused:
        issue(press, data)
    assert refused.value.code == Code.TEMPLATE_UNKNOWN


@pytest.mark.parametrize(
    "fault",
    [
        '#import "@preview/example:0.1.0": add',
        '#read("/etc/hostname")',
        '#read("../../etc/hostname")',
        "#while true {}",
        "#missing",
        '#set text(font: "No Such Font")',
    ],
)
def test_a_hostile_or_broken_form_is_a_template_fault(tmp_path: Path, fault: str) -> None:
    root = with_form(tmp_path, ("land/form.typ", "#대장", f"{fault}\n#대장"))
    with pytest.raises(WorkError) as refused:
        set_with(root, sample())
    assert refused.value.code == Code.TEMPLATE_FAULT


def test_a_link_among_the_forms_is_refused(tmp_path: Path) -> None:
    root = with_form(tmp_path)
    (root / "land" / "form.typ").unlink()
    (root / "land" / "form.typ").symlink_to("/etc/hostname")
    with pytest.raises(TemplateError, match="regular file"):
        load_templates(root)


def test_a_form_without_a_field_list_says_which_file_is_wrong(tmp_path: Path) -> None:
    root = with_form(tmp_path, ("land/type.toml", "max_sheets = 20", "max_sheets = 'many'"))
    with pytest.raises(TemplateError, match=r"land/type\.toml.*max_sheets"):
        load_templates(root)


def test_missing_fonts_say_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="fonts-noto-cjk"):
        Renderer(TEMPLATES, faces=CERTIFICATE_FACES._replace(folder=tmp_path))


def test_what_is_no_pdf_does_not_read_back() -> None:
    assert refusal(b"%PDF-1.7 nothing", sample()).code == Code.READ_BACK_FAILED
