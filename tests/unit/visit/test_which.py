"""Which of several: asked once everything else is known, picked for the line that was signed for, and changed again."""

import msgspec
import pytest

from kiosk.protocol.central import Offered
from kiosk.protocol.screen import Role, Row, ScreenName
from kiosk.visit.effects import EndVisit, OpenOrder, OrderLine, RequestDraft
from kiosk.visit.events import DraftCame, DraftChoice, DraftFailed, Pressed, WorkerReady
from kiosk.visit.order_view import Phase
from kiosk.visit.patience import DRAFT_MS, IDLE_MS, WARNING_MS
from kiosk.visit.picking import PART
from kiosk.visit.screens import Check, Choose, InsertCard, Options, Preparing, Question, Trouble, Which
from tests.unit.visit.test_basket import HOUSEHOLD, MINE, choose_household, choose_lot, identify, started
from tests.unit.visit.walk import Walk

OLD = Offered("12가3456", "12가 3456", "가온 2.0")
NEW = Offered("123나4567", "123나 4567", "다온 1.0")
CARS = DraftChoice(1, "vehicle", (OLD, NEW))
EAST = Offered("b1", "101동")
WEST = Offered("b2", "102동")
HOUSES = DraftChoice(1, "building", (EAST, WEST))


def flats(count: int = 2) -> tuple[Offered, ...]:
    return tuple(Offered(f"b1/{at}", f"{at}호") for at in range(1, count + 1))


def of_mine() -> Walk:
    """A certificate of the holder's is asked for, signed for by the card, and could be about two cars."""
    walk = choose_household(started())
    walk.press("next")
    identify(walk)
    walk.hear(CARS)
    return walk


def of_a_lot() -> Walk:
    """A lot with two houses on it."""
    walk = choose_lot(started())
    walk.press("next")
    walk.hear(HOUSES)
    return walk


def picked(walk: Walk) -> list[str]:
    assert isinstance(walk.screen, Preparing | Which | Check)
    entry = walk.screen.draft.entry if isinstance(walk.screen, Check) else walk.screen.entry
    return [one.key for one in entry.picked]


# --- the usual story --------------------------------------------------------------------------------------------------


def test_each_thing_has_a_button_that_says_what_it_is() -> None:
    walk = of_mine()
    assert walk.snapshot.screen is ScreenName.WHICH
    assert walk.snapshot.title == "어느 자동차의 증명서가 필요하십니까?"
    assert [(one.label, one.detail) for one in walk.snapshot.controls] == [
        ("12가 3456", "가온 2.0"),
        ("123나 4567", "다온 1.0"),
    ]
    assert Row("신청하신 분", "홍*동") in walk.snapshot.rows


def test_a_pick_asks_for_the_line_that_the_card_has_signed_for() -> None:
    walk = of_mine()
    assert walk.press("pick:1") == [RequestDraft(1, HOUSEHOLD, {}, MINE, "ko", NEW.key)]
    assert isinstance(walk.screen, Preparing)
    walk.hear(DraftCame(1, 1, 300, which=NEW.key))
    assert isinstance(walk.screen, Check)
    assert Row("고르신 것", "123나 4567") in walk.snapshot.rows
    assert walk.press("pay") == [OpenOrder((OrderLine(1, HOUSEHOLD, 1, 1, 300),), "a pseudonym")]


def test_what_was_picked_is_said_once_where_the_register_says_it_too() -> None:
    walk = of_mine()
    walk.press("pick:1")
    walk.hear(DraftCame(1, 1, 300, summary=(Row("자동차등록번호", NEW.label),), which=NEW.key))
    assert [row.value for row in walk.snapshot.rows].count(NEW.label) == 1


def test_a_house_and_then_a_flat_of_it() -> None:
    walk = of_a_lot()
    [asked] = walk.press("pick:0")
    assert isinstance(asked, RequestDraft)
    assert (asked.line, asked.subject["main"], asked.which) == (1, "6", EAST.key)
    walk.hear(DraftChoice(1, "unit", flats(), which=EAST.key))
    assert walk.snapshot.title == "몇 호의 증명서가 필요하십니까?"
    assert Row("고르신 것", "101동") in walk.snapshot.rows
    [asked] = walk.press("pick:1")
    assert isinstance(asked, RequestDraft)
    assert (asked.line, asked.which) == (1, "b1/2")
    walk.hear(DraftCame(1, 1, 500, which="b1/2"))
    assert Row("고르신 것", "101동 · 2호") in walk.snapshot.rows


def test_a_kind_of_thing_that_has_no_words_of_its_own_is_asked_for_all_the_same() -> None:
    walk = choose_lot(started())
    walk.press("next")
    walk.hear(msgspec.structs.replace(HOUSES, what="windmill"))
    assert walk.snapshot.title == "어느 것의 증명서가 필요하십니까?"


def test_of_many_a_part_is_shown_and_the_others_are_named_by_their_first_and_last() -> None:
    walk = choose_lot(started())
    walk.press("next")
    walk.hear(msgspec.structs.replace(HOUSES, what="unit", offered=flats(2 * PART + 5)))
    tabs = [one.label for one in walk.snapshot.controls if one.role is Role.TAB]
    assert tabs == ["1호 – 40호", "41호 – 80호", "81호 – 85호"]
    walk.press("part:2")
    assert [one.id for one in walk.snapshot.controls if one.role is Role.CHOICE] == [
        f"pick:{at}" for at in range(80, 85)
    ]
    [asked] = walk.press("pick:84")
    assert isinstance(asked, RequestDraft)
    assert asked.which == "b1/85"


def test_a_finger_that_presses_twice_picks_nothing_on_the_next_level() -> None:
    walk = of_a_lot()
    seen = walk.snapshot.seq
    walk.press("pick:0")
    walk.hear(DraftChoice(1, "unit", flats(), which=EAST.key))
    assert walk.snapshot.since > seen


# --- back -------------------------------------------------------------------------------------------------------------


def test_back_leads_from_the_flats_to_the_houses_and_then_to_the_contents() -> None:
    walk = of_a_lot()
    walk.press("pick:0")
    walk.hear(DraftChoice(1, "unit", flats(), which=EAST.key))
    walk.press("back")
    assert [one.label for one in walk.snapshot.controls] == ["101동", "102동"]
    walk.press("back")
    assert isinstance(walk.screen, Options)
    assert (walk.screen.question, walk.screen.entry.which) == (Question.CONTENT, "")


def test_back_from_the_check_leads_to_the_pick_and_another_takes_its_place() -> None:
    walk = of_mine()
    walk.press("pick:1")
    walk.hear(DraftCame(1, 1, 300, which=NEW.key))
    walk.press("back", "pick:0")
    walk.hear(DraftCame(1, 1, 300, which=OLD.key))
    assert isinstance(walk.screen, Check)
    assert (walk.screen.draft.line, picked(walk)) == (1, [OLD.key])


def test_back_while_the_draft_is_made_leads_to_the_pick() -> None:
    walk = of_mine()
    walk.press("pick:1", "back")
    assert isinstance(walk.screen, Which)
    assert picked(walk) == []


def test_who_changes_the_contents_signs_and_is_asked_again() -> None:
    walk = of_mine()
    walk.press("pick:1")
    walk.hear(DraftCame(1, 1, 300, which=NEW.key))
    walk.press("back", "back", "next")
    assert isinstance(walk.screen, InsertCard)
    _, _, asked = identify(walk)
    assert isinstance(asked, RequestDraft)
    assert (asked.line, asked.which) == (2, "")


def test_home_leads_to_the_certificates() -> None:
    walk = of_mine()
    walk.press("home")
    assert walk.screen == Choose()


# --- late answers -----------------------------------------------------------------------------------------------------


def test_a_late_draft_of_the_one_picked_before_is_not_taken_for_the_one_picked_now() -> None:
    walk = of_mine()
    walk.press("pick:1", "back", "pick:0")
    assert walk.hear(DraftCame(1, 1, 300, which=NEW.key)) == []
    assert isinstance(walk.screen, Preparing)
    walk.hear(DraftFailed(1, "register-down", which=NEW.key))
    assert isinstance(walk.screen, Preparing)
    walk.hear(DraftChoice(1, "unit", flats(), which=NEW.key))
    assert isinstance(walk.screen, Preparing)
    walk.hear(DraftCame(1, 1, 300, which=OLD.key))
    assert picked(walk) == [OLD.key]


def test_a_draft_that_comes_while_a_choice_is_shown_is_nobodys() -> None:
    walk = of_mine()
    walk.press("pick:1", "back")
    shown = walk.snapshot
    walk.hear(DraftCame(1, 1, 300, which=NEW.key))
    walk.hear(CARS)
    assert walk.snapshot == shown


@pytest.mark.parametrize("control", ["pick:2", "pick:-1", "pick:x", "pick:", "part:1", "part:x", "next"])
def test_what_is_not_there_can_not_be_picked(control: str) -> None:
    walk = of_mine()
    assert walk.hear(Pressed(control)) == []
    assert isinstance(walk.screen, Which)


# --- several certificates ---------------------------------------------------------------------------------------------


def with_a_lot() -> Walk:
    """Something of the holder's and a lot, asked for together."""
    walk = choose_household(started())
    walk.press("add")
    choose_lot(walk).press("next")
    identify(walk)
    return walk


def test_nobody_is_asked_which_while_another_draft_is_still_waited_for() -> None:
    walk = with_a_lot()
    walk.hear(CARS)
    assert isinstance(walk.screen, Preparing)
    walk.hear(DraftCame(2, 1, 500))
    assert isinstance(walk.screen, Which)
    assert walk.screen.entry.type_code == HOUSEHOLD


def test_what_is_drafted_stays_so_while_another_is_picked() -> None:
    walk = with_a_lot()
    walk.hear(CARS)
    walk.hear(DraftCame(2, 1, 500))
    [asked] = walk.press("pick:0")
    assert isinstance(asked, RequestDraft)
    assert asked.line == 1
    walk.hear(DraftCame(1, 1, 300, which=OLD.key))
    assert walk.snapshot.title == "2건을 이대로 발급하시겠습니까?"
    lines = {row.label: row.note for row in walk.snapshot.rows}
    assert "12가 3456" in lines["주민등록표 등본"]
    assert "12가" not in lines["토지대장"]


def test_two_that_could_be_about_several_things_are_asked_one_after_the_other() -> None:
    walk = with_a_lot()
    walk.hear(msgspec.structs.replace(HOUSES, line=2))
    walk.hear(CARS)
    assert walk.snapshot.title == "어느 자동차의 증명서가 필요하십니까?"
    walk.press("pick:0")
    walk.hear(DraftCame(1, 1, 300, which=OLD.key))
    assert walk.snapshot.title == "어느 건물의 증명서가 필요하십니까?"
    walk.press("pick:1")
    walk.hear(DraftCame(2, 1, 500, which=WEST.key))
    assert isinstance(walk.screen, Check)
    [lines] = [effect.lines for effect in walk.press("pay") if isinstance(effect, OpenOrder)]
    assert sorted(line.line for line in lines) == [1, 2]


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_what_is_gone_from_the_register_can_be_chosen_anew() -> None:
    walk = of_a_lot()
    walk.press("pick:0")
    walk.hear(DraftFailed(1, "choice-unknown", which=EAST.key))
    assert walk.snapshot.title == "고르신 것이 장부에 더는 없습니다"
    [asked] = walk.press("retry")
    assert isinstance(asked, RequestDraft)
    assert (asked.line, asked.which) == (2, "")


def test_who_tries_again_after_a_time_out_need_not_pick_again() -> None:
    walk = of_a_lot()
    walk.press("pick:0")
    walk.wait(DRAFT_MS)
    assert isinstance(walk.screen, Trouble)
    assert walk.hear(DraftCame(1, 1, 500, which=EAST.key)) == []
    [asked] = walk.press("retry")
    assert isinstance(asked, RequestDraft)
    assert (asked.line, asked.which) == (2, EAST.key)


def test_a_choice_that_comes_to_what_was_picked_before_stands_by_itself() -> None:
    walk = of_a_lot()
    walk.press("pick:0")
    walk.wait(DRAFT_MS)
    walk.press("retry")
    walk.hear(DraftChoice(2, "unit", flats(), which=EAST.key))
    assert picked(walk) == [EAST.key]
    walk.press("back")
    assert isinstance(walk.screen, Options)


def test_when_the_worker_dies_over_a_choice_the_card_signs_anew() -> None:
    walk = of_mine()
    assert walk.hear(WorkerReady()) == []
    assert isinstance(walk.screen, InsertCard)
    assert "12가" not in repr(walk.state)
    _, _, asked = identify(walk)
    assert isinstance(asked, RequestDraft)
    assert asked.line == 2


def test_when_the_worker_dies_over_a_choice_that_needs_no_card_it_is_asked_for_again() -> None:
    walk = of_a_lot()
    walk.press("pick:0")
    walk.hear(DraftChoice(1, "unit", flats(), which=EAST.key))
    [asked] = walk.hear(WorkerReady())
    assert isinstance(asked, RequestDraft)
    assert (asked.line, asked.which) == (2, EAST.key)


# --- the end ----------------------------------------------------------------------------------------------------------


def test_who_goes_away_over_a_choice_is_warned_and_forgotten() -> None:
    walk = of_mine()
    walk.wait(IDLE_MS)
    assert walk.wait(WARNING_MS) == [EndVisit(1, "abandoned")]
    assert "12가" not in repr(walk.state)


def test_once_the_order_is_open_its_line_says_which_one_is_made() -> None:
    walk = of_mine()
    walk.press("pick:1")
    walk.hear(DraftCame(1, 1, 300, which=NEW.key))
    walk.press("pay")
    walk.order(Phase.PRINTING, fee=300, credit=300)
    assert any("123나 4567" in row.value for row in walk.snapshot.rows)
