"""The end of an order on the screen: coins, a receipt that came, did not come, or may have come."""

from kiosk.order.model import OrderOutcome
from kiosk.protocol.spoken import spoken
from kiosk.visit.order_view import Phase, Slip
from kiosk.visit.screens import Change, Survey
from tests.unit.visit.walk import Walk


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
    assert spoken("ORDER-1") in notice


def test_who_gets_coins_is_told_of_them_and_not_of_an_unproved_receipt() -> None:
    walk = Walk().at_pay(credit=1_000)
    over = {"credit": 1_000, "kept": 500, "delivered": 1, "outcome": OrderOutcome.DELIVERED}
    walk.order(Phase.CLOSED, slip=Slip.UNSURE, to_pay=500, paid=500, **over)
    assert walk.snapshot.title == "동전을 가져가 주세요"
    assert any("확인하지 못했습니다" in notice for notice in walk.snapshot.notices)


def test_nobody_is_asked_to_take_a_receipt_that_surely_did_not_come_out() -> None:
    walk = Walk().at_pay(credit=500)
    over = {"credit": 500, "kept": 500, "delivered": 1, "outcome": OrderOutcome.DELIVERED}
    walk.order(Phase.CLOSED, slip=Slip.PRINTING, **over)
    walk.order(Phase.CLOSED, slip=Slip.FAILED, **over)
    assert walk.snapshot.title == "영수증이 나오지 않았습니다"
