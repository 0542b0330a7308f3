"""How to pay is asked where there is a choice; what is pressed is the order's to decide, and the screen follows it."""

import msgspec
import pytest

from kiosk.examples.base import NOW_MS, ORDER, healthy, on
from kiosk.health.health import Ailment
from kiosk.order.model import OrderOutcome
from kiosk.visit.effects import CancelOrder, ChooseMeans
from kiosk.visit.events import HealthChanged, OrderMoved
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.screens import Attract, Change, Pay, Survey, Trouble
from kiosk.visit.state import Visit
from tests.unit.visit.walk import Walk, catalogue

BOTH = ("cash", "card")
CHOOSING = OrderView(ORDER, Phase.CHOOSING, fee=1_000, copies=2, sheets=2, means=BOTH)


def walk(view: OrderView = CHOOSING, *, card: bool = True, cash: bool = True) -> Walk:
    health = msgspec.structs.replace(
        healthy(catalogue()), card=card, ailments=() if cash else (Ailment("coin", "unplugged"),)
    )
    base = Visit(
        catalogue=catalogue(), screen=Attract(), health=health, number=1, serving=True, worker_ready=True
    )
    return Walk(on(base, Pay(view, ())), NOW_MS)


def moved(walker: Walk, **fields: object) -> None:
    screen = walker.screen
    assert isinstance(screen, Pay | Change | Survey | Trouble)
    assert screen.view is not None
    walker.hear(OrderMoved(msgspec.structs.replace(screen.view, **fields)))


@pytest.mark.parametrize("means", BOTH)
def test_a_way_to_pay_is_pressed_once_and_the_order_is_told(means: str) -> None:
    walker = walk()
    walker.press(f"pay:{means}")
    assert walker.effects == [ChooseMeans(means)]


def test_a_way_that_can_not_be_had_says_so_and_can_not_be_pressed() -> None:
    no_card, no_cash = walk(card=False), walk(cash=False)
    assert not no_card.may("pay:card")
    assert no_card.may("pay:cash")
    assert not no_cash.may("pay:cash")
    assert no_cash.may("pay:card")
    tile = next(control for control in no_card.snapshot.controls if control.id == "pay:card")
    assert tile.note


def test_the_terminal_that_goes_while_somebody_chooses_is_seen_at_once() -> None:
    walker = walk()
    walker.hear(HealthChanged(msgspec.structs.replace(walker.state.health, card=False)))
    assert not walker.may("pay:card")


@pytest.mark.parametrize("press", ["other-way", "back"])
def test_another_way_can_be_had_as_long_as_nothing_is_paid(press: str) -> None:
    walker = walk(msgspec.structs.replace(CHOOSING, phase=Phase.CARD))
    walker.press(press)
    assert walker.effects == [ChooseMeans("")]
    paid = walk(msgspec.structs.replace(CHOOSING, phase=Phase.COLLECTING, credit=500))
    assert not paid.may(press)


def test_who_has_only_one_way_is_offered_no_other() -> None:
    walker = walk(msgspec.structs.replace(CHOOSING, phase=Phase.CARD, means=("card",)))
    assert not walker.may("other-way")
    assert walker.may("cancel")


@pytest.mark.parametrize("phase", [Phase.CHOOSING, Phase.CARD])
def test_stop_before_anything_is_paid_ends_the_order(phase: Phase) -> None:
    walker = walk(msgspec.structs.replace(CHOOSING, phase=phase))
    walker.press("cancel")
    assert walker.effects == [CancelOrder()]


def test_a_tap_for_the_choice_can_not_fall_through_to_the_card() -> None:
    walker = walk()
    before = walker.snapshot.since
    moved(walker, phase=Phase.CARD)
    assert walker.snapshot.since > before


def test_who_stands_at_the_terminal_is_not_asked_whether_they_are_still_there() -> None:
    walker = walk(msgspec.structs.replace(CHOOSING, phase=Phase.CARD))
    assert walker.state.deadline_ms is None


def test_all_delivered_and_the_terminal_silent_is_no_trouble_of_the_citizen() -> None:
    paid = {"by_card": True, "reserved": 1_000, "kept": 1_000, "delivered": 2}
    walker = walk(msgspec.structs.replace(CHOOSING, phase=Phase.CARD))
    moved(walker, phase=Phase.BOOKING, **paid)
    assert isinstance(walker.screen, Change)
    moved(walker, phase=Phase.CLOSED, outcome=OrderOutcome.DELIVERED)
    assert isinstance(walker.screen, Survey)


def test_of_a_payment_in_doubt_it_is_said_what_the_machine_does_about_it() -> None:
    walker = walk(msgspec.structs.replace(CHOOSING, phase=Phase.CARD))
    moved(walker, phase=Phase.CLOSED, outcome=OrderOutcome.DISPUTED, reason="card-settling", by_card=True)
    assert isinstance(walker.screen, Trouble)
    assert "확인하고 있습니다" in walker.snapshot.title
    assert not any("돈 찾는" in text for text in (walker.snapshot.sentence, walker.snapshot.code))
