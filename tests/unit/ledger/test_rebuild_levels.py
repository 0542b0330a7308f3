"""Where devices stand comes back too, wherever the journal ends: no coin and no sheet is told of a second time.

The orders are chance's (any_story), entered into a real ledger as core does it. The same is looked at in lives and in
the soak (tests/crash/lives/comes_back.py), whose devices move by themselves.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from drivers.contract import CoinPosition, NotePosition
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.replay import Replay
from kiosk.ledger.step import HopperFill
from kiosk.order.counters import NAMES, Count, Counters, moved
from kiosk.order.model import Policy
from kiosk.protocol import journal
from kiosk.protocol.journal import kind_of
from tests.rebuilt import Levels, levels
from tests.unit.ledger.lost import MACHINE, Machine
from tests.unit.ledger.trade import Clock, open_shop
from tests.unit.order.any_story import story

POLICY = Policy(cards=True)
STORIES = 60
SPANS = dict.fromkeys(NAMES, 1 << 24)
WATCHED = Counters(
    Count("A1", 10), Count("H1", 5), Count("H2", 5), printer=Count("P1", 100), presenter=Count("R1", 7)
)
KEPT = {"coin": CoinPosition, "note": NotePosition, "hopper": HopperFill, "counters": Counters}


def traded(ledger: Ledger, seed: int) -> Iterator[tuple[int, Levels]]:
    """One order of chance's; after each step, which row was the last, and where everything stands."""
    base, note = CoinPosition("A1", 10, 10), NotePosition("B1", 0, 3)
    ledger.commit((journal.CountersKnown({}),), counters=WATCHED, position=base, note=note)
    yield ledger.head[0], levels(ledger)
    for _before, move, _boot in story(random.Random(seed), POLICY, WATCHED):
        order = move.saga.order
        if move.records:
            ledger.commit(move.records, order, order.booked, note=order.booked_note)
            yield ledger.head[0], levels(ledger)


@pytest.mark.parametrize("seed", range(STORIES))
def test_each_step_tells_where_everything_stands_once_it_is_written(tmp_path: Path, seed: int) -> None:
    ledger = Ledger(tmp_path / "ledger.db", Clock().stamp, machine=MACHINE)
    open_shop(ledger)
    replay, told = Replay(POLICY), 0
    for last, lives in traded(ledger, seed):
        for row in ledger.rows(told + 1, last):
            replay.take(journal.decode(row.kind, row.body), row.at_ms)
        told = last
        tells = {name: msgspec.convert(replay.kept[name], kind) for name, kind in KEPT.items()}
        stand = (lives.coin, lives.note, lives.fills[0], lives.counters)
        assert tells == dict(zip(KEPT, stand, strict=True)), f"row {last}"
    ledger.close()


def test_these_stories_move_each_counter_while_an_order_is_open(tmp_path: Path) -> None:
    """Else the tests here would be blind."""
    ends = set[str]()
    for seed in range(STORIES):
        for _before, move, _boot in story(random.Random(seed), POLICY, WATCHED):
            found = moved(WATCHED, move.saga.order.counters or WATCHED, SPANS)
            ends.update(one.counter for one in found if move.saga.order.outcome is None)
    assert ends == {"coin", "hopper", "hopper_2", "printer", "presenter"}


@pytest.mark.parametrize("way", ["from central", "from a copy"])
@pytest.mark.parametrize("seed", range(STORIES // 6))
def test_a_journal_that_ends_anywhere_gives_back_the_levels_of_that_moment(
    machine: Machine, way: str, seed: int
) -> None:
    copy = machine.copy() if way == "from a copy" else None
    steps = list(traded(machine.ledger, seed))
    machine.central.take(machine.ledger)
    whole = machine.central.rows
    for last, lives in random.Random(seed).sample(steps, min(3, len(steps))):
        machine.central.rows = [row for row in whole if row.seq <= last]
        found, _ = machine.rebuild(copy)
        assert levels(found) == lives, f"the journal ends at row {last}"
        found.close()


def test_what_an_open_order_printed_and_paid_is_nobodys_surplus_after_a_rebuild(machine: Machine) -> None:
    """The devices stand where they stood: who looks after them in the rebuilt ledger finds nothing that moved."""
    lives = until_it_pays(machine.ledger)
    assert {one.counter for one in moved(WATCHED, lives.counters, SPANS)} >= {"hopper", "printer"}
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(None)
    assert done.unproved == ("O",)
    assert moved(found.counters(), lives.counters, SPANS) == ()
    found.close()


def test_the_copy_of_an_older_machine_knows_the_levels_of_its_open_order_by_the_order_alone(
    machine: Machine,
) -> None:
    """Where counters stood in the midst of an order was in no row then, and nowhere kept but in the order."""
    lives = until_it_pays(machine.ledger)
    machine.ledger.write_position("counters", msgspec.json.encode(WATCHED).decode())
    copy = machine.copy()
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(copy)
    assert found.counters() == lives.counters
    found.close()


def test_a_row_of_an_older_machine_says_where_each_counter_stands() -> None:
    """All five of them, in the last row of an order; what it does not know is not known any more."""
    replay = Replay(POLICY)
    for known in (WATCHED, Counters(printer=Count("P2", 1))):
        kept = {"counters": msgspec.to_builtins(known)}
        sums = {"fee": 0, "credit": 0, "paid": 0, "claim": 0, "reason": "", "outcome": "DELIVERED"}
        replay.take(journal.convert("order-closed", {"order": "gone", **sums, "kept": kept}), 0)
        assert msgspec.convert(replay.kept["counters"], Counters) == known


def test_central_never_holds_half_of_a_step(tmp_path: Path) -> None:
    """Its last row says how far the devices are booked: without it what they did would be told a second time."""
    ledger = Ledger(tmp_path / "ledger.db", Clock().stamp, machine=MACHINE)
    open_shop(ledger)
    ends = {last for last, _ in traded(ledger, 4)} | set(range(1, 4))
    assert len(ends) < ledger.head[0], "each of these steps is a single row"
    for limit in range(4, ledger.head[0] + 1):
        assert ledger.outbox(limit)[-1].seq in ends
    ledger.close()


def until_it_pays(ledger: Ledger) -> Levels:
    """An order that has printed and paid, and is not over: some story comes there. Where everything stands then."""
    for seed in range(1_000):
        for _before, move, _boot in story(random.Random(seed), POLICY, WATCHED):
            kinds = {kind_of(fact) for fact in move.records}
            found = {one.counter for one in moved(WATCHED, move.saga.order.counters or WATCHED, SPANS)}
            if "paid" in kinds and move.saga.order.outcome is None and found >= {"hopper", "printer"}:
                return _enter(ledger, seed)
    raise LookupError("no story comes there")


def _enter(ledger: Ledger, seed: int) -> Levels:
    for last, lives in traded(ledger, seed):
        row = next(ledger.rows(last, last))
        found = {one.counter for one in moved(WATCHED, lives.counters, SPANS)}
        if row.kind == "paid" and found >= {"hopper", "printer"} and ledger.open_order() is not None:
            return lives
    raise LookupError("this story does not come there")
