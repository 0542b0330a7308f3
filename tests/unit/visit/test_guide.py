"""The slip that leads to the counter: offered where the counter helps, printed when it is asked for, owned up to."""

import msgspec
import pytest

from kiosk.health.health import Ailment
from kiosk.visit.effects import PrintGuide
from kiosk.visit.events import DraftFailed, GuideOver, HealthChanged
from kiosk.visit.order_view import Slip
from kiosk.visit.screens import Trouble
from tests.unit.visit.walk import Walk, ready


def refused(code: str) -> Walk:
    walk = Walk().at_content()
    walk.press("next")
    walk.hear(DraftFailed(1, code))
    assert isinstance(walk.screen, Trouble)
    return walk


def test_who_has_to_go_to_the_counter_gets_a_slip_that_says_what_for() -> None:
    walk = refused("record-under-change")
    assert walk.press("guide") == [PrintGuide("land", "record-under-change", "ko")]
    assert "쪽지가 나오고" in walk.snapshot.notices[0]
    assert not walk.may("guide")
    walk.hear(GuideOver(Slip.PRINTED))
    assert "쪽지가 나왔습니다" in walk.snapshot.notices[0]
    assert not walk.may("guide")


def test_a_slip_that_surely_did_not_come_can_be_asked_for_again() -> None:
    walk = refused("record-under-change")
    walk.press("guide")
    walk.hear(GuideOver(Slip.FAILED))
    assert len(walk.press("guide")) == 1


def test_a_slip_that_may_have_come_is_not_printed_twice() -> None:
    walk = refused("record-under-change")
    walk.press("guide")
    walk.hear(GuideOver(Slip.UNSURE))
    assert not walk.may("guide")
    assert "확인하지 못했습니다" in walk.snapshot.notices[0]


@pytest.mark.parametrize("code", ["parcel-not-found", "central-unreachable", "no-change"])
def test_where_the_counter_can_do_no_more_there_is_no_slip(code: str) -> None:
    assert not refused(code).may("guide")


def test_without_a_receipt_printer_no_slip_is_promised() -> None:
    walk = refused("record-under-change")
    walk.hear(HealthChanged(msgspec.structs.replace(ready(), ailments=(Ailment("receipt", "paper-out"),))))
    assert not walk.may("guide")


def test_the_fate_of_a_slip_of_another_screen_is_not_told() -> None:
    walk = refused("record-under-change")
    before = walk.state
    assert walk.hear(GuideOver(Slip.PRINTED)) == []
    assert walk.state == before
