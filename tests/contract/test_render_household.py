"""The household's certificate, whoever lives there: it reads back, and another household's page in it is found."""

import io
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest

from kiosk.worker.marks import DOT_PT
from kiosk.worker.occurrences import spaced
from kiosk.worker.read_back import expected_of, opened, page_texts, read_back, sheets_of
from kiosk.worker.refusals import WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.screens import WIDTH
from kiosk.worker.templates import load_templates
from tests.authority import TEMPLATES, payload_for, sample, seal_for
from tests.contract.papers import edited, with_form

HOUSEHOLD = TEMPLATES["resident-household/1"]
FAMILY = sample("resident-household/sample.json")
LEAST = sample("resident-household/sample_least.json")
NINE = sample("resident-household/sample_long.json")


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


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
