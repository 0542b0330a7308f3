"""While the machine starts its screen says that and nothing else; what is broken is told as soon as all is known."""

from kiosk.health.health import STARTING, Ailment
from kiosk.protocol.screen import ScreenName, Tone
from kiosk.visit.events import HealthChanged
from kiosk.visit.screens import Attract
from tests.unit.visit.walk import Walk, down, ready

JAM = Ailment("printer", "paper-jam")
WAKING = down(STARTING, (Ailment("coin", STARTING), JAM))


def test_a_device_that_is_broken_already_does_not_make_a_start_look_like_an_end() -> None:
    walk = Walk()
    walk.hear(HealthChanged(WAKING))
    shown = walk.snapshot
    assert (shown.screen, shown.title) == (ScreenName.OUT_OF_SERVICE, "기계를 준비하고 있습니다")
    assert (shown.tone, shown.rows) == (Tone.CALM, ())


def test_once_all_is_known_it_says_what_is_broken_since_it_was_told() -> None:
    walk = Walk()
    walk.hear(HealthChanged(WAKING))
    walk.wait(130_000)
    walk.hear(HealthChanged(down("paper-jam", (JAM,))))
    (row,) = walk.snapshot.rows
    assert (row.label, row.value, row.note) == ("인쇄기", "종이가 걸렸습니다", "2분 전부터")


def test_it_invites_as_soon_as_it_can() -> None:
    walk = Walk()
    walk.hear(HealthChanged(WAKING))
    walk.hear(HealthChanged(ready()))
    assert isinstance(walk.screen, Attract)
