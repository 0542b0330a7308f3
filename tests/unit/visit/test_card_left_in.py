"""Who leaves lets the card go; a card that is still in is asked for until it is out."""

from collections.abc import Callable

import msgspec
import pytest

from kiosk.order.model import OrderOutcome
from kiosk.protocol.screen import Tone
from kiosk.visit.effects import CloseCard, EndVisit, OpenCard
from kiosk.visit.events import (
    CardIn,
    CardOut,
    DraftCame,
    HealthChanged,
    WorkerReady,
)
from kiosk.visit.order_view import Phase
from kiosk.visit.patience import IDLE_MS, WARNING_MS
from kiosk.visit.screens import (
    Attract,
    Check,
    Choose,
    Goodbye,
    InsertCard,
    Issuing,
    Options,
    OutOfService,
    Pay,
)
from kiosk.visit.state import Visit, first
from tests.unit.visit.card_walk import (
    BEGINNINGS,
    CARD,
    TYPE,
    WITH_THE_CARD_OPEN,
    at_check,
    at_pin,
    on_a_machine_with_a_reader,
)
from tests.unit.visit.walk import Walk, by_card


@pytest.mark.parametrize("beginning", WITH_THE_CARD_OPEN)
def test_back_leads_to_the_card_and_from_there_to_the_contents(beginning: Callable[[], Walk]) -> None:
    walk = beginning()
    assert walk.press("back") == [CloseCard()]
    assert isinstance(walk.screen, InsertCard)
    assert walk.press("back") == []
    assert isinstance(walk.screen, Options)


@pytest.mark.parametrize("beginning", WITH_THE_CARD_OPEN)
def test_home_and_cancel_let_the_card_go(beginning: Callable[[], Walk]) -> None:
    walk = beginning()
    assert walk.press("home") == [CloseCard()]
    assert walk.screen == Choose()
    walk = beginning()
    assert walk.press("cancel") == [CloseCard(), EndVisit(1, "cancelled")]


def test_who_goes_away_from_the_pin_is_forgotten_and_the_card_let_go() -> None:
    walk = at_pin()
    walk.wait(IDLE_MS)
    assert walk.wait(WARNING_MS) == [CloseCard(), EndVisit(1, "abandoned")]
    assert walk.state == kept_of(walk.state)


def kept_of(state: Visit) -> Visit:
    machine = first(by_card())
    return msgspec.structs.replace(
        machine, screen=Attract(), health=state.health, number=state.number, card=state.card
    )


@pytest.mark.parametrize("screen", BEGINNINGS)
def test_the_language_can_change_in_the_middle_and_nothing_is_lost(screen: type) -> None:
    walk = BEGINNINGS[screen]()
    walk.press("language", "lang:en")
    assert isinstance(walk.screen, screen)
    assert walk.snapshot.title.isascii()


# --- the card that is still in ----------------------------------------------------------------------------------------


def test_once_the_holder_is_known_each_screen_asks_to_take_the_card_until_it_is_out() -> None:
    walk = at_check()
    asks = "꽂혀 있는 카드를 가져가 주세요."
    assert walk.snapshot.sentence.startswith(asks)
    walk.press("pay")
    walk.order(Phase.COLLECTING)
    assert isinstance(walk.screen, Pay)
    assert walk.snapshot.sentence.startswith(asks)
    walk.order(Phase.ISSUING, credit=500)
    assert isinstance(walk.screen, Issuing)
    assert walk.snapshot.sentence.startswith(asks)
    assert asks in walk.snapshot.announce
    walk.hear(CardOut())
    assert asks not in walk.snapshot.sentence


def test_the_last_screen_names_the_card_first() -> None:
    walk = at_check()
    walk.press("pay")
    walk.order(Phase.COLLECTING)
    walk.press("cancel")
    walk.order(Phase.CLOSED, outcome=OrderOutcome.REFUNDED, cancelled=True)
    assert isinstance(walk.screen, Goodbye)
    assert (walk.snapshot.title, walk.snapshot.tone) == ("신분증을 가져가 주세요", Tone.WARNING)
    walk.hear(CardOut())
    assert walk.snapshot.title == "취소했습니다"


def test_a_card_that_was_left_behind_is_called_out_on_the_first_screen() -> None:
    walk = at_pin()
    walk.press("cancel")
    assert isinstance(walk.screen, Attract)
    assert (walk.snapshot.title, walk.snapshot.tone) == ("신분증을 가져가 주세요", Tone.WARNING)
    assert walk.snapshot.announce.startswith("신분증을 가져가 주세요")
    walk.hear(CardOut())
    assert walk.snapshot.tone is not Tone.WARNING


def test_a_machine_that_can_serve_nobody_gives_the_card_back_all_the_same() -> None:
    walk = at_pin()
    walk.hear(HealthChanged(msgspec.structs.replace(first(by_card()).health)))
    walk.press("cancel")
    assert isinstance(walk.screen, OutOfService)
    assert walk.snapshot.sentence.startswith("먼저 꽂혀 있는 카드를 빼 주세요.")
    assert walk.snapshot.tone is Tone.WARNING


def test_the_next_visit_does_not_begin_with_a_card_that_somebody_left() -> None:
    walk = at_pin()
    walk.press("cancel", "start")
    walk.hear(WorkerReady())
    walk.press(f"type:{TYPE}")
    assert walk.snapshot.sentence.startswith("꽂혀 있는 카드를")
    assert walk.press("next") == []
    assert walk.snapshot.title == "신분증을 빼 주세요"
    # Told once more, it is still the same card.
    assert walk.hear(CARD) == []
    assert isinstance(walk.screen, InsertCard)
    walk.hear(CardOut())
    assert walk.hear(CardIn("Reader 0", 9)) == [OpenCard("Reader 0", 9)]


def test_a_card_put_in_before_start_has_to_be_put_in_again() -> None:
    walk = on_a_machine_with_a_reader()
    walk.hear(CARD)
    walk.press("start", f"type:{TYPE}", "next")
    assert walk.snapshot.title == "신분증을 빼 주세요"


def test_a_card_in_the_slot_does_not_stop_who_needs_none() -> None:
    walk = on_a_machine_with_a_reader()
    walk.hear(CARD)
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press("type:land", "area:1", "key:6", "next", "next")
    walk.hear(DraftCame(1, 1, 500))
    assert isinstance(walk.screen, Check)
    assert walk.snapshot.sentence.startswith("꽂혀 있는 카드를")
    assert walk.may("pay")
    assert not any(isinstance(effect, OpenCard) for effect in walk.effects)
