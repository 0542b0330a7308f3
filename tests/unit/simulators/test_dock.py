"""The dock, pressed with a mouse against a real simulator process."""

import http.client
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import serial
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickView
from PySide6.QtTest import QTest

from simulators import ipp, presenter_frames
from simulators.dock.panel import Panel
from simulators.dock.window import HEIGHT, WIDTH, open_window, qt_application
from simulators.presenter_frames import PresenterFrame
from simulators.printer_operations import Operation

from .desk import pdf
from .test_printer_operations import request
from .test_process import Machine, started

WITHIN_SECONDS = 10.0


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with started() as machine:
        yield machine


class Dock:
    """The dock's window and a finger."""

    def __init__(self, application: QGuiApplication, machine: Machine) -> None:
        self._application = application
        self.machine = machine
        self.panel = Panel(machine.run)
        self.view: QQuickView = open_window(self.panel)
        self.panel.start()
        self.until(lambda: self.panel.property("linked"), "the simulators")

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Let Qt run until the condition holds."""
        end = time.monotonic() + WITHIN_SECONDS
        while not condition():
            assert time.monotonic() < end, f"waited in vain for {what}"
            self._application.processEvents()
            time.sleep(0.002)  # the simulators are another process: Qt has nothing to wait on for them

    def item(self, name: str) -> QQuickItem:
        """The item with this object name, Repeater delegates too."""
        found = next((item for item in everything(self.view.rootObject()) if item.objectName() == name), None)
        assert found is not None, f"there is no {name}"
        return found

    def press(self, name: str) -> None:
        """Click in the middle of a button that is on the screen and enabled."""
        button = self.item(name)
        self.until(button.isEnabled, f"{name} to be enabled")
        self.view.grabWindow()  # one that was made just now is where it belongs once it is drawn
        reach(button)
        middle = button.mapToScene(QPoint(int(button.width() / 2), int(button.height() / 2))).toPoint()
        assert self.view.geometry().translated(-self.view.position()).contains(middle), (
            f"{name} is off the window"
        )
        QTest.mouseClick(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)

    def state(self) -> dict[str, Any]:
        """What the dock has seen last."""
        state = self.panel.property("state")
        assert isinstance(state, dict)
        return state


def reach(button: QQuickItem) -> None:
    """Scroll the lists around it until it is in sight, as far as they go."""
    above = button.parentItem()
    while above is not None:
        if above.inherits("QQuickFlickable"):
            top = button.mapToItem(above, QPoint(0, 0)).y() + float(above.property("contentY"))
            most = max(0.0, float(above.property("contentHeight")) - above.height())
            above.setProperty("contentY", min(max(0.0, top - 4), most))
        above = above.parentItem()


def everything(item: QQuickItem) -> Iterator[QQuickItem]:
    yield item
    for child in item.childItems():
        yield from everything(child)


@contextmanager
def dock_beside(machine: Machine) -> Iterator[Dock]:
    """The dock of a machine, taken away afterwards."""
    dock = Dock(qt_application(), machine)
    try:
        yield dock
    finally:
        dock.view.close()
        dock.view.setSource(QUrl())
        dock.panel.deleteLater()
        dock.view.deleteLater()
        QTest.qWait(1)


@pytest.fixture
def dock(machine: Machine) -> Iterator[Dock]:
    with dock_beside(machine) as dock:
        yield dock


@pytest.mark.parametrize("value", [500, 100, 50, 10])
def test_each_coin_button_drops_its_coin(dock: Dock, value: int) -> None:
    before = len(dock.machine.do("truth")["truth"]["coins_rejected"])
    dock.press(f"coin-{value}")
    dock.until(lambda: "돌아나옴" in dock.panel.property("note"), "the note")
    rejected = dock.machine.do("truth")["truth"]["coins_rejected"]
    assert [coin["value"] for coin in rejected[before:]] == [value]


@pytest.mark.parametrize("value", [1_000, 5_000, 10_000])
def test_each_note_button_offers_its_note(dock: Dock, value: int) -> None:
    before = len(dock.machine.do("truth")["truth"]["notes_back"])
    dock.press(f"note-{value}")
    dock.until(lambda: "받지 않음" in dock.panel.property("note"), "the word about it")
    back = dock.machine.do("truth")["truth"]["notes_back"]
    assert [note["value"] for note in back[before:]] == [value]


@pytest.mark.parametrize(
    ("device", "level", "presses"),
    [
        ("printer", "tray", {"tray-empty": 0, "tray-fill": 250}),
        ("hopper", "coins", {"hopper-empty": 0, "hopper-fill": 200}),
        ("receipt", "paper", {"roll-empty": 0, "roll-fill": 1200}),
        ("presenter", "binned", {"bin-full": 20, "bin-empty": 0}),
    ],
)
def test_a_supply_is_taken_away_and_given_back(
    dock: Dock, device: str, level: str, presses: dict[str, int]
) -> None:
    def stands(amount: int) -> bool:
        return bool(dock.state()[device][level] == amount)

    for press, amount in presses.items():
        dock.press(press)
        dock.until(partial(stands, amount), f"{level} to be {amount}")
        assert dock.machine.do("state")[device][level] == amount


@pytest.mark.parametrize(
    "device", ["coin", "hopper", "note", "cash", "printer", "presenter", "receipt", "ups"]
)
def test_each_plug_is_pulled_and_put_back(dock: Dock, device: str) -> None:
    def shown() -> object:
        return dock.state()["plugs"][device]

    dock.press(f"plug-{device}")
    dock.until(lambda: shown() is False, f"{device} to be pulled")
    assert dock.machine.do("state")["plugs"][device] is False
    dock.press(f"plug-{device}")
    dock.until(lambda: shown() is True, f"{device} to be back")
    assert dock.machine.do("state")["plugs"][device] is True


def test_a_note_sticks_and_is_pulled_out_and_the_stacker_is_taken_and_put_back(dock: Dock) -> None:
    def says(english: str) -> bool:
        return str(dock.item("validator").property("en")) == english

    def is_stuck(fault: str) -> bool:
        return bool(dock.state()["note"]["fault"] == fault)

    for fault in ("jam-transport", "jam-stacker"):
        dock.press(f"validator-{fault}")
        dock.until(partial(is_stuck, fault), fault)
        assert "sticks" in str(dock.panel.property("note"))
    dock.press("validator-none")
    dock.until(lambda: dock.state()["note"]["fault"] == "", "a validator that is well")
    dock.press("stacker")
    dock.until(lambda: says("stacker out"), "the stacker to be out")
    assert dock.machine.do("state")["note"]["removed"] is True
    words_fit(dock)
    keep_picture(dock.view, "stacker-out")
    dock.press("stacker")
    dock.until(lambda: says("shut"), "the stacker to be in")
    assert dock.machine.do("state")["note"]["removed"] is False


@pytest.mark.parametrize("mode", ["refuse", "hang", "lose-reply", "up"])
def test_the_network_cable_has_four_positions(dock: Dock, mode: str) -> None:
    dock.press(f"network-{mode}")
    dock.until(lambda: dock.state()["network"]["mode"] == mode, mode)
    assert dock.machine.do("state")["network"]["mode"] == mode


@pytest.mark.parametrize("mains", ["battery", "low", "line"])
def test_the_mains_go_and_come_back(dock: Dock, mains: str) -> None:
    dock.press(f"mains-{mains}")
    dock.until(lambda: dock.state()["ups"]["mains"] == mains, mains)
    assert dock.machine.do("state")["ups"]["mains"] == mains


def test_without_a_supervisor_the_power_button_cuts_the_devices(dock: Dock) -> None:
    dock.press("power")
    dock.until(lambda: dock.state()["power"] is False, "the power to go")
    dock.press("power")
    dock.until(lambda: dock.state()["power"] is True, "the power to come back")


def test_paper_and_receipt_are_seen_and_the_paper_is_taken(dock: Dock) -> None:
    machine = dock.machine
    with machine.port("presenter", 19200) as presenter:
        presenter.write(presenter_frames.encode(PresenterFrame(0, ord("H"))))
        presenter.read(14)
        print_page(machine)
        dock.until(lambda: dock.state()["presenter"]["path"], "the sheet")
        presenter.write(presenter_frames.encode(PresenterFrame(0, ord("P"))))
        presenter.read(14)
    with serial.Serial(str(machine.run / "dev" / "receipt"), 115200, timeout=5) as receipt:
        receipt.write("\x1c&영수증\x1c.\n\x1dVB@".encode("cp949"))
        dock.until(lambda: dock.state()["receipt"]["last"], "the receipt")
    assert str(dock.item("sheet").property("image")).endswith(".png")
    assert str(dock.item("receipt").property("image")).endswith(".png")
    dock.until(lambda: dock.state()["presenter"]["mouth"], "paper at the mouth")
    keep_picture(dock.view, "paper")
    dock.press("take")
    dock.until(lambda: dock.state()["presenter"]["taken"] == 1, "the paper to be taken")
    assert [sheet["where"] for sheet in machine.do("truth")["truth"]["sheets"]] == ["taken"]


def test_the_next_sheet_is_jammed_and_cleared(dock: Dock) -> None:
    before = dock.machine.do("state")["printer"]["sheets"]
    dock.press("jam")
    dock.until(lambda: "걸림" in dock.panel.property("note"), "the note")
    print_page(dock.machine)
    dock.until(lambda: dock.state()["printer"]["jammed"], "the jam")
    keep_picture(dock.view, "jammed")
    dock.press("unjam")
    dock.until(lambda: dock.state()["printer"]["sheets"] == before + 1, "the sheet")


def test_no_word_is_cut_off_or_outside_of_the_window(dock: Dock) -> None:
    words_fit(dock)


def test_the_dock_of_a_machine_without_a_card_reader_says_so(dock: Dock) -> None:
    assert "no reader" in str(dock.item("card-reader").property("aside"))
    for name in ("card-in", "card-out", "card-block", "card-unblock", "card-fault-mute"):
        assert not dock.item(name).isEnabled(), name
    keep_picture(dock.view, "no-reader")


def words_fit(dock: Dock, cut: frozenset[str] = frozenset()) -> None:
    """Every word is whole, inside of the window and of its button; but for those that may be `cut`."""
    dock.view.grabWindow()  # everything laid out
    for item in everything(dock.view.rootObject()):
        if item.metaObject().className() != "QQuickText" or not item.isVisible():
            continue
        text = str(item.property("text"))
        assert item.property("truncated") is (text in cut), text
        left = item.mapToScene(QPoint(0, 0)).x()
        assert left >= 0, text
        assert left + float(item.property("contentWidth")) <= WIDTH, text
        assert fits(item), text
    desk = dock.item("desk")
    assert dock.view.rootObject().height() == HEIGHT
    assert float(desk.property("contentHeight")) <= desk.height(), "nothing is left to scroll to"


def fits(text: QQuickItem) -> bool:
    """Whether the words lie inside of the button or card that they are on."""
    holder = text.parentItem()
    while holder is not None and not holder.inherits("QQuickAbstractButton"):
        holder = holder.parentItem()
    if holder is None:
        return True
    left = text.mapToItem(holder, QPoint(0, 0))
    right = left.x() + float(text.property("contentWidth"))
    bottom = left.y() + float(text.property("contentHeight"))
    return bool(left.x() >= 0 and left.y() >= 0 and right <= holder.width() and bottom <= holder.height())


def test_the_panel_waits_for_simulators_that_are_not_there_yet(tmp_path: Path) -> None:
    application = qt_application()
    panel = Panel(tmp_path)
    panel.start()
    panel.ask({"do": "take"})
    application.processEvents()
    assert panel.property("linked") is False
    assert "없음" in str(panel.property("note"))
    panel.deleteLater()


def print_page(machine: Machine) -> None:
    """Print one page as a driver would."""
    uri = urlsplit(json_file(machine, "ports.json")["printer_uri"])
    wire = http.client.HTTPConnection("127.0.0.1", uri.port or 0, timeout=10)
    body = ipp.encode(request(Operation.PRINT_JOB, data=pdf("1234-5678-9012-3456")))
    wire.request("POST", uri.path, body, {"Content-Type": "application/ipp"})
    assert wire.getresponse().status == 200
    wire.close()


def json_file(machine: Machine, name: str) -> dict[str, str]:
    return dict(json.loads((machine.run / "sim" / name).read_bytes()))


def keep_picture(view: QQuickView, name: str) -> None:
    """Leave a picture for a person to judge, when a folder for pictures is named."""
    folder = os.environ.get("CHANGGU_PICTURES")
    if folder:
        view.grabWindow().save(f"{folder}/dock-{name}.png")


def test_a_payment_card_is_held_to_the_terminal_only_when_it_waits_for_one(dock: Dock) -> None:
    assert not dock.item("pay-card").isEnabled()
    dock.press("plug-terminal")
    dock.until(lambda: dock.state()["plugs"]["terminal"] is False, "the line to be out")
    dock.press("plug-terminal")
    dock.until(lambda: dock.state()["plugs"]["terminal"], "the line to be in")
