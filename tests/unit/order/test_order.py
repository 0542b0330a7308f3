"""An order, from the first coin to CLOSED, told as the sentences that must stay true."""

import pytest

from drivers.contract import Outcome as Proof
from kiosk.order.effects import Effect, HoldGate, ReadPaper
from kiosk.order.events import GateHeld, PaperRead
from kiosk.order.model import IssueState, OrderOutcome
from tests.unit.order.world import World


def test_exact_money_gives_the_paper_and_keeps_the_fee() -> None:
    order = (world := World(coins=(500,))).serve()
    world.check()
    assert (order.outcome, order.earned, order.paid, order.claim) == (OrderOutcome.DELIVERED, 500, 0, 0)


def test_too_much_money_comes_back_as_change() -> None:
    order = (world := World(coins=(100, 100, 500))).serve()
    world.check()
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.DELIVERED, 700, 200)


def test_each_copy_has_its_own_number_and_is_taken_by_itself() -> None:
    order = (world := World(copies=3, sheets=2, coins=(500, 500, 500))).serve()
    world.check()
    assert len({issue.number for issue in order.issues}) == 3
    assert world.taken == 6


def test_cancel_gives_all_coins_back() -> None:
    order = (world := World(coins=(100, 100, 500), cancel_after=2)).serve()
    world.check()
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.REFUNDED, 200, 200)


def test_a_jam_gives_the_money_back_and_voids_the_number() -> None:
    order = (world := World(sheets=3, jam_at=2)).serve()
    world.check()
    assert (order.outcome, order.paid, order.issues[0].reason) == (OrderOutcome.REFUNDED, 500, "paper-jam")
    assert (order.issues[0].spoiled, world.retracts) == (1, 1)


class JamsAtTheSecondCopy(World):
    def _print(self, key: str) -> None:
        self.jam_at = 1 if key.endswith("-2") else None
        super()._print(key)


def test_a_jam_at_the_second_copy_keeps_the_first_fee_only() -> None:
    order = (world := JamsAtTheSecondCopy(copies=2, sheets=1, coins=(500, 500))).serve()
    world.check()
    assert (order.outcome, order.earned, order.paid) == (OrderOutcome.PARTLY, 500, 500)


class PaperBusAway(World):
    """Its process was killed just when the gate should close, or the counters be read."""

    asked_in_vain = 0
    away_for = 3

    def do(self, effect: Effect) -> None:
        if isinstance(effect, HoldGate | ReadPaper) and self.asked_in_vain < self.away_for:
            self.asked_in_vain += 1
            unknown = (
                GateHeld(Proof.UNKNOWN) if isinstance(effect, HoldGate) else PaperRead(Proof.UNKNOWN, None)
            )
            self.inbox.append(unknown)
            return
        super().do(effect)


def test_a_paper_bus_that_is_back_in_a_moment_costs_nobody_the_document() -> None:
    order = (world := PaperBusAway()).serve()
    world.check()
    assert (order.outcome, world.asked_in_vain) == (OrderOutcome.DELIVERED, 3)


def test_a_paper_bus_that_stays_away_gives_the_money_back_before_anything_moves() -> None:
    world = PaperBusAway()
    world.away_for = 1_000
    order = world.serve()
    world.check()
    assert (order.outcome, order.paid, world.pages) == (OrderOutcome.REFUNDED, 500, 0)


@pytest.mark.parametrize("central", ["refuses", "is silent", "loses the answer"])
def test_no_number_from_central_gives_the_money_back(central: str) -> None:
    order = (world := World(central=central)).serve()
    world.check()
    assert (order.outcome, order.paid) == (OrderOutcome.REFUNDED, 500)
    assert world.pages == 0


def test_a_worker_that_dies_before_the_paper_gives_the_money_back() -> None:
    order = (world := World(worker="is gone")).serve()
    world.check()
    assert order.outcome is OrderOutcome.REFUNDED


def test_paper_that_nobody_takes_goes_into_the_bin_and_the_fee_onto_a_claim() -> None:
    order = (world := World(collected=False)).serve()
    world.check()
    assert (order.outcome, order.claim, order.paid, world.retracts) == (OrderOutcome.CLAIM, 500, 0, 1)
    assert order.issues[0].state is IssueState.UNDELIVERED


def test_a_hopper_that_pays_short_leaves_the_rest_on_a_claim() -> None:
    order = (world := World(coins=(100, 100, 500), pays_at_most=1)).serve()
    world.check()
    assert (order.outcome, order.paid, order.claim) == (OrderOutcome.CLAIM, 100, 100)


def test_a_free_certificate_asks_for_no_coin() -> None:
    order = (world := World(fee=0, coins=())).serve()
    world.check()
    assert (order.outcome, order.credit) == (OrderOutcome.DELIVERED, 0)


def test_a_silent_printer_gives_the_money_back_before_any_intent() -> None:
    order = (world := World(silent_printer=True)).serve()
    world.check()
    assert (order.outcome, order.paid) == (OrderOutcome.REFUNDED, 500)
    assert "print-intent" not in [kind for kind, _ in world.records]
