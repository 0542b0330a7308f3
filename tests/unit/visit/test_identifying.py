"""The identified citizen: card, PIN, and whose certificate it will be."""

from collections.abc import Callable

import msgspec
import pytest

from kiosk.health.health import Ailment
from kiosk.protocol.identity import AskedLine
from kiosk.protocol.screen import Role, Row, ScreenName, Tone
from kiosk.visit.effects import CloseCard, EndVisit, Identify, OpenCard, OpenOrder, OrderLine, RequestDraft
from kiosk.visit.events import (
    CardIn,
    CardOut,
    CardReady,
    CardRefused,
    DraftCame,
    DraftFailed,
    Entered,
    HealthChanged,
    HolderKnown,
    Pressed,
    WorkerReady,
)
from kiosk.visit.order_view import OrderOutcome, Phase
from kiosk.visit.patience import IDLE_MS, READ_MS, VERIFY_MS, WARNING_MS
from kiosk.visit.screens import (
    Attract,
    Check,
    Choose,
    EnterPin,
    Goodbye,
    InsertCard,
    Issuing,
    Options,
    OutOfService,
    Pay,
    Preparing,
    Question,
    ReadingCard,
    Trouble,
    Verifying,
)
from kiosk.visit.state import Visit, first
from kiosk.words.refusals import REFUSALS
from tests.unit.visit.walk import Walk, by_card, ready

TYPE = "resident-household"
KEY, INFO = b"k" * 32, b"this visit's PIN"
CARD = CardIn("Reader 0", 7)
OPTIONS = {
    option.code: option.default for kind in by_card().types if kind.code == TYPE for option in kind.option
}


def on_a_machine_with_a_reader() -> Walk:
    walk = Walk(first(by_card()))
    walk.hear(HealthChanged(ready(of=by_card())))
    return walk


def at_content() -> Walk:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press(f"type:{TYPE}")
    return walk


def at_insert() -> Walk:
    walk = at_content()
    assert walk.press("next") == []
    return walk


def at_reading() -> Walk:
    walk = at_insert()
    walk.hear(CARD)
    return walk


def at_pin(tries: int | None = 3) -> Walk:
    walk = at_reading()
    walk.hear(CardReady(tries, KEY, INFO))
    return walk


def at_verifying(tries: int | None = 3) -> Walk:
    walk = at_pin(tries)
    walk.hear(Entered("enter", b"sealed"))
    return walk


def at_check() -> Walk:
    walk = at_verifying()
    walk.hear(HolderKnown("홍*동"))
    walk.hear(DraftCame(walk.state.lines, 2, 200))
    return walk


BEGINNINGS: dict[type, Callable[[], Walk]] = {
    InsertCard: at_insert,
    ReadingCard: at_reading,
    EnterPin: at_pin,
    Verifying: at_verifying,
}
WITH_THE_CARD_OPEN = [at_reading, at_pin, at_verifying]


def reader_lost() -> HealthChanged:
    return HealthChanged(
        msgspec.structs.replace(ready(of=by_card()), ailments=(Ailment("card", "unplugged"),))
    )


# --- the usual story --------------------------------------------------------------------------------------------------


def test_a_citizen_gets_a_household_certificate_of_their_own() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press(f"type:{TYPE}")
    assert isinstance(walk.screen, Options)
    assert walk.screen.question is Question.CONTENT
    walk.press("option:relation:no", "copies:more")
    assert walk.press("next") == []
    assert walk.snapshot.title == "신분증을 넣어 주세요"
    assert walk.hear(CARD) == [OpenCard("Reader 0", 7)]
    assert walk.snapshot.title == "신분증을 읽고 있습니다"
    assert walk.hear(CardReady(3, KEY, INFO)) == []
    chosen = OPTIONS | {"relation": "no"}
    identify = Identify((AskedLine(1, TYPE, {}, chosen),), b"sealed")
    assert walk.hear(Entered("enter", b"sealed")) == [identify]
    assert walk.snapshot.title == "본인인지 확인하고 있습니다"
    assert walk.hear(HolderKnown("홍*동")) == [CloseCard(), RequestDraft(1, TYPE, {}, chosen, "ko")]
    assert isinstance(walk.screen, Preparing)
    walk.hear(CardOut())
    walk.hear(DraftCame(1, sheets=2, fee=200))
    assert Row("신청하신 분", "홍*동") in walk.snapshot.rows
    assert walk.press("pay") == [OpenOrder((OrderLine(1, TYPE, 2, 2, 200),))]
    walk.order(Phase.COLLECTING, fee=400)
    assert [row.value for row in walk.snapshot.rows] == ["홍*동"]
    walk.order(Phase.CLOSED, credit=400, kept=400, delivered=2, outcome=OrderOutcome.DELIVERED)
    walk.press("skip")
    assert walk.press("done") == [EndVisit(1, "finished")]
    assert "홍*동" not in repr(walk.state)


def test_a_person_is_never_asked_where_a_lot_lies() -> None:
    walk = at_content()
    assert all(row.label != "땅의 위치" for row in walk.snapshot.rows)
    walk.press("back")
    assert walk.screen == Choose(category="resident")


def test_the_tile_says_beforehand_that_a_card_is_needed() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    needed = set()
    for group in [c.id for c in walk.snapshot.controls if c.id.startswith("category:")]:
        walk.press(group)
        needed |= {c.id for c in walk.snapshot.controls if "신분증 필요" in c.detail}
        walk.press("back")
    assert needed == {f"type:{kind.code}" for kind in by_card().types if kind.identification == "card"}
    assert f"type:{TYPE}" in needed


def test_a_lot_is_still_asked_about_without_a_card() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press("type:land", "area:1", "key:6", "next")
    [request] = walk.press("next")
    assert isinstance(request, RequestDraft)


def test_a_card_that_was_put_in_early_in_the_visit_is_read_when_it_is_wanted() -> None:
    walk = at_content()
    assert walk.hear(CARD) == []
    assert walk.press("next") == [OpenCard("Reader 0", 7)]
    assert isinstance(walk.screen, ReadingCard)


def test_a_card_waits_for_the_worker_that_comes_late() -> None:
    walk = on_a_machine_with_a_reader()
    walk.press("start", f"type:{TYPE}", "next")
    assert walk.hear(CARD) == []
    assert walk.hear(WorkerReady()) == [OpenCard("Reader 0", 7)]
    walk.hear(CardReady(3, KEY, INFO))
    assert isinstance(walk.screen, EnterPin)


def test_the_check_screen_names_the_person_once_and_then_what_the_register_says() -> None:
    walk = at_verifying()
    walk.hear(HolderKnown("홍*동"))
    walk.hear(DraftCame(1, 2, 200, summary=(Row("신청인", "홍*동"), Row("주소", "여의도동 **"))))
    values = [row.value for row in walk.snapshot.rows]
    assert values.count("홍*동") == 1
    assert "여의도동 **" in values


def test_no_price_is_added_by_the_card() -> None:
    walk = at_check()
    assert walk.snapshot.rows[-1].value == "200원"


# --- the PIN ----------------------------------------------------------------------------------------------------------


def test_the_keypad_for_the_pin_is_where_the_one_for_lots_is_with_one_empty_place() -> None:
    walk = at_pin()
    keys = [control for control in walk.snapshot.controls if control.role is Role.KEY]
    digits = [*(f"pin:{digit}" for digit in range(1, 10)), "pin:none", "pin:0", "pin:delete"]
    assert [key.id for key in keys] == digits
    assert [key.id for key in keys if not key.enabled] == ["pin:none"]


def test_the_screen_is_told_how_to_seal_the_pin_and_that_it_has_six_digits() -> None:
    walk = at_pin()
    secret = walk.snapshot.secret
    assert secret is not None
    assert (secret.field, secret.key, secret.info) == ("pin", KEY, INFO)
    assert (secret.least, secret.most, secret.attempt) == (6, 6, 1)
    assert [(field.id, field.active) for field in walk.snapshot.fields] == [("pin", True)]
    assert "6자리" in walk.snapshot.sentence


def test_no_other_screen_has_a_secret() -> None:
    walk = at_pin()
    walk.hear(Entered("enter", b"sealed"))
    assert walk.snapshot.secret is None
    walk.hear(HolderKnown("홍*동"))
    assert walk.snapshot.secret is None


def test_a_key_of_the_pin_means_nothing_to_core() -> None:
    walk = at_pin()
    before = walk.state
    for control in ("pin:1", "pin:delete", "enter"):
        assert walk.hear(Pressed(control)) == []
    assert msgspec.structs.replace(walk.state, deadline_ms=before.deadline_ms) == before


def test_a_wrong_pin_is_asked_for_again_with_the_tries_that_are_left() -> None:
    walk = at_verifying()
    assert walk.hear(CardRefused("pin-wrong", 2)) == []
    assert walk.snapshot.secret is not None
    assert walk.snapshot.secret.attempt == 2
    assert walk.snapshot.fields[0].error == "비밀번호가 맞지 않습니다. 2번 더 틀리면 카드가 잠깁니다."
    walk.hear(Entered("enter", b"sealed again"))
    walk.hear(CardRefused("pin-wrong", 1))
    assert walk.snapshot.secret is not None
    assert walk.snapshot.secret.attempt == 3
    assert "1번 더 틀리면" in walk.snapshot.announce


def test_each_pin_is_for_a_line_of_its_own_and_the_draft_has_the_last_ones() -> None:
    walk = at_verifying()
    walk.hear(CardRefused("pin-wrong", 2))
    [identify] = walk.hear(Entered("enter", b"sealed"))
    assert isinstance(identify, Identify)
    _, request = walk.hear(HolderKnown("홍*동"))
    assert isinstance(request, RequestDraft)
    assert [line.line for line in identify.lines] == [request.line] == [2]


def test_a_card_that_does_not_tell_its_tries_is_not_guessed_at() -> None:
    walk = at_verifying(tries=None)
    assert "잠깁니다" not in walk.snapshot.announce
    walk.hear(CardRefused("pin-wrong"))
    assert isinstance(walk.screen, EnterPin)
    assert walk.snapshot.fields[0].error == "비밀번호가 맞지 않습니다."


def test_a_pin_that_the_card_never_saw_costs_no_try() -> None:
    walk = at_verifying()
    walk.hear(CardRefused("pin-malformed"))
    assert isinstance(walk.screen, EnterPin)
    assert (walk.screen.tries, walk.screen.attempt) == (3, 2)


def test_the_third_wrong_pin_is_the_end_of_this_card() -> None:
    walk = at_verifying(tries=1)
    assert walk.hear(CardRefused("pin-wrong", 0)) == [CloseCard()]
    assert isinstance(walk.screen, Trouble)
    assert walk.snapshot.title == "카드가 잠겨 있습니다"


def test_the_second_tap_on_enter_identifies_nobody_twice() -> None:
    walk = at_pin()
    seen = walk.snapshot
    walk.hear(Entered("enter", b"sealed"))
    assert walk.hear(Entered("enter", b"sealed")) == []
    assert walk.snapshot.since > seen.seq


def test_a_tap_that_was_made_before_the_pin_was_found_wrong_does_not_count_after_it() -> None:
    walk = at_pin()
    seen = walk.snapshot.seq
    walk.hear(Entered("enter", b"sealed"))
    walk.hear(CardRefused("pin-wrong", 2))
    assert walk.snapshot.since > seen


def test_under_a_sheet_no_pin_is_taken() -> None:
    walk = at_pin()
    walk.press("help")
    assert walk.hear(Entered("enter", b"sealed")) == []
    assert isinstance(walk.screen, EnterPin)
    walk.press("close")
    assert walk.snapshot.secret is not None
    assert walk.snapshot.secret.attempt == 1


def test_a_pin_for_another_control_or_another_screen_is_dropped() -> None:
    walk = at_pin()
    assert walk.hear(Entered("pay", b"sealed")) == []
    paying = at_check()
    assert paying.hear(Entered("enter", b"sealed")) == []
    assert paying.hear(Entered("pay", b"sealed")) == []


# --- what goes wrong --------------------------------------------------------------------------------------------------


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
    assert {code for code, number in REFUSALS.items() if 60 <= number <= 79} <= {
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
    assert walk.snapshot.title == "이사 신고를 처리하고 있습니다"
    assert "홍*동" not in repr(walk.state)


@pytest.mark.parametrize("beginning", [at_insert, at_pin, at_check])
def test_answers_that_nobody_waits_for_change_nothing(beginning: Callable[[], Walk]) -> None:
    walk = beginning()
    before = walk.state
    for late in (CardReady(1, KEY, INFO), HolderKnown("김*수"), CardRefused("card-expired")):
        assert walk.hear(late) == []
    assert walk.state == before


# --- leaving ----------------------------------------------------------------------------------------------------------


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
