"""The power fails at every step of every kind of order: the books meet the truth, and nothing moves by itself."""

from collections.abc import Callable
from functools import partial

import pytest

from kiosk.order.model import OrderState
from tests.unit.order.world import World

LIVES: dict[str, Callable[[], World]] = {
    "exact": World,
    "change": lambda: World(coins=(100, 100, 500)),
    "two copies of two sheets": lambda: World(copies=2, sheets=2, coins=(500, 500)),
    "cancelled": lambda: World(coins=(100, 100, 500), cancel_after=2),
    "jam": lambda: World(sheets=3, jam_at=2),
    "uncollected": lambda: World(collected=False),
    "central refuses": lambda: World(central="refuses"),
    "short hopper": lambda: World(coins=(100, 100, 500), pays_at_most=1),
    "a note": lambda: World(fee=400, coins=(1_000,)),
    "coins and a note": lambda: World(fee=1_200, coins=(100, 1_000, 500)),
    "a note that comes out again": lambda: World(fee=400, coins=(1_000, 500), note_fate="returns"),
    "a note that nobody tells of": lambda: World(fee=400, coins=(1_000,), note_fate="mute"),
    "a note at a validator without a count": lambda: World(fee=400, coins=(1_000,), counts_notes=False),
    "a note that sticks": lambda: World(fee=400, coins=(1_000, 500), note_fate="jams"),
    "a note for which there is no change": lambda: World(fee=400, coins=(1_000, 100, 100, 500), hopper=14),
    "cancelled after a note": lambda: World(copies=3, coins=(1_000,), cancel_after=1),
    "change from two hoppers": lambda: World(fee=400, coins=(5_000,), hopper=10, hopper_of_500=12),
    "pulled out in the dark": lambda: World(sheets=2, pulls_in_the_dark=True, coins=(100, 500)),
}


def steps_of(life: Callable[[], World]) -> int:
    world = life()
    world.serve()
    return world.steps


@pytest.mark.parametrize("name", LIVES)
def test_a_cut_at_any_step_ends_with_books_that_meet_the_truth(name: str) -> None:
    cuts = steps_of(LIVES[name])
    assert cuts > 10
    for cut in range(1, cuts + 1):
        world = LIVES[name]()
        world.cut_at = cut
        world.serve() if cut > 1 else _serve_nothing(world)
        try:
            world.check()
        except AssertionError as error:
            raise AssertionError(f"{name}, cut at step {cut} of {cuts}: {error}") from error


def _remember(world: World, at_cut: dict[str, int]) -> None:
    """Keep what is true when the power comes back to a machine that nobody stands at."""
    at_cut.update(dispensed=world.dispensed, mouth=world.mouth, taken=world.taken)
    world.collected = False
    World._power_returns(world)


def _serve_nothing(world: World) -> None:
    """Cut before the order was stored: there is no order, and no coin was taken."""
    try:
        world.serve()
    except AssertionError:
        assert world.stored is None


@pytest.mark.parametrize("name", LIVES)
def test_after_a_cut_no_coin_and_no_sheet_leaves_the_machine(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cut in range(2, steps_of(LIVES[name]) + 1):
        world = LIVES[name]()
        world.cut_at = cut
        at_cut: dict[str, int] = {}
        monkeypatch.setattr(world, "_power_returns", partial(_remember, world, at_cut))
        world.serve()
        assert world.stored is not None
        assert world.stored.state is OrderState.CLOSED
        if at_cut:
            assert world.dispensed == at_cut["dispensed"]
            assert world.taken <= at_cut["taken"] + at_cut["mouth"]
