"""After a power cut the screen speaks the language of whom it was about, and after them the machine's own again."""

import pytest

from kiosk.order.model import Order, OrderOutcome, OrderState
from kiosk.protocol.screen import Display
from kiosk.visit.events import HealthChanged, Interrupted
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.patience import INTERRUPTED_MS
from tests.unit.visit.walk import Walk, ready


def owed(lang: str) -> OrderView:
    ended = OrderView(
        "01KB3X7Q9M5T", Phase.CLOSED, fee=500, credit=500, claim=500, outcome=OrderOutcome.CLAIM
    )
    return OrderView(
        **{name: getattr(ended, name) for name in ended.__struct_fields__ if name != "lang"}, lang=lang
    )


def test_who_was_served_in_english_is_told_in_english() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.hear(Interrupted(owed("en")))
    assert walk.snapshot.display == Display(lang="en")
    assert walk.snapshot.title.isascii()
    walk.wait(INTERRUPTED_MS)
    assert walk.snapshot.display == Display(), "the next one begins as everybody does"


@pytest.mark.parametrize("lang", ["", "xx"])
def test_a_language_that_is_not_known_is_the_machine_s_own(lang: str) -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.hear(Interrupted(owed(lang)))
    assert walk.snapshot.display == Display()


def test_an_order_of_before_has_no_language() -> None:
    before = Order("O", 0, (), state=OrderState.CLOSED, outcome=OrderOutcome.CLAIM)
    assert before.lang == ""
