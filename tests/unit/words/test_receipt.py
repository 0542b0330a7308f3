"""The paper: every won of the order, and nothing about a person or a parcel."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import ReceiptLine
from kiosk.words.receipt import ReceiptFacts, ReceiptItem, receipt
from kiosk.words.words import LANGUAGES, load

FACTS = ReceiptFacts(
    order="01KB3X7Q9M5T",
    at="2026-11-23 14:32",
    site="63빌딩 1층",
    machine="YDP-01",
    help_phone="02-2670-3114",
    items=(ReceiptItem("토지대장", copies=2, delivered=2, sheets=1, fee_each=500),),
    inserted=1_500,
    kept=1_000,
    returned=500,
)
# Font A of an 80 mm receipt; a Hangul takes two columns.
COLUMNS = 48


def text(lines: tuple[ReceiptLine, ...]) -> str:
    return "\n".join(f"{line.text} {line.right}".strip() for line in lines)


def columns(line: ReceiptLine) -> int:
    return sum(2 if ord(sign) > 0xFF else 1 for sign in line.text + line.right) * line.size


def test_a_receipt_says_what_was_issued_and_where_the_money_is() -> None:
    paper = text(receipt(FACTS, load("ko")))
    assert "영수증" in paper
    assert "토지대장 2부 1,000원" in paper
    assert "받은 요금 1,000원" in paper
    assert "넣으신 돈 (현금) 1,500원" in paper
    assert "돌려드린 돈 500원" in paper
    assert "01KB3X7Q9M5T" in paper
    assert "돈 찾는" not in paper


def test_what_was_waived_is_on_the_paper_and_the_reason_is_not() -> None:
    free = ReceiptItem("주민등록표 등본", copies=1, delivered=1, sheets=1, fee_each=0, waived=True)
    paper = text(receipt(msgspec.structs.replace(FACTS, items=(*FACTS.items, free)), load("ko")))
    assert "주민등록표 등본 1부 0원\n한 부 1장, 요금 면제" in paper
    assert "수급" not in paper


def test_a_copy_that_was_not_handed_over_is_on_the_paper_without_a_fee() -> None:
    item = ReceiptItem("토지대장", copies=2, delivered=1, sheets=1, fee_each=500)
    paper = text(receipt(msgspec.structs.replace(FACTS, items=(item,), kept=500, returned=1_000), load("ko")))
    assert "토지대장 1부 500원" in paper
    assert "토지대장 1부 발급 안 됨" in paper


def test_money_that_is_owed_makes_it_a_refund_slip_with_the_number_large() -> None:
    facts = msgspec.structs.replace(FACTS, returned=200, claim=300, claim_code="7Q9M5T")
    lines = receipt(facts, load("ko"))
    assert lines[0].text == "돈 찾는 표"
    assert any(line.text == "7Q9M5T" and line.size == 2 for line in lines)
    assert "나중에 돌려드릴 돈 300원" in text(lines)
    assert "02-2670-3114" in text(lines)


def test_what_is_being_looked_into_is_said_without_a_sum() -> None:
    facts = msgspec.structs.replace(FACTS, disputed=True)
    lines = receipt(facts, load("ko"))
    assert "나중에 돌려드릴 돈 확인하는 중" in text(lines)
    assert "돈 찾는 번호" not in text(lines)


@pytest.mark.parametrize("lang", LANGUAGES)
@given(sums=st.tuples(*[st.integers(0, 99_900)] * 4), delivered=st.integers(0, 5))
def test_every_line_fits_the_paper(lang: str, sums: tuple[int, int, int, int], delivered: int) -> None:
    inserted, kept, returned, claim = sums
    item = ReceiptItem(
        "Forest Land Register" if lang == "en" else "개별공시지가 확인서",
        5,
        delivered,
        sheets=50,
        fee_each=10_000,
    )
    facts = msgspec.structs.replace(
        FACTS,
        items=(item,),
        inserted=inserted,
        kept=kept,
        returned=returned,
        claim=claim,
        claim_code="7Q9M5T",
    )
    for line in receipt(facts, load(lang)):
        assert columns(line) <= COLUMNS, line
