"""What an order by card makes of answers that come too late, for something else, or against what was wished."""

import pytest

from drivers.contract import CardReserved, CashReading, CoinPosition, Outcome, TerminalReading
from kiosk.order import collecting
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.card_payment import CardState
from kiosk.order.collecting import Payer
from kiosk.order.events import OrderEvent
from kiosk.order.model import Issue, OrderOutcome, Policy
from kiosk.order.reduce import reduce
from kiosk.order.saga import Move, Saga, Stage
from kiosk.protocol.journal import kind_of

ISSUE = Issue(1, 1, "O-1-1", "land", 500, 1, "h")
BASE = CoinPosition("A1", 0, 0)
AT_REST = TerminalReading("T1", busy=False)
POLICY = Policy(cards=True)


def opened(*means: str) -> Saga:
    base = BASE if "cash" in means else None
    return collecting.begin("O", (ISSUE,), base, POLICY, 0, 0, Payer(means=means)).saga


def after(saga: Saga, *events: OrderEvent) -> Move:
    move = Move(saga)
    for event in events:
        move = reduce(move.saga, event, 1_000)
    return move


def asked() -> Saga:
    """The terminal waits for a card."""
    saga = after(
        opened("cash", "card"), order_events.MeansChosen("card"), order_events.TerminalRead(AT_REST)
    ).saga
    assert saga.stage is Stage.AUTHORISING
    return saga


DOUBT = f"O-c1 {Stage.DOUBTING} 0"


def looked(reading: TerminalReading) -> order_events.TerminalRead:
    """What the terminal says when it is asked about this doubt."""
    return order_events.TerminalRead(reading, DOUBT)


def approved(key: str = "O-c1", amount: int = 500) -> order_events.CardAnswered:
    return order_events.CardAnswered(key, Outcome.DONE, CardReserved(key, 42, amount))


def test_the_intent_is_stored_with_what_was_open_before_the_terminal_is_asked() -> None:
    busy_first = TerminalReading("T1", busy=True)
    move = after(
        opened("cash", "card"), order_events.MeansChosen("card"), order_events.TerminalRead(busy_first)
    )
    assert move.saga.stage is Stage.TERMINAL
    move = after(move.saga, order_events.TerminalRead(TerminalReading("T1", busy=False, open=(7,))))
    assert [kind_of(record) for record in move.records] == ["card-intent"]
    assert move.effects == (order_effects.Authorise("O-c1", 500),)
    assert move.saga.order.card is not None
    assert move.saga.order.card.before == (7,)


def test_who_stopped_and_is_approved_all_the_same_gets_everything_back() -> None:
    move = after(asked(), order_events.Stop("cancelled"), approved())
    assert move.effects == (order_effects.Reverse("O-c1", 42),)
    assert move.saga.order.earned == 0


def test_who_wished_another_way_and_is_approved_all_the_same_has_paid() -> None:
    assert after(asked(), order_events.MeansChosen(""), approved()).saga.stage is Stage.SEALING


def test_more_or_less_than_was_asked_for_is_given_back() -> None:
    assert after(asked(), approved(amount=400)).effects == (order_effects.Reverse("O-c1", 42),)


def test_an_answer_to_something_else_changes_nothing() -> None:
    saga = asked()
    assert after(saga, approved("P-c1")).saga == saga
    assert after(saga, order_events.CardBooked("O-c1", Outcome.DONE)).saga == saga


def test_another_try_has_another_name() -> None:
    declined = order_events.CardAnswered("O-c1", Outcome.NOT_DONE, code="declined")
    again = after(asked(), declined, order_events.MeansChosen("card"), order_events.TerminalRead(AT_REST))
    assert again.effects == (order_effects.Authorise("O-c2", 500),)


def test_a_terminal_that_does_not_answer_before_the_intent_leads_back_to_the_choice() -> None:
    saga = after(
        opened("cash", "card"), order_events.MeansChosen("card"), order_events.TerminalRead(None)
    ).saga
    late = reduce(saga, order_events.Tick(), saga.deadline_ms)
    assert (late.saga.stage, late.saga.fault) == (Stage.CHOOSING, "card-down")
    assert late.saga.order.card is None


def test_in_doubt_one_look_at_a_terminal_at_rest_is_not_enough() -> None:
    unknown = order_events.CardAnswered("O-c1", Outcome.UNKNOWN)
    once = after(asked(), unknown, looked(AT_REST))
    assert once.saga.stage is Stage.DOUBTING
    assert after(once.saga, looked(AT_REST)).saga.stage is Stage.CHOOSING


def test_a_look_from_before_the_doubt_proves_nothing_about_it() -> None:
    unknown = order_events.CardAnswered("O-c1", Outcome.UNKNOWN)
    early = order_events.TerminalRead(AT_REST)
    doubting = after(asked(), unknown)
    assert order_effects.ReadTerminal(DOUBT) in doubting.effects
    assert after(doubting.saga, early, early, early).saga == doubting.saga
    assert after(doubting.saga, early, looked(AT_REST), early).saga.stage is Stage.DOUBTING


def test_another_terminal_or_two_strange_reservations_are_a_case_for_people() -> None:
    unknown = order_events.CardAnswered("O-c1", Outcome.UNKNOWN)
    for reading in (TerminalReading("T2", busy=False), TerminalReading("T1", busy=False, open=(42, 43))):
        order = after(asked(), unknown, looked(reading)).saga.order
        assert order.outcome is OrderOutcome.DISPUTED
        assert order.card is not None
        assert order.card.state is CardState.DISPUTED
        assert order.earned == 0


def test_a_coin_that_falls_into_an_order_by_card_comes_back() -> None:
    coin = order_events.CoinIn(100, CoinPosition("A1", 1, 1))
    saga = after(asked(), coin, approved()).saga
    assert saga.order.credit == 100
    assert saga.order.due == 100


def test_whoever_chose_coins_and_put_one_in_can_not_change_any_more() -> None:
    saga = after(opened("cash", "card"), order_events.MeansChosen("cash")).saga
    with_coin = after(saga, order_events.CoinIn(100, CoinPosition("A1", 1, 1))).saga
    assert after(with_coin, order_events.MeansChosen("card")).saga.stage is Stage.COLLECTING


COUNTED = order_events.Counted(CashReading("A1", 0, 0, "H1", 0, paying=False, low=False))
COIN_FELL = order_events.CoinIn(100, CoinPosition("A1", 1, 1))


@pytest.mark.parametrize("wish", ["", "card"])
@pytest.mark.parametrize("fell", [(), (COIN_FELL,)], ids=["no coin", "a coin in flight"])
def test_whoever_wished_another_way_and_left_is_not_asked_how_to_pay(
    wish: str, fell: tuple[OrderEvent, ...]
) -> None:
    """Nobody would ever answer: the order would stay open, the terminal or the acceptor with it."""
    counting = after(
        opened("cash", "card"), order_events.MeansChosen("cash"), order_events.MeansChosen(wish)
    ).saga
    assert counting.stage is Stage.COUNTING
    over = after(counting, *fell, order_events.VisitOver(), COUNTED)
    assert over.saga.stage is Stage.OVER
    assert over.effects == ()
    assert (over.saga.order.reason, over.saga.order.claim) == ("left", 100 * len(fell))
