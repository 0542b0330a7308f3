"""Whole lives of the product's core end with every won, every sheet and every number where it belongs.

`make crash LIVES=10000` lives many more of them. A life that ends wrong is kept in lives/regressions.txt.
"""

from itertools import count
from pathlib import Path
from unittest import mock

import pytest
from msgspec.structs import replace

from drivers.contract import Supply
from kiosk.ledger import rebuild
from kiosk.ledger import step as ledger_step
from kiosk.ledger.replay import Replay, Step
from kiosk.order.counters import Count, Counters, news
from kiosk.order.model import Order
from kiosk.protocol import journal
from tests.crash.disk import Image
from tests.crash.lives.campaign import lane, struck
from tests.crash.lives.life import Ended, Life, live, named
from tests.crash.lives.plan import Citizen, Plan, Want
from tests.crash.lives.planted import PLANTED, planted
from tests.crash.lives.post import Way
from tests.crash.lives.power import Blow
from tests.slices import strides

pytestmark = pytest.mark.timeout(240)

KEPT = Path(__file__).parent / "lives" / "regressions.txt"
REGRESSIONS = [
    line for line in KEPT.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")
]
# A seed among whose first lives each fault is found.
FOUND_IN = {
    "no PAY? row": 5002,
    "a coin is shown before it is stored": 5001,
    "boot assumes paid": 5022,
    "boot assumes delivered": 5021,
    "boot assumes not printed": 5021,
    "boot pays out": 5020,
    "no drain after inhibit": 5007,
    "the position before the coin": 5020,
    "retracts are not looked at": 5001,
    "one copy's end for all": 5003,
}
LONG = Citizen((Want(sheets=3),))
CHANGE = Citizen((Want(sheets=2, fee=300),), (500,))
# 700 KRW go back, from both hoppers, twice.
BOTH = Plan((Citizen((Want(fee=300),), (1_000,)),) * 2, notes=True, second=10)
# Somebody who was identified leaves the paper where it is, and comes back for the money.
LEAVER = Citizen(owner="Kim", takes_after_ms=None)
BACK = Plan((LEAVER, Citizen((), (), owner="Kim", redeems=True)), reader=True)
ANOTHER = replace(BACK, citizens=(LEAVER, Citizen((), (), owner="Lee", redeems=True)))
# The mains are away from the second second on; the UPS says so, or has said so and falls silent.
AWAY = (1_000, Supply.BATTERY, 600)
LATE = Plan((Citizen(comes_after_ms=25_000),), mains=(AWAY, (60_000, Supply.LINE, None)))
LEFT = Plan((Citizen(takes_after_ms=None),), mains=(AWAY, (40_000, Supply.LINE, None)))
SILENT = Plan((), mains=(AWAY, (20_000, Supply.UNKNOWN, None), (160_000, Supply.LINE, None)))
LOW = ((4_000, Supply.BATTERY, 30), (5_500, Supply.LOW, 5), (60_000, None, None))
DRAINED = Plan((Citizen(takes_after_ms=None),), mains=LOW)
# One device without current: the presenter with paper in its mouth, the hopper while it pays.
MOUTH = Plan((Citizen(takes_after_ms=None),), outages=((5_500, "presenter", 12_000, True),))
REFUND = Plan((Citizen((Want(fee=800),), (500,), 1),), outages=((4_700, "hopper", 40_000, False),))
# What is rare among drawn lives: only a printer that goes on without core shows what the PRINT? row is for, and only
# a request that arrives after its key was declared void what tombstones are for.
HARD = {
    "no PRINT? row": (1, Plan((LONG,), blow=Blow.CORE), 240),
    "central forgets tombstones": (15, Plan((LONG,), ways=((Way.LATE, 0.7),)), 24),
    "coins of both hoppers count alike": (1, BOTH, 0),
    "what was paid back is not written off": (1, BACK, 0),
    "central gives anybody's money": (1, ANOTHER, 0),
    "boot assumes a redemption unpaid": (1, BACK, 120),
    "central forgets that a redemption is over": (1, replace(BACK, ways=((Way.LATE, 0.7),)), 24),
    "a failing supply is nobody's business": (1, LATE, 0),
    "it turns itself off whoever is there": (1, LEFT, 0),
    "silence turns it off": (1, SILENT, 0),
    "what was wanted counts as paid": (1, Plan((CHANGE,), hopper=1), 0),
    "half a reading is enough": (1, MOUTH, 0),
    "a silent hopper has paid nothing": (1, REFUND, 0),
    "the first hopper's count for both": (1, BOTH, 0),
}


def well(life: Life, ended: Ended) -> None:
    assert not ended.wrongs, f"life {life.name}: {ended.wrongs}\n" + "\n".join(ended.story[-30:])


def struck_on_the_way(plan: Plan, by: int, *, again_within: int) -> None:
    """It ends well with a blow at each `by`-th step, and another within so many steps after that one."""
    steps = live(Life(1), plan).steps
    assert steps > 100, "it does not come far enough to be struck on the way"
    for step in range(1, steps + 1, by):
        life = Life(1, (step, 1 + step % again_within))
        ended = live(life, plan)
        well(life, ended)
        assert any(f"goes at step {step}:" in line for line in ended.story), f"no blow fell at step {step}"


def test_a_slice_of_the_lives_ends_well() -> None:
    tally = lane(iter(count(1)), 120)
    assert tally.stories == []
    assert tally.blows > tally.lives


@strides(3, pytest.mark.campaign)
@pytest.mark.parametrize("blow", list(Blow))
def test_struck_and_again_while_it_recovers_it_ends_well(blow: Blow, by: int) -> None:
    struck_on_the_way(Plan((CHANGE,), image=Image.TORN, blow=blow), by, again_within=53)


@strides(6, pytest.mark.campaign)
@pytest.mark.parametrize("blow", list(Blow))
def test_with_notes_too(blow: Blow, by: int) -> None:
    payer = Citizen((Want(fee=800),), (500, 1_000))
    struck_on_the_way(Plan((payer,), notes=True, image=Image.SUBSET, blow=blow), by, again_within=47)


@strides(6, pytest.mark.campaign)
@pytest.mark.parametrize("second", [None, 4])
def test_with_other_hoppers_that_have_to_be_counted_too(second: int | None, by: int) -> None:
    changed_mind = Citizen((Want(fee=800),), (500,), cancels_after=1)
    plan = Plan((changed_mind,) * 2, hopper=10, filled=10, second=second, second_filled=0)
    whole = live(Life(1), plan)
    assert any("a technician counts the coins" in line for line in whole.story), whole.story
    struck_on_the_way(plan, by, again_within=43)


@strides(12, pytest.mark.campaign)
@pytest.mark.parametrize("blow", list(Blow))
@pytest.mark.parametrize("second", [10, 0])
def test_with_two_hoppers_too(blow: Blow, second: int, by: int) -> None:
    payer = Citizen((Want(fee=300),), (1_000,))
    plan = Plan((payer,), notes=True, second=second, image=Image.ALL, blow=blow)
    struck_on_the_way(plan, by, again_within=41)


@strides(12, pytest.mark.campaign)
@pytest.mark.parametrize("blow", list(Blow))
def test_with_money_that_is_owed_too(blow: Blow, by: int) -> None:
    struck_on_the_way(replace(BACK, image=Image.PREFIX, blow=blow), by, again_within=37)


@strides(6, pytest.mark.campaign)
def test_on_a_battery_that_runs_low_too(by: int) -> None:
    struck_on_the_way(DRAINED, by, again_within=31)


@pytest.mark.parametrize("name", ["coin", "note", "hopper", "hopper-2", "printer", "presenter"])
def test_without_current_for_one_device_too(name: str) -> None:
    payer = Citizen((Want(fee=300),), (500, 1_000), takes_after_ms=3_000)
    for at_ms in range(2_500, 12_000, 500):
        outage = (at_ms, name, at_ms % 4_000 + 300, at_ms % 1_500 == 0)
        plan = Plan((payer,), notes=True, second=10, outages=(outage,))
        well(Life(1), live(Life(1), plan))


@strides(8, pytest.mark.campaign)
@pytest.mark.parametrize("blow", list(Blow))
def test_by_card_too(blow: Blow, by: int) -> None:
    payer = Citizen((Want(copies=2),), (), by_card=True, card_ms=300)
    plan = Plan((payer,), terminal=True, image=Image.PREFIX, blow=blow)
    struck_on_the_way(plan, by, again_within=43)


@pytest.mark.parametrize("name", REGRESSIONS)
def test_what_once_ended_wrong_ends_well(name: str) -> None:
    life = named(name)
    well(life, live(life))


def test_one_seed_is_one_life() -> None:
    life = Life(5004, (77, 20))
    assert live(life) == live(life)


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    with planted(fault):
        if fault in HARD:
            assert wrongs_of(*HARD[fault])
        else:
            assert any(map(wrongs_of, (FOUND_IN[fault],) if fault in FOUND_IN else range(5000, 5010)))


@pytest.mark.parametrize(
    ("kind", "life"), [(journal.CoinsUnknown, "5002:119@5"), (journal.IssueVoid, "5000:@5")]
)
def test_a_kind_of_row_that_a_rebuild_forgets_is_found(kind: type[journal.Row], life: str) -> None:
    step = Replay._step

    def forgetful(self: Replay, fact: Step) -> Order | None:
        return None if isinstance(fact, kind) else step(self, fact)

    with mock.patch.object(Replay, "_step", forgetful):
        wrongs = live(named(life)).wrongs
    assert any("rows do not tell all" in wrong for wrong in wrongs), wrongs


def test_a_counter_that_rows_do_not_tell_of_is_found() -> None:
    def forgetful(known: Counters, now: Counters) -> dict[str, Count | None]:
        return {name: count for name, count in news(known, now).items() if name != "printer"}

    with mock.patch.object(ledger_step, "news", forgetful):
        wrongs = live(Life(5000)).wrongs
    assert any("rows do not tell where things stand: counters" in wrong for wrong in wrongs), wrongs


@pytest.mark.parametrize("seed", [5001, 5003])
def test_a_rebuild_in_the_midst_of_an_order_that_forgets_the_levels_is_found(seed: int) -> None:
    """From central's rows, and from a copy and the rows since."""
    with mock.patch.object(rebuild._Builder, "keep_positions"):
        wrongs = live(Life(seed)).wrongs
    assert any("come back" in wrong and wrong.startswith("at row") for wrong in wrongs), wrongs


def wrongs_of(seed: int, plan: Plan | None = None, times: int = 24) -> tuple[str, ...]:
    """What the first life of this seed that ends wrong ends with."""
    whole = live(Life(seed), plan)
    if whole.wrongs:
        return whole.wrongs
    lives = struck(seed, whole.steps, times)
    return next((ended.wrongs for life in lives if (ended := live(life, plan)).wrongs), ())


def test_on_a_disk_that_lies_lives_are_lost() -> None:
    """What is not promised: a disk that says "safe" and forgets. It must be found out, and it is."""
    plan = Plan((CHANGE,))
    ends = [live(Life(2, (cut,)), plan, lies=0.5) for cut in range(60, 240, 10)]
    assert any(ended.wrongs for ended in ends)
