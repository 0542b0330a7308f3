"""The power fails while somebody is here: they are told at once, asked nothing more, and nothing of them stays."""

import pytest

from kiosk.health.health import Ailment
from kiosk.health.power import Power
from kiosk.order.model import OrderOutcome
from kiosk.protocol.screen import Tone
from kiosk.visit.effects import CancelOrder, EndVisit
from kiosk.visit.events import DraftCame, HealthChanged, PowerTold
from kiosk.visit.order_view import Phase
from kiosk.visit.patience import FAREWELL_MS
from kiosk.visit.screens import Attract, Check, Goodbye, OutOfService, Pay, Take, Trouble
from tests.unit.visit.walk import Walk, down, ready

ENDING, HALTING, GOOD = PowerTold(Power.ENDING), PowerTold(Power.HALTING), PowerTold(Power.GOOD)
NO_POWER = down("on-battery", (Ailment("power", "on-battery"),))


def test_who_has_not_paid_is_told_and_the_visit_ends_soon() -> None:
    walk = Walk().at_content()
    walk.hear(ENDING)
    assert isinstance(walk.screen, Trouble)
    assert walk.snapshot.title == "정전입니다"
    assert walk.wait(FAREWELL_MS) == [EndVisit(1, "abandoned")]
    assert not walk.state.serving


def test_what_was_complete_can_be_asked_for_again_when_the_power_is_back() -> None:
    walk = Walk().at_check()
    walk.hear(ENDING)
    walk.hear(HealthChanged(NO_POWER))
    retry = next(control for control in walk.snapshot.controls if control.id == "retry")
    assert (retry.enabled, retry.note) == (False, "정전입니다.")
    walk.hear(HealthChanged(ready()))
    walk.hear(GOOD)
    walk.press("retry")
    walk.hear(DraftCame(walk.state.lines, 2, 500))
    assert isinstance(walk.screen, Check)


@pytest.mark.parametrize("phase", [Phase.COLLECTING, Phase.ISSUING, Phase.PRINTING, Phase.PAYING_OUT])
def test_with_an_order_the_screen_stays_with_it_and_says_why_it_hurries(phase: Phase) -> None:
    walk = Walk().at_pay()
    walk.order(phase)
    before = type(walk.screen)
    walk.hear(ENDING)
    assert type(walk.screen) is before
    assert walk.snapshot.sentence.startswith("정전")
    assert walk.snapshot.tone is Tone.WARNING


def test_there_is_no_more_time_for_paper_while_the_power_fails() -> None:
    walk = Walk().at_pay()
    walk.order(Phase.TAKEN_WAIT, retract_at_ms=walk.now_ms + 15_000)
    walk.hear(ENDING)
    assert isinstance(walk.screen, Take)
    assert walk.snapshot.sentence.startswith("정전입니다. 종이를")
    assert all(control.id != "more-time" for control in walk.snapshot.controls)


def test_after_it_nobody_is_asked_how_it_was() -> None:
    walk = Walk().at_pay()
    walk.hear(ENDING)
    walk.order(Phase.CLOSED, outcome=OrderOutcome.DELIVERED, kept=500, paid=100)
    walk.wait(60_000)
    assert isinstance(walk.screen, Goodbye)
    walk.wait(FAREWELL_MS)
    assert not walk.state.serving


def test_money_that_is_in_goes_back_before_who_left_is_forgotten() -> None:
    walk = Walk().at_pay()
    walk.hear(ENDING)
    assert isinstance(walk.screen, Pay)
    assert walk.wait(60_000) == [CancelOrder()]


@pytest.mark.parametrize(("told", "title"), [(ENDING, "정전입니다"), (HALTING, "정전이어서 기계를 끕니다")])
def test_at_rest_the_screen_says_it_in_plain_words(told: PowerTold, title: str) -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.hear(told)
    walk.hear(HealthChanged(NO_POWER))
    assert isinstance(walk.screen, OutOfService)
    assert walk.snapshot.title == title
    walk.hear(HealthChanged(ready()))
    walk.hear(GOOD)
    assert isinstance(walk.screen, Attract)


def test_what_is_known_of_the_power_outlives_the_visit() -> None:
    walk = Walk().at_content()
    walk.hear(ENDING)
    walk.press("done")
    assert walk.state.power is Power.ENDING
