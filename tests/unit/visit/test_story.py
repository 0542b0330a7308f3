"""Whole visits, as citizens make them."""

import msgspec
import pytest

from kiosk.health.health import Ailment
from kiosk.protocol.screen import Row, ScreenName
from kiosk.visit.effects import (
    BeginVisit,
    CancelOrder,
    EndVisit,
    HoldPaper,
    OpenOrder,
    OrderLine,
    RecordSurvey,
    RequestDraft,
)
from kiosk.visit.events import (
    DraftCame,
    DraftFailed,
    HealthChanged,
    Interrupted,
    OrderMoved,
    OrderRefused,
    Pressed,
    WorkerReady,
)
from kiosk.visit.order_view import OrderOutcome, OrderView, Phase, Slip
from kiosk.visit.state import (
    Attract,
    Change,
    Check,
    Choose,
    Goodbye,
    Issuing,
    Options,
    OutOfService,
    Pay,
    Preparing,
    Question,
    Survey,
    Take,
    Trouble,
)
from tests.unit.visit.walk import CASH, Walk, down, ready

CLOSED = {"credit": 1_000, "kept": 500, "delivered": 1, "to_pay": 500, "paid": 500}


def test_a_citizen_gets_a_land_register_change_and_a_receipt() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    assert walk.press("start") == [BeginVisit(1)]
    walk.hear(WorkerReady())
    walk.press("type:land", "area:1", "key:6", "key:0", "key:dash", "key:1", "next")
    walk.press("option:history:all", "option:prices:recent")
    subject = {"dong": "1156011000", "mountain": "0", "main": "60", "sub": "1"}
    options = {"history": "all", "prices": "recent"}
    assert walk.press("next") == [RequestDraft(1, "land", subject, options, "ko")]
    walk.hear(DraftCame(1, sheets=2, fee=500))
    assert walk.press("pay") == [OpenOrder((OrderLine(1, "land", 1, 2, 500),))]
    walk.order(Phase.COLLECTING)
    walk.order(Phase.COLLECTING, credit=1_000)
    walk.order(Phase.COUNTING, credit=1_000)
    assert isinstance(walk.screen, Pay)
    walk.order(Phase.ISSUING, credit=1_000)
    walk.order(Phase.PRINTING, credit=1_000)
    walk.order(Phase.PRINTING, credit=1_000, sheet=1)
    assert isinstance(walk.screen, Issuing)
    walk.order(Phase.PRESENTING, credit=1_000)
    walk.order(Phase.TAKEN_WAIT, credit=1_000, retract_at_ms=walk.now_ms + 60_000)
    assert isinstance(walk.screen, Take)
    assert walk.press("more-time") == [HoldPaper()]
    walk.order(Phase.PAYING_OUT, **CLOSED)
    assert isinstance(walk.screen, Change)
    walk.order(Phase.CLOSED, outcome=OrderOutcome.DELIVERED, slip=Slip.PRINTING, **CLOSED)
    walk.order(Phase.CLOSED, outcome=OrderOutcome.DELIVERED, slip=Slip.PRINTED, **CLOSED)
    assert walk.snapshot.rows[-1].value == "나왔습니다"
    walk.press("done")
    assert walk.press("score:5") == [RecordSurvey(5)]
    assert isinstance(walk.screen, Goodbye)
    assert walk.press("done") == [EndVisit(1, "finished")]
    assert isinstance(walk.screen, Attract)


def test_a_forest_lot_is_asked_for_with_its_mountain_mark() -> None:
    walk = Walk().started()
    walk.press("type:forest", "area:7", "key:1", "key:2", "next")
    [request] = walk.press("next")
    assert isinstance(request, RequestDraft)
    assert request.subject == {"dong": "1156013200", "mountain": "1", "main": "12", "sub": "0"}


def test_a_free_certificate_goes_from_check_to_issuing_without_coins() -> None:
    walk = Walk().at_check(fee=0)
    assert walk.snapshot.controls[0].label == "무료로 발급받기"
    walk.press("pay")
    walk.order(Phase.ISSUING, fee=0)
    assert isinstance(walk.screen, Issuing)


def test_each_copy_is_printed_and_taken_before_the_next() -> None:
    walk = Walk().at_content()
    walk.press("copies:more", "next")
    walk.hear(DraftCame(1, 1, 500))
    [opened] = walk.press("pay")
    assert isinstance(opened, OpenOrder)
    assert opened.lines[0].copies == 2
    for copy in (1, 2):
        walk.order(Phase.PRINTING, fee=1_000, credit=1_000, copies=2, copy=copy)
        assert f"2부 가운데 {copy}부째" in walk.snapshot.notices[0]
        walk.order(Phase.TAKEN_WAIT, fee=1_000, credit=1_000, copies=2, copy=copy)
        assert isinstance(walk.screen, Take)


def test_cancelling_with_money_in_asks_once_and_gives_it_back() -> None:
    walk = Walk().at_pay(credit=100)
    assert walk.press("cancel") == []
    assert walk.snapshot.overlay is not None
    assert "100원" in walk.snapshot.overlay.lead
    assert walk.press("leave") == [CancelOrder()]
    walk.order(Phase.COUNTING, credit=100, cancelled=True)
    assert not walk.may("cancel")
    walk.order(Phase.PAYING_OUT, credit=100, to_pay=100, cancelled=True)
    refunded = {"credit": 100, "to_pay": 100, "paid": 100, "cancelled": True, "reason": "cancelled"}
    walk.order(Phase.CLOSED, outcome=OrderOutcome.REFUNDED, **refunded)
    walk.press("done")
    assert walk.snapshot.title == "취소했습니다"
    assert walk.press("done") == [EndVisit(1, "finished")]


def test_cancelling_without_money_in_does_not_ask() -> None:
    walk = Walk().at_pay()
    assert walk.press("cancel") == [CancelOrder()]
    walk.order(Phase.CLOSED, cancelled=True, outcome=OrderOutcome.REFUNDED, reason="cancelled")
    assert isinstance(walk.screen, Goodbye)


def test_going_on_after_the_question_keeps_the_order() -> None:
    walk = Walk().at_pay(credit=100)
    walk.press("home", "close")
    assert isinstance(walk.screen, Pay)
    assert CancelOrder() not in walk.effects


def test_once_issuing_has_begun_cancel_is_there_but_says_why_not() -> None:
    walk = Walk().at_pay(credit=500)
    walk.order(Phase.ISSUING, credit=500)
    cancel = next(control for control in walk.snapshot.bar if control.id == "cancel")
    assert not cancel.enabled
    assert "돌려드립니다" in cancel.note


@pytest.mark.parametrize("code", ["parcel-not-found", "central-unreachable", "no-such-code"])
def test_a_refused_draft_says_what_happened_and_that_nothing_was_charged(code: str) -> None:
    walk = Walk().at_content()
    walk.press("next")
    walk.hear(DraftFailed(1, code))
    assert walk.snapshot.screen is ScreenName.TROUBLE
    assert walk.snapshot.rows[0].value == "받지 않았습니다"
    assert walk.snapshot.sentence
    assert walk.snapshot.notices[0]
    assert walk.snapshot.code.startswith("안내 번호 ")


def test_after_a_mistyped_lot_the_number_is_mended_and_nothing_else_asked_again() -> None:
    walk = Walk().at_content()
    walk.press("copies:more", "next")
    walk.hear(DraftFailed(1, "parcel-not-found"))
    walk.press("edit", "key:delete", "key:1", "next", "next")
    request = walk.effects[-1]
    assert isinstance(request, RequestDraft)
    assert (request.line, request.subject["main"]) == (2, "61")
    assert isinstance(walk.screen, Preparing)
    assert walk.screen.entry.copies == 2


def test_another_try_asks_under_a_new_line_so_that_a_late_answer_is_not_taken_for_it() -> None:
    walk = Walk().at_content()
    walk.press("next")
    walk.hear(DraftFailed(1, "central-unreachable"))
    walk.press("retry")
    walk.hear(DraftCame(1, 9, 900))
    assert isinstance(walk.screen, Preparing)
    walk.hear(DraftCame(2, 1, 500))
    assert isinstance(walk.screen, Check)
    assert (walk.screen.draft.line, walk.screen.draft.sheets) == (2, 1)


def test_a_refused_order_charges_nothing_and_offers_a_way_on() -> None:
    walk = Walk().at_check()
    walk.press("pay")
    walk.hear(OrderRefused("no-change"))
    assert walk.snapshot.rows[0].value == "받지 않았습니다"
    walk.press("content")
    assert isinstance(walk.screen, Options)
    assert walk.screen.question is Question.CONTENT


def test_a_jam_after_the_fee_shows_where_every_won_is() -> None:
    walk = Walk().at_pay(credit=500)
    walk.order(Phase.PRINTING, credit=500, blocked="paper-jam")
    assert "종이가 걸려" in walk.snapshot.sentence
    walk.order(
        Phase.CLOSED, credit=500, to_pay=500, paid=500, outcome=OrderOutcome.REFUNDED, reason="paper-jam"
    )
    assert [(row.label, row.value) for row in walk.snapshot.rows] == [
        ("넣으신 돈", "500원"),
        ("받은 요금", "받지 않았습니다"),
        ("돌려드린 돈", "500원"),
    ]
    assert walk.press("done") == [EndVisit(1, "finished")]


def test_money_still_owed_is_shown_with_the_number_to_ask_for_it() -> None:
    walk = Walk().at_pay(credit=1_000)
    owed = {"credit": 1_000, "kept": 500, "delivered": 1, "to_pay": 500, "paid": 200, "claim": 300}
    walk.order(Phase.CLOSED, outcome=OrderOutcome.CLAIM, claim_code="AB12", **owed)
    assert "AB12" in walk.snapshot.code
    assert walk.snapshot.rows[-1].value == "300원"


def test_the_worker_that_comes_late_is_waited_for() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.press("start", "type:land", "area:1", "key:6", "next")
    assert walk.press("next") == []
    [request] = walk.hear(WorkerReady())
    assert isinstance(request, RequestDraft)


def test_when_the_worker_dies_before_the_fee_the_draft_is_made_again() -> None:
    walk = Walk().at_check()
    [request] = walk.hear(WorkerReady())
    assert isinstance(request, RequestDraft)
    assert request.line == 2
    assert isinstance(walk.screen, Preparing)


def test_back_keeps_what_was_answered() -> None:
    walk = Walk().at_check()
    walk.press("back", "back")
    assert isinstance(walk.screen, Options)
    assert walk.screen.entry.main == "60"
    walk.press("back", "back", "back")
    assert isinstance(walk.screen, Attract)


def test_home_forgets_what_was_typed_and_stays_with_the_citizen() -> None:
    walk = Walk().at_check()
    walk.press("home")
    assert walk.screen == Choose()
    assert walk.state.serving


def test_an_area_of_one_dong_is_not_asked_about_twice() -> None:
    walk = Walk().started()
    walk.press("type:land", "area:1")
    assert isinstance(walk.screen, Options)
    assert walk.screen.question is Question.LOT
    walk.press("back", "area:0")
    assert walk.snapshot.title == "영등포동의 어느 곳입니까?"


def test_the_language_can_change_anywhere_without_losing_the_entry() -> None:
    walk = Walk().at_check()
    walk.press("language", "lang:en")
    assert walk.snapshot.title == "Issue this certificate?"
    assert "₩500" in walk.snapshot.rows[-1].value
    assert ("Location of the lot", "Yeouido-dong 60") in [
        (row.label, row.value) for row in walk.snapshot.rows
    ]
    assert isinstance(walk.screen, Check)


def test_the_check_screen_names_the_parcel_as_the_register_does_in_the_language_that_was_asked_for() -> None:
    walk = Walk().at_content()
    [request] = walk.press("next")
    assert isinstance(request, RequestDraft)
    walk.press("language", "lang:en")
    walk.hear(DraftCame(1, 1, 500, summary=(Row("토지 소재", "영등포구 여의도동"),)))
    assert request.lang == "ko"
    assert "토지 소재" not in [row.label for row in walk.snapshot.rows]
    walk.press("language", "lang:ko")
    assert "토지 소재" in [row.label for row in walk.snapshot.rows]


def test_pressing_a_language_on_the_first_screen_starts_in_it() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.press("start:en")
    assert walk.snapshot.title == "Which certificate do you need?"


def test_language_and_display_are_as_for_everybody_after_the_visit() -> None:
    walk = Walk().started()
    walk.press("language", "lang:en", "display", "scale:200", "contrast:on", "reach:on", "close")
    assert (walk.snapshot.display.text_scale, walk.snapshot.display.low_reach) == (200, True)
    walk.press("cancel")
    assert walk.snapshot.display.text_scale == 100
    assert walk.snapshot.display.lang == "ko"


def test_a_machine_that_cannot_serve_says_since_when_and_recovers_by_itself() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    assert isinstance(walk.screen, Attract)
    walk.hear(HealthChanged(down()))
    assert isinstance(walk.screen, OutOfService)
    walk.wait(12 * 60_000)
    walk.hear(HealthChanged(down(ailments=(Ailment("printer", "paper-out"), Ailment("link", "offline")))))
    assert [(row.label, row.note) for row in walk.snapshot.rows] == [
        ("인쇄기", "12분 전부터"),
        ("구청 연결", "방금부터"),
    ]
    walk.hear(HealthChanged(ready()))
    assert isinstance(walk.screen, Attract)


def test_a_type_that_stops_being_sold_in_the_middle_of_a_visit_takes_no_money() -> None:
    walk = Walk().at_check()
    walk.hear(HealthChanged(down("paper-out")))
    assert not walk.may("pay")
    # Not even by a press that got past the screen.
    assert walk.hear(Pressed("pay")) == []
    pay = next(control for control in walk.snapshot.controls if control.id == "pay")
    assert pay.note == "종이가 떨어졌습니다."
    assert walk.may("cancel")


def test_no_more_copies_are_offered_than_could_be_refunded() -> None:
    walk = Walk().at_content()
    # 2 copies: 1,000 + 100 KRW may have to go back, if 100 KRW at a time are taken; 3 copies: 1,600 KRW.
    walk.hear(HealthChanged(ready(msgspec.structs.replace(CASH, hopper_coins=15))))
    walk.press("copies:more")
    assert not walk.may("copies:more")
    assert any("2부까지" in notice for notice in walk.snapshot.notices)


def test_what_could_not_be_refunded_is_not_asked_for() -> None:
    walk = Walk().at_check(fee=3_000)
    little = msgspec.structs.replace(CASH, hopper_coins=10)
    walk.hear(HealthChanged(ready(little)))
    pay = next(control for control in walk.snapshot.controls if control.id == "pay")
    assert (pay.enabled, pay.note) == (False, "거스름돈이 모자랍니다.")
    assert walk.hear(Pressed("pay")) == []


def test_one_press_opens_one_order_and_until_it_is_open_nothing_can_be_undone() -> None:
    walk = Walk().at_check()
    walk.press("pay")
    assert walk.hear(Pressed("pay")) == []
    for control in ("home", "back", "cancel"):
        assert not walk.may(control)
        assert walk.hear(Pressed(control)) == []
    assert isinstance(walk.screen, Check)


def test_money_on_its_way_back_is_not_asked_back_twice() -> None:
    walk = Walk().at_pay(credit=100)
    walk.order(Phase.COLLECTING, credit=100, cancelled=True)
    assert not walk.may("cancel")
    assert walk.hear(Pressed("cancel")) == []
    assert walk.state.overlay is None


def test_a_visit_follows_its_own_order_only() -> None:
    walk = Walk().at_pay(credit=100)
    walk.hear(OrderMoved(OrderView("ANOTHER", Phase.TAKEN_WAIT)))
    assert isinstance(walk.screen, Pay)


def test_an_order_that_is_over_does_not_come_back_to_life() -> None:
    walk = Walk().at_pay(credit=500)
    over = {"credit": 500, "kept": 500, "delivered": 1, "outcome": OrderOutcome.DELIVERED}
    walk.order(Phase.CLOSED, slip=Slip.PRINTING, **over)
    walk.press("done")
    walk.order(Phase.CLOSED, slip=Slip.FAILED, **over)
    assert isinstance(walk.screen, Survey)
    assert any("영수증을 인쇄하지 못했습니다" in notice for notice in walk.snapshot.notices)
    walk.order(Phase.PRINTING, credit=500)
    assert isinstance(walk.screen, Survey)


def test_nobody_is_promised_or_denied_a_receipt_that_may_or_may_not_have_come_out() -> None:
    walk = Walk().at_pay(credit=500)
    over = {"credit": 500, "kept": 500, "delivered": 1, "outcome": OrderOutcome.DELIVERED}
    walk.order(Phase.CLOSED, slip=Slip.PRINTING, **over)
    assert walk.snapshot.title == "영수증을 가져가 주세요"
    walk.order(Phase.CLOSED, slip=Slip.UNSURE, **over)
    assert isinstance(walk.screen, Change)
    assert walk.snapshot.title == "영수증이 나왔는지 봐 주세요"
    assert walk.snapshot.rows == ()
    [notice] = walk.snapshot.notices
    assert "나오지 않았으면" in notice
    assert "ORDER-1" in notice


def test_who_gets_coins_is_told_of_them_and_not_of_an_unproved_receipt() -> None:
    walk = Walk().at_pay(credit=1_000)
    walk.order(Phase.CLOSED, outcome=OrderOutcome.DELIVERED, slip=Slip.UNSURE, **CLOSED)
    assert walk.snapshot.title == "동전을 가져가 주세요"
    assert any("확인하지 못했습니다" in notice for notice in walk.snapshot.notices)


def test_nobody_is_asked_to_take_a_receipt_that_surely_did_not_come_out() -> None:
    walk = Walk().at_pay(credit=500)
    over = {"credit": 500, "kept": 500, "delivered": 1, "outcome": OrderOutcome.DELIVERED}
    walk.order(Phase.CLOSED, slip=Slip.PRINTING, **over)
    walk.order(Phase.CLOSED, slip=Slip.FAILED, **over)
    assert walk.snapshot.title == "영수증이 나오지 않았습니다"


def test_an_order_of_nobody_is_not_shown() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.order(Phase.TAKEN_WAIT)
    assert isinstance(walk.screen, Attract)


def test_whoever_is_being_served_is_not_told_of_an_earlier_order() -> None:
    walk = Walk().at_check()
    owed = OrderView(
        "OLD", Phase.CLOSED, credit=500, claim=500, claim_code="AB12", outcome=OrderOutcome.CLAIM
    )
    walk.hear(Interrupted(owed))
    assert isinstance(walk.screen, Check)


def test_after_a_power_cut_only_money_that_is_owed_is_told() -> None:
    walk = Walk()
    paid_back = OrderView("OLD", Phase.CLOSED, outcome=OrderOutcome.REFUNDED)
    walk.hear(Interrupted(paid_back))
    assert isinstance(walk.screen, OutOfService)
    owed = OrderView(
        "OLD", Phase.CLOSED, credit=500, claim=500, claim_code="AB12", outcome=OrderOutcome.CLAIM
    )
    walk.hear(Interrupted(owed))
    assert isinstance(walk.screen, Trouble)
    assert "AB12" in walk.snapshot.code
    walk.wait(180_000)
    assert isinstance(walk.screen, OutOfService)
    assert not any(isinstance(effect, EndVisit) for effect in walk.effects)


def test_an_order_opened_after_the_visit_had_given_up_waiting_is_followed_all_the_same() -> None:
    walk = Walk().at_check()
    walk.press("pay")
    walk.wait(10_000)
    assert isinstance(walk.screen, Trouble)
    walk.order(Phase.COLLECTING)
    assert isinstance(walk.screen, Pay)


def test_a_survey_may_be_skipped() -> None:
    walk = Walk().at_pay(credit=500)
    walk.order(Phase.CLOSED, credit=500, kept=500, delivered=1, outcome=OrderOutcome.DELIVERED)
    assert isinstance(walk.screen, Survey)
    walk.press("skip")
    assert isinstance(walk.screen, Goodbye)
