"""A machine with a hopper of 100 and one of 500 KRW: what goes back does so in few coins, and the books meet."""

from collections.abc import Iterator

import pytest

from kiosk.desk.machine_folder import hoppers
from kiosk.desk.ui_client import Errand
from tests.rig.desk import desk
from tests.rig.owing import ask_for_money, cut_after, known_at_central, redemption_of, to_pay_for_own_paper
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(card_reader=True, direct_cards=True, settings=hoppers(30, second=20)) as opened:
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


@pytest.mark.plain_user
def test_what_is_owed_comes_out_of_both_hoppers(scene: Scene) -> None:
    order = to_pay_for_own_paper(scene, "citizen-1", copies=4)  # 200 KRW a copy
    scene.drop(500, 100, 100)
    cut_after(scene, order, 700)
    known_at_central(scene, order)
    before = coins_out(scene)
    offered = ask_for_money(scene, "citizen-1")
    assert [row.value for row in offered.rows] == ["700원"], f"{offered.title} {offered.code}"
    scene.hand.press("pay-out")
    assert scene.last_closed(redemption_of(scene))["paid"] == 700
    assert coins_out(scene)[len(before) :] == [500, 100, 100]
    scene.at_rest()
    scene.books_meet()


def coins_out(scene: Scene) -> list[int]:
    return [coin["value"] for coin in scene.rig.sim(do="truth")["truth"]["coins_out"]]
