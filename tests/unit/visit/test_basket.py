"""Several certificates in one payment: set aside, identified once, drafted together, taken out again."""

import msgspec
import pytest

from kiosk.health.cash import CashLevels
from kiosk.protocol.identity import AskedLine
from kiosk.protocol.screen import Row, ScreenName
from kiosk.visit.basket import MOST_LINES
from kiosk.visit.effects import CloseCard, EndVisit, Identify, OpenCard, OpenOrder, OrderLine, RequestDraft
from kiosk.visit.events import (
    CardIn,
    CardOut,
    CardReady,
    DraftCame,
    DraftFailed,
    Entered,
    HealthChanged,
    HolderKnown,
    OrderRefused,
    WorkerReady,
)
from kiosk.visit.items import Entry
from kiosk.visit.order_view import Phase
from kiosk.visit.patience import DRAFT_MS, IDLE_MS, WARNING_MS
from kiosk.visit.screens import Check, Choose, InsertCard, Issuing, Options, Pay, Preparing, Question, Trouble
from kiosk.visit.state import Remove, first
from tests.unit.visit.walk import CASH, Walk, by_card, ready

HOUSEHOLD = "resident-household"
MINE = {o.code: o.default for kind in by_card().types if kind.code == HOUSEHOLD for o in kind.option}
KEY, INFO = b"k" * 32, b"info"


def started(cash: CashLevels = CASH) -> Walk:
    walk = Walk(first(by_card()))
    walk.hear(HealthChanged(ready(cash, of=by_card())))
    walk.press("start")
    walk.hear(WorkerReady())
    return walk


def choose_household(walk: Walk) -> Walk:
    walk.press(f"type:{HOUSEHOLD}")
    return walk


def choose_lot(walk: Walk, digit: str = "6") -> Walk:
    walk.press("type:land", "area:1", f"key:{digit}", "next")
    return walk


def identify(walk: Walk, name: str = "홍*동", subject: str = "a pseudonym") -> list[object]:
    """The card that is waited for comes in, and central names its holder."""
    walk.hear(CardIn("Reader 0", walk.state.number + len(walk.effects)))
    walk.hear(CardReady(3, KEY, INFO))
    [signed] = walk.hear(Entered("enter", b"sealed"))
    assert isinstance(signed, Identify)
    said = walk.hear(HolderKnown(name, subject))
    walk.hear(CardOut())
    return [signed, *said]


def with_both() -> Walk:
    """A household set aside, a lot at hand, both on their way to the check screen."""
    walk = choose_household(started())
    walk.press("add")
    choose_lot(walk).press("next")
    return walk


def at_check_of_two() -> Walk:
    walk = with_both()
    identify(walk)
    walk.hear(DraftCame(1, 2, 200))
    walk.hear(DraftCame(2, 1, 500))
    assert isinstance(walk.screen, Check)
    return walk


# --- the usual story --------------------------------------------------------------------------------------------------


def test_a_household_and_a_lot_are_identified_once_and_paid_together() -> None:
    walk = choose_household(started())
    assert walk.press("add") == []
    assert walk.screen == Choose()
    assert walk.snapshot.title == "더 필요한 증명서가 있으십니까?"
    assert walk.snapshot.rows == (Row("주민등록표 등본", "1부"),)
    assert choose_lot(walk).press("next") == []
    assert isinstance(walk.screen, InsertCard)
    assert [row.value for row in walk.snapshot.rows] == ["주민등록표 등본"]
    signed, closed, *asked = identify(walk)
    assert signed == Identify((AskedLine(1, HOUSEHOLD, {}, MINE),), b"sealed")
    assert closed == CloseCard()
    assert [(a.line, a.type_code) for a in asked if isinstance(a, RequestDraft)] == [
        (1, HOUSEHOLD),
        (2, "land"),
    ]
    walk.hear(DraftCame(2, 1, 500))
    assert isinstance(walk.screen, Preparing)
    walk.hear(DraftCame(1, 2, 200))
    assert walk.snapshot.title == "2건을 이대로 발급하시겠습니까?"
    assert [(row.label, row.value) for row in walk.snapshot.rows] == [
        ("주민등록표 등본", "200원"),
        ("토지대장", "500원"),
        ("모두 합한 요금", "700원"),
    ]
    lines = (OrderLine(1, HOUSEHOLD, 1, 2, 200), OrderLine(2, "land", 1, 1, 500))
    assert walk.press("pay") == [OpenOrder(lines, holder="a pseudonym")]
    walk.order(Phase.COLLECTING, fee=700, copies=2)
    assert isinstance(walk.screen, Pay)
    assert [row.label for row in walk.snapshot.rows] == ["주민등록표 등본", "토지대장"]
    walk.order(Phase.PRINTING, fee=700, credit=700, copies=2, copy=2, delivered=1)
    assert isinstance(walk.screen, Issuing)
    assert [row.label for row in walk.snapshot.rows] == ["토지대장"]


def test_the_name_is_said_of_the_persons_certificate_and_not_of_the_lot() -> None:
    walk = at_check_of_two()
    mine, lot, _ = walk.snapshot.rows
    assert "홍*동" in mine.note
    assert "홍*동" not in lot.note


def test_one_more_can_be_added_after_checking_and_what_was_signed_for_stays() -> None:
    walk = choose_household(started())
    walk.press("next")
    identify(walk)
    walk.hear(DraftCame(1, 2, 200))
    walk.press("add")
    [asked] = choose_lot(walk).press("next")
    assert isinstance(asked, RequestDraft)
    assert asked.line == 2
    walk.hear(DraftCame(2, 1, 500))
    assert walk.snapshot.title == "2건을 이대로 발급하시겠습니까?"


def test_two_lots_need_no_card() -> None:
    walk = choose_lot(started())
    walk.press("add")
    asked = choose_lot(walk, "7").press("next")
    assert [effect.line for effect in asked if isinstance(effect, RequestDraft)] == [1, 2]


def test_a_worker_that_comes_late_is_asked_for_everything() -> None:
    walk = Walk(first(by_card()))
    walk.hear(HealthChanged(ready(of=by_card())))
    walk.press("start")
    choose_lot(walk).press("add")
    assert choose_lot(walk, "7").press("next") == []
    assert [e.line for e in walk.hear(WorkerReady()) if isinstance(e, RequestDraft)] == [1, 2]


def test_what_was_chosen_can_be_gone_on_with_without_another() -> None:
    walk = choose_lot(started())
    walk.press("add")
    [asked] = walk.press("go-on")
    assert isinstance(asked, RequestDraft)
    walk.hear(DraftCame(1, 1, 500))
    assert isinstance(walk.screen, Check)
    assert walk.state.basket == ()


# --- more and less ----------------------------------------------------------------------------------------------------


def test_one_of_several_is_taken_out_again() -> None:
    walk = at_check_of_two()
    walk.press("remove")
    assert walk.state.overlay == Remove()
    assert [c.label for c in walk.shown()][:2] == [
        "주민등록표 등본 · 홍*동 · 1부",
        "토지대장 · 여의도동 6 · 1부",
    ]
    assert walk.press("remove:0") == []
    assert isinstance(walk.screen, Check)
    assert walk.screen.draft.entry.type_code == "land"
    assert walk.press("pay") == [OpenOrder((OrderLine(2, "land", 1, 1, 500),))]


def test_the_only_certificate_can_not_be_taken_out() -> None:
    walk = choose_lot(started())
    walk.press("next")
    walk.hear(DraftCame(1, 1, 500))
    assert not walk.may("remove")


def test_there_is_an_end_to_what_can_be_set_aside() -> None:
    walk = started()
    for digit in "12345"[: MOST_LINES - 1]:
        choose_lot(walk, digit).press("add")
    choose_lot(walk, "9")
    assert not walk.may("add")
    assert walk.may("next")


def test_back_from_choosing_one_more_leads_to_the_one_set_aside_last() -> None:
    walk = choose_lot(started())
    walk.press("add", "back")
    assert isinstance(walk.screen, Options)
    assert (walk.screen.question, walk.screen.entry.main) == (Question.CONTENT, "6")
    assert walk.state.basket == ()


def test_back_from_the_check_changes_the_last_one_and_keeps_the_others_as_drafted() -> None:
    walk = at_check_of_two()
    walk.press("back", "option:history:all")
    [asked] = walk.press("next")
    assert isinstance(asked, RequestDraft)
    assert (asked.line, asked.type_code) == (3, "land")
    walk.hear(DraftCame(3, 4, 500))
    assert len(walk.snapshot.rows) == 3


def test_no_more_copies_are_offered_than_could_be_refunded_with_all_the_rest() -> None:
    # 12 coins of 100 KRW: two certificates at 500 KRW are the most.
    walk = choose_lot(started(msgspec.structs.replace(CASH, hopper_coins=24)))
    alone = walk.snapshot.notices
    walk.press("add")
    choose_lot(walk, "7")
    assert walk.snapshot.notices != alone


def test_what_could_not_be_refunded_together_is_not_sold_together() -> None:
    walk = at_check_of_two()
    walk.hear(HealthChanged(ready(msgspec.structs.replace(CASH, hopper_coins=3), of=by_card())))
    assert not walk.may("pay")
    walk.press("remove", "remove:1")
    assert isinstance(walk.screen, Check)


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failed", [1, 2])
def test_the_one_that_can_not_be_had_is_told_and_the_others_can_still_be_had(failed: int) -> None:
    walk = choose_lot(started())
    walk.press("add")
    choose_lot(walk, "7").press("next")
    walk.hear(DraftFailed(failed, "parcel-not-found"))
    assert isinstance(walk.screen, Trouble)
    assert walk.screen.entry is not None
    assert walk.screen.entry.main == {1: "6", 2: "7"}[failed]
    other = 3 - failed
    # A draft that still comes is for nobody.
    assert walk.hear(DraftCame(other, 1, 500)) == []
    [asked] = walk.press("without")
    assert isinstance(asked, RequestDraft)
    assert asked.subject["main"] == {1: "6", 2: "7"}[other]
    walk.hear(DraftCame(3, 1, 500))
    assert walk.snapshot.screen is ScreenName.CHECK


def test_a_draft_that_came_before_the_other_failed_is_not_asked_for_again() -> None:
    walk = with_both()
    identify(walk)
    walk.hear(DraftCame(1, 2, 200))
    walk.hear(DraftFailed(2, "parcel-not-found"))
    assert walk.press("without") == []
    assert isinstance(walk.screen, Check)
    assert walk.screen.draft.holder == "홍*동"


def test_drafts_that_do_not_come_are_given_up_together() -> None:
    walk = with_both()
    identify(walk)
    walk.hear(DraftCame(1, 2, 200))
    walk.wait(DRAFT_MS)
    assert isinstance(walk.screen, Trouble)
    assert walk.hear(DraftCame(2, 1, 500)) == []
    [asked] = walk.press("retry")
    assert isinstance(asked, RequestDraft)
    assert asked.type_code == "land"


def test_the_card_of_another_person_adds_nothing_to_what_is_set_aside() -> None:
    walk = choose_household(started())
    walk.press("next")
    identify(walk)
    walk.hear(DraftCame(1, 2, 200))
    walk.press("add")
    choose_household(walk).press("next")
    _, *said = identify(walk, "김*수", "another pseudonym")
    assert said == [CloseCard()]
    assert walk.snapshot.title == "다른 분의 신분증입니다"
    assert "김*수" not in repr(walk.state)
    assert walk.press("card") == []
    identify(walk)
    walk.hear(DraftCame(walk.state.lines, 2, 200))
    assert isinstance(walk.screen, Check)


def test_a_name_that_looks_alike_is_not_the_same_person() -> None:
    walk = choose_household(started())
    walk.press("next")
    identify(walk, subject="one 홍*동")
    walk.hear(DraftCame(1, 2, 200))
    walk.press("add")
    choose_household(walk).press("next")
    identify(walk, subject="another 홍*동")
    assert walk.snapshot.title == "다른 분의 신분증입니다"


def test_when_the_worker_dies_everything_is_asked_for_and_signed_for_again() -> None:
    walk = at_check_of_two()
    assert walk.hear(WorkerReady()) == []
    assert isinstance(walk.screen, InsertCard)
    assert "홍*동" not in repr(walk.state)
    _, _, *asked = identify(walk)
    assert len(asked) == 2


def test_a_worker_that_dies_while_another_is_chosen_takes_the_drafts_along() -> None:
    walk = at_check_of_two()
    walk.press("add")
    walk.hear(WorkerReady())
    assert all(isinstance(item, Entry) for item in walk.state.basket)
    assert walk.press("go-on") == []
    assert isinstance(walk.screen, InsertCard)


def test_an_order_refused_because_something_changed_is_drafted_anew_as_a_whole() -> None:
    walk = at_check_of_two()
    walk.press("pay")
    walk.hear(OrderRefused("changed"))
    assert walk.press("retry") == []
    assert isinstance(walk.screen, InsertCard)


# --- the end ----------------------------------------------------------------------------------------------------------


def test_the_basket_is_forgotten_with_the_visit() -> None:
    walk = at_check_of_two()
    assert walk.press("cancel") == [EndVisit(1, "cancelled")]
    assert walk.state.basket == ()
    assert "홍*동" not in repr(walk.state)


def test_who_goes_away_with_a_basket_is_forgotten() -> None:
    walk = choose_household(started())
    walk.press("add")
    walk.wait(IDLE_MS)
    assert walk.wait(WARNING_MS) == [EndVisit(1, "abandoned")]
    assert walk.state.basket == ()


def test_once_the_order_is_open_the_visit_keeps_its_lines_in_one_place() -> None:
    walk = at_check_of_two()
    walk.press("pay")
    walk.order(Phase.COLLECTING, fee=700)
    assert walk.state.basket == ()


def test_home_keeps_what_is_set_aside_and_says_so() -> None:
    walk = choose_household(started())
    walk.press("add")
    choose_lot(walk).press("home")
    assert walk.screen == Choose()
    assert [row.label for row in walk.snapshot.rows] == ["주민등록표 등본"]


def test_a_card_that_is_still_in_is_read_again_for_one_more() -> None:
    walk = choose_household(started())
    walk.press("next")
    walk.hear(CardIn("Reader 0", 9))
    walk.hear(CardReady(3, KEY, INFO))
    walk.hear(Entered("enter", b"sealed"))
    walk.hear(HolderKnown("홍*동", "a pseudonym"))
    walk.hear(DraftCame(1, 2, 200))
    walk.press("add")
    assert choose_household(walk).press("next") == [OpenCard("Reader 0", 9)]
