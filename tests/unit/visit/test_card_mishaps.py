"""What goes wrong with card, reader, worker and central while somebody is identified."""

from collections.abc import Callable

import pytest

from kiosk.protocol.screen import Role, Row, ScreenName
from kiosk.visit.effects import CloseCard, OpenCard
from kiosk.visit.events import (
    CardIn,
    CardOut,
    CardReady,
    CardRefused,
    DraftFailed,
    HolderKnown,
    WorkerReady,
)
from kiosk.visit.patience import READ_MS, VERIFY_MS
from kiosk.visit.screens import (
    EnterPin,
    InsertCard,
    ReadingCard,
    Trouble,
    Verifying,
)
from kiosk.words.refusals import REFUSALS
from tests.unit.visit.card_walk import (
    CARD,
    INFO,
    KEY,
    WITH_THE_CARD_OPEN,
    at_check,
    at_insert,
    at_pin,
    at_reading,
    at_verifying,
    reader_lost,
)
from tests.unit.visit.walk import Walk


@pytest.mark.parametrize("beginning", WITH_THE_CARD_OPEN)
def test_a_card_pulled_too_early_is_asked_for_again(beginning: Callable[[], Walk]) -> None:
    walk = beginning()
    assert walk.hear(CardOut()) == [CloseCard()]
    assert isinstance(walk.screen, InsertCard)
    assert walk.snapshot.title == "신분증을 넣어 주세요"
    assert "빠졌습니다" in walk.snapshot.notices[0]
    assert walk.hear(CardIn("Reader 0", 9)) == [OpenCard("Reader 0", 9)]


@pytest.mark.parametrize("beginning", WITH_THE_CARD_OPEN)
def test_a_card_swapped_within_one_look_has_to_come_out_again(beginning: Callable[[], Walk]) -> None:
    walk = beginning()
    assert walk.hear(CardIn("Reader 0", 9)) == [CloseCard()]
    assert isinstance(walk.screen, InsertCard)
    assert walk.snapshot.title == "신분증을 빼 주세요"
    assert "처음 넣으신 카드가 아닙니다" in walk.snapshot.notices[0]
    walk.hear(CardOut())
    assert walk.snapshot.title == "신분증을 넣어 주세요"


@pytest.mark.parametrize(("code", "said"), [("card-removed", "빠졌습니다"), ("card-changed", "아닙니다")])
@pytest.mark.parametrize("beginning", [at_reading, at_verifying])
def test_what_the_worker_notices_first_is_told_the_same_way(
    beginning: Callable[[], Walk], code: str, said: str
) -> None:
    walk = beginning()
    assert walk.hear(CardRefused(code)) == [CloseCard()]
    assert isinstance(walk.screen, InsertCard)
    assert said in walk.snapshot.notices[0]
    # The card may still be in: it has to come out before it counts again.
    assert walk.snapshot.title == "신분증을 빼 주세요"


def test_the_same_card_told_twice_is_one_card() -> None:
    walk = at_pin()
    assert walk.hear(CARD) == []
    assert isinstance(walk.screen, EnterPin)


TROUBLES = [
    "pin-blocked",
    "card-expired",
    "card-wrong-kind",
    "card-unreadable",
    "card-mute",
    "card-invalid",
    "card-revoked",
    "card-unknown",
    "under-age",
    "person-deceased",
    "presence-expired",
    "reader-gone",
    "central-unreachable",
]


@pytest.mark.parametrize("code", TROUBLES)
@pytest.mark.parametrize("beginning", [at_reading, at_verifying])
def test_a_card_that_will_not_do_ends_in_a_clear_word_and_no_fee(
    beginning: Callable[[], Walk], code: str
) -> None:
    walk = beginning()
    assert walk.hear(CardRefused(code)) == [CloseCard()]
    shown = walk.snapshot
    assert shown.screen is ScreenName.TROUBLE
    assert shown.code != "안내 번호 59"
    assert shown.rows == (Row("요금", "받지 않았습니다", strong=True),)
    # The card comes first, then what to do.
    assert shown.sentence.startswith("먼저 꽂혀 있는 카드를 빼 주세요.")
    assert len([control for control in shown.controls if control.role is Role.PRIMARY]) == 1
    walk.hear(CardOut())
    assert "꽂혀" not in walk.snapshot.sentence


def test_another_card_can_be_tried_at_once() -> None:
    walk = at_reading()
    walk.hear(CardRefused("card-expired"))
    assert walk.press("card") == []
    assert walk.snapshot.title == "신분증을 빼 주세요"
    walk.hear(CardOut())
    assert walk.hear(CardIn("Reader 0", 9)) == [OpenCard("Reader 0", 9)]


def test_when_central_was_away_the_same_card_is_asked_again() -> None:
    walk = at_verifying()
    walk.hear(CardRefused("central-unreachable"))
    assert walk.press("retry") == [OpenCard("Reader 0", 7)]


def test_the_refusals_of_a_card_have_numbers_of_their_own() -> None:
    assert {code for code, row in REFUSALS.items() if 60 <= row.number <= 79} <= {
        *TROUBLES,
        "identity-timeout",
        "another-person",
    }


def test_a_card_that_does_not_answer_is_given_up() -> None:
    walk = at_reading()
    walk.wait(READ_MS - 1)
    assert isinstance(walk.screen, ReadingCard)
    assert walk.wait(1) == [CloseCard()]
    assert walk.snapshot.title == "신분증을 읽지 못했습니다"


def test_an_identification_that_does_not_come_is_given_up() -> None:
    walk = at_verifying()
    walk.wait(VERIFY_MS - 1)
    assert isinstance(walk.screen, Verifying)
    assert walk.wait(1) == [CloseCard()]
    assert walk.snapshot.title == "본인 확인이 늦어지고 있습니다"
    assert walk.hear(HolderKnown("홍*동")) == []


def test_a_reader_that_is_lost_while_a_card_is_awaited_is_owned_up_to() -> None:
    walk = at_insert()
    walk.hear(reader_lost())
    assert isinstance(walk.screen, Trouble)
    assert walk.snapshot.title == "신분증을 읽을 수 없습니다"


@pytest.mark.parametrize("beginning", WITH_THE_CARD_OPEN)
def test_a_reader_that_is_pulled_with_its_card_is_not_waited_for(beginning: Callable[[], Walk]) -> None:
    walk = beginning()
    walk.hear(reader_lost())
    walk.hear(CardOut())
    assert isinstance(walk.screen, Trouble)
    assert walk.screen.code == "reader-gone"


@pytest.mark.parametrize("beginning", [at_pin, at_verifying])
def test_when_the_worker_dies_the_card_is_read_anew_and_no_old_key_is_used(
    beginning: Callable[[], Walk],
) -> None:
    walk = beginning()
    assert walk.hear(WorkerReady()) == [OpenCard("Reader 0", 7)]
    assert isinstance(walk.screen, ReadingCard)


def test_when_the_worker_dies_before_the_fee_the_citizen_is_asked_for_the_card_again() -> None:
    walk = at_check()
    walk.hear(CardOut())
    assert walk.hear(WorkerReady()) == []
    assert isinstance(walk.screen, InsertCard)


def test_what_was_changed_after_the_card_has_signed_is_signed_for_again() -> None:
    walk = at_check()
    walk.press("back", "option:relation:no")
    assert walk.press("next") == [OpenCard("Reader 0", 7)]
    assert "홍*동" not in repr(walk.state)


def test_a_refused_draft_forgets_who_it_was_for() -> None:
    walk = at_verifying()
    walk.hear(HolderKnown("홍*동"))
    walk.hear(DraftFailed(1, "record-moving"))
    assert walk.snapshot.title == "여기에서는 드릴 수 없습니다"
    assert "홍*동" not in repr(walk.state)


@pytest.mark.parametrize("beginning", [at_insert, at_pin, at_check])
def test_answers_that_nobody_waits_for_change_nothing(beginning: Callable[[], Walk]) -> None:
    walk = beginning()
    before = walk.state
    for late in (CardReady(1, KEY, INFO), HolderKnown("김*수"), CardRefused("card-expired")):
        assert walk.hear(late) == []
    assert walk.state == before
