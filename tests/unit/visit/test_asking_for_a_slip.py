"""Paper that was left is drawn in, and no slip is printed for nobody; who is here after all presses, and gets one."""

import msgspec
import pytest

from kiosk.examples.base import NOW_MS, ORDER, healthy, on
from kiosk.health.health import Ailment
from kiosk.order.model import OrderOutcome
from kiosk.visit.effects import PrintSlip
from kiosk.visit.events import HealthChanged, OrderMoved
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.screens import Attract, Trouble
from kiosk.visit.state import Visit
from tests.unit.visit.walk import Walk, catalogue

LEFT = OrderView(
    ORDER,
    Phase.CLOSED,
    fee=500,
    outcome=OrderOutcome.REFUNDED,
    reason="uncollected",
    by_card=True,
    reserved=500,
    given_back=500,
    taken_back=True,
    over=True,
)
OWED = msgspec.structs.replace(
    LEFT, by_card=False, credit=500, claim=500, claim_code="7Q9M-5T3X", outcome=OrderOutcome.CLAIM
)


def walk(view: OrderView) -> Walk:
    base = Visit(catalogue=catalogue(), screen=Attract(), health=healthy(catalogue()), number=1, serving=True)
    return Walk(on(base, Trouble("uncollected", view=view)), NOW_MS)


def label(walker: Walk) -> str:
    return next((one.label for one in walker.snapshot.controls if one.id == "slip"), "")


@pytest.mark.parametrize(("view", "said"), [(LEFT, "영수증 받기"), (OWED, "돈 찾는 표 받기")])
def test_a_press_has_it_printed_once_and_the_screen_says_what_became_of_it(
    view: OrderView, said: str
) -> None:
    walker = walk(view)
    assert label(walker) == said
    assert walker.press("slip") == [PrintSlip()]
    walker.hear(OrderMoved(msgspec.structs.replace(view, slip=Slip.PRINTING)))
    assert not walker.may("slip")
    assert walker.snapshot.rows[-1].value == "나오고 있습니다"
    walker.hear(OrderMoved(msgspec.structs.replace(view, slip=Slip.PRINTED)))
    assert not walker.may("slip")


def test_one_that_surely_did_not_come_is_offered_again_and_one_in_doubt_is_not() -> None:
    walker = walk(LEFT)
    walker.hear(OrderMoved(msgspec.structs.replace(LEFT, slip=Slip.FAILED)))
    assert walker.may("slip")
    walker.hear(OrderMoved(msgspec.structs.replace(LEFT, slip=Slip.UNSURE)))
    assert not walker.may("slip")


@pytest.mark.parametrize("lacks", [{"over": False}, {"taken_back": False}, {"by_card": False}])
def test_it_is_not_offered_where_there_is_nothing_to_say_or_it_may_still_change(
    lacks: dict[str, bool],
) -> None:
    assert not label(walk(msgspec.structs.replace(LEFT, **lacks)))


def test_it_is_not_offered_without_a_printer() -> None:
    walker = walk(LEFT)
    health = msgspec.structs.replace(walker.state.health, ailments=(Ailment("receipt", "paper-out"),))
    walker.hear(HealthChanged(health))
    assert not walker.may("slip")
