"""Who is owed money by the machine, and how they come for it: with their card, at any machine."""

import json
from typing import Any

from kiosk.protocol.screen import ScreenName, Snapshot
from tests.rig.scene import Scene


def card(scene: Scene, label: str) -> dict[str, Any]:
    """What is on that identity card, PIN included."""
    found: dict[str, Any] = json.loads((scene.rig.run / "sim" / "cards" / f"{label}.json").read_text("utf-8"))
    return found


def show_card(scene: Scene, label: str) -> None:
    """Lay the card down and enter its PIN."""
    scene.hand.screen(ScreenName.IDENTIFY)
    scene.rig.sim(do="card", card=label)
    scene.hand.enter_pin(card(scene, label)["pin"])


def to_pay_for_own_paper(scene: Scene, label: str, copies: int = 1) -> str:
    """A citizen is about to pay for copies of their own paper. The order's name."""
    scene.at_rest()
    scene.hand.press("start")
    scene.hand.press_certificate("resident-household")
    for _ in range(copies - 1):
        scene.hand.press("copies:more")
    scene.hand.press("next")
    show_card(scene, label)
    scene.hand.screen(ScreenName.CHECK)
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    scene.hand.screen(ScreenName.PAY)
    return scene.open_order()


def cut_after(scene: Scene, order: str, credited: int) -> None:
    """The power fails once so much is in, and comes back: it is owed."""
    scene.until(
        lambda: any(
            row["body"].get("order") == order and row["body"].get("credit") == credited
            for row in scene.journal()
        ),
        "credit",
    )
    scene.rig.power_cut()
    scene.rig.power_on()
    assert scene.last_closed(order)["claim"] == credited


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
    """Central has heard of the order's end."""
    scene.until(
        lambda: any(o["order"] == order and o["outcome"] for o in scene.rig.central_export()["orders"]),
        "the claim at central",
    )


def redemption_of(scene: Scene) -> str:
    """The name of the last redemption that was begun here."""
    return str(next(r for r in reversed(scene.journal()) if r["kind"] == "redeem-intent")["body"]["order"])
