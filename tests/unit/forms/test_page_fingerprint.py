"""A page that looks otherwise is noticed, and one that is merely drawn again is not."""

import shutil
from pathlib import Path

import pytest

from kiosk.forms.page_fingerprint import COLUMNS, ROWS, differences, looks_of
from kiosk.worker.sample import render_sample
from tests.authority import FORMS

TYPE = "livelihood"
CHANGES = {
    "a-table-1-mm-lower": ("_common/증명.typ", "v(24pt)", "v(27pt)"),
    "no-official-seal": ("_common/서식.typ", "h(10pt) + 관인(74pt)", "h(10pt)"),
    "no-verification-code": ("_common/서식.typ", "      진위표시,", "      [],"),
    "another-font": ("_common/서식.typ", '("Noto Sans CJK KR",)', '("Noto Serif CJK KR",)'),
    "another-font-of-the-title": (
        "_common/증명.typ",
        "#let 큰제목 = align(center, text(\n  font: 명조",
        "#let 큰제목 = align(center, text(\n  font: 고딕",
    ),
    "a-heading-no-longer-bold": ("_common/증명.typ", 'size: 9pt, weight: "bold", 줄', "size: 9pt, 줄"),
    "thinner-frames": ("_common/서식.typ", "굵은선 = 1.2pt", "굵은선 = 0.6pt"),
    "no-guilloche": (
        "_common/서식.typ",
        "v(3pt)\n  block(height: 11pt, width: 100%, 무늬띠(11pt))",
        "v(14pt)",
    ),
}


@pytest.fixture(scope="module")
def page() -> bytes:
    return render_sample(TYPE)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_form_looks_otherwise(page: bytes, tmp_path: Path, change: tuple[str, str, str]) -> None:
    name, old, new = change
    forms = tmp_path / "forms"
    shutil.copytree(FORMS, forms)
    text = (forms / name).read_text("utf-8")
    assert old in text
    (forms / name).write_text(text.replace(old, new), "utf-8")
    [before], [now] = looks_of(page), looks_of(render_sample(TYPE, root=forms))
    assert differences(now, before)


@pytest.mark.parametrize("dpi", [140, 149, 160])
def test_a_page_drawn_with_other_dots_looks_the_same(page: bytes, dpi: int) -> None:
    [before], [now] = looks_of(page), looks_of(page, dpi)
    assert now != before
    assert differences(now, before) == []


def test_a_difference_is_told_by_its_place(page: bytes) -> None:
    [look] = looks_of(page)
    middle = ROWS // 2 * COLUMNS + COLUMNS // 2
    lacking = look[:middle] + "0" + look[middle + 1 :]
    darker = look[:middle] + "/" + look[middle + 1 :]
    assert differences(darker, lacking) == ["109 mm from the left, 153 mm from the top: darker"]
    assert differences(lacking, darker) == ["109 mm from the left, 153 mm from the top: lighter"]


def test_a_look_that_was_never_written_down_is_no_match(page: bytes) -> None:
    [look] = looks_of(page)
    assert differences(look, "")
