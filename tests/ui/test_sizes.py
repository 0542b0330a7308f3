"""Sizes and gaps in millimetres, for fingers and eyes.

Source: the stricter of the Korean notice on information access (text 12 mm at 500 mm, 7.25 mm never less) and our own
20 mm for what leads on, 15 mm for all else, 5 mm between.
"""

from itertools import combinations

from PySide6.QtCore import QRectF

from kiosk.protocol.screen import Role
from tests.ui.looking import Eye, Seen
from tests.ui.samples import MAKERS, sample

PRIMARY_MM, TARGET_MM, GAP_MM = 20.0, 15.0, 5.0
TEXT_MM, FACT_MM = 12.0, 7.25
HANGUL = 0.86  # of the font's size
ROUNDING_MM = 0.4


def mm(eye: Eye, pixels: float) -> float:
    return pixels / eye.glass.bridge.panel.px_per_mm


def gap(a: QRectF, b: QRectF) -> float:
    """The shortest way between two rectangles."""
    across = max(a.left() - b.right(), b.left() - a.right(), 0)
    down = max(a.top() - b.bottom(), b.top() - a.bottom(), 0)
    return float((across**2 + down**2) ** 0.5)


def live(eye: Eye) -> list[Seen]:
    return [each for each in eye.controls() if each.item.isEnabled()]


def test_what_can_be_pressed_is_large_enough(eye: Eye) -> None:
    for name in MAKERS:
        eye.show(sample(name, "ko"))
        for control in eye.controls():
            least = PRIMARY_MM if control.item.property("kind") == Role.PRIMARY.value else TARGET_MM
            side = min(control.rect.width(), control.rect.height())
            assert mm(eye, side) >= least - ROUNDING_MM, f"{name}: {control.name} {mm(eye, side):.1f} mm"


def test_controls_keep_their_distance(eye: Eye) -> None:
    for name in MAKERS:
        eye.show(sample(name, "ko"))
        for a, b in combinations(live(eye), 2):
            between = mm(eye, gap(a.rect, b.rect))
            assert between >= GAP_MM - ROUNDING_MM, f"{name}: {a.name} and {b.name} {between:.1f} mm"


def test_titles_sentences_and_controls_are_written_large_and_nothing_too_small(eye: Eye) -> None:
    for name in MAKERS:
        snapshot = sample(name, "ko")
        shown = snapshot.overlay or snapshot
        eye.show(snapshot)
        large = {control.label for control in shown.controls if control.role is not Role.RATING}
        lead = shown.title.split()[0]
        for words in eye.words():
            high = mm(eye, words.item.property("font").pixelSize() * HANGUL)
            assert high >= FACT_MM, f"{name}: {words.name!r} {high:.1f} mm"
            if words.name in large or words.name.startswith(lead):
                assert high >= TEXT_MM - ROUNDING_MM, f"{name}: {words.name!r} {high:.1f} mm"


def test_the_primary_button_and_the_bar_never_move(eye: Eye) -> None:
    bottoms: set[int] = set()
    rights: set[int] = set()
    places: dict[str, set[tuple[int, int]]] = {}
    for name in MAKERS:
        snapshot = sample(name, "ko")
        if snapshot.overlay is not None:
            continue
        eye.show(snapshot)
        for control in eye.controls():
            if control.item.property("kind") == Role.PRIMARY.value:
                bar = min(
                    each.rect.top() for each in eye.controls() if each.name in {b.id for b in snapshot.bar}
                )
                bottoms.add(round(bar - control.rect.bottom()))
                rights.add(round(control.rect.right()))
            if control.name in {each.id for each in snapshot.bar}:
                places.setdefault(control.name, set()).add((round(control.rect.x()), round(control.rect.y())))
    assert len(bottoms) == 1
    assert len(rights) == 1
    assert {name for name, seen in places.items() if len(seen) > 1} == set()
    assert len(places) == 6
