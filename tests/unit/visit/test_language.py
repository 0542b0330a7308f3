"""Language and display: changed anywhere, nothing lost, and back as they were for whoever comes next."""

from kiosk.protocol.screen import Row
from kiosk.visit.effects import (
    RequestDraft,
)
from kiosk.visit.events import (
    DraftCame,
    HealthChanged,
)
from kiosk.visit.screens import Check
from tests.unit.visit.walk import Walk, ready


def test_the_language_can_change_anywhere_without_losing_the_entry() -> None:
    walk = Walk().at_check()
    walk.press("language", "lang:en")
    assert walk.snapshot.title == "Issue this certificate?"
    assert "₩500" in walk.snapshot.rows[-1].value
    assert ("Location of the lot", "Yeouido-dong 60") in [
        (row.label, row.value) for row in walk.snapshot.rows
    ]
    assert isinstance(walk.screen, Check)


def test_the_check_screen_names_the_parcel_as_the_register_does_in_the_language_that_was_asked_for() -> None:
    walk = Walk().at_content()
    [request] = walk.press("next")
    assert isinstance(request, RequestDraft)
    walk.press("language", "lang:en")
    walk.hear(DraftCame(1, 1, 500, summary=(Row("토지 소재", "영등포구 여의도동"),)))
    assert request.lang == "ko"
    assert "토지 소재" not in [row.label for row in walk.snapshot.rows]
    walk.press("language", "lang:ko")
    assert "토지 소재" in [row.label for row in walk.snapshot.rows]


def test_pressing_a_language_on_the_first_screen_starts_in_it() -> None:
    walk = Walk()
    walk.hear(HealthChanged(ready()))
    walk.press("start:en")
    assert walk.snapshot.title == "Which certificate do you need?"


def test_language_and_display_are_as_for_everybody_after_the_visit() -> None:
    walk = Walk().started()
    walk.press("language", "lang:en", "display", "scale:200", "contrast:on", "reach:on", "close")
    assert (walk.snapshot.display.text_scale, walk.snapshot.display.low_reach) == (200, True)
    walk.press("cancel")
    assert walk.snapshot.display.text_scale == 100
    assert walk.snapshot.display.lang == "ko"
