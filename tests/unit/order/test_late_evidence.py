"""Evidence that comes late, or not at all: what is not proved is asked again, and nobody is paid who has left."""

import pytest
from msgspec.structs import replace

from drivers.contract import CashReading, CoinPosition, PaperReading
from drivers.contract import Outcome as Proof
from kiosk.order import collecting, evidence, recovery
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from kiosk.order.evidence import Verdict
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.order.reduce import reduce
from kiosk.order.saga import Move, Saga, Stage

POLICY = Policy()
BASE = CoinPosition("A1", 0, 0)
ISSUE = Issue(1, 1, "O-1-1", "land", 500, 1, "h")


def cash(accepted: int, dispensed: int = 0) -> CashReading:
    return CashReading("A1", accepted, accepted, "H1", dispensed, paying=False, low=False)


class Talk:
    """An order, and what it is told. `wish` is what it asked for last."""

    def __init__(self, move: Move) -> None:
        self.saga: Saga = move.saga
        self.wish: tuple[Effect, ...] = move.effects

    def hear(self, event: OrderEvent, now_ms: int = 0) -> "Talk":
        move = reduce(self.saga, event, now_ms)
        self.saga, self.wish = move.saga, move.effects
        return self

    @property
    def order(self) -> Order:
        return self.saga.order


def one_coin_then_cancel() -> Talk:
    talk = Talk(collecting.begin("O", (ISSUE,), BASE, POLICY, 0, 0))
    return talk.hear(order_events.CoinIn(100, CoinPosition("A1", 1, 1))).hear(order_events.Stop("cancelled"))


def test_a_cash_bus_that_does_not_say_what_fell_is_asked_again_and_the_order_stays_open() -> None:
    talk = one_coin_then_cancel().hear(order_events.Counted(None))
    assert talk.hear(order_events.Tick(), POLICY.retry_ms).wish == (order_effects.StopCollect(),)
    talk.hear(order_events.Tick(), POLICY.evidence_ms)
    assert (talk.saga.live, talk.order.state) == (False, OrderState.COLLECT)


def test_a_coin_that_the_silent_bus_tells_of_at_last_is_on_the_claim() -> None:
    talk = (
        one_coin_then_cancel().hear(order_events.Counted(None)).hear(order_events.Tick(), POLICY.evidence_ms)
    )
    talk.hear(order_events.CoinIn(500, CoinPosition("A1", 2, 2))).hear(order_events.CashReady(cash(2)))
    talk.hear(order_events.Counted(cash(2)))
    assert (talk.order.outcome, talk.order.claim, talk.order.paid) == (OrderOutcome.CLAIM, 600, 0)


def test_a_bus_that_comes_back_while_coins_are_counted_has_to_close_and_count_again() -> None:
    """What was asked for while it came back may have opened the acceptor: a coin may fall after that reading."""
    talk = one_coin_then_cancel().hear(order_events.CashReady(cash(1)))
    assert talk.wish == (order_effects.StopCollect(),)
    assert talk.order.state is OrderState.COLLECT
    talk.hear(order_events.CoinIn(500, CoinPosition("A1", 2, 2))).hear(order_events.Counted(cash(2)))
    assert (talk.saga.stage, talk.order.credit) == (Stage.METERING, 600)


def test_an_acceptor_whose_count_went_back_is_a_case_for_a_person_and_not_a_claim_of_millions() -> None:
    talk = Talk(collecting.begin("O", (ISSUE,), CoinPosition("A1", 9, 900), POLICY, 0, 0))
    talk.hear(order_events.CoinIn(100, CoinPosition("A1", 1, 1))).hear(order_events.Stop("left"))
    talk.hear(order_events.VisitOver()).hear(order_events.Counted(cash(1)))
    assert (talk.order.outcome, talk.order.claim) == (OrderOutcome.DISPUTED, 100)


def test_a_payer_who_leaves_while_the_hopper_is_asked_gets_a_claim_and_no_coin() -> None:
    talk = one_coin_then_cancel().hear(order_events.Counted(cash(1)))
    assert talk.saga.stage is Stage.METERING
    talk.hear(order_events.VisitOver()).hear(order_events.CashRead(cash(1)))
    assert talk.wish == ()
    assert (talk.order.outcome, talk.order.claim) == (OrderOutcome.CLAIM, 100)


def test_counters_read_before_the_payout_are_not_taken_for_counters_after_it() -> None:
    talk = one_coin_then_cancel().hear(order_events.Counted(cash(1))).hear(order_events.CashRead(cash(1)))
    talk.hear(order_events.PayoutOver("O-p1", Proof.UNKNOWN, None))
    assert talk.wish == (order_effects.ReadCash("O-p1"),)
    assert talk.hear(order_events.CashRead(cash(1))).order.state is OrderState.PAYING
    assert talk.hear(order_events.CashRead(cash(1, dispensed=1), "O-p1")).order.paid == 100


def test_after_boot_the_hopper_is_asked_about_the_payout_that_was_interrupted() -> None:
    paying = one_coin_then_cancel().hear(order_events.Counted(cash(1))).hear(order_events.CashRead(cash(1)))
    talk = Talk(recovery.resume(paying.order, POLICY, 0))
    assert talk.wish == (order_effects.ReadCash("O-p1"),)


def test_an_order_that_was_cancelled_before_the_cut_is_in_doubt_where_the_acceptor_forgets() -> None:
    forgetful = replace(POLICY, sale=replace(POLICY.sale, acceptor_remembers=False))
    talk = Talk(collecting.begin("O", (ISSUE,), BASE, forgetful, 0, 0)).hear(order_events.Stop("cancelled"))
    talk.hear(order_events.CoinIn(100, CoinPosition("A1", 1, 1)))
    after = Talk(recovery.resume(talk.order, forgetful, 0)).hear(order_events.CashReady(cash(0)))
    assert (after.order.outcome, after.order.claim) == (OrderOutcome.DISPUTED, 100)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [(IssueState.PRESENTING, Verdict.DELIVERED), (IssueState.PRINTING, Verdict.DISPUTED)],
)
def test_paper_that_is_gone_was_taken_only_if_it_was_offered(state: IssueState, verdict: Verdict) -> None:
    """Behind a gate that was never opened nothing can have been taken; it fell out, or somebody pulled it out."""
    issue = replace(ISSUE, state=state, pages_before=7, printer_serial="P1", presenter_serial="R1")
    gone = PaperReading("P1", 8, "R1", 0, path=False, mouth=False)
    assert evidence.verdict(issue, gone) is verdict
