"""The page with the seal says something of what is sealed: it never has the closing sentence alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.worker.read_back import page_texts
from kiosk.worker.render import Renderer
from kiosk.worker.templates import DEFAULT_ROOT, load_templates
from kiosk.worker.typesetter import sample_job
from tests.slices import strides

FORMS = {form.code: form for form in load_templates().values()}
# What is below has nothing after it: these words end every list.
ENDS = "이하 여백"


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer({form.id: form for form in FORMS.values()})


def long_sample(code: str) -> dict[str, Any]:
    file: Path = DEFAULT_ROOT / code / "sample_long.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


@strides(3, pytest.mark.forms)
@pytest.mark.parametrize(
    ("code", "rows", "most"),
    [
        ("disability", "disabilities", 15),
        ("building", "owners", 50),
        ("adoption", "all_entries", 13),
        ("real-estate-registry", "charged", 30),
        ("site-right", "owners", 30),
    ],
)
def test_however_long_a_list_is_its_end_stands_on_the_page_with_the_seal(
    press: Renderer, code: str, rows: str, most: int, by: int
) -> None:
    data = long_sample(code)
    counts = range(most, max(0, most - 18), -by)
    pages = [
        page_texts(press.render(sample_job(FORMS[code], {**data, rows: data[rows][:count]})))
        for count in counts
    ]
    assert len({len(texts) for texts in pages}) > 1, "one of them fits on fewer pages"
    for texts in pages:
        assert ENDS in texts[-1]
        assert FORMS[code].words["ko"]["certifies"].split("\n")[0] in texts[-1]


def test_a_list_that_goes_on_overleaf_has_its_names_there_too(press: Renderer) -> None:
    data, words = long_sample("disability"), FORMS["disability"].words["ko"]
    first, last = page_texts(press.render(sample_job(FORMS["disability"], data)))
    for text in (first, last):
        assert words["disabilities"] in text
        assert words["decided"] in text
    assert last.count(data["disabilities"][-1]["kind"]) == 1
