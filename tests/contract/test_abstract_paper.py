"""Whatever the register holds of a life stands on the abstract's sheets, inside the margins, and reads back."""

from typing import Any

import msgspec
import pytest

from kiosk.protocol.canonical import content_hash
from kiosk.protocol.fields import value_at
from kiosk.protocol.seal import content_prefix
from kiosk.worker.marks import DOT_PT
from kiosk.worker.read_back import expected_of, opened, read_back, sheets_of
from kiosk.worker.render import Renderer, RenderJob
from tests.authority import TEMPLATES, payload_for, sample, seal_for

FORM = TEMPLATES["resident-abstract/1"]
SHORT, LONG = (sample(f"resident-abstract/{name}.json") for name in ("sample", "sample_long"))
MARGIN, WIDTH = 354 * DOT_PT, 4960 * DOT_PT


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer({FORM.id: FORM})


def looked_at(press: Renderer, data: dict[str, Any]) -> int:
    """The number of sheets, once they are read back and nothing lies past the margins."""
    pages = sheets_of(press.render(RenderJob(FORM.id, data)))
    about = tuple(value_at(data, path) or "" for path in FORM.subject)
    facts = {"subject": about, "content": content_prefix(content_hash(data)), "template": FORM.id}
    payload = payload_for(sample(), FORM.code, pages, **facts)
    seal = seal_for(sample(), FORM.code, pages, **facts)
    pdf = press.render(RenderJob(FORM.id, data, payload, seal))
    read_back(pdf, expected_of(FORM, data, payload, seal))
    with opened(pdf) as document:
        for page in document:
            content = page.get_textpage()
            edges = [content.get_rect(index) for index in range(content.count_rects())]
            assert all(left >= MARGIN - 1 and right <= WIDTH - MARGIN + 1 for left, _, right, _ in edges)
    return pages


def copied(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(data))
    return found


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
def test_any_name_of_oneself_and_of_the_heads_fits(press: Renderer, name: str, hanja: str) -> None:
    data = {**copied(SHORT), "name": name, "name_hanja": hanja, "head": name}
    for place in data["past_addresses"]:
        place["head"] = name
    assert looked_at(press, data) == 1


def test_the_longest_life_that_the_form_takes_fits(press: Renderer) -> None:
    data = copied(LONG)
    places = data["past_addresses"]
    rows = [places[index % len(places)] for index in range(FORM.lists["past_addresses"]["most"])]
    data["past_addresses"] = [
        {**row, "no": str(no), "head": "W" * 50, "address": "가" * 120, "relation": "관" * 20}
        for no, row in enumerate(rows, 1)
    ]
    assert 6 <= looked_at(press, data) <= FORM.max_sheets
