"""A choice that needs another one is offered beside it only, and falls back when that one goes."""

import msgspec

from kiosk.catalogue.catalogue import Catalogue
from kiosk.protocol.certificates import Choice, Names, Option
from kiosk.visit.events import HealthChanged, WorkerReady
from kiosk.visit.screens import Options
from kiosk.visit.state import first
from tests.unit.visit.test_basket import choose_household, started
from tests.unit.visit.walk import Walk, catalogue, ready

NEEDS: tuple[tuple[str, dict[str, tuple[str, ...]]], ...] = (
    ("seen", {}),
    ("past", {"seen": ("yes",)}),
    ("reasons", {"past": ("yes",)}),
)
SEEN, PAST, REASONS = (
    Option(
        code,
        Names(code),
        "no",
        (Choice("no", Names("넣지 않음")), Choice("yes", Names("넣음"), needs)),
    )
    for code, needs in NEEDS
)


def with_needs() -> Catalogue:
    """The land register with three questions, each of which hangs on the one before."""
    kinds = tuple(
        msgspec.structs.replace(kind, option=(SEEN, PAST, REASONS)) if kind.code == "land" else kind
        for kind in catalogue().types
    )
    return msgspec.structs.replace(catalogue(), types=kinds)


def at_content() -> Walk:
    walk = Walk(first(with_needs()))
    walk.hear(HealthChanged(ready()))
    walk.press("start")
    walk.hear(WorkerReady())
    walk.press("type:land", "area:1", "key:6", "key:0", "next")
    return walk


def chosen(walk: Walk) -> dict[str, str]:
    assert isinstance(walk.screen, Options)
    return dict(walk.screen.entry.options)


def asked(walk: Walk) -> set[str]:
    return {control.group for control in walk.snapshot.controls if control.id.startswith("option:")}


def test_a_question_that_has_only_one_answer_is_not_asked() -> None:
    walk = at_content()
    assert asked(walk) == {"seen"}
    assert "past" not in {field.id for field in walk.snapshot.fields}
    walk.press("option:seen:yes")
    assert asked(walk) == {"seen", "past"}
    walk.press("option:past:yes")
    assert asked(walk) == {"seen", "past", "reasons"}
    assert not walk.may("option:seen:maybe")


def test_what_no_longer_goes_together_falls_back_to_what_holds_at_first() -> None:
    walk = at_content()
    walk.press("option:seen:yes", "option:past:yes", "option:reasons:yes")
    assert chosen(walk) == {"seen": "yes", "past": "yes", "reasons": "yes"}
    walk.press("option:seen:no")
    assert chosen(walk) == {"seen": "no", "past": "no", "reasons": "no"}
    assert asked(walk) == {"seen"}


def test_numbers_of_people_whose_names_are_left_out_are_not_offered() -> None:
    walk = choose_household(started())
    walk.press("option:digits:all")
    assert chosen(walk)["digits"] == "all"
    walk.press("option:names:no")
    assert chosen(walk)["digits"] == "none"
    assert not walk.may("option:digits:all")
    assert walk.may("option:digits:own")


def test_what_was_not_asked_is_requested_as_it_holds_at_first() -> None:
    walk = at_content()
    walk.press("next")
    assert chosen_in_request(walk) == {"seen": "no", "past": "no", "reasons": "no"}


def chosen_in_request(walk: Walk) -> dict[str, str]:
    return next(dict(effect.options) for effect in walk.effects if hasattr(effect, "options"))
