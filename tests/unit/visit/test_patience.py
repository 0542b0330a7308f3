"""Time: nobody is thrown out without a warning, and nothing of who has left stays."""

import msgspec
import pytest

from kiosk.order.model import OrderOutcome
from kiosk.visit.effects import CancelOrder, EndVisit, OpenOrder
from kiosk.visit.events import HealthChanged
from kiosk.visit.order_view import Phase, Slip
from kiosk.visit.patience import DRAFT_MS, IDLE_MS, OPENING_MS, WARNING_MS
from kiosk.visit.screens import Attract, Change, Goodbye, Pay, Survey, Trouble
from kiosk.visit.state import MoreTime, first
from tests.unit.visit.walk import Walk, catalogue, ready


def test_there_is_a_minute_for_a_question_and_then_a_warning_of_at_least_20_s() -> None:
    walk = Walk().at_content()
    walk.wait(IDLE_MS - 1)
    assert walk.snapshot.overlay is None
    walk.wait(1)
    assert walk.snapshot.overlay is not None
    assert walk.snapshot.overlay.remaining_s is not None
    assert walk.snapshot.overlay.remaining_s >= 20


def test_every_press_counts_as_a_sign_of_life() -> None:
    walk = Walk().started()
    walk.press("type:land", "area:1")
    for _ in range(5):
        walk.wait(IDLE_MS - 1)
        walk.press("key:1", "key:delete")
    assert walk.snapshot.overlay is None


def test_more_time_can_be_had_again_and_again() -> None:
    walk = Walk().at_content()
    for _ in range(12):
        walk.wait(IDLE_MS)
        walk.wait(WARNING_MS - 1)
        walk.press("more-time")
        assert walk.snapshot.overlay is None


def test_large_text_gives_three_times_as_long() -> None:
    walk = Walk().started()
    walk.press("display", "scale:130", "close")
    walk.wait(3 * IDLE_MS - 1)
    assert walk.snapshot.overlay is None
    walk.wait(1)
    assert isinstance(walk.state.overlay, MoreTime)


def test_who_does_not_answer_is_forgotten() -> None:
    walk = Walk().at_check()
    walk.press("language", "lang:en", "display", "scale:200", "close")
    walk.wait(3 * IDLE_MS)
    assert walk.wait(WARNING_MS) == [EndVisit(1, "abandoned")]
    expected = first(catalogue())
    fresh = msgspec.structs.replace(expected, screen=Attract(), health=ready(), number=1)
    assert walk.state == fresh


def test_the_money_of_who_has_left_is_given_back_before_the_visit_ends() -> None:
    walk = Walk().at_pay(credit=100)
    walk.wait(IDLE_MS)
    assert walk.snapshot.overlay is not None
    assert "돈을 돌려드리고" in walk.snapshot.overlay.lead
    assert walk.wait(WARNING_MS) == [CancelOrder()]
    assert isinstance(walk.screen, Pay)
    assert walk.screen.drafts == ()
    walk.order(Phase.PAYING_OUT, credit=100, to_pay=100, cancelled=True)
    assert isinstance(walk.screen, Change)
    assert walk.screen.drafts == ()
    refunded = {"credit": 100, "paid": 100, "cancelled": True, "slip": Slip.PRINTED}
    effects = walk.order(Phase.CLOSED, outcome=OrderOutcome.REFUNDED, **refunded)
    assert effects == [EndVisit(1, "abandoned")]
    assert isinstance(walk.screen, Attract)


def test_who_has_left_with_money_owed_finds_the_number_when_coming_back_soon() -> None:
    walk = Walk().at_pay(credit=100)
    walk.wait(IDLE_MS)
    walk.wait(WARNING_MS)
    walk.order(Phase.CLOSED, credit=100, claim=100, claim_code="AB12", outcome=OrderOutcome.CLAIM)
    assert isinstance(walk.screen, Trouble)
    walk.wait(IDLE_MS)
    assert walk.wait(WARNING_MS) == [EndVisit(1, "abandoned")]


def test_a_coin_counts_as_a_sign_of_life() -> None:
    walk = Walk().at_pay()
    walk.wait(IDLE_MS)
    assert isinstance(walk.state.overlay, MoreTime)
    walk.order(Phase.COLLECTING, credit=100)
    assert walk.state.overlay is None
    walk.wait(IDLE_MS - 1)
    assert walk.state.overlay is None


@pytest.mark.parametrize(
    "phase", [Phase.COUNTING, Phase.ISSUING, Phase.PRINTING, Phase.TAKEN_WAIT, Phase.PAYING_OUT]
)
def test_while_the_machine_works_nobody_is_asked_whether_they_are_still_there(phase: Phase) -> None:
    walk = Walk().at_pay(credit=500)
    walk.order(phase, credit=500)
    walk.wait(10 * IDLE_MS)
    assert walk.snapshot.overlay is None
    assert walk.state.serving


def test_a_draft_that_does_not_come_is_given_up() -> None:
    walk = Walk().at_content()
    walk.press("next")
    walk.wait(DRAFT_MS - 1)
    walk.press("help", "close")
    walk.wait(1)
    assert isinstance(walk.screen, Trouble)
    assert walk.screen.code == "draft-timeout"


def test_an_order_that_is_not_opened_is_given_up_with_nothing_charged() -> None:
    walk = Walk().at_check()
    assert [type(effect) for effect in walk.press("pay")] == [OpenOrder]
    walk.wait(OPENING_MS)
    assert walk.snapshot.rows[0].value == "받지 않았습니다"


def test_the_last_screens_close_by_themselves_with_nothing_to_lose() -> None:
    walk = Walk().at_pay(credit=1_000)
    closed = {"credit": 1_000, "kept": 500, "paid": 500, "delivered": 1, "outcome": OrderOutcome.DELIVERED}
    walk.order(Phase.CLOSED, **closed)
    for screen in (Change, Survey, Goodbye):
        assert isinstance(walk.screen, screen)
        assert walk.snapshot.remaining_s is not None
        assert walk.snapshot.remaining_s >= 20
        assert str(walk.snapshot.remaining_s) in walk.snapshot.remaining_text
        walk.wait(walk.snapshot.remaining_s * 1_000)
    assert isinstance(walk.screen, Attract)


def test_a_passer_by_who_only_changed_the_display_leaves_it_as_it_was() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.press("display", "contrast:on", "close")
    walk.wait(IDLE_MS)
    assert not walk.snapshot.display.high_contrast
    walk.press("help")
    walk.wait(IDLE_MS)
    assert walk.snapshot.overlay is None
