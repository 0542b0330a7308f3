"""What is nobody else's business is told behind a press, for a moment: why somebody pays nothing, or gets no paper."""

from typing import Any

import msgspec
import pytest

from kiosk.examples.all_screens import examples
from kiosk.examples.base import NOW_MS
from kiosk.protocol.screen import Snapshot
from kiosk.visit.events import DraftFailed
from kiosk.visit.patience import REASON_MS, SLOW_FACTOR
from kiosk.visit.screens import Check, Trouble
from kiosk.visit.state import Reason
from kiosk.words.refusals import REFUSALS, Refusal, Told, support_number
from kiosk.words.words import LANGUAGES, Words, load
from tests.unit.visit.test_basket import choose_household, identify, started
from tests.unit.visit.test_one_way_out import EXAMPLES
from tests.unit.visit.test_waived import at_check
from tests.unit.visit.walk import Walk, by_card

TOLD_IN_PRIVATE = sorted(code for code, row in REFUSALS.items() if row.told is Told.IN_PRIVATE)


def refused(code: str, lang: str = "ko") -> Walk:
    walk = choose_household(started())
    walk.press("next")
    identify(walk)
    walk.press("language", f"lang:{lang}")
    walk.hear(DraftFailed(1, code))
    assert isinstance(walk.screen, Trouble)
    return walk


def text_of(snapshot: Snapshot) -> str:
    return msgspec.json.encode(snapshot).decode()


def secrets(code: str, words: Words) -> list[str]:
    return [words.say(f"refusal.{code}.title"), words.say(f"refusal.{code}.what")]


def test_of_each_refusal_it_is_decided_who_is_told() -> None:
    """No row without it: what a new screen says of a person is thought of when it is written."""
    undecided: Any = Refusal
    with pytest.raises(TypeError, match="told"):
        undecided(99)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_stands_behind_can_not_tell_one_refusal_from_another(lang: str) -> None:
    shown = [text_of(refused(code, lang).snapshot) for code in TOLD_IN_PRIVATE]
    assert len(shown) > 4
    assert len(set(shown)) == 1


@pytest.mark.parametrize("code", TOLD_IN_PRIVATE)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reason_is_behind_a_press_and_is_not_spoken(code: str, lang: str) -> None:
    walk, words = refused(code, lang), load(lang)
    for secret in secrets(code, words):
        assert secret not in text_of(walk.snapshot)
    walk.press("why")
    over = walk.snapshot.overlay
    assert over is not None
    told = text_of(walk.snapshot)
    for secret in (*secrets(code, words), support_number(code)):
        assert secret in told
    for secret in secrets(code, words):
        assert secret not in walk.snapshot.announce


@pytest.mark.parametrize("scale", [100, 200])
def test_it_hides_by_itself(scale: int) -> None:
    walk = refused("tax-arrears")
    walk.press("display", f"scale:{scale}", "close", "why")
    patience = REASON_MS * (SLOW_FACTOR if scale > 100 else 1)
    walk.wait(patience - 1)
    assert isinstance(walk.state.overlay, Reason)
    walk.wait(1)
    assert walk.state.overlay is None
    assert isinstance(walk.screen, Trouble), "the screen itself stays"
    walk.press("why", "close")
    assert walk.state.overlay is None


def test_it_hides_when_the_visit_ends() -> None:
    walk = refused("tax-arrears")
    walk.press("why", "close", "cancel")
    assert load("ko").say("refusal.tax-arrears.title") not in text_of(walk.snapshot)
    assert not walk.state.serving


def test_of_a_parcel_anybody_may_know() -> None:
    walk = Walk().at_content()
    walk.press("next")
    walk.hear(DraftFailed(1, "no-record"))
    assert walk.snapshot.title == load("ko").say("refusal.no-record.title")
    assert not walk.may("why")


def test_why_somebody_pays_nothing_is_behind_a_press_too() -> None:
    walk = at_check()
    assert "국민기초생활" not in text_of(walk.snapshot)
    assert "무료" in text_of(walk.snapshot)
    walk.press("why")
    over = walk.snapshot.overlay
    assert over is not None
    assert "요금 면제: 국민기초생활 수급자" in [row.value for row in over.rows]
    assert "국민기초생활" not in walk.snapshot.announce
    walk.wait(REASON_MS)
    assert "국민기초생활" not in text_of(walk.snapshot)
    assert isinstance(walk.screen, Check)
    walk.press("pay")


def test_who_pays_has_nothing_to_ask_about() -> None:
    assert not at_check("", 200).may("why")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_screen_names_a_waiver_but_the_one_that_was_asked_for_it(lang: str) -> None:
    words = load(lang)
    reasons = {row.name.text(lang) for kind in by_card().types for row in kind.waiver}
    # By itself it may be the name of a certificate.
    named = {words.say("waiver.named", who=reason) for reason in reasons}
    assert named
    seen = 0
    for name, state in (*EXAMPLES, *examples(by_card())):
        spoken = msgspec.structs.replace(state, display=msgspec.structs.replace(state.display, lang=lang))
        snapshot = Walk(spoken, now_ms=NOW_MS).snapshot
        found = [one for one in named if one in text_of(snapshot)]
        asked = isinstance(state.overlay, Reason)
        seen += asked and bool(found)
        assert asked or not found, f"{name}: {found}"
        assert not [one for one in named if one in snapshot.announce], name
    assert seen
