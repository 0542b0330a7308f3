"""What the screen is told about money is what came in and went out, at every moment."""

import msgspec
import pytest

from drivers.contract import CoinOut
from kiosk.core.order_view import view
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Payout, Policy
from kiosk.order.saga import Saga, Stage
from kiosk.visit.following import trouble_code

ISSUE = Issue(1, 1, "o-1-1", "land", 500, 1, "ab", state=IssueState.DELIVERED, number="1" * 16)


def saga(state: OrderState, stage: Stage, paid: int, payout: Payout | None = None) -> Saga:
    outcome = OrderOutcome.DELIVERED if state is OrderState.CLOSED else None
    order = Order("o" * 26, 1, (ISSUE,), state=state, credit=700, paid=paid, payout=payout, outcome=outcome)
    return Saga(order, Policy(), stage)


@pytest.mark.parametrize("coins", [0, 1, 2])
def test_coins_that_fall_are_counted_as_they_fall(coins: int) -> None:
    paying = saga(OrderState.PAYING, Stage.PAYING, 0, Payout("o-p1", 2, 0, "h"))
    assert view(paying, falling=CoinOut("o-p1", coins)).paid == coins * 100


def test_coins_of_a_payout_that_is_over_are_counted_once() -> None:
    for state, stage in ((OrderState.SETTLING, Stage.METERING), (OrderState.CLOSED, Stage.OVER)):
        assert view(saga(state, stage, 200), falling=CoinOut("o-p1", 2)).paid == 200


def test_a_second_payout_begins_where_the_first_ended() -> None:
    second = saga(OrderState.PAYING, Stage.PAYING, 200, Payout("o-p2", 2, 2, "h"))
    assert view(second, falling=CoinOut("o-p1", 2)).paid == 200
    assert view(second, falling=CoinOut("o-p2", 1)).paid == 300


@pytest.mark.parametrize(
    ("unknown_coins", "in_doubt", "code"),
    [(2, 0, "coins-unknown"), (0, 1_000, "note-unknown"), (1, 1_000, "coins-unknown"), (0, 0, "disputed")],
)
@pytest.mark.parametrize("left", ["cancelled", "left"])
def test_who_stopped_reads_which_money_is_in_doubt_and_nothing_of_paper(
    left: str, unknown_coins: int, in_doubt: int, code: str
) -> None:
    order = Order("o" * 26, 1, (), state=OrderState.CLOSED, reason=left, outcome=OrderOutcome.DISPUTED)
    doubtful = msgspec.structs.replace(order, unknown_coins=unknown_coins, in_doubt=in_doubt)
    assert trouble_code(view(Saga(doubtful, Policy(), Stage.OVER))) == code
