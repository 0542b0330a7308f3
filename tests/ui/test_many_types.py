"""A machine that sells as many types as there are: few pages in each way of display, and something to press on each."""

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.commands.screens import every_screen_of_many
from kiosk.protocol.screen import BAR_IDS, Display
from tests.slices import those
from tests.ui.looking import PAGE_BUTTONS, Eye
from tests.ui.test_fits import complaints, torn
from ui.gallery import MODES
from ui.panel import load
from ui.window import build

# As they come from the works, and once every type has come.
SHIPPED, ALL = 1, 99
# Pages at most: of the groups, of one group or of the letters' hits, of what is only read. No letter is made smaller
# for the sake of one page less.
BOUNDS = {
    "default": (1, 2, 1),
    "high-contrast": (1, 2, 1),
    "200": (2, 6, 6),
    "low-reach": (2, 5, 2),
}
LYING_BOUNDS = {
    "default": (3, 8, 9),
    "high-contrast": (3, 8, 9),
    "low-reach": (3, 8, 9),
}


def bound(name: str, bounds: tuple[int, int, int]) -> int:
    groups, certificates, reading = bounds
    if "with-basket" in name:
        return 2 * groups
    if "groups" in name or ("by-name-" not in name and "by-name" in name):
        return groups
    return certificates if "choose-" in name else reading


def counted(eye: Eye, up_to: int, bounds: dict[str, tuple[int, int, int]]) -> list[str]:
    """What is wrong with any page of these screens, and which have too many; prints how many each has."""
    wrong = []
    for mode, most in bounds.items():
        for name, snapshot in every_screen_of_many(MODES[mode], up_to):
            eye.show(snapshot)
            pages = 0
            for page in eye.pages():
                pages = page
                here = complaints(eye) + [f"torn: {words.name!r}" for words in eye.words() if torn(words)]
                if page == 1 and "choose" in name and not offered(eye):
                    here.append("nothing to choose")
                wrong += [f"{name} {mode}, page {page}: {each}" for each in here]
            print(f"{name} {mode}: {pages}")
            if pages > bound(name, most):
                wrong.append(f"{name} {mode}: {pages} pages")
    return wrong


def offered(eye: Eye) -> list[str]:
    """What can be chosen on this page; the bar and the pages' own buttons do not count."""
    usual = (*BAR_IDS, *PAGE_BUTTONS)
    return [each.name for each in eye.controls() if each.name not in usual]


@pytest.mark.parametrize(
    "up_to", [pytest.param(SHIPPED, marks=pytest.mark.fits), ALL], ids=["as-shipped", "all"]
)
def test_many_types_take_few_pages_and_each_begins_with_something_to_press(eye: Eye, up_to: int) -> None:
    wrong = counted(eye, up_to, BOUNDS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("mode", those("low-reach".__eq__, LYING_BOUNDS, pytest.mark.fits))
def test_many_types_fit_a_lying_panel(qapp: QGuiApplication, mode: str) -> None:
    glass = build(load("17-landscape"))
    glass.window.show()
    try:
        wrong = counted(Eye(glass), ALL, {mode: LYING_BOUNDS[mode]})
    finally:
        glass.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_all_groups_are_seen_at_once(eye: Eye, lang: str) -> None:
    shown = dict(every_screen_of_many(Display()))[f"{lang}/choose-groups-32"]
    eye.show(shown)
    groups = [each for each in eye.controls() if each.name.startswith("category:") or each.name == "by-name"]
    assert len(groups) == 8
    assert len({round(each.rect.left()) for each in groups}) == 2, "two beside each other"
    least = eye.glass.bridge.panel.height_px / 20
    assert all(each.rect.height() > least for each in groups), "large tiles"


def test_the_fee_and_who_pays_none_stand_on_the_first_page_of_the_check(eye: Eye) -> None:
    for mode, display in MODES.items():
        for lang in ("ko", "en"):
            eye.show(dict(every_screen_of_many(display))[f"{lang}/check-waived-32"])
            said = " ".join(words.name for words in eye.words())
            free = "요금을 받지 않습니다." if lang == "ko" else "There is no fee."
            assert free in said, f"{lang} {mode}: {said}"
            assert ("무료" if lang == "ko" else "Free") in said, f"{lang} {mode}: {said}"
