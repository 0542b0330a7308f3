"""kill -9 of every program in the middle of paying, printing and paying out: the order ends as docs/orders.md says.

Physical truth, ledger and central's books are compared after each blow.
"""

import signal
import time
from collections.abc import Iterator

import pytest

from kiosk.desk.ui_client import Errand
from tests.rig.desk import desk
from tests.rig.scene import Scene

PROGRAMS = ("core", "courier", "cash", "printer", "receipt", "worker")
MOMENTS = ("paying", "printing", "paying out")
# Five sheets: there is time to strike while they come out.
LONG = Errand(area="문래동", place="문래동3가", lot="55", options=(("history", "all"), ("prices", "recent")))

# What the citizen (still there unless core itself died) ends with: (outcome, fee kept, coins out, claim), coins in 900.
SERVED = ("DELIVERED", 500, 400, 0)
REFUNDED = ("REFUNDED", 0, 900, 0)
EXPECTED = {
    ("core", "paying"): ("CLAIM", 0, 0, 400),
    ("core", "printing"): ("CLAIM", 0, 0, 900),
    ("worker", "paying"): REFUNDED,
}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk() as scene:
        yield scene


def go_to(moment: str, scene: Scene) -> str:
    """A citizen pays 900 for a certificate of 500, up to the moment at which the blow shall fall. The order's id."""
    scene.to_payment(LONG)
    order = scene.open_order()
    scene.drop(100, 100, 100, 100)
    if moment == "paying":
        return order
    scene.drop(500)
    if moment == "printing":
        scene.until(lambda: scene.rig.sim(do="state")["presenter"]["path"], "the first sheet")
        return order
    scene.take_paper()
    scene.until(lambda: scene.rig.sim(do="state")["hopper"]["paying"], "the hopper's motor")
    return order


def go_on(moment: str, program: str, scene: Scene) -> None:
    """What the citizen does after the blow: nothing if core died (the visit is over), else all that is left to do."""
    if program == "core":
        return
    if moment == "paying":
        scene.until(scene.statuses_allow_coins, "an open coin slot again")
        scene.drop(500)
        if program == "worker":
            return
    if moment in ("paying", "printing"):
        scene.take_paper()


@pytest.mark.plain_user
@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_killed_program_costs_nobody_anything(program: str, moment: str, scene: Scene) -> None:
    order = go_to(moment, scene)
    struck_ms = time.monotonic_ns() / 1e6
    scene.rig.kill(program, signal.SIGKILL)
    go_on(moment, program, scene)
    closed = scene.last_closed(order)
    ended = (closed["outcome"], closed["fee"], closed["paid"], closed["claim"])
    assert ended == EXPECTED.get((program, moment), SERVED)
    assert scene.was_open(moment, order, struck_ms), "the blow fell too early or too late to prove anything"
    scene.books_meet()


@pytest.mark.plain_user
@pytest.mark.timeout(120)
@pytest.mark.parametrize("program", ["core", "cash", "printer"])
def test_a_program_that_hangs_is_killed_and_costs_nobody_anything(program: str, scene: Scene) -> None:
    """Stopped, not killed: only its supervisor's watchdog can tell."""
    order = go_to("paying", scene)
    scene.rig.kill(program, signal.SIGSTOP)
    go_on("paying", program, scene)
    closed = scene.last_closed(order)
    ended = (closed["outcome"], closed["fee"], closed["paid"], closed["claim"])
    assert ended == EXPECTED.get((program, "paying"), SERVED)
    scene.books_meet()


@pytest.mark.timeout(120)
def test_paper_that_a_hand_pulls_out_while_it_is_drawn_in_is_delivered(scene: Scene) -> None:
    """After the blow it is drawn in at once; what reached the bin is counted there, and this did not."""
    order = go_to("printing", scene)
    scene.until(lambda: stage_of_the_presenter(scene) == "presented", "paper at the mouth")
    scene.rig.kill("core", signal.SIGKILL)
    scene.until(lambda: stage_of_the_presenter(scene) == "retracting", "the motor that draws it in")
    assert len(scene.take_paper_now()) == 5
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"], closed["paid"], closed["claim"]) == ("CLAIM", 500, 0, 400)
    scene.books_meet()


def stage_of_the_presenter(scene: Scene) -> str:
    return str(scene.rig.sim(do="state")["presenter"]["stage"])
