"""The power fails while somebody pays by card: what was handed over is charged, the rest is free again, once."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.order import events as order_events
from kiosk.order import failing
from kiosk.order.card_payment import CardState
from kiosk.order.effects import StopCard
from kiosk.order.events import OrderEvent
from kiosk.order.model import OrderOutcome
from kiosk.order.reduce import reduce
from kiosk.order.saga import Move, Stage
from tests.unit.order.card_world import CardWorld
from tests.unit.order.test_card import approved, asked
from tests.unit.order.test_card_power_cut import LIVES
from tests.unit.order.test_failing import NOTHING, PLENTY, SAYINGS

CARD_FIRST = {"means": ("cash", "card"), "choices": ("card",)}


@dataclass
class Failing(CardWorld):
    """A card's world whose mains fail when the order first reaches a stage."""

    at: Stage = Stage.AUTHORISING
    says: OrderEvent = NOTHING
    begun: bool = False

    def apply(self, move: Move) -> None:
        super().apply(move)
        if not self.begun and move.saga.stage is self.at:
            self.begun = True
            self.inbox.appendleft(self.says)


def served(at: Stage, says: OrderEvent, **knobs: object) -> Failing:
    world = Failing(at=at, says=says, **knobs)  # type: ignore[arg-type]
    world.serve()
    world.check()
    assert world.begun, f"the order never came to {at}"
    return world


def outcome(world: CardWorld) -> tuple[OrderOutcome | None, int, int]:
    """How it ended, what the card was charged, and what was freed."""
    order = world.stored
    assert order is not None
    return order.outcome, order.captured, order.card.reversed if order.card is not None else 0


@pytest.mark.parametrize("at", [Stage.CHOOSING, Stage.TERMINAL])
def test_before_a_card_is_asked_for_none_is(at: Stage) -> None:
    world = served(at, PLENTY, **CARD_FIRST)
    assert (outcome(world), world.authorisations) == ((OrderOutcome.REFUNDED, 0, 0), 0)


@pytest.mark.parametrize("says", [PLENTY, NOTHING])
def test_a_card_that_is_approved_in_that_moment_is_let_go_of_at_once(says: OrderEvent) -> None:
    world = served(Stage.AUTHORISING, says)
    assert outcome(world) == (OrderOutcome.REFUNDED, 0, 500)
    assert world.asked_numbers == 0


@pytest.mark.parametrize("at", [Stage.SEALING, Stage.ASKING, Stage.OPENING, Stage.STARTING, Stage.PRINTING])
def test_what_the_battery_does_not_last_for_goes_back_to_the_card(at: Stage) -> None:
    assert outcome(served(at, NOTHING)) == (OrderOutcome.REFUNDED, 0, 500)
    assert outcome(served(at, PLENTY)) == (OrderOutcome.DELIVERED, 500, 0)


@pytest.mark.parametrize("at", [Stage.LOOKING, Stage.OFFERING, Stage.WAITING, Stage.BOOKING])
def test_paper_that_is_as_good_as_out_is_charged(at: Stage) -> None:
    assert outcome(served(at, NOTHING)) == (OrderOutcome.DELIVERED, 500, 0)


def test_of_three_copies_the_one_in_the_hand_is_charged_and_the_others_go_back() -> None:
    assert outcome(served(Stage.WAITING, NOTHING, copies=3)) == (OrderOutcome.PARTLY, 500, 1_000)


def test_an_approval_in_doubt_is_looked_up_and_let_go_of() -> None:
    world = served(Stage.DOUBTING, NOTHING, loses=("Authorise",))
    assert outcome(world) == (OrderOutcome.REFUNDED, 0, 500)


def test_the_terminal_is_told_once_to_stop_waiting_however_often_the_ups_says_it() -> None:
    saga, stops = asked(), 0
    for now_ms in range(1_000, 9_000, 1_000):
        move = reduce(saga, NOTHING, now_ms)
        stops += sum(isinstance(effect, StopCard) for effect in move.effects)
        saga = move.saga
    assert stops == 1
    assert saga.order.reason == failing.REASON
    let_go = reduce(saga, approved(), 9_000).saga
    assert let_go.order.card is not None
    assert let_go.order.card.state is CardState.REVERSING


def test_mains_that_come_back_do_not_call_back_what_was_called_off() -> None:
    saga = reduce(reduce(asked(), NOTHING, 1_000).saga, order_events.PowerBack(), 2_000).saga
    assert reduce(saga, approved(), 3_000).saga.stage is Stage.BOOKING


@dataclass
class Anywhere(CardWorld):
    """What the UPS says is thrown in after whatever happens."""

    sayings: tuple[OrderEvent | None, ...] = ()
    turn: int = 0

    def apply(self, move: Move) -> None:
        super().apply(move)
        if self.turn < len(self.sayings):
            saying = self.sayings[self.turn]
            self.turn += 1
            if saying is not None:
                self.inbox.appendleft(saying)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(LIVES)), sayings=SAYINGS, cut=st.one_of(st.none(), st.integers(2, 60)))
def test_whatever_the_ups_says_and_whenever_the_power_goes_the_card_is_charged_for_what_was_delivered(
    name: str, sayings: list[OrderEvent | None], cut: int | None
) -> None:
    plain = LIVES[name]()
    fields = {key: value for key, value in vars(plain).items() if key in CardWorld.__dataclass_fields__}
    world = Anywhere(**{**fields, "cut_at": cut, "sayings": tuple(sayings)})
    world.serve()
    world.check()
