"""The power fails at every step of every kind of payment by card: the card is charged for what was delivered, once."""

from collections.abc import Callable

import pytest

from kiosk.order.model import OrderOutcome, OrderState
from tests.unit.order.card_world import CardWorld

BOTH = ("cash", "card")
LIVES: dict[str, Callable[[], CardWorld]] = {
    "paid": CardWorld,
    "three copies": lambda: CardWorld(copies=3),
    "one of three refused": lambda: CardWorld(copies=3, refuses_number=2),
    "declined": lambda: CardWorld(terminal="declined"),
    "cancelled at the terminal": lambda: CardWorld(terminal="cancelled"),
    "authorisation's answer lost": lambda: CardWorld(loses=("Authorise",)),
    "authorised late, after its answer was given up": lambda: CardWorld(loses=("Authorise",), late_ms=2_000),
    "capture's answer lost": lambda: CardWorld(loses=("Capture",)),
    "captured late": lambda: CardWorld(loses=("Capture",), late_ms=3_000),
    "reversal's answer lost": lambda: CardWorld(central="refuses", loses=("Reverse",)),
    "terminal dead after authorisation": lambda: CardWorld(dead_after="Authorise"),
    "terminal dead after authorisation, nothing delivered": lambda: CardWorld(
        central="refuses", dead_after="Authorise"
    ),
    "another's reservation is open": lambda: CardWorld(stranger=(7,), loses=("Authorise",)),
    "declined, then paid in coins": lambda: CardWorld(
        means=BOTH, choices=("card", "cash"), terminal="declined", coins=(500,)
    ),
    "coins chosen, then the card": lambda: CardWorld(means=BOTH, choices=("cash", "card")),
    "nothing chosen": lambda: CardWorld(means=BOTH),
    "jam": lambda: CardWorld(sheets=3, jam_at=2),
    "uncollected": lambda: CardWorld(collected=False),
    "pulled out in the dark": lambda: CardWorld(sheets=2, pulls_in_the_dark=True),
}


@pytest.mark.parametrize("name", LIVES)
def test_a_cut_at_any_step_charges_what_was_delivered_and_leaves_nothing_reserved(name: str) -> None:
    whole = LIVES[name]()
    whole.serve()
    whole.check()
    assert whole.steps > 3
    for cut in range(2, whole.steps + 1):
        world = LIVES[name]()
        world.cut_at = cut
        order = world.serve()
        try:
            assert order.state is OrderState.CLOSED
            world.check()
        except AssertionError as error:
            raise AssertionError(f"{name}, cut at step {cut} of {whole.steps}: {error}") from error


@pytest.mark.parametrize("name", LIVES)
def test_a_second_cut_while_the_first_is_being_mended_changes_nothing(name: str) -> None:
    whole = LIVES[name]()
    whole.serve()
    for first in range(2, whole.steps + 1, 3):
        for second in range(first + 1, first + 12, 2):
            world = LIVES[name]()
            world.cut_at, world.cut_again_at = first, second
            world.serve()
            world.check()


def ending(**knobs: object) -> tuple[OrderOutcome | None, int, int]:
    world = CardWorld(**knobs)  # type: ignore[arg-type]
    order = world.serve()
    world.check()
    assert order.card is not None
    return order.outcome, order.card.captured, order.card.reversed


def test_what_is_delivered_is_captured() -> None:
    assert ending(copies=2) == (OrderOutcome.DELIVERED, 1000, 0)


def test_of_three_lines_one_refused_the_rest_is_captured() -> None:
    assert ending(copies=3, refuses_number=3) == (OrderOutcome.PARTLY, 1000, 500)


def test_nothing_delivered_is_reversed_whole() -> None:
    assert ending(central="refuses") == (OrderOutcome.REFUNDED, 0, 500)


def test_an_answer_that_got_lost_is_found_in_the_terminals_memory() -> None:
    assert ending(loses=("Authorise",)) == (OrderOutcome.DELIVERED, 500, 0)
