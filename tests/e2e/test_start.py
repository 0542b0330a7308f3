"""Devices that come up late, with real programs on real wires: the first visitor finds every way to pay there is.

`tests/crash/test_late_buses.py` has all delays of all buses and pairs of them, in virtual time.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping

import pytest

from kiosk.desk.processes import program
from kiosk.desk.ui_client import Errand
from kiosk.health.start import START_MS
from kiosk.programs.names import BUSES
from kiosk.protocol.screen import ScreenName, Snapshot
from tests.rig.desk import desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(180)

STARTING = "기계를 준비하고 있습니다"
# The programs' own start, on a machine that does much besides.
PROMPT_S = 12.0
# Counted from when the programs were started; core itself takes its time to come up, and counts from then.
TOO_LATE_S = START_MS / 1_000 + 15.0
LATER = "import os, sys, time; time.sleep(float(sys.argv[1])); os.execv(sys.argv[2], sys.argv[2:])"


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    soon = {"printer": {"take_s": 6}}
    with desk(terminal=True, ups=True, card_reader=True, direct_cards=True, settings=soon) as scene:
        yield scene


def start_with(scene: Scene, late: Mapping[str, float]) -> list[Snapshot]:
    """Off and on again, with these buses' programs late by so many seconds; what was shown until one could begin."""
    rig = scene.rig
    for bus in BUSES:
        argv = program("devices", bus, run=rig.run)
        late_s = late.get(bus, 0.0)
        rig.recast(bus, [sys.executable, "-c", LATER, str(late_s), *argv] if late_s else argv)
    before = scene.hand
    rig.power_cut()
    rig.power_on()
    scene.until(before.gone.is_set, "the end of the screen that was")
    return shown_until_attract(scene)


def shown_until_attract(scene: Scene) -> list[Snapshot]:
    shown: list[Snapshot] = []

    def invited(snapshot: Snapshot) -> bool:
        shown.append(snapshot)
        return snapshot.screen is ScreenName.ATTRACT

    scene.hand.wait(invited, "the first screen", START_MS / 1_000 + PROMPT_S)
    return shown


def silent_at_the_end(scene: Scene) -> set[str]:
    """Whom the last start has waited for in vain, by core's own log."""
    log = (scene.rig.run / "log" / "core.log").read_text("utf-8")
    ended = [json.loads(line) for line in log.splitlines() if '"event": "started"' in line]
    return {name for name in ended[-1]["silent"].split(",") if name}


def offered(scene: Scene) -> set[str]:
    """How the first visitor can pay: pressed up to the fee, read from the screen."""
    checked = scene.hand.ask_for(Errand())
    assert checked.screen is ScreenName.CHECK, f"{checked.title} {checked.code}"
    scene.hand.press("pay")
    asked = scene.hand.wait(lambda s: s.screen is ScreenName.PAY, "the screen of paying")
    return {one.id.removeprefix("pay:") for one in asked.controls if one.id.startswith("pay:")}


def pays_in_cash(scene: Scene) -> None:
    scene.hand.press("pay:cash")
    order = scene.open_order()
    scene.until(scene.statuses_allow_coins, "the open coin slot")
    scene.drop(500)
    scene.take_paper()
    assert scene.last_closed(order)["outcome"] == "DELIVERED"
    scene.at_rest()


@pytest.mark.plain_user
@pytest.mark.parametrize(
    "late",
    [{}, {"cash": 1.0}, {"cash": 5.0, "printer": 1.0}, {"terminal": 5.0, "ups": 1.0}],
    ids=lambda late: "-".join(f"{bus}-{seconds:.0f}s" for bus, seconds in late.items()) or "nobody",
)
def test_until_all_have_spoken_it_is_starting_and_then_one_can_pay_in_every_way(
    late: Mapping[str, float], scene: Scene
) -> None:
    before_s = time.monotonic()
    *starting, _invited = start_with(scene, late)
    assert {one.title for one in starting} <= {STARTING}
    assert time.monotonic() - before_s >= max(late.values(), default=0.0)
    assert silent_at_the_end(scene) == set()
    assert offered(scene) == {"cash", "card"}
    pays_in_cash(scene)


@pytest.mark.plain_user
def test_a_bus_that_is_too_late_is_not_waited_for_and_joins_without_harm(scene: Scene) -> None:
    begun_s = time.monotonic()
    *starting, _invited = start_with(scene, {"cash": TOO_LATE_S})
    assert {one.title for one in starting} <= {STARTING}
    assert time.monotonic() - begun_s >= START_MS / 1_000
    assert silent_at_the_end(scene) == {"coin", "hopper", "note"}
    assert offered(scene) <= {"card"}, "the coin slot is not there, and is offered"
    scene.until(lambda: scene.rig.sim(do="state")["terminal"]["stage"] == "card", "a terminal that waits")
    scene.until(lambda: scene.rig.sim(do="state")["coin"]["polled"] or None, "the cash bus in mid-visit")
    assert scene.rig.sim(do="pay-card")["taken"]
    order = scene.open_order()
    scene.take_paper()
    assert scene.last_closed(order)["outcome"] == "DELIVERED"
    scene.at_rest()
    assert offered(scene) == {"cash", "card"}
    pays_in_cash(scene)
    scene.books_meet()


def test_a_start_of_core_alone_says_starting_and_then_all_there_is(scene: Scene) -> None:
    scene.at_rest()
    before = scene.hand
    scene.rig.kill("core")
    scene.until(before.gone.is_set, "the end of the screen that was")
    *starting, _invited = shown_until_attract(scene)
    assert {one.title for one in starting} <= {STARTING}
    assert offered(scene) == {"cash", "card"}
    pays_in_cash(scene)
