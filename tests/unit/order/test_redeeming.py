"""A claim is paid to its payer once: pulled plugs, lost answers, a short hopper and second thoughts included."""

from collections.abc import Callable

import pytest

from drivers.contract import CashReading
from kiosk.order import events as order_events
from kiosk.order import redeeming
from kiosk.order.effects import Effect, PayOut
from kiosk.order.model import OrderOutcome
from kiosk.order.reduce import reduce
from kiosk.order.saga import Stage
from tests.unit.order.till import HOLDER, Till
from tests.unit.order.wires import POLICY

OWED = 700
LIVES: dict[str, Callable[[], Till]] = {
    "paid": Till,
    "short hopper": lambda: Till(pays_at_most=3),
    "a hopper that holds less": lambda: Till(hopper=4),
    "second thoughts": lambda: Till(leaves=True),
    "the answer is lost": lambda: Till(answer="lost"),
    "two hoppers": lambda: Till(hopper=4, hopper_of_500=1),
    "two hoppers, few hundreds": lambda: Till(hopper=20, hopper_of_500=3, pays_at_most=1),
    "two hoppers, no 500s": lambda: Till(hopper=20, hopper_of_500=0),
    "nothing is owed": lambda: Till(answer="no-claim"),
}


def test_what_is_owed_comes_out_and_is_owed_no_more() -> None:
    order = (till := Till()).serve()
    till.check_redeemed(OWED)
    assert (order.outcome, order.paid, till.owed) == (OrderOutcome.REFUNDED, 700, 0)


def test_with_two_hoppers_the_large_coins_come_first_and_each_hopper_counts_its_own() -> None:
    order = (till := Till(owed=1_800, hopper=9, hopper_of_500=3)).serve()
    till.check_redeemed(1_800)
    assert (order.paid, till.value_of_500s, till.dispensed) == (1_800, 1_500, 3)
    asked = [body for kind, body in till.records if kind == "pay-intent"]
    assert [(body["hopper"], body["coins"]) for body in asked] == [(1, 3), (0, 3)]


def test_what_one_hopper_could_not_have_paid_two_can() -> None:
    order = (till := Till(owed=1_400, hopper=4, hopper_of_500=2)).serve()
    till.check_redeemed(1_400)
    assert (order.outcome, order.paid, till.owed) == (OrderOutcome.REFUNDED, 1_400, 0)


def test_a_hopper_of_500s_that_fails_leaves_the_rest_to_the_other() -> None:
    class Fewer(Till):
        def do(self, effect: Effect) -> None:
            self.hopper_of_500 = 1 if isinstance(effect, PayOut) else self.hopper_of_500
            super().do(effect)

    order = (till := Fewer(owed=1_800, hopper=20, hopper_of_500=3)).serve()
    till.check_redeemed(1_800)
    assert (order.paid, till.value_of_500s, till.dispensed) == (1_800, 500, 13)


def test_a_hopper_that_pays_short_leaves_the_rest_owed_at_central() -> None:
    order = (till := Till(pays_at_most=3)).serve()
    till.check_redeemed(OWED)
    assert (order.outcome, order.paid, till.owed) == (OrderOutcome.CLAIM, 300, 400)


@pytest.mark.parametrize("till", [Till(leaves=True), Till(answer="lost"), Till(answer="no-claim")])
def test_without_an_answer_or_a_press_nothing_comes_out(till: Till) -> None:
    till.serve()
    till.check_redeemed(OWED)
    assert (till.dispensed, till.owed) == (0, OWED)


def test_no_coin_comes_out_before_a_press() -> None:
    till = Till()
    till.apply(redeeming.begin("R", HOLDER, 5_000, POLICY, 0, 0))
    till._drain()
    for _ in range(100):
        till.inbox.append(order_events.Tick())
        till._drain()
    assert till.saga is not None
    assert (till.saga.stage, till.dispensed) == (Stage.CONFIRMING, 0)


@pytest.mark.parametrize("answer", ["held", "lost"])
def test_when_the_power_begins_to_fail_nothing_is_paid_and_all_is_owed(answer: str) -> None:
    till = Till(answer=answer)
    till.apply(redeeming.begin("R", HOLDER, 5_000, POLICY, 0, 0))
    till._drain()
    till.inbox.append(order_events.PowerFailing(left_ms=600_000))
    till.inbox.append(order_events.Confirmed())
    till._run()
    till._told()
    till.check_redeemed(OWED)
    assert (till.dispensed, till.owed) == (0, OWED)


def test_a_second_press_pays_nothing_more() -> None:
    till = Till()
    till.serve()
    assert till.saga is not None
    assert reduce(till.saga, order_events.Confirmed(), till.now_ms).effects == ()


@pytest.mark.parametrize("name", LIVES)
def test_a_cut_at_any_step_pays_it_once_and_owes_the_rest(name: str) -> None:
    whole = LIVES[name]()
    whole.serve()
    for cut in range(2, whole.steps + 1):
        till = LIVES[name]()
        till.cut_at = cut
        till.serve()
        try:
            till.check_redeemed(OWED)
        except AssertionError as error:
            raise AssertionError(f"{name}, cut at step {cut} of {whole.steps}: {error}") from error


@pytest.mark.parametrize("name", LIVES)
def test_after_a_cut_no_coin_comes_out_by_itself(name: str) -> None:
    whole = LIVES[name]()
    whole.serve()
    for cut in range(2, whole.steps + 1):
        till = Noting(**vars(LIVES[name]()))
        till.cut_at = cut
        till.serve()
        assert till.dispensed == (till.out_at_cut if till.out_at_cut is not None else till.dispensed)


class Noting(Till):
    """Remembers what had come out when the power came back."""

    out_at_cut: int | None = None

    def _power_returns(self) -> None:
        self.out_at_cut = self.dispensed
        super()._power_returns()


class OtherHopper(Till):
    """Somebody put another hopper in while the power was off."""

    def _power_returns(self) -> None:
        self.swapped = True
        super()._power_returns()

    swapped = False

    def cash(self) -> CashReading:
        reading = super().cash()
        if not self.swapped:
            return reading
        return CashReading("A1", self.accepted, self.accepted, "H2", 0, paying=False, low=False)


def test_what_another_hopper_can_not_prove_is_a_case_and_nobody_is_paid_again() -> None:
    whole = Till()
    whole.serve()
    disputed = 0
    for cut in range(2, whole.steps + 1):
        till = OtherHopper()
        till.cut_at = cut
        order = till.serve()
        if order.outcome is OrderOutcome.DISPUTED:
            disputed += 1
            assert till.case
            assert order.paid == 0
    assert disputed > 5
