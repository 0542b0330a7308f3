"""Who pays nothing can see why before agreeing, puts no coin in, and nothing of it goes into the order."""

import msgspec

from kiosk.protocol.screen import ScreenName
from kiosk.visit.effects import OpenOrder, OrderLine
from kiosk.visit.events import DraftCame
from kiosk.visit.order_view import Phase
from kiosk.visit.screens import Check, Issuing, Pay
from tests.unit.visit.test_basket import choose_household, choose_lot, identify, started
from tests.unit.visit.walk import Walk


def at_check(waiver: str = "livelihood", fee: int = 0, notes: tuple[str, ...] = ()) -> Walk:
    walk = choose_household(started())
    walk.press("next")
    identify(walk)
    walk.hear(DraftCame(1, 1, fee, waiver, notes=notes))
    assert isinstance(walk.screen, Check)
    return walk


def why(walk: Walk) -> list[str]:
    """What is told behind the press."""
    walk.press("why")
    assert walk.snapshot.overlay is not None
    told = [row.value for row in walk.snapshot.overlay.rows]
    walk.press("close")
    return told


def test_the_check_screen_says_that_it_is_free_and_behind_a_press_why_in_the_visits_language() -> None:
    walk = at_check()
    [row] = [row for row in walk.snapshot.rows if row.note and row.value == "무료"]
    assert (row.value, row.note) == ("무료", "요금을 받지 않습니다.")
    assert why(walk) == ["요금 면제: 국민기초생활 수급자"]
    walk.press("language", "lang:en")
    assert why(walk) == ["No fee: recipient of basic livelihood benefits"]


def test_a_waiver_that_this_machine_does_not_know_is_still_told() -> None:
    walk = at_check("newer-law")
    assert "요금을 받지 않습니다." in [row.note for row in walk.snapshot.rows]
    assert why(walk) == ["요금을 받지 않습니다."]


def test_a_waived_certificate_goes_from_check_to_issuing_without_coins() -> None:
    walk = at_check()
    [pay] = [control for control in walk.snapshot.controls if control.id == "pay"]
    assert pay.label == "무료로 발급받기"
    [opened] = walk.press("pay")
    assert isinstance(opened, OpenOrder)
    assert opened.lines == (OrderLine(1, "resident-household", 1, 1, 0),)
    walk.order(Phase.ISSUING, fee=0)
    assert isinstance(walk.screen, Issuing)
    assert ScreenName.PAY is not walk.snapshot.screen


def test_what_an_order_is_told_of_says_nothing_of_a_waiver() -> None:
    walk = at_check()
    [opened] = walk.press("pay")
    assert b"livelihood" not in msgspec.json.encode(opened)


def test_beside_a_waived_certificate_only_the_other_is_paid_for() -> None:
    walk = choose_household(started())
    walk.press("add")
    choose_lot(walk).press("next")
    identify(walk)
    walk.hear(DraftCame(1, 1, 0, "livelihood"))
    walk.hear(DraftCame(2, 1, 500))
    waived, lot, total = walk.snapshot.rows
    assert (waived.value, lot.value, total.value) == ("무료", "500원", "500원")
    assert "요금을 받지 않습니다." in waived.note
    assert why(walk) == ["요금 면제: 국민기초생활 수급자"]
    walk.press("pay")
    walk.order(Phase.COLLECTING)
    assert isinstance(walk.screen, Pay)


def test_where_it_could_not_be_looked_up_the_citizen_is_told_before_paying() -> None:
    assert not [text for text in at_check("", 200).snapshot.notices if "면제" in text]
    [told] = [text for text in at_check("", 200, ("waiver-unknown",)).snapshot.notices if "면제" in text]
    assert "창구에서 무료로" in told


def test_that_is_said_where_it_is_read_first_and_not_below_a_list() -> None:
    assert "면제" not in at_check("", 200).snapshot.sentence
    assert "면제" in at_check("", 200, ("waiver-unknown",)).snapshot.sentence
