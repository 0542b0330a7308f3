"""A machine with a hopper of 100 and one of 500 KRW: a large note is changed in few coins, and the books meet."""

from collections.abc import Iterator

import pytest

from kiosk.apps.hand import Errand
from tests.rig.desk import desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(hopper_fill=30, second_hopper_coin=500, second_hopper_fill=20) as opened:
        yield opened


def test_a_note_that_one_hopper_could_not_change_is_changed_by_two(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.until(lambda: scene.rig.sim(do="note", value=5_000)["note"] == "held", "the note drawn in")
    scene.take_paper()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["credit"], closed["paid"]) == ("DELIVERED", 5_000, 4_500)
    truth = scene.rig.sim(do="truth")["truth"]
    assert [coin["value"] for coin in truth["coins_out"]] == [500] * 9
    scene.rig.sim(do="take")
    scene.at_rest()
    scene.books_meet()
