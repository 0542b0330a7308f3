"""A rebuilt ledger has what the living one had, whatever an order has come through: its rows tell all of it.

The same is looked at in every state of the search (tests/proof) and at each commit of every life (tests/crash/lives);
here are orders that hear what no world of ours says.
"""

import random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import CoinPosition, NotePosition
from kiosk.ledger.replay import Replay
from kiosk.order import events as order_events
from kiosk.order.model import Issue, Order, OrderOutcome, Policy
from kiosk.order.reduce import reduce
from kiosk.order.saga import Saga, Stage
from kiosk.protocol import journal
from kiosk.protocol.journal import OfOrders, kind_of
from tests.rebuilt import apart, owes
from tests.unit.ledger.lost import Machine
from tests.unit.ledger.trade import MORNING_MS
from tests.unit.order.any_story import story

POLICY = Policy(cards=True)


@settings(max_examples=600, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_rows_of_each_commit_tell_all_that_the_ledger_holds(rng: random.Random) -> None:
    for before, move, _boot in story(rng, POLICY):
        if move.records:
            lost = apart(before, move.records, move.saga.order, POLICY)
            kinds = [kind_of(fact) for fact in move.records]
            assert not lost, f"{kinds}: {lost}"


def test_these_stories_come_everywhere() -> None:
    """Every kind of row that an order can write, and every end of one; else the test above would be blind.

    `position-told` is core's own (booking.py).
    """
    rng, kinds, ends = random.Random(1), set[str](), set[object]()
    for _ in range(4_000):
        for _before, move, _boot in story(rng, POLICY):
            kinds.update(kind_of(fact) for fact in move.records)
            ends.add(move.saga.order.outcome)
    assert kinds == {kind_of(each) for each in get_args(OfOrders)} - {"position-told"}
    assert ends == {None, *OrderOutcome}


def test_notes_and_coins_of_unknown_value_are_owed_by_a_rebuilt_ledger_too(machine: Machine) -> None:
    """An order is opened, a note and a coin go in whose values nobody knows; then the disk dies."""
    order = Order("01Z", MORNING_MS, (Issue(1, 1, "01Z-1-1", "land", 500, 1, "h"),))
    opened = journal.OrderOpened("01Z", fee=500, lines=(journal.Line(1, 1, "land", 1, 500),))
    saga = Saga(order, Policy(), Stage.COLLECTING)
    machine.ledger.commit((opened,), order)
    at = NotePosition("B1", 1, 1)
    for event in (order_events.NotesUnknown(1, at), order_events.CoinsUnknown(2, CoinPosition("A1", 42, 42))):
        move = reduce(saga, event, 0)
        saga = move.saga
        machine.ledger.commit(move.records, saga.order)
    assert owes(saga.order, Policy()) == 11_000
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(None)
    ended = found.last_order()
    assert ended is not None
    assert (ended.outcome, ended.claim, ended.in_doubt) == (OrderOutcome.DISPUTED, 11_000, 10_000)
    assert found.db.execute("SELECT amount FROM claims WHERE order_id = '01Z'").fetchone() == (11_000,)
    found.close()


@pytest.mark.parametrize(("in_doubt", "count", "worth"), [(0, 1, 10_000), (5_000, 1, 0), (5_000, 2, 10_000)])
def test_a_row_of_an_older_machine_means_what_its_own_ledger_held(
    in_doubt: int, count: int, worth: int
) -> None:
    """`notes-unknown` said no value then: each note was owed as the dearest one, but for one in doubt already."""
    replay = Replay(Policy())
    replay.orders["01Z"] = Order("01Z", 0, (), in_doubt=in_doubt)
    replay.take(journal.convert("notes-unknown", {"order": "01Z", "count": count}), 0)
    assert replay.orders["01Z"].in_doubt == in_doubt + worth
