"""The power fails with money in: its payer gets it back at another machine, once; a stranger gets nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.protocol.screen import ScreenName, Snapshot
from tests.rig.scene import Scene
from tests.rig.street import street

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[Scene, Scene]]:
    with street(take_s=6, stall_s=3, evidence_s=6) as both:
        yield both


def card(scene: Scene, label: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((scene.rig.run / "sim" / "cards" / f"{label}.json").read_text("utf-8"))
    return found


def show_card(scene: Scene, label: str) -> None:
    scene.hand.screen(ScreenName.IDENTIFY)
    scene.rig.sim(do="card", card=label)
    scene.hand.enter_pin(card(scene, label)["pin"])


def cut_with_money_in(scene: Scene, label: str) -> str:
    """A citizen puts a coin in for their own paper, and the power fails. The order's name."""
    scene.at_rest()
    scene.hand.press("start")
    scene.hand.press_certificate("resident-household")
    scene.hand.press("next")
    show_card(scene, label)
    scene.hand.screen(ScreenName.CHECK)
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    scene.hand.screen(ScreenName.PAY)
    order = scene.open_order()
    scene.drop(100)
    scene.until(
        lambda: any(r["kind"] == "credit" and r["body"]["order"] == order for r in scene.journal()), "credit"
    )
    scene.rig.power_cut()
    scene.rig.power_on()
    assert scene.last_closed(order)["claim"] == 100
    return order


def ask_for_money(scene: Scene, label: str) -> Snapshot:
    """From the first screen to what there is for who shows this card."""
    scene.at_rest()
    scene.hand.press("refund")
    show_card(scene, label)
    shown = scene.hand.wait(
        lambda s: s.screen is ScreenName.TROUBLE or any(c.id == "pay-out" for c in s.controls), "an answer"
    )
    scene.rig.sim(do="card", pull=True)
    return shown


def known_at_central(scene: Scene, order: str) -> None:
    scene.until(
        lambda: any(o["order"] == order and o["outcome"] for o in scene.rig.central_export()["orders"]),
        "the claim at central",
    )


def coins_out(scene: Scene) -> int:
    return sum(coin["value"] for coin in scene.rig.sim(do="truth")["truth"]["coins_out"])


def test_the_payer_gets_it_next_door_once_and_nobody_else(machines: tuple[Scene, Scene]) -> None:
    here, next_door = machines
    order = cut_with_money_in(here, "citizen-1")
    known_at_central(here, order)
    assert coins_out(here) == 0, "nothing leaves the machine by itself"

    stranger = ask_for_money(next_door, "citizen-2")
    assert (stranger.screen, stranger.title) == (ScreenName.TROUBLE, "돌려드릴 돈이 없습니다"), (
        next_door.rig.notes()
    )

    offered = ask_for_money(next_door, "citizen-1")
    assert [row.value for row in offered.rows] == ["100원"], f"{offered.title} {offered.code}"
    next_door.hand.press("pay-out")
    redemption = next(r for r in reversed(next_door.journal()) if r["kind"] == "redeem-intent")["body"][
        "order"
    ]
    assert next_door.last_closed(redemption)["paid"] == 100
    assert coins_out(next_door) == 100
    next_door.books_meet()

    again = ask_for_money(next_door, "citizen-1")
    assert again.title == "돌려드릴 돈이 없습니다"
    here.books_meet()
    once_more = ask_for_money(here, "citizen-1")
    assert once_more.title == "돌려드릴 돈이 없습니다"
    assert (coins_out(here), coins_out(next_door)) == (0, 100)
