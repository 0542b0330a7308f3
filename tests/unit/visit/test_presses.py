"""Presses: late, double and foreign ones are harmless."""

import pytest

from kiosk.protocol.screen import Intent
from kiosk.visit.choosing import type_lot
from kiosk.visit.events import HealthChanged, Pressed
from kiosk.visit.intents import accepts
from kiosk.visit.items import Entry
from kiosk.visit.screens import Options, Question
from tests.unit.visit.walk import Walk, ready


def test_the_second_tap_of_a_double_tap_does_not_fall_through_to_the_next_screen() -> None:
    walk = Walk().started()
    tapped = Intent(walk.snapshot.seq, "type:land")
    assert accepts(walk.snapshot, tapped)
    walk.hear(Pressed("type:land"))
    assert not accepts(walk.snapshot, tapped)
    # `cancel` is on both screens, but this press was made on the one that is gone.
    assert not accepts(walk.snapshot, Intent(tapped.seq, "cancel"))


def test_quick_keys_on_one_keypad_all_count() -> None:
    walk = Walk().started()
    walk.press("type:land", "area:1")
    seen = walk.snapshot.seq
    for key in ("key:1", "key:1", "key:8"):
        assert accepts(walk.snapshot, Intent(seen, key))
        walk.hear(Pressed(key))
    assert isinstance(walk.screen, Options)
    assert walk.screen.entry.main == "118"


def test_a_press_on_a_snapshot_that_was_never_sent_does_not_count() -> None:
    walk = Walk().started()
    assert not accepts(walk.snapshot, Intent(walk.snapshot.seq + 1, "type:land"))


def test_under_a_sheet_the_screen_cannot_be_pressed() -> None:
    walk = Walk().started()
    walk.press("help")
    assert not walk.may("type:land")
    assert not walk.may("cancel")
    assert walk.may("close")


def test_what_is_not_enabled_cannot_be_pressed() -> None:
    walk = Walk().started()
    walk.press("type:land", "area:1")
    assert not walk.may("next")
    assert not walk.may("key:0")


def test_a_snapshot_is_sent_only_when_something_shows() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    before = walk.drawn
    walk.wait(250)
    assert walk.drawn is before


def test_the_screen_begins_anew_with_question_and_sheet_but_not_with_a_key() -> None:
    walk = Walk().started()
    walk.press("type:land", "area:1")
    began = walk.snapshot.since
    walk.press("key:6")
    assert (walk.snapshot.since, walk.snapshot.seq > began) == (began, True)
    walk.press("next")
    assert walk.snapshot.since == walk.snapshot.seq


def typed(*keys: str) -> str:
    entry = Entry("land")
    for key in keys:
        entry = type_lot(entry, key)
    return f"{entry.main}-{entry.sub}" if entry.on_sub else entry.main


@pytest.mark.parametrize(
    ("keys", "lot"),
    [
        ("1 2 3 4 5", "1234"),
        ("0 7", "7"),
        ("dash 7", "7"),
        ("6 0 dash 1", "60-1"),
        ("6 0 dash 0 1", "60-1"),
        ("6 0 dash 1 delete", "60-"),
        ("6 0 dash 1 delete delete", "60"),
        ("6 0 dash dash 1 2 3 4 5", "60-1234"),
        ("6 0 dash delete delete delete delete 9", "9"),
    ],
)
def test_a_lot_number_is_typed_as_people_write_it(keys: str, lot: str) -> None:
    assert typed(*keys.split()) == lot


def test_deleting_the_main_number_leaves_nothing_behind_the_dash() -> None:
    walk = Walk().started()
    walk.press("type:land", "area:1", "key:6", "key:dash", "key:delete", "key:delete")
    assert isinstance(walk.screen, Options)
    assert walk.screen.question is Question.LOT
    assert not walk.may("next")
