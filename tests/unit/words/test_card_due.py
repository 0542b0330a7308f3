"""The paper of a payment that is being looked up: plain words, no promise that is not kept, nothing about a person."""

import msgspec
import pytest

from kiosk.words.card_due import CardDueFacts, card_due
from kiosk.words.words import LANGUAGES, load
from tests.unit.words.test_receipt import COLUMNS, columns, text

GIVEN = CardDueFacts(
    "01KB3X7Q9M5T", "2026-11-23 14:32", "63빌딩 1층", "YDP-01", "02-2670-3114", 1_000, kept=500
)
NOTHING = msgspec.structs.replace(GIVEN, kept=0)


def test_who_has_the_paper_is_told_what_alone_will_be_charged() -> None:
    paper = text(card_due(GIVEN, load("ko")))
    for said in (
        "카드 결제 확인 중",
        "결제기에 요청한 금액 1,000원",
        "드린 증명서의 요금 500원",
        "드린 증명서의 요금만 청구되고",
        "따로 하실 일은 없습니다.",
        "02-2670-3114",
    ):
        assert said in paper
    assert "영수증" not in paper, "it is none yet"


def test_who_has_none_is_told_that_nothing_will_be() -> None:
    paper = text(card_due(NOTHING, load("en")))
    assert "You were given none and are not charged." in paper
    assert "charged only" not in paper


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("facts", [GIVEN, NOTHING])
def test_every_line_fits_the_paper(lang: str, facts: CardDueFacts) -> None:
    assert all(columns(line) <= COLUMNS for line in card_due(facts, load(lang)))
