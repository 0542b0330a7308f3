"""The whole machine with a bill validator of another protocol, on a port of its own: nothing above the driver knows."""

from collections.abc import Iterator

import pytest

from kiosk.desk.machine_folder import hoppers
from kiosk.desk.toml_text import over
from tests.rig.desk import HASTY, desk
from tests.rig.notes import ended, in_the_stacker, offer, to_payment
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(300)
ICT104 = {"cash": {"notes": {"protocol": "ict104", "port": "dev/note"}}}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(settings=over(HASTY, hoppers(90), ICT104)) as opened:
        yield opened


def test_a_note_buys_a_certificate_and_the_change_comes_in_coins(scene: Scene) -> None:
    order = to_payment(scene)
    before = in_the_stacker(scene)
    offer(scene, 1_000)
    scene.take_paper()
    assert ended(scene, order) == ("DELIVERED", 1_000, 500, 500, 0)
    assert in_the_stacker(scene) - before == 1_000
    scene.at_rest()
    scene.books_meet()


def test_a_cable_that_is_pulled_while_a_note_is_stacked_leaves_it_owed(scene: Scene) -> None:
    """It is in the stacker and nobody has heard so: what it is worth is on a record, and never forgotten."""
    order = to_payment(scene)
    before = in_the_stacker(scene)
    scene.rig.sim(do="fault", device="note", fault="stacked-late", ms=3_000)
    offer(scene, 1_000)
    scene.until(lambda: in_the_stacker(scene) > before, "the note in the stacker")
    scene.rig.kill("cash")
    closed = scene.last_closed(order, within_s=60)
    assert (closed["outcome"], closed["credit"], closed["claim"]) == ("DISPUTED", 0, 1_000)
