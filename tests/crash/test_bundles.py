"""A bundle arrives on a whole machine: while somebody is served, under power cuts, with the courier killed in its look.

Whatever happens the machine comes up serving from what its ledger says, and nobody loses a coin.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.core.admin_socket import SOCKET
from kiosk.desk.ui_client import Errand
from kiosk.ipc.json_lines import JsonLineError, ask
from kiosk.protocol.screen import ScreenName
from tests.rig.desk import desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(120)
ONE_PAGE = Errand(area="여의도동", place="", lot="60")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk() as scene:
        scene.until(lambda: care(scene), "core's admin.sock")
        scene.at_rest()
        yield scene


def care(scene: Scene, what: str = "bundle") -> dict[str, Any]:
    """What core says of its bundle; nothing while it is not there."""
    try:
        return ask(scene.rig.run / "sock" / SOCKET, 5, do=what)
    except JsonLineError:
        return {}


def command(module: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *words], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def publish(scene: Scene) -> int:
    """A clerk's command beside the running central. The new version."""
    data = str(scene.rig.run / "central")
    said = command("central.cli", "bundle", "publish", "--data", data, "--phase", "1")
    return int(said.removeprefix("bundle ").partition(":")[0])


def apply(scene: Scene) -> str:
    return command("kiosk.cli", "catalogue", "apply", "--run", str(scene.rig.run))


def serves(scene: Scene) -> int:
    return int(care(scene).get("version", -1))


def active(scene: Scene) -> list[str]:
    """The bundles that were taken over, by the journal on the disk (there the bundle is `kit`)."""
    return [row["body"]["kit"] for row in scene.journal() if row["kind"] == "bundle-activated"]


def staged(scene: Scene, version: int) -> None:
    """Somebody stands at the machine; the bundle has arrived and waits."""
    scene.at_rest()
    scene.hand.press("start")
    scene.hand.wait(lambda snapshot: snapshot.screen is ScreenName.CHOOSE, "the choice")
    care(scene, "look")
    scene.until(lambda: care(scene).get("staged") == version, f"bundle {version} staged")


def sold(scene: Scene) -> None:
    """A citizen buys, and all accounts agree."""
    scene.to_payment(ONE_PAGE)
    order = scene.open_order()
    scene.drop(500)
    scene.take_paper()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"], closed["claim"]) == ("DELIVERED", 500, 0)
    scene.books_meet()


def test_a_courier_that_is_killed_in_its_look_brings_it_all_the_same_and_it_sells(scene: Scene) -> None:
    bundles = scene.rig.run / "bundles"
    version = publish(scene)
    for moment in ("asked", "laid down"):
        scene.until(lambda: care(scene, "look").get("asked"), "a courier that hears")
        if moment == "laid down":
            scene.until(lambda: list(bundles.glob(f"{version}-*")), "the bundle on the disk")
        scene.rig.kill("courier", signal.SIGKILL)
        assert serves(scene) < version
    scene.until(lambda: care(scene, "look").get("asked"), "a courier that hears")
    scene.until(lambda: serves(scene) == version, "the bundle in the end")
    assert [place.name for place in bundles.iterdir() if place.name.startswith(".")] == []
    assert apply(scene).startswith(f"bundle {version} is the newest: ")
    sold(scene)


@pytest.mark.plain_user
def test_while_somebody_is_served_it_waits_and_a_power_cut_right_after_the_switch_leaves_it_in_use(
    scene: Scene,
) -> None:
    before, version = active(scene), publish(scene)
    staged(scene, version)
    assert (serves(scene), active(scene)) == (version - 1, before)
    scene.at_rest()
    scene.until(lambda: serves(scene) == version, "the switch after the visit")
    scene.rig.power_cut()
    bundle = active(scene)[-1]
    assert bundle.startswith(f"{version}-")
    scene.rig.power_on()
    assert scene.until(lambda: care(scene), "core after the power cut")["bundle"] == bundle


@pytest.mark.plain_user
def test_a_power_cut_while_it_waits_brings_the_machine_up_with_what_it_served_from(scene: Scene) -> None:
    before, version = active(scene), publish(scene)
    staged(scene, version)
    scene.rig.power_cut()
    assert active(scene) == before
    scene.rig.power_on()
    found = scene.until(lambda: care(scene), "core after the power cut")
    assert found["bundle"] in (before[-1], active(scene)[-1])
    assert apply(scene).startswith(f"bundle {version} is ")
    assert active(scene)[-1].startswith(f"{version}-")
    sold(scene)


def test_no_program_wrote_of_a_person_or_fell_over(scene: Scene) -> None:
    for file in (scene.rig.run / "log").iterdir():
        text = file.read_text("utf-8", "replace")
        assert "Traceback" not in text, file.name
        for private in ("한빛생명", "여의도동", "홍길동"):
            assert private not in text, file.name
