"""Machines whose devices can prove less: the same programs sell on them as their policy says, or not at all."""

import pytest
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import ScreenName
from tests.rig.desk import HASTY, desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(120)
FORGETFUL = ("accept-memory", "dispense-memory")


def payouts(scene: Scene, order: str) -> list[int]:
    """How many coins each payout command was for."""
    rows = [row["body"] for row in scene.journal() if row["kind"] == "pay-intent"]
    return [body["coins"] for body in rows if body["order"] == order]


@pytest.mark.plain_user
def test_on_devices_that_forget_the_screen_says_so_and_change_comes_coin_by_coin() -> None:
    with desk(lacks=FORGETFUL, settings=HASTY) as scene:
        scene.to_payment(Errand())
        shown = scene.hand.screen(ScreenName.PAY)
        assert any("마지막에 넣으신 동전 한 개" in notice for notice in shown.notices), shown.notices
        order = scene.open_order()
        scene.drop(100, 100, 500)
        scene.take_paper()
        closed = scene.last_closed(order)
        assert (closed["outcome"], closed["paid"]) == ("DELIVERED", 200)
        assert payouts(scene, order) == [1, 1]
        scene.books_meet()

        scene.to_payment(Errand())
        cut = scene.open_order()
        scene.drop(100)
        scene.until(
            lambda: any(r["kind"] == "credit" and r["body"]["order"] == cut for r in scene.journal()),
            "credit",
        )
        scene.rig.power_cut()
        scene.rig.power_on()
        closed = scene.last_closed(cut)
        assert (closed["outcome"], closed["claim"]) == ("DISPUTED", 100)
        # The hopper counts from 0 again; what it paid before is not in it all the same.
        assert (
            "118 coins" in CliRunner().invoke(commands, ["cash", "state", "--run", str(scene.rig.run)]).output
        )
        scene.until(
            lambda: (
                ("order-disputed", cut)
                in {(a["code"], a["subject"]) for a in scene.rig.central_export()["alarms"]}
            ),
            "the case at central",
        )


def test_a_presenter_that_sees_nothing_sells_nothing() -> None:
    with desk(lacks=("presenter-sensors",)) as scene:
        scene.hand.wait(
            lambda s: (
                s.screen is ScreenName.OUT_OF_SERVICE
                and any("종이가 나갔는지" in row.value for row in s.rows)
            ),
            "why nothing is sold",
            within_s=60,
        )
        assert scene.rig.sim(do="state")["coin"]["accepting"] == []
