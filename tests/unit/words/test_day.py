"""The paper of a closed day: every count, every sum, and what differs or is not known in words; it fits the paper."""

from itertools import combinations

import msgspec
import pytest

from drivers.contract import ReceiptLine
from kiosk.words.day import DayCount, DayFacts, day_summary, verdict
from kiosk.words.words import LANGUAGES, load
from tests.unit.words.test_receipt import COLUMNS, columns, text

SUMS = {"taken": 98_300, "card": 2_000, "fee": 61_000, "paid": 37_300, "claims": 400, "surplus": 0}
WHATS = ("coins-in", "notes", "coins-out", "sheets", "retracts")
AGREED = DayFacts(
    number=412,
    since="2026-11-24 02:00",
    until="2026-11-25 02:00",
    site="63시티 지하 1층 로비",
    machine="63-1",
    orders=57,
    counts=tuple(DayCount(what, 1_213, 1_213) for what in WHATS),
    sums=SUMS,
    open_claims=1_600,
)


def paper(facts: DayFacts, lang: str) -> tuple[ReceiptLine, ...]:
    return day_summary(facts, load(lang))


def with_count(count: DayCount) -> DayFacts:
    return msgspec.structs.replace(AGREED, counts=(*AGREED.counts[:-1], count))


def test_a_day_that_agrees_says_so_and_gives_each_count_once() -> None:
    said = text(paper(AGREED, "ko"))
    assert "장부와 기기가 같습니다." in said
    assert said.count("1,213") == len(WHATS)
    assert said.count("1,213, 같음") == len(WHATS)
    assert "들어온 현금 98,300원" in said
    assert "마감 번호 412" in said


@pytest.mark.parametrize(("counted", "apart"), [(1_214, "+1"), (1_211, "-2")])
def test_a_difference_is_printed_with_both_counts_and_is_not_evened_out(counted: int, apart: str) -> None:
    said = text(paper(with_count(DayCount("retracts", 1_213, counted)), "ko"))
    assert f"거둔 증명서 {apart}" in said
    assert f"장부 1,213, 기기 {counted:,}" in said
    assert "장부와 기기가 다릅니다. 확인해 주세요." in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("why", ["silent", "replaced"])
def test_what_was_not_counted_is_no_difference_and_agrees_with_nothing(lang: str, why: str) -> None:
    said, words = text(paper(with_count(DayCount("sheets", 88, None, why)), lang)), load(lang)
    assert words.say(f"day.why.{why}") in said
    assert words.say("day.one.uncounted") in said
    assert words.say("day.uncounted") in said
    assert words.say("day.agrees") not in said
    assert words.say("day.differs") not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_first_count_agrees_with_nothing_yet(lang: str) -> None:
    said, words = text(paper(with_count(DayCount("sheets", 88, None, "first")), lang)), load(lang)
    assert words.say("day.begins") in said
    assert words.say("day.agrees") not in said


COUNTS = {
    "agrees": DayCount("sheets", 3, 3),
    "differs": DayCount("sheets", 3, 4),
    "uncounted": DayCount("sheets", 3, None, "silent"),
    "begins": DayCount("sheets", 3, None, "first"),
    "stray": DayCount("sheets", 3, 3, nobodys=1),
}


@pytest.mark.parametrize("kinds", [kinds for n in range(1, 4) for kinds in combinations(COUNTS, n)])
def test_all_are_said_to_agree_only_where_each_does(kinds: tuple[str, ...]) -> None:
    said = verdict(tuple(COUNTS[kind] for kind in kinds))
    others = {kind for kind in kinds if kind != "agrees"}
    assert set(said) == (others or {"agrees"})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_fits_the_paper_also_after_a_year(lang: str) -> None:
    big = msgspec.structs.replace(
        AGREED,
        sums=dict.fromkeys(SUMS, 123_456_700),
        counts=tuple(DayCount(what, 1_234_567, 7_654_321) for what in WHATS),
        open_claims=123_456_700,
    )
    for facts in (
        big,
        *(with_count(DayCount("retracts", 1_234_567, None, why)) for why in ("silent", "first")),
    ):
        assert [line for line in paper(facts, lang) if columns(line) > COLUMNS] == []


def test_what_belongs_to_nobody_is_said_also_where_the_counts_agree() -> None:
    said = text(paper(with_count(DayCount("retracts", 1, 1, nobodys=1)), "ko"))
    assert "그중 주인 없는 것 1" in said
    assert "주인 없는 것이 있습니다. 확인해 주세요." in said
