"""Whole visits, as citizens make them."""

from kiosk.order.model import OrderOutcome
from kiosk.protocol.screen import ScreenName
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
    HealthChanged,
    OrderMoved,
    Pressed,
    WorkerReady,
)
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.screens import (
    Attract,
    Change,
    Check,
    Choose,
    Goodbye,
    Issuing,
    Options,
    Pay,
    Question,
    Survey,
    Take,
)
from tests.unit.visit.walk import Walk, ready

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
    walk.press("cancel", "close")
    assert isinstance(walk.screen, Pay)
    assert CancelOrder() not in walk.effects


def test_once_issuing_has_begun_cancel_is_there_but_says_why_not() -> None:
    walk = Walk().at_pay(credit=500)
    walk.order(Phase.ISSUING, credit=500)
    cancel = next(control for control in walk.snapshot.bar if control.id == "cancel")
    assert not cancel.enabled
    assert "돌려드립니다" in cancel.note


def test_back_keeps_what_was_answered() -> None:
    walk = Walk().at_check()
    walk.press("back", "back")
    assert isinstance(walk.screen, Options)
    assert walk.screen.entry.main == "60"
    walk.press("back", "back")
    assert walk.snapshot.screen is ScreenName.CHOOSE
    assert not walk.may("back")


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


def test_an_order_of_nobody_is_not_shown() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.order(Phase.TAKEN_WAIT)
    assert isinstance(walk.screen, Attract)


def test_a_survey_may_be_skipped() -> None:
    walk = Walk().at_pay(credit=500)
    walk.order(Phase.CLOSED, credit=500, kept=500, delivered=1, outcome=OrderOutcome.DELIVERED)
    assert isinstance(walk.screen, Survey)
    walk.press("skip")
    assert isinstance(walk.screen, Goodbye)
