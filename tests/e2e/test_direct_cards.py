"""Where no card service can run, the virtual card is spoken to over its own socket: the same visit, to the paper."""

import json

import pytest

from kiosk.protocol.screen import ScreenName
from tests.rig.desk import desk

pytestmark = pytest.mark.timeout(120)


def test_a_citizen_with_card_and_pin_is_served_without_a_card_service() -> None:
    with desk(card_reader=True, direct_cards=True) as scene:
        assert not (scene.rig.run / "reader" / "pcscd").exists()
        scene.at_rest()
        scene.hand.press("start")
        scene.hand.press_certificate("resident-household")
        scene.hand.press("next")
        scene.hand.screen(ScreenName.IDENTIFY)
        scene.rig.sim(do="card", card="citizen-1")
        pin = json.loads((scene.rig.run / "sim" / "cards" / "citizen-1.json").read_text("utf-8"))["pin"]
        scene.hand.enter_pin(pin)
        shown = scene.hand.screen(ScreenName.CHECK, ScreenName.TROUBLE)
        assert shown.screen is ScreenName.CHECK, f"{shown.title} {shown.code}"
        scene.rig.sim(do="card", pull=True)
        scene.hand.press("pay")
        scene.hand.screen(ScreenName.PAY)
        order = scene.open_order()
        scene.drop(100, 100)
        scene.take_paper()
        assert scene.last_closed(order)["outcome"] == "DELIVERED"
        scene.books_meet()
