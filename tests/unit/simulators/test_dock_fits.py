"""On a small screen and a large one all of the dock is in reach, no words lie over others, what is armed is shown."""

import socket
from collections.abc import Iterator
from functools import partial
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtQuick import QQuickItem

from simulators.dock.armed_words import DEVICES, FAULTS
from simulators.dock.window import HEIGHT, WIDTH, height_for
from tests.card_drawer import put_card

from .test_dock import Dock, dock_beside, everything, keep_picture, print_page, reach
from .test_dock_cards import CARDS, LONG_NAME, insert
from .test_process import Machine

SCREENS = ((1366, 768), (1920, 1080))
on_each_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
# Everything that can be armed at once; what has to be told besides.
SOME: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("card", "pull", {}),
    ("note", "jam-stacker", {}),
    ("presenter", "jam", {}),
    ("terminal", "power-loss", {"act": "reserve"}),
    ("terminal", "lose-reply", {"act": "reserve"}),
    ("receipt", "cover", {}),
    ("hopper", "jam", {"after": 0}),
    ("cash", "noise", {"rate": 0.01}),
    ("ups", "stale", {}),
)


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as reader:
        machine = Machine("--card-reader", str(reader.getsockname()[1]))
        for label, kind, face, about in CARDS:
            put_card(machine.run, label, kind, face=face, about=about)
        machine.start()
        yield machine
        machine.end()


@pytest.fixture
def dock(machine: Machine) -> Iterator[Dock]:
    for device in DEVICES:
        machine.do("fault", device=device, fault="none")
    with dock_beside(machine) as dock:
        dock.until(lambda: len(dock.panel.property("drawer")) == len(CARDS), "the drawer")
        yield dock
    for device in DEVICES:
        machine.do("fault", device=device, fault="none")


def on(dock: Dock, screen: tuple[int, int]) -> None:
    """As it opens on this screen."""
    dock.view.resize(WIDTH, height_for(screen[1]))
    dock.view.grabWindow()
    dock.until(lambda: dock.view.rootObject().height() == height_for(screen[1]), "the size")


def texts(dock: Dock) -> list[QQuickItem]:
    dock.view.grabWindow()  # everything laid out
    return [
        item
        for item in everything(dock.view.rootObject())
        if item.metaObject().className() == "QQuickText" and item.isVisible() and item.property("text")
    ]


def inked(text: QQuickItem) -> QRectF:
    """Where its words are, in the window."""
    wide, high = float(text.property("contentWidth")), float(text.property("contentHeight"))
    return text.mapRectToScene(QRectF(0, 0, wide, high))  # all are aligned to the left


def clip_of(item: QQuickItem) -> QQuickItem | None:
    """The nearest list that it scrolls in."""
    above = item.parentItem()
    while above is not None and not above.clip():
        above = above.parentItem()
    return above


def seen(item: QQuickItem, rect: QRectF) -> QRectF:
    """What of it is not scrolled out of sight."""
    clip = clip_of(item)
    while clip is not None:
        rect = rect.intersected(clip.mapRectToScene(QRectF(0, 0, clip.width(), clip.height())))
        clip = clip_of(clip)
    return rect


def wrong(dock: Dock) -> list[str]:
    """Words that are cut off, that stand beside the window, or over others."""
    found = []
    there = texts(dock)
    for text in there:
        words, rect = str(text.property("text")), inked(text)
        if text.property("truncated") and words != LONG_NAME:
            found.append(f"cut off: {words!r}")
        if rect.left() < 0 or rect.right() > dock.view.width():
            found.append(f"outside: {words!r}")
    for one, other in combinations(there, 2):
        alike = clip_of(one) is clip_of(other)
        first = inked(one) if alike else seen(one, inked(one))
        shared = first.intersected(inked(other) if alike else seen(other, inked(other)))
        if shared.width() > 1 and shared.height() > 2:
            found.append(f"overlap: {one.property('text')!r} {other.property('text')!r}")
    return found


def buttons(dock: Dock) -> list[QQuickItem]:
    return [
        item
        for item in everything(dock.view.rootObject())
        if item.inherits("QQuickAbstractButton") and item.isVisible()
    ]


def in_reach(dock: Dock, button: QQuickItem) -> bool:
    """Whether all of a button can be brought in sight."""
    reach(button)
    rect = button.mapRectToScene(QRectF(0, 0, button.width(), button.height()))
    return QRectF(0, 0, dock.view.width(), dock.view.height()).contains(rect) and seen(button, rect) == rect


@on_each_screen
def test_no_words_lie_over_others_or_are_cut_off(dock: Dock, screen: tuple[int, int]) -> None:
    on(dock, screen)
    assert wrong(dock) == []
    insert(dock, "citizen-2")
    assert wrong(dock) == []
    insert(dock, "citizen-1")
    assert wrong(dock) == []
    keep_picture(dock.view, f"fits-{screen[0]}")


@on_each_screen
def test_every_button_is_in_reach(dock: Dock, screen: tuple[int, int]) -> None:
    on(dock, screen)
    assert dock.view.height() <= screen[1] - 30
    assert [button.objectName() for button in buttons(dock) if not in_reach(dock, button)] == []
    desk = dock.item("desk")
    scrolls = float(desk.property("contentHeight")) > desk.height() + 1
    assert scrolls == (height_for(screen[1]) < HEIGHT)
    handles = [one for one in everything(desk) if one.objectName() == "scroll-handle"]
    assert next(one for one in handles if one.parentItem() is desk).isVisible() == scrolls


@on_each_screen
def test_the_lowest_button_can_be_pressed(dock: Dock, screen: tuple[int, int]) -> None:
    on(dock, screen)
    for mode in ("hang", "up"):
        dock.press(f"network-{mode}")
        dock.until(partial(_mode_is, dock, mode), mode)


def _mode_is(dock: Dock, mode: str) -> bool:
    return bool(dock.state()["network"]["mode"] == mode)


def test_the_network_row_has_a_name_above_it(dock: Dock) -> None:
    name, row = dock.item("network-name"), dock.item("network-up")
    gap = row.mapToScene(QPointF(0, 0)).y() - name.mapToScene(QPointF(0, name.height())).y()
    assert 0 <= gap < 20
    assert name.isVisible()


@on_each_screen
def test_whoever_arms_it_each_fault_is_shown_until_it_is_gone(dock: Dock, screen: tuple[int, int]) -> None:
    on(dock, screen)
    for device, fault, more in SOME:
        dock.machine.do("fault", device=device, fault=fault, **more)
    dock.machine.do("jam", sheet=1)
    armed = {(device, fault) for device, fault, _more in SOME} | {("printer", "jam")}
    dock.until(lambda: shown(dock) == armed, "all that is armed")
    assert wrong(dock) == []
    for device, fault in armed:
        assert in_reach(dock, dock.item(f"armed-{device}-{fault}")), (device, fault)
    keep_picture(dock.view, f"armed-{screen[0]}")
    print_page(dock.machine)
    dock.until(lambda: dock.state()["printer"]["jammed"], "the jam")
    dock.until(lambda: ("printer", "jam") not in shown(dock), "the jam to be used up")
    dock.machine.do("unjam")
    # The job goes on; its sheet would use up the jam that the next test arms.
    dock.until(lambda: not dock.state()["printer"]["job_sheets"], "the sheet to be out")
    for device, _fault, _more in SOME:
        dock.machine.do("fault", device=device, fault="none")
    dock.until(lambda: shown(dock) == set(), "nothing to be armed")


def shown(dock: Dock) -> set[tuple[str, str]]:
    """Device and fault of every one that is on the panel."""
    named = [button.objectName() for button in buttons(dock) if button.objectName().startswith("armed-")]
    known = {f"armed-{device}-{fault}": (device, fault) for device in FAULTS for fault in FAULTS[device]}
    return {known[name] for name in named}


def test_a_press_on_an_armed_fault_mends_its_device(dock: Dock) -> None:
    dock.press("jam")
    dock.until(lambda: shown(dock) == {("printer", "jam")}, "the jam to be shown")
    assert dock.item("jam").property("on") is True
    dock.press("armed-printer-jam")
    dock.until(lambda: shown(dock) == set(), "the jam to be gone")
    assert dock.machine.do("state")["armed"] == []
    assert dock.item("jam").property("on") is False


def test_every_fault_has_words() -> None:
    assert set(FAULTS) == set(DEVICES)
    for device, faults in FAULTS.items():
        for korean, english in [DEVICES[device], *faults.values()]:
            assert korean.strip()
            assert english.isascii()
