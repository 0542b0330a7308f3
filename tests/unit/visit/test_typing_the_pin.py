"""The PIN: typed and sealed at the screen, for one line only, and its tries."""

import msgspec

from kiosk.protocol.screen import Role
from kiosk.visit.effects import CloseCard, Identify, RequestDraft
from kiosk.visit.events import (
    CardRefused,
    Entered,
    HolderKnown,
    Pressed,
)
from kiosk.visit.screens import (
    EnterPin,
    Trouble,
)
from tests.unit.visit.card_walk import INFO, KEY, at_check, at_pin, at_verifying


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
