"""One way out of each screen: exactly one control ends the visit where it may end, and no two are called the same."""

from collections import Counter

import msgspec
import pytest

from kiosk.bundles.catalogue_files import load_full_catalogue
from kiosk.examples.all_screens import examples
from kiosk.examples.base import NOW_MS
from kiosk.examples.choosing import choosing_among_many
from kiosk.protocol.screen import Control
from kiosk.visit.effects import CancelOrder, EndVisit
from kiosk.visit.events import Pressed
from kiosk.visit.leaving import can_leave
from kiosk.visit.reduce import reduce
from kiosk.visit.state import Leave, Visit
from tests.unit.visit.walk import TODAY, Walk, catalogue

FULL = load_full_catalogue(day=TODAY)
EXAMPLES = [*examples(catalogue()), *choosing_among_many(FULL, "ko")]


def pressable(state: Visit) -> tuple[Control, ...]:
    shown = Walk(state, now_ms=NOW_MS).snapshot
    controls = shown.overlay.controls if shown.overlay else (*shown.controls, *shown.bar)
    return tuple(control for control in controls if control.enabled)


def ends(state: Visit, control: Control) -> bool:
    """Whether a press of it ends the visit, or asks whether it really shall end."""
    after, effects = reduce(state, Pressed(control.id), NOW_MS)
    asks = isinstance(after.overlay, Leave) and not isinstance(state.overlay, Leave)
    return asks or any(isinstance(effect, EndVisit | CancelOrder) for effect in effects)


@pytest.mark.parametrize(("name", "state"), EXAMPLES, ids=[name for name, _state in EXAMPLES])
def test_exactly_one_control_ends_the_visit_where_it_may_end(name: str, state: Visit) -> None:
    ways = [control.id for control in pressable(state) if ends(state, control)]
    if state.overlay is None and state.serving and can_leave(state):
        assert len(ways) == 1, f"{name}: {ways}"
    else:
        assert len(ways) <= 1, f"{name}: {ways}"


@pytest.mark.parametrize(("name", "state"), EXAMPLES, ids=[name for name, _state in EXAMPLES])
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_two_controls_of_a_screen_are_called_the_same(name: str, state: Visit, lang: str) -> None:
    spoken = msgspec.structs.replace(state, display=msgspec.structs.replace(state.display, lang=lang))
    shown = Walk(spoken, now_ms=NOW_MS).snapshot
    controls = (*shown.controls, *(shown.overlay.controls if shown.overlay else ()), *shown.bar)
    named = Counter(
        f"{control.group} {control.label} {control.detail}" for control in controls if control.label
    )
    twice = [label for label, times in named.items() if times > 1]
    assert not twice, f"{name}: {twice}"
