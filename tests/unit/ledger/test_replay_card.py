"""A ledger rebuilt from central's rows knows what a card was charged; what no row ends is for a person to look at."""

import pytest

from kiosk.ledger.replay import Replay
from kiosk.ledger.unproved import end_unproved
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.model import Order, Policy
from kiosk.protocol import journal
from tests.unit.order.card_world import CardWorld


def facts_of(world: CardWorld) -> list[journal.Row]:
    return [journal.convert(kind, body) for kind, body in world.records]


def paid(card: CardPayment | None) -> tuple[CardState, int, int, int, int]:
    assert card is not None
    return card.state, card.receipt, card.amount, card.captured, card.reversed


@pytest.mark.parametrize(
    "knobs", [{}, {"copies": 3, "refuses_number": 2}, {"central": "refuses"}, {"terminal": "declined"}]
)
def test_the_rows_tell_the_payment_as_it_was(knobs: dict[str, object]) -> None:
    world = CardWorld(**knobs)  # type: ignore[arg-type]  # by its name
    order, replay = world.serve(), Replay(Policy())
    closed: Order | None = None
    for fact in facts_of(world):
        closed = replay.take(fact, 0) or closed
    assert closed is not None
    assert paid(closed.card) == paid(order.card)
    assert closed.credit + closed.captured == closed.earned + closed.paid + closed.claim


def test_a_payment_that_no_row_ends_is_disputed() -> None:
    world, replay = CardWorld(), Replay(Policy())
    world.serve()
    for fact in facts_of(world):
        if isinstance(fact, journal.CardCaptureIntent):
            break
        replay.take(fact, 0)
    ended, _records = end_unproved(replay.orders["O"], Policy())
    assert ended.card is not None
    assert ended.card.state is CardState.DISPUTED
