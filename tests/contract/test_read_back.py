"""What is not what was asked for never reaches paper: every planted fault is found when the page is read back."""

import io
from pathlib import Path

import msgspec
import pikepdf
import pytest

from kiosk.worker.faces import CERTIFICATE_FACES
from kiosk.worker.read_back import expected_of, opened, read_back
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import TemplateError, load_templates
from tests.authority import TEMPLATES, payload_for, sample, seal_for
from tests.contract.papers import LAND, LONG, Edit, edited, issue, refusal, set_with, with_form


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


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
