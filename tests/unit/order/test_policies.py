"""What a device can't prove is either one coin at most, for a person to settle, or nothing is sold."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest

from drivers.contract import MOST_COINS, CashReading, CoinPosition
from kiosk.health.cash import CashLevels, affordable
from kiosk.order import policies
from kiosk.order.change import Hopper, Till
from kiosk.order.model import Order, OrderOutcome, OrderState, Policy
from kiosk.order.policies import (
    ACCEPT_COUNT,
    ALL,
    DISPENSE_COUNT,
    JOB_COUNT,
    REASONS,
    SHEET_COUNT,
    SalePolicy,
    policy,
)
from kiosk.words.words import LANGUAGES, load
from tests.unit.order.world import World


def lacking(*capabilities: tuple[str, str]) -> SalePolicy:
    return policy(ALL - set(capabilities))


def test_devices_that_prove_everything_sell_without_a_word_of_warning() -> None:
    assert policy(ALL) == SalePolicy()
    assert policy(ALL).coins_per_payout == MOST_COINS


@pytest.mark.parametrize("capability", sorted(ALL - {ACCEPT_COUNT, DISPENSE_COUNT, SHEET_COUNT, JOB_COUNT}))
def test_without_a_proof_of_where_the_paper_is_nothing_is_sold(capability: tuple[str, str]) -> None:
    assert lacking(capability).missing == capability


def test_of_the_two_counts_of_a_printer_one_is_enough() -> None:
    assert lacking(JOB_COUNT) == SalePolicy()
    assert lacking(SHEET_COUNT) == SalePolicy(printer_remembers=False)
    assert lacking(SHEET_COUNT, JOB_COUNT).missing == SHEET_COUNT


def test_whatever_keeps_a_machine_from_selling_has_words_in_every_language() -> None:
    assert REASONS.keys() == ALL - {ACCEPT_COUNT, DISPENSE_COUNT, JOB_COUNT}
    for language in LANGUAGES:
        assert all(load(language).say(f"reason.{reason}") for reason in REASONS.values())


def test_an_open_tray_sells_nothing() -> None:
    assert policy(one for one in ALL if one[0] != "presenter").missing is not None


def test_money_counters_that_forget_change_how_money_is_handled_not_whether() -> None:
    forgetful = lacking(ACCEPT_COUNT, DISPENSE_COUNT)
    assert forgetful.missing is None
    assert (forgetful.acceptor_remembers, forgetful.hopper_remembers) == (False, False)
    assert forgetful.coins_per_payout == 1


def test_two_hoppers_remember_what_both_of_them_remember() -> None:
    remembers, forgets = frozenset({"nv-dispense-counter", "low-sensor"}), frozenset({"low-sensor"})
    assert DISPENSE_COUNT in policies.of_all([("hopper", remembers), ("hopper-2", remembers)])
    for pair in ((remembers, forgets), (forgets, remembers)):
        assert DISPENSE_COUNT not in policies.of_all(zip(("hopper", "hopper-2"), pair, strict=True))


def test_one_hopper_takes_only_coins_and_fees_that_it_can_give_back() -> None:
    assert policies.accepted((10, 50, 100, 500), hopper_coin=100) == (100, 500)
    assert policies.accepted((100, 500), hopper_coin=500) == (500,)
    rich = CashLevels(hopper_coins=200, hopper_coin=100, denominations=(100, 500))
    assert affordable(500, rich)
    assert not affordable(550, rich)


# --- a hopper that forgets ------------------------------------------------------------------------------------------

COIN = Policy().hopper_coin


def selling(*capabilities: tuple[str, str]) -> Policy:
    return Policy(sale=lacking(*capabilities))


@dataclass
class ForgetfulHopper(World):
    """Its lifetime count begins anew when the power comes back."""

    policy: Policy = field(default_factory=lambda: selling(DISPENSE_COUNT))
    forgotten: int = 0

    def till(self) -> Till:
        """The books believe that it is well filled, whatever is in it."""
        return msgspec.structs.replace(super().till(), hoppers=(Hopper(COIN, 100),))

    def cash(self) -> CashReading:
        counted = self.dispensed - self.forgotten
        return CashReading("A1", self.accepted, self.accepted, "H1", counted, paying=False, low=False)

    def _power_returns(self) -> None:
        self.forgotten = self.dispensed
        super()._power_returns()


HOPPER_LIVES: dict[str, Callable[[], ForgetfulHopper]] = {
    "change": lambda: ForgetfulHopper(coins=(100, 100, 100, 500)),
    "cancelled": lambda: ForgetfulHopper(coins=(100, 100, 500), cancel_after=2),
    "jam": lambda: ForgetfulHopper(sheets=3, jam_at=2),
    "short": lambda: ForgetfulHopper(coins=(100, 100, 500), hopper=1),
}


@pytest.mark.parametrize("name", HOPPER_LIVES)
def test_a_forgetful_hopper_pays_coin_by_coin(name: str) -> None:
    order = (world := HOPPER_LIVES[name]()).serve()
    world.check()
    wanted = [body["coins"] for kind, body in world.records if kind == "pay-intent"]
    assert set(wanted) == {1}
    assert order.outcome is not OrderOutcome.DISPUTED


@pytest.mark.parametrize("name", HOPPER_LIVES)
def test_of_a_forgetful_hopper_at_most_one_coin_is_in_doubt_and_that_is_a_case(name: str) -> None:
    whole = HOPPER_LIVES[name]()
    whole.serve()
    doubts = 0
    for cut in range(2, whole.steps + 1):
        world = HOPPER_LIVES[name]()
        world.cut_at = cut
        order = world.serve()
        out, where = world.dispensed * COIN, f"{name}, cut at {cut}"
        assert order.state is OrderState.CLOSED, where
        assert out - order.paid in (0, COIN), where
        assert order.credit == order.earned + order.paid + order.claim, where
        if out != order.paid:
            assert order.outcome is OrderOutcome.DISPUTED, where
            doubts += 1
    assert doubts, "no cut fell into a payout: this test proves nothing"


# --- an acceptor that forgets ---------------------------------------------------------------------------------------


@dataclass
class ForgetfulAcceptor(World):
    """What it took and had not told of is gone with the power; so is its count."""

    policy: Policy = field(default_factory=lambda: selling(ACCEPT_COUNT))
    forgotten: int = 0

    def position(self) -> CoinPosition:
        counted = self.accepted - self.forgotten
        return CoinPosition("A1", counted, counted)

    def cash(self) -> CashReading:
        counted = self.accepted - self.forgotten
        return CashReading("A1", counted, counted, "H1", self.dispensed, paying=False, low=False)

    def _power_returns(self) -> None:
        self.forgotten = self.accepted
        self.unbooked.clear()
        super()._power_returns()


ACCEPTOR_LIVES: dict[str, Callable[[], ForgetfulAcceptor]] = {
    "exact": lambda: ForgetfulAcceptor(coins=(100, 100, 100, 100, 100)),
    "change": lambda: ForgetfulAcceptor(coins=(100, 100, 500)),
    "cancelled": lambda: ForgetfulAcceptor(coins=(100, 100, 500), cancel_after=2),
}


@pytest.mark.parametrize("name", ACCEPTOR_LIVES)
def test_a_forgetful_acceptor_sells_as_any_other_while_the_power_is_on(name: str) -> None:
    order = (world := ACCEPTOR_LIVES[name]()).serve()
    world.check()
    assert order.outcome is not OrderOutcome.DISPUTED


@pytest.mark.parametrize("name", ACCEPTOR_LIVES)
def test_of_a_forgetful_acceptor_at_most_one_coin_is_in_doubt_and_that_is_a_case(name: str) -> None:
    whole = ACCEPTOR_LIVES[name]()
    whole.serve()
    lost = 0
    for cut in range(2, whole.steps + 1):
        world = ACCEPTOR_LIVES[name]()
        world.cut_at = cut
        order: Order = world.serve()
        missing, where = world.value_in - order.credit, f"{name}, cut at {cut}"
        assert missing in (0, *Policy().denominations), where
        assert order.credit == order.earned + order.paid + order.claim, where
        if missing:
            assert order.outcome is OrderOutcome.DISPUTED, where
            lost += 1
    assert lost, "no cut fell between a coin and its booking: this test proves nothing"
