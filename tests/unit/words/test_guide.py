"""The slip for the counter: where to go and what with, and nothing about who asked or why it was refused."""

import msgspec
import pytest

from kiosk.words.guide import GuideFacts, guide
from kiosk.words.refusals import REFUSALS
from kiosk.words.words import LANGUAGES, load
from tests.unit.words.test_receipt import COLUMNS, columns, text

FACTS = GuideFacts(
    certificate="주민등록표 등본",
    register="resident",
    personal=True,
    code="record-moving",
    at="2026-11-25 14:32",
    site="63빌딩 1층",
    machine="YDP-01",
    help_phone="02-2670-3114",
)


def test_it_says_what_where_and_what_with() -> None:
    paper = text(guide(FACTS, load("ko")))
    assert "주민등록표 등본" in paper
    assert "가실 곳 주민센터 창구" in paper
    assert "가져가실 것 본인 신분증" in paper
    assert "안내 번호 19" in paper


def test_a_parcels_paper_is_had_at_the_district_office_by_anybody() -> None:
    paper = text(
        guide(
            msgspec.structs.replace(FACTS, certificate="토지대장", register="land", personal=False),
            load("ko"),
        )
    )
    assert "가실 곳 구청 민원실" in paper
    assert "신분증" not in paper


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", [code for code, row in REFUSALS.items() if row.at_the_counter])
def test_whoever_finds_it_does_not_learn_why(code: str, lang: str) -> None:
    words = load(lang)
    paper = text(guide(msgspec.structs.replace(FACTS, code=code), words))
    assert words.say(f"refusal.{code}.title") not in paper
    assert words.say(f"refusal.{code}.what") not in paper
    assert str(REFUSALS[code].number) in paper


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("register", ["resident", "land"])
def test_every_line_fits_the_paper(lang: str, register: str) -> None:
    facts = msgspec.structs.replace(
        FACTS, certificate="Resident Registration, Household Copy", register=register
    )
    for line in guide(facts, load(lang)):
        assert columns(line) <= COLUMNS, line
