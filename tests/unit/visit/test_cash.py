"""What a citizen is told about cash: what is taken now, why a note goes back, and what is not as usual."""

import msgspec
import pytest

from kiosk.health.health import Ailment
from kiosk.protocol.screen import Tone
from kiosk.visit.events import HealthChanged, OrderMoved
from kiosk.visit.order_view import OrderView, Phase
from kiosk.words.words import load
from tests.unit.visit.walk import CASH, Walk, ready

ORDER = "01KB3X7Q9M5T"
EXACT = load("ko").say("cash.exact")
EXACT_AT_FIRST = load("ko").say("ways.exact.coins")
NO_NOTES = load("ko").say("ways.now.coins")


def collecting(**fields: object) -> OrderView:
    usual = OrderView(
        ORDER, Phase.COLLECTING, fee=500, coins=(100, 500), notes=(1_000, 5_000), copies=1, sheets=1
    )
    return msgspec.structs.replace(usual, **fields)


def paying(**fields: object) -> Walk:
    walk = Walk().at_check()
    walk.press("pay")
    walk.hear(OrderMoved(collecting(**fields)))
    return walk


def test_the_coins_and_notes_that_are_taken_now_are_shown_and_said() -> None:
    shown = paying().snapshot
    assert shown.money is not None
    assert (shown.money.coins, shown.money.notes) == (("100원", "500원"), ("1,000원", "5,000원"))
    assert shown.title == "돈을 넣어 주세요"
    assert "1,000원, 5,000원 지폐" in shown.notices[0]
    assert "1,000원, 5,000원 지폐" in shown.announce


def test_without_notes_only_coins_are_spoken_of() -> None:
    shown = paying(notes=()).snapshot
    assert shown.money is not None
    assert (shown.title, shown.money.notes) == ("동전을 넣어 주세요", ())


def test_why_a_note_goes_back_is_said_until_the_next_money_comes() -> None:
    walk = paying()
    walk.hear(OrderMoved(collecting(refused=5_000, notes=(1_000,))))
    assert walk.snapshot.tone is Tone.WARNING
    assert "거스름돈이 부족해 5,000원 지폐는 받을 수 없습니다" in walk.snapshot.sentence
    assert "5,000원 지폐는 받을 수 없습니다" in walk.snapshot.announce
    walk.hear(OrderMoved(collecting(credit=100)))
    assert "5,000원 지폐는 받을 수 없습니다" not in walk.snapshot.sentence


def test_a_note_that_goes_back_is_a_sign_of_life() -> None:
    walk = paying()
    before = walk.state.deadline_ms
    walk.now_ms += 20_000
    walk.hear(OrderMoved(collecting(refused=5_000)))
    assert before is not None
    assert walk.state.deadline_ms is not None
    assert walk.state.deadline_ms > before


def test_while_a_note_is_taken_in_nothing_else_is_asked_for() -> None:
    shown = paying(coins=(), notes=(), stacking=True).snapshot
    assert shown.money is not None
    assert (shown.title, shown.money.coins, shown.money.notes) == ("지폐를 받고 있습니다", (), ())


@pytest.mark.parametrize(("coins", "told"), [(60, False), (10, True), (8, True)])
def test_that_only_the_exact_sum_is_taken_is_said_before_anybody_starts(coins: int, told: bool) -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready(msgspec.structs.replace(CASH, hopper_coins=coins))))
    assert (EXACT_AT_FIRST in walk.snapshot.notices) is told
    walk.press("start")
    assert (EXACT_AT_FIRST in walk.snapshot.notices) is told


def test_at_the_fee_it_is_said_again_in_place_of_the_change() -> None:
    assert EXACT in paying(exact=True).snapshot.notices
    assert EXACT not in paying().snapshot.notices


def test_that_no_notes_are_taken_is_said_before_anybody_starts() -> None:
    walk = Walk()
    full = (Ailment("note", "stacker-full"),)
    walk.hear(HealthChanged(msgspec.structs.replace(ready(), ailments=full)))
    assert NO_NOTES in walk.snapshot.notices
    walk.hear(HealthChanged(ready()))
    assert NO_NOTES not in walk.snapshot.notices
