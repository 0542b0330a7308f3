"""Whatever the language and the size of letters: nothing is cut off, outside, or over something else."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from kiosk.commands.screens import every_screen
from kiosk.protocol.screen import Display
from tests.slices import those
from tests.ui.looking import Eye, Seen
from tests.ui.samples import LANGUAGES, MAKERS, sample
from ui.panel import load
from ui.window import build

SIZES = (100, 130, 160, 200)


def complaints(eye: Eye) -> list[str]:
    """What is wrong with the page that is shown now."""
    glass = QRectF(0, 0, eye.glass.bridge.panel.width_px, eye.glass.bridge.panel.height_px)
    words, controls = eye.words(), eye.controls()
    found = [f"cut off: {w.name!r}" for w in words if cut_off(w)]
    found += [
        f"outside: {e.name!r}"
        for e in [*words, *controls]
        if not glass.adjusted(-1, -1, 1, 1).contains(e.rect)
    ]
    under_sheet = eye.glass.bridge.snapshot.overlay is not None
    live = [c for c in controls if c.item.isEnabled()] if under_sheet else controls
    found += [f"overlap: {a.name!r} {b.name!r}" for a, b in combinations(live, 2) if a.overlap(b)]
    if not under_sheet:
        found += [f"overlap: {a.name!r} {b.name!r}" for a, b in combinations(words, 2) if a.overlap(b)]
    return found


def cut_off(words: Seen) -> bool:
    item = words.item
    wide = item.property("contentWidth") > item.width() + 1
    high = item.property("contentHeight") > item.height() + 1
    return bool(item.property("truncated")) or wide or high


def torn(words: Seen) -> bool:
    """Whether one of its words is wider than the room, so that the line had to end inside it."""
    metrics = QFontMetricsF(words.item.property("font"))
    return (
        max((metrics.horizontalAdvance(each) for each in words.name.split()), default=0) > words.item.width()
    )


def everything_wrong(eye: Eye, lang: str, display: Display) -> list[str]:
    wrong: list[str] = []
    for name in MAKERS:
        eye.show(sample(name, lang, display))
        for page in eye.pages():
            here = complaints(eye) + [f"torn: {w.name!r}" for w in eye.words() if torn(w)]
            wrong += [f"{name}, page {page}: {each}" for each in here]
    return wrong


@pytest.mark.parametrize("size", those((100, 200).__contains__, SIZES, pytest.mark.fits))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_screen_fits(eye: Eye, lang: str, size: int) -> None:
    wrong = everything_wrong(eye, lang, Display(lang=lang, text_scale=size))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", [100, 200])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_screen_fits_with_the_controls_low(eye: Eye, lang: str, size: int) -> None:
    wrong = everything_wrong(eye, lang, Display(lang=lang, text_scale=size, low_reach=True))
    assert not wrong, "\n".join(wrong)


@pytest.mark.fits  # `make test` shows each of these in one way: test_everything_fits
@pytest.mark.timeout(180)
@pytest.mark.parametrize("size", [100, 200])
def test_everything_that_core_really_says_fits(eye: Eye, size: int) -> None:
    wrong: list[str] = []
    for name, snapshot in every_screen(Display(text_scale=size)):
        eye.show(snapshot)
        for page in eye.pages():
            wrong += [f"{name}, page {page}: {each}" for each in complaints(eye)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("panel", ["23.8-portrait", "17-landscape"])
def test_every_screen_fits_the_other_panels(qapp: QGuiApplication, panel: str) -> None:
    glass = build(load(panel))
    glass.window.show()
    try:
        wrong = everything_wrong(Eye(glass), "ko", Display())
    finally:
        glass.close()
    assert not wrong, "\n".join(wrong)


def test_low_reach_brings_every_control_into_the_lower_two_fifths(eye: Eye) -> None:
    limit = eye.glass.bridge.panel.height_px * 0.6
    for name in MAKERS:
        eye.show(sample(name, "ko", Display(low_reach=True)))
        high = [each.name for each in eye.controls() if each.item.isEnabled() and each.rect.top() < limit - 1]
        assert not high, f"{name}: {high}"


def test_nothing_can_be_pressed_out_of_reach(eye: Eye) -> None:
    limit = eye.glass.bridge.panel.out_of_reach_px
    assert limit > 0
    for name in MAKERS:
        eye.show(sample(name, "ko"))
        assert all(each.rect.top() >= limit for each in eye.controls()), name


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("low", [False, True], ids=["usual", "low-reach"])
def test_what_is_typed_is_seen_on_the_first_page_of_the_keypad(eye: Eye, size: int, low: bool) -> None:
    eye.show(sample("lot-wrong", "ko", Display(text_scale=size, low_reach=low)))
    assert "9999" in {words.name for words in eye.words()}
    assert "key:1" in {control.name for control in eye.controls()}
