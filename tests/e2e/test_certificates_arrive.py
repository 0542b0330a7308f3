"""17 certificates, then 32, then a 33rd that nobody here has heard of: on the running machine, and issued by it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.admin_call import bring, bundle_name_of
from kiosk.protocol.screen import ScreenName
from simulators.reader_daemon import why_not
from tests.rig.desk import desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(420)
LATER = Path(__file__).parents[1] / "later"
HEALTH = "health-insurance"


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(card_reader=True, direct_cards=why_not() is not None) as scene:
        yield scene


def sold(scene: Scene) -> list[dict[str, Any]]:
    """What `kiosk catalogue list --json` tells of the machine."""
    command = [sys.executable, "-m", "kiosk.cli", "catalogue", "list", "--json", "--run", str(scene.rig.run)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    listed: list[dict[str, Any]] = json.loads(said)
    return listed


def imported(scene: Scene) -> None:
    """Another agency's records come to central."""
    data, file = str(scene.rig.run / "central"), str(LATER / f"{HEALTH}.jsonl")
    command = [sys.executable, "-m", "central.cli", "clerk", "import", HEALTH, file, "--data", data]
    subprocess.run(command, capture_output=True, check=True, timeout=60)


def test_the_second_round_arrives_and_then_one_more_and_each_is_issued_at_once(scene: Scene) -> None:
    scene.at_rest()
    assert len(sold(scene)) == 17
    scene.rig.publish(2)
    bring(scene.rig.run, 180)
    assert len(sold(scene)) == 32
    bought(scene, "family-relation", (500,))
    imported(scene)
    scene.rig.publish(2, LATER / HEALTH)
    bring(scene.rig.run, 180)
    assert [row["code"] for row in sold(scene)][-1] == HEALTH
    assert len(sold(scene)) == 33
    bought(scene, HEALTH, ())
    scene.books_meet()


def bought(scene: Scene, code: str, coins: tuple[int, ...]) -> None:
    """Citizen 1 takes a certificate of this type away."""
    kind = bundle_name_of(scene.rig.run).catalogue(card_reader=True).type(code)
    assert kind is not None
    scene.at_rest()
    scene.hand.press("start")
    scene.hand.press(f"category:{kind.category}")
    scene.hand.press(f"type:{code}")
    scene.hand.press("next")
    scene.hand.screen(ScreenName.IDENTIFY)
    scene.rig.sim(do="card", card="citizen-1")
    card = json.loads((scene.rig.run / "sim" / "cards" / "citizen-1.json").read_text("utf-8"))
    scene.hand.enter_pin(card["pin"])
    shown = scene.hand.screen(ScreenName.CHECK, ScreenName.TROUBLE)
    assert shown.screen is ScreenName.CHECK, f"{shown.title} {shown.code}"
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    if coins:
        scene.hand.screen(ScreenName.PAY)
        scene.drop(*coins)
    assert scene.take_paper() >= 1
    order = scene.open_order()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"]) == ("DELIVERED", sum(coins))
