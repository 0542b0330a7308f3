"""The plug is pulled at the dock in the middle of an order, and put back: what is true, and what the screen says then.

Everything is gone at once: programs, coin events, the hopper's motor, the print job. Physical truth is compared with
the ledger and with central's books after each.
"""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import ScreenName, Snapshot
from simulators.dock.panel import Panel
from simulators.dock.window import qt_application
from tests.rig.desk import desk
from tests.rig.scene import Scene

pytestmark = [pytest.mark.timeout(240), pytest.mark.plain_user]

# Five sheets: there is time to pull the plug while they come out.
LONG = Errand(area="문래동", place="문래동3가", lot="55", options=(("history", "all"), ("prices", "recent")))


class Dock:
    """The dock's own panel on this desk, and a finger on its buttons."""

    def __init__(self, scene: Scene) -> None:
        self._application: QCoreApplication = qt_application()
        self._scene = scene
        self.panel = Panel(scene.rig.run)
        self.panel.start()
        self.until(lambda: self.panel.property("machine") == "on", "the machine to be on")

    def until(self, condition: Callable[[], object], what: str) -> None:
        def turned() -> object:
            self._application.processEvents()
            return condition()

        self._scene.until(turned, what)

    def cut(self) -> None:
        self.panel.power(False)
        self.until(lambda: self.panel.property("machine") == "off", "the machine to be off")

    def switch_on(self) -> None:
        self.panel.power(True)
        self.until(lambda: self.panel.property("machine") == "on", "the machine to be on")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk() as scene:
        yield scene


@pytest.fixture(scope="module")
def dock(scene: Scene) -> Iterator[Dock]:
    dock = Dock(scene)
    yield dock
    dock.panel.deleteLater()
    qt_application().processEvents()


@pytest.fixture(autouse=True)
def a_hand(scene: Scene) -> Iterator[None]:
    """A sheet that the power left half way through the rollers sticks until a hand pulls it out."""
    yield
    scene.rig.sim(do="unjam")


def paying(scene: Scene) -> None:
    """Four coins that are booked: of one that fell a moment ago only the count outlives the power, not the value."""
    scene.drop(100, 100, 100, 100)
    scene.hand.wait(lambda s: s.money is not None and s.money.inserted == 400, "400 KRW shown")


def printing(scene: Scene) -> None:
    scene.drop(100, 100, 100, 100, 500)
    scene.until(lambda: scene.rig.sim(do="state")["presenter"]["path"], "the first sheet")


def in_the_mouth(scene: Scene) -> None:
    scene.drop(100, 100, 100, 100, 500)
    scene.until(lambda: scene.rig.sim(do="state")["presenter"]["mouth"], "paper in the mouth")


def paying_out(scene: Scene) -> None:
    before = len(scene.rig.sim(do="truth")["truth"]["coins_out"])
    scene.drop(100, 100, 100, 100, 500)
    scene.take_paper()
    scene.until(lambda: len(scene.rig.sim(do="truth")["truth"]["coins_out"]) > before, "the first coin")


# What the order ends with: (outcome, fee kept, put in). The rest is paid out already, or on a claim.
ENDS: dict[Callable[[Scene], None], tuple[str, int, int]] = {
    paying: ("CLAIM", 0, 400),
    printing: ("CLAIM", 0, 900),
    in_the_mouth: ("CLAIM", 0, 900),
    paying_out: ("CLAIM", 500, 900),
}


def moved(scene: Scene) -> tuple[int, int]:
    """Coins and sheets that have left the machine so far."""
    truth = scene.rig.sim(do="truth")["truth"]
    out = [sheet for sheet in truth["sheets"] if sheet["where"] in ("taken", "tray")]
    return len(truth["coins_out"]), len(out)


def told(scene: Scene) -> Snapshot:
    """What the machine says when it is on again."""
    return scene.hand.screen(ScreenName.TROUBLE, within_s=40)


@pytest.mark.parametrize("moment", ENDS, ids=lambda moment: moment.__name__.replace("_", " "))
def test_the_plug_is_pulled_in_the_middle_and_nobody_loses_anything(
    moment: Callable[[Scene], None], scene: Scene, dock: Dock
) -> None:
    scene.to_payment(LONG)
    order = scene.open_order()
    moment(scene)
    cut_at = time.strftime("%H:%M", time.gmtime(time.time() + 9 * 3600))
    dock.cut()
    assert (scene.rig.pids(), scene.rig.worker_pids()) == ({}, [])
    assert scene.rig.sim(do="coin", value=500)["coin"] == "returned"
    before = moved(scene)
    dock.switch_on()
    closed = scene.last_closed(order)
    outcome, kept, put_in = ENDS[moment]
    assert (closed["outcome"], closed["fee"], closed["credit"]) == (outcome, kept, put_in)
    assert closed["claim"] == put_in - kept - closed["paid"] > 0
    assert moved(scene) == before, "something left the machine by itself"
    _says_it(told(scene), cut_at, closed["claim"])
    scene.books_meet()


def _says_it(screen: Snapshot, cut_at: str, claim: int) -> None:
    """When it was, what is owed, under which number, and what to do."""
    found = re.search(r"(\d\d:\d\d)에 중단된 거래가 있습니다", screen.title)
    assert found, screen.title
    assert abs(_minutes(found[1]) - _minutes(cut_at)) in (0, 1, 1439)
    assert any(f"{claim:,}" in row.value for row in screen.rows)
    assert screen.code
    assert screen.sentence


def _minutes(at: str) -> int:
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)


def test_paper_that_somebody_takes_in_the_dark_is_theirs_and_paid_for(scene: Scene, dock: Dock) -> None:
    scene.to_payment(LONG)
    order = scene.open_order()
    in_the_mouth(scene)
    dock.cut()
    assert len(scene.rig.sim(do="take")["sheets"]) > 1
    dock.switch_on()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"], closed["claim"]) == ("CLAIM", 500, 400)
    scene.books_meet()


def test_the_plug_is_pulled_again_while_the_machine_still_tidies_up(scene: Scene, dock: Dock) -> None:
    scene.to_payment(LONG)
    order = scene.open_order()
    printing(scene)
    dock.cut()
    for _ in range(2):
        dock.switch_on()
        dock.cut()
    dock.switch_on()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"], closed["claim"]) == ("CLAIM", 0, 900)
    told(scene)
    scene.books_meet()


def test_with_nobody_there_the_machine_comes_back_as_it_was(scene: Scene, dock: Dock) -> None:
    scene.at_rest()
    dock.cut()
    dock.switch_on()
    scene.hand.screen(ScreenName.ATTRACT, within_s=40)
    scene.books_meet()
