"""Who has money to get back: card and PIN first, then how much, then one press that pays it once."""

import msgspec
import pytest

from kiosk.health.health import Ailment
from kiosk.order.model import OrderOutcome
from kiosk.protocol.claims import asked_line
from kiosk.protocol.screen import ScreenName
from kiosk.visit.effects import (
    BeginVisit,
    CloseCard,
    ConfirmRedemption,
    EndVisit,
    Identify,
    OpenCard,
    OpenRedemption,
)
from kiosk.visit.events import (
    CardIn,
    CardOut,
    CardReady,
    CardRefused,
    Entered,
    HealthChanged,
    HolderKnown,
    Interrupted,
    OrderMoved,
    OrderRefused,
    Pressed,
    WorkerReady,
)
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.patience import IDLE_MS, WARNING_MS
from kiosk.visit.screens import Attract, Change, Choose, Goodbye, InsertCard, Trouble
from kiosk.visit.state import first
from tests.unit.visit.walk import CASH, Walk, by_card, ready

KEY, INFO = b"k" * 32, b"this visit's PIN"
HOLDER = "h" * 64
LOOKING = OrderView("01R", Phase.RESERVING, redeems=True, at_card=True)
OFFERED = OrderView("01R", Phase.OFFERED, redeems=True, redeem=700, at_card=True)
PAYING = OrderView("01R", Phase.PAYING_OUT, redeems=True, redeem=700, to_pay=700, paid=200)
PAID = OrderView(
    "01R", Phase.CLOSED, redeems=True, redeem=700, paid=700, outcome=OrderOutcome.REFUNDED, slip=Slip.PRINTED
)


def at_rest() -> Walk:
    walk = Walk(first(by_card()))
    walk.hear(HealthChanged(ready(of=by_card())))
    return walk


def at_insert() -> Walk:
    walk = at_rest()
    assert walk.press("refund") == [BeginVisit(1)]
    walk.hear(WorkerReady())
    return walk


def at_pin() -> Walk:
    walk = at_insert()
    assert walk.hear(CardIn("Reader 0", 7)) == [OpenCard("Reader 0", 7)]
    walk.hear(CardReady(3, KEY, INFO))
    return walk


def looking() -> Walk:
    walk = at_pin()
    assert walk.hear(Entered("enter", b"sealed")) == [Identify((asked_line(),), b"sealed")]
    assert walk.hear(HolderKnown("홍*동", HOLDER)) == [CloseCard(), OpenRedemption(HOLDER)]
    walk.hear(OrderMoved(LOOKING))
    walk.hear(CardOut())
    return walk


def offered() -> Walk:
    walk = looking()
    walk.hear(OrderMoved(OFFERED))
    return walk


def pressable(walk: Walk) -> set[str]:
    return {control.id for control in walk.snapshot.controls if control.enabled}


def test_card_and_pin_come_before_anything_is_said_of_money() -> None:
    walk = at_insert()
    assert isinstance(walk.state.screen, InsertCard)
    assert [row.value for row in walk.snapshot.rows] == ["돌려받을 돈"]
    walk = looking()
    assert walk.snapshot.screen is ScreenName.REFUND
    assert pressable(walk) == set()


def test_how_much_it_is_stands_in_the_title_and_one_press_pays_it_once() -> None:
    walk = offered()
    assert walk.snapshot.title == "돌려드릴 돈이 700원 있습니다"
    assert walk.press("pay-out") == [ConfirmRedemption()]
    assert pressable(walk) == set()
    assert walk.hear(Pressed("pay-out")) == []
    walk.hear(OrderMoved(PAYING))
    assert isinstance(walk.state.screen, Change)
    walk.hear(OrderMoved(PAID))
    walk.press("done")
    assert isinstance(walk.state.screen, Goodbye)
    assert "취소" not in walk.snapshot.title
    assert walk.press("done") == [EndVisit(1, "finished")]
    assert isinstance(walk.state.screen, Attract)


def test_who_thinks_again_goes_and_the_visit_is_over() -> None:
    walk = offered()
    assert not walk.may("cancel")
    assert not walk.may("home")
    assert walk.press("later") == [EndVisit(1, "cancelled")]
    assert isinstance(walk.state.screen, Attract)


def test_who_walks_away_is_asked_and_then_forgotten() -> None:
    walk = offered()
    walk.wait(IDLE_MS)
    assert walk.snapshot.overlay is not None
    assert walk.wait(WARNING_MS) == [EndVisit(1, "abandoned")]


def test_who_does_not_want_to_show_a_card_ends_the_visit_by_the_one_control_for_it() -> None:
    walk = at_insert()
    assert not walk.may("back")
    assert walk.press("cancel") == [EndVisit(1, "cancelled")]


def test_home_from_the_card_leads_to_certificates() -> None:
    walk = at_insert()
    walk.press("home")
    assert isinstance(walk.state.screen, Choose)


def test_a_card_that_is_refused_can_be_shown_again() -> None:
    walk = at_insert()
    walk.hear(CardIn("Reader 0", 7))
    walk.hear(CardRefused("card-expired"))
    assert isinstance(walk.state.screen, Trouble)
    walk.press("card")
    assert isinstance(walk.state.screen, InsertCard)


@pytest.mark.parametrize("code", ["no-claim", "claim-reserved", "claim-too-large", "central-unreachable"])
def test_why_there_is_nothing_here_is_said_without_a_word_of_fees(code: str) -> None:
    walk = looking()
    none = OrderView("01R", Phase.CLOSED, redeems=True, outcome=OrderOutcome.REFUNDED, reason=code)
    walk.hear(OrderMoved(none))
    assert isinstance(walk.state.screen, Trouble)
    assert [row.value for row in walk.snapshot.rows] == ["없습니다"]


def test_a_machine_that_can_not_begin_says_so() -> None:
    walk = at_pin()
    walk.hear(Entered("enter", b"sealed"))
    walk.hear(HolderKnown("홍*동", HOLDER))
    walk.hear(OrderRefused("cash-down"))
    assert isinstance(walk.state.screen, Trouble)


def test_there_is_no_such_button_where_nobody_can_be_known_or_paid() -> None:
    without_reader = Walk()
    without_reader.hear(HealthChanged(ready()))
    assert "refund" not in pressable(without_reader)
    for device in ("card", "hopper", "link"):
        ill = ready(of=by_card())
        walk = Walk(first(by_card()))
        walk.hear(HealthChanged(type(ill)(ill.state, ill.types, (Ailment(device, "silent"),), CASH)))
        assert "refund" not in pressable(walk), device


CUT = OrderView(
    "01O",
    Phase.CLOSED,
    credit=500,
    claim=500,
    claim_code="ABCD-EFGH",
    outcome=OrderOutcome.CLAIM,
    opened_ms=(5 * 60 + 3) * 60_000,
    at_card=True,
)


def test_a_visit_that_was_cut_short_goes_on_by_showing_the_card_again() -> None:
    walk = at_rest()
    walk.hear(Interrupted(CUT))
    assert walk.snapshot.title == "14:03에 중단된 거래가 있습니다"
    assert walk.snapshot.sentence == "다시 본인확인을 하시면 이어집니다."
    assert walk.press("refund") == [BeginVisit(1)]
    assert isinstance(walk.state.screen, InsertCard)


def test_one_whose_payer_nobody_knows_goes_on_at_the_office() -> None:
    walk = at_rest()
    walk.hear(Interrupted(msgspec.structs.replace(CUT, at_card=False)))
    assert "구청 민원실" in walk.snapshot.sentence
    assert "refund" not in pressable(walk)
