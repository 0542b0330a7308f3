"""Large letters on the lying panel: the way out on every page, the bar on one, a keypad with its field and its OK."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.protocol.screen import Display, Role
from tests.slices import those
from tests.ui.looking import Eye
from tests.ui.samples import MAKERS, sample
from tests.ui.test_sizes import PRIMARY_MM, ROUNDING_MM, TARGET_MM, mm
from ui.own_words import waiting
from ui.panel import load
from ui.window import build

SIZES = those((200).__eq__, (130, 200), pytest.mark.fits)
WAYS_OUT = ("cancel", "home", "back")


@pytest.fixture(scope="module")
def lying(qapp: QGuiApplication) -> Iterator[Eye]:
    """A window of the lying panel."""
    glass = build(load("17-landscape"))
    glass.window.show()
    yield Eye(glass)
    glass.close()


def pages(eye: Eye, name: str, size: int) -> list[set[str]]:
    """What there is to press on each page of that screen. What a PIN still needs digits for counts too."""
    eye.show(sample(name, "en", Display(lang="en", text_scale=size)))
    return [{each.name for each in eye.controls()} for _ in eye.pages()]


@pytest.mark.parametrize("size", SIZES)
def test_the_way_out_is_on_every_page_and_the_whole_bar_on_one(lying: Eye, size: int) -> None:
    for name in MAKERS:
        snapshot = sample(name, "en")
        if snapshot.overlay is not None:
            continue
        usable = {control.id for control in snapshot.bar if control.enabled}
        seen = pages(lying, name, size)
        out = [each for each in WAYS_OUT if each in usable][:1]
        assert all(page.issuperset(out) for page in seen), f"{name}: {out} of {seen}"
        assert any(page >= usable for page in seen), f"{name}: {usable} of {seen}"


def test_without_core_the_pages_turn_too(lying: Eye) -> None:
    display = Display(lang="en", text_scale=200)
    lying.show(waiting(display, "A place with a rather long name, first floor", "Machine 7", "02-1234-5678"))
    seen = [{words.name for words in lying.words()} for _ in lying.pages()]
    assert len(seen) > 1
    assert "Your money and documents are safe." in set().union(*seen)


@pytest.mark.parametrize("size", SIZES)
def test_every_action_is_on_a_page(lying: Eye, size: int) -> None:
    for name in MAKERS:
        snapshot = sample(name, "en")
        shown = snapshot.overlay or snapshot
        usable = {control.id for control in shown.controls if control.enabled}
        seen = set().union(*pages(lying, name, size))
        assert seen >= usable, f"{name}: {usable - seen}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["lot", "lot-wrong", "pin", "pin-wrong"])
def test_a_keypad_its_field_and_what_follows_are_on_one_page(lying: Eye, name: str, size: int) -> None:
    snapshot = sample(name, "en", Display(lang="en", text_scale=size))
    keys = {control.id for control in snapshot.controls if control.role is Role.KEY and control.label}
    leads = {control.id for control in snapshot.controls if control.role is Role.PRIMARY}
    lying.show(snapshot)
    for _page in lying.pages():
        there = {each.name for each in lying.controls()}
        if there & keys:
            assert there >= keys | leads
            return
    raise AssertionError("no page has a keypad")


@pytest.mark.parametrize("size", SIZES)
def test_what_can_be_pressed_stays_large_enough(lying: Eye, size: int) -> None:
    for name in MAKERS:
        lying.show(sample(name, "en", Display(lang="en", text_scale=size)))
        for page in lying.pages():
            for control in lying.controls():
                least = PRIMARY_MM if control.item.property("kind") == Role.PRIMARY.value else TARGET_MM
                side = min(control.rect.width(), control.rect.height())
                assert mm(lying, side) >= least - ROUNDING_MM, f"{name}, page {page}: {control.name}"
