"""kill -9 of the screen, with its real buttons pressed: coins and paper do not notice, and it comes back."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from kiosk.desk import citizens
from kiosk.desk.autopilot import Autopilot, Timeline
from kiosk.ipc.json_lines import JsonLineError
from tests.rig.desk import desk
from tests.rig.scene import Scene


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(ui=True) as scene:
        scene.rig.wait_ready(60)
        yield scene


@pytest.mark.timeout(150)
@pytest.mark.parametrize("moment", ["paying", "printing", "paying out"])
def test_a_killed_screen_costs_nobody_anything(moment: str, scene: Scene, tmp_path: Path) -> None:
    pilot = Autopilot(scene.rig, Timeline(Console(quiet=True)), tmp_path.joinpath)
    pilot.see("attract")
    pilot.press("start")
    citizens.parcel(pilot, "land", ["여의도동"], "60")
    pilot.press("next")
    citizens.to_the_fee(pilot, "struck")
    order = scene.open_order()
    for _ in range(4):
        pilot.coin(100)
    struck_ms = strike(scene) if moment == "paying" else 0.0
    scene.drop(500)
    if moment == "printing":
        scene.until(lambda: scene.rig.sim(do="state")["printer"]["busy"], "a moving printer")
        struck_ms = strike(scene)
    scene.take_paper()
    if moment == "paying out":
        scene.until(lambda: scene.rig.sim(do="state")["hopper"]["paying"], "the hopper's motor")
        struck_ms = strike(scene)
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"], closed["paid"], closed["claim"]) == ("DELIVERED", 500, 400, 0)
    assert scene.was_open(moment, order, struck_ms), "the blow fell too early or too late to prove anything"
    scene.books_meet()
    scene.until(lambda: rested(scene, pilot), "the first screen")


def rested(scene: Scene, pilot: Autopilot) -> bool:
    """Press away whatever ends the visit, once the screen that was struck is back."""
    try:
        tree = scene.rig.robot(do="tree")
    except JsonLineError as error:
        if not error.code:  # it is there and can't say
            raise
        return False
    leave = next((c["control"] for c in tree["controls"] if c["control"] in ("done", "skip")), "")
    if leave:
        scene.rig.robot(do="press", control=leave)
    return bool(tree["screen"] == "attract")


def strike(scene: Scene) -> float:
    """The blow, and when it fell (monotonic ms)."""
    now_ms = time.monotonic_ns() / 1e6
    scene.rig.kill("ui", signal.SIGKILL)
    return now_ms
