"""What goes wrong in a visit: it is said, nothing is charged for it, and there is a way on."""

import msgspec
import pytest

from kiosk.health.health import Ailment
from kiosk.order.model import OrderOutcome
from kiosk.protocol.screen import ScreenName
from kiosk.visit.effects import (
    EndVisit,
    RequestDraft,
)
from kiosk.visit.events import (
    DraftCame,
    DraftFailed,
    HealthChanged,
    Interrupted,
    OrderRefused,
    Pressed,
    WorkerReady,
)
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.screens import Attract, Check, Options, OutOfService, Pay, Preparing, Question, Trouble
from tests.unit.visit.walk import CASH, Walk, down, ready


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
