"""The power fails in an order: no more money in, what can be finished is finished, the rest goes back."""

from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.order import failing
from kiosk.order.events import MoreTime, OrderEvent, PowerBack, PowerFailing
from kiosk.order.model import IssueState, OrderOutcome, Policy
from kiosk.order.reduce import reduce
from kiosk.order.saga import Hurry, Move, Saga, Stage
from tests.unit.order.test_power_cut import LIVES
from tests.unit.order.world import World

PLENTY, NOTHING = PowerFailing(600_000), PowerFailing(0)


@dataclass
class Failing(World):
    """A world whose mains fail when the order first reaches a stage; `says` is what core hears from then on."""

    at: Stage = Stage.COLLECTING
    says: OrderEvent = NOTHING
    begun: bool = False

    def apply(self, move: Move) -> None:
        super().apply(move)
        if not self.begun and move.saga.stage is self.at:
            self.begun = True
            self.inbox.appendleft(self.says)


def served(at: Stage, says: OrderEvent, copies: int = 1, *, collected: bool = True) -> Failing:
    world = Failing(copies=copies, coins=(500,) * copies, collected=collected, at=at, says=says)
    world.serve()
    world.check()
    assert world.begun, f"the order never came to {at}"
    return world


def outcome(world: World) -> tuple[OrderOutcome | None, int, int, int]:
    order = world.stored
    assert order is not None
    return order.outcome, order.earned, order.paid, order.claim


def test_who_still_pays_has_it_back_however_long_the_battery_lasts() -> None:
    world = Failing(coins=(100, 100, 500), at=Stage.COLLECTING, says=PLENTY)
    world.serve()
    world.check()
    assert (world.value_in, world.accepting) == (
        100,
        False,
    )  # the coin on its way; the next ones fall through
    assert outcome(world) == (OrderOutcome.REFUNDED, 0, 100, 0)


@pytest.mark.parametrize(
    "at",
    [
        Stage.COUNTING,
        Stage.SEALING,
        Stage.ASKING,
        Stage.OPENING,
        Stage.HOLDING,
        Stage.READYING,
        Stage.STARTING,
        Stage.PRINTING,
        Stage.LOOKING,
        Stage.OFFERING,
        Stage.WAITING,
    ],
)
def test_what_is_paid_is_finished_while_the_battery_lasts(at: Stage) -> None:
    assert outcome(served(at, PLENTY)) == (OrderOutcome.DELIVERED, 500, 0, 0)


@pytest.mark.parametrize(
    "at",
    [
        Stage.COUNTING,
        Stage.SEALING,
        Stage.ASKING,
        Stage.OPENING,
        Stage.HOLDING,
        Stage.READYING,
        Stage.STARTING,
        Stage.PRINTING,
    ],
)
def test_what_the_battery_does_not_last_for_is_given_back(at: Stage) -> None:
    world = served(at, NOTHING)
    assert outcome(world) == (OrderOutcome.REFUNDED, 0, 500, 0)
    assert world.stored is not None
    assert world.stored.reason == failing.REASON


@pytest.mark.parametrize("at", [Stage.LOOKING, Stage.OFFERING, Stage.WAITING])
def test_paper_that_is_as_good_as_out_is_handed_over(at: Stage) -> None:
    assert outcome(served(at, NOTHING)) == (OrderOutcome.DELIVERED, 500, 0, 0)


@pytest.mark.parametrize("at", [Stage.METERING, Stage.PAYING])
def test_coins_that_go_back_go_on_going_back(at: Stage) -> None:
    world = Failing(coins=(100, 100, 500), at=at, says=NOTHING)
    world.serve()
    world.check()
    assert outcome(world) == (OrderOutcome.DELIVERED, 500, 200, 0)


def test_of_two_copies_the_one_in_the_mouth_is_kept_and_the_other_ones_fee_goes_back() -> None:
    world = served(Stage.WAITING, NOTHING, copies=2)
    assert outcome(world) == (OrderOutcome.PARTLY, 500, 500, 0)


def test_how_long_it_takes_is_counted_over_the_copies_that_have_not_ended() -> None:
    saga = served(Stage.COLLECTING, PLENTY, copies=2).saga
    assert saga is not None
    waiting = tuple(msgspec.structs.replace(i, state=IssueState.WAITING) for i in saga.order.issues)
    both = msgspec.structs.replace(saga, order=msgspec.structs.replace(saga.order, issues=waiting))
    one = msgspec.structs.replace(saga, order=msgspec.structs.replace(saga.order, issues=waiting[:1]))
    assert (failing.needed_ms(both), failing.needed_ms(one), failing.needed_ms(saga)) == (80_000, 40_000, 0)


def waiting(now_ms: int = 1_000) -> Saga:
    """Paper in the mouth since `now_ms`."""

    class Stops(BaseException):
        pass

    class Still(World):
        def apply(self, move: Move) -> None:
            super().apply(move)
            if move.saga.stage is Stage.WAITING:
                raise Stops

    world = Still(collected=False)
    with pytest.raises(Stops):
        world.serve()
    assert world.saga is not None
    return msgspec.structs.replace(world.saga, deadline_ms=now_ms + Policy().take_ms)


def test_paper_in_the_mouth_waits_less_long_counted_from_the_first_warning() -> None:
    saga = waiting()
    for now_ms in (2_000, 3_000, 9_000):
        saga = reduce(saga, NOTHING, now_ms).saga
    assert saga.deadline_ms == 2_000 + Policy().hurried_take_ms
    assert reduce(saga, MoreTime(), 9_000).saga.deadline_ms == saga.deadline_ms


def test_when_the_mains_are_back_it_has_its_whole_time_again() -> None:
    saga = reduce(reduce(waiting(), NOTHING, 2_000).saga, PowerBack(), 5_000).saga
    assert (saga.deadline_ms, saga.hurry) == (5_000 + Policy().take_ms, Hurry.NONE)


def test_what_was_given_up_stays_given_up_while_the_power_fails() -> None:
    saga = reduce(reduce(waiting(), NOTHING, 2_000).saga, PLENTY, 3_000).saga
    assert saga.hurry is Hurry.STOP


def test_the_same_word_again_changes_nothing_and_writes_nothing() -> None:
    once = reduce(waiting(), NOTHING, 2_000).saga
    again = reduce(once, NOTHING, 3_000)
    assert (again.saga, again.records, again.effects) == (once, (), ())


@dataclass
class Anywhere(World):
    """What the UPS says is thrown in after whatever happens: it flaps, it dies, it comes back."""

    sayings: tuple[OrderEvent | None, ...] = ()
    turn: int = 0

    def apply(self, move: Move) -> None:
        super().apply(move)
        if self.turn < len(self.sayings):
            saying = self.sayings[self.turn]
            self.turn += 1
            if saying is not None:
                self.inbox.appendleft(saying)


SAYINGS = st.lists(
    st.sampled_from([None, None, PowerFailing(None), PLENTY, PowerFailing(45_000), NOTHING, PowerBack()]),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(LIVES)), sayings=SAYINGS, cut=st.one_of(st.none(), st.integers(2, 60)))
def test_whatever_the_ups_says_and_whenever_the_power_goes_the_books_meet_the_truth(
    name: str, sayings: list[OrderEvent | None], cut: int | None
) -> None:
    plain = LIVES[name]()
    fields = {key: value for key, value in vars(plain).items() if key in World.__dataclass_fields__}
    world = Anywhere(**{**fields, "cut_at": cut, "sayings": tuple(sayings)})
    world.serve()
    world.check()
