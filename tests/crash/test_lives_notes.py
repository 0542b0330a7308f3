"""Lives of the product's core with notes: at every step each is with the citizen, in the fee or on a claim."""

import random

import pytest
from msgspec.structs import replace

from tests.crash.disk import Image
from tests.crash.lives.life import Ended, Life, live
from tests.crash.lives.plan import Citizen, Plan, Want, draw
from tests.crash.lives.power import Blow

pytestmark = pytest.mark.timeout(240)

NOTE = Citizen((Want(fee=300),), (1_000,))
NOTE_AND_COINS = Citizen((Want(copies=2, fee=800),), (100, 1_000, 500, 500))


def well(life: Life, ended: Ended) -> None:
    assert not ended.wrongs, f"life {life.name}: {ended.wrongs}\n" + "\n".join(ended.story[-30:])


@pytest.mark.parametrize("blow", list(Blow))
def test_struck_at_every_step_and_again_while_it_recovers_it_ends_well(blow: Blow) -> None:
    plan = Plan((NOTE,), image=Image.TORN, blow=blow, notes=True)
    steps = live(Life(1), plan).steps
    assert steps > 150
    for step in range(1, steps + 1, 1 if blow is Blow.POWER else 3):
        life = Life(1, (step, 1 + step % 53))
        well(life, live(life, plan))


def test_a_note_is_changed_and_nobody_owes_anything() -> None:
    well(Life(1), live(Life(1), Plan((NOTE, NOTE_AND_COINS), notes=True)))
    struck = live(Life(1, (150,)), Plan((NOTE,), notes=True))
    well(Life(1, (150,)), struck)
    assert struck.blows == 1


def _with_notes(seed: int) -> Plan:
    """A drawn life whose citizens pay with notes where they can."""
    plan = draw(random.Random(seed))
    citizens = tuple(_noted(citizen) for citizen in plan.citizens)
    return replace(plan, citizens=citizens, notes=True, fates=())


def _noted(citizen: Citizen) -> Citizen:
    return replace(citizen, coins=tuple(1_000 if coin == 500 else coin for coin in citizen.coins))


def test_a_slice_of_drawn_lives_with_notes_ends_well() -> None:
    blows = 0
    for seed in range(1, 90):
        life = Life(seed, (1 + seed * 7 % 230, 1 + seed * 3 % 60))
        ended = live(life, _with_notes(seed))
        well(life, ended)
        blows += ended.blows
    assert blows > 60
