"""Core lets nobody agree to what was not on the glass, whatever the ui draws."""

import pytest

from kiosk.protocol.screen import Intent, Role
from kiosk.visit.events import OrderMoved
from kiosk.visit.intents import accepts
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.screens import Check, Options, Question
from kiosk.words.words import LANGUAGES, load
from tests.unit.visit.test_one_way_out import EXAMPLES
from tests.unit.visit.walk import Walk


def test_the_fee_is_agreed_to_with_all_pages_seen_or_not_at_all() -> None:
    walk = Walk().at_check()
    seq = walk.snapshot.seq
    assert not accepts(walk.snapshot, Intent(seq, "pay"))
    assert accepts(walk.snapshot, Intent(seq, "pay", whole=True))
    assert accepts(walk.snapshot, Intent(seq, "cancel")), "leaving agrees to nothing"


def test_all_that_goes_on_from_contents_and_check_waits_for_the_last_page() -> None:
    asking = 0
    for name, state in EXAMPLES:
        screen = state.screen
        agreeing = isinstance(screen, Check) or (
            isinstance(screen, Options) and screen.question is Question.CONTENT
        )
        if state.overlay is not None or not agreeing:
            continue
        shown = Walk(state).snapshot
        leading = [control for control in shown.controls if control.role is Role.PRIMARY]
        assert [bool(control.unseen) for control in leading] == [True], name
        for control in leading:
            assert not accepts(shown, Intent(shown.seq, control.id)), name
        asking += 1
    assert asking > 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_it_waits_is_said(lang: str) -> None:
    assert load(lang).say("action.unseen")


def test_a_sheet_over_it_does_not_make_it_another_screen() -> None:
    walk = Walk().at_check()
    began = walk.snapshot.began
    walk.press("help")
    assert walk.snapshot.began == began
    assert walk.snapshot.since > began
    walk.press("close")
    assert walk.snapshot.began == began
    walk.press("pay")
    walk.hear(OrderMoved(OrderView("ORDER-1", Phase.COLLECTING, fee=500)))
    assert walk.snapshot.began > began
