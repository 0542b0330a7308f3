"""Each thing that goes wrong at a machine ends in a clear screen, correct money, and books that meet the truth."""

from collections.abc import Iterator

import pytest

from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import Control, ScreenName, Snapshot
from tests.rig.desk import HASTY, desk
from tests.rig.scene import Scene

TWO_SHEETS = Errand(area="영등포동", place="영등포동4가", lot="118", options=(("history", "all"),))
DEVICES = ("coin", "hopper", "printer", "presenter", "receipt")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(settings=HASTY) as scene:
        yield scene


@pytest.fixture(autouse=True)
def mended(scene: Scene) -> Iterator[None]:
    """Whatever a test broke is whole again, and the machine rests, before the next."""
    yield
    scene.rig.sim(do="network", up=True)
    scene.rig.sim(do="unjam")
    scene.rig.sim(do="tray", sheets=250)
    scene.rig.sim(do="hopper", coins=120)
    scene.rig.sim(do="receipt-paper", lines=1200)
    for device in DEVICES:
        scene.rig.sim(do="plug", device=device)
    scene.rig.sim(do="take")
    scene.at_rest()
    scene.books_meet()


def ended(scene: Scene, order: str) -> tuple[str, int, int, int]:
    closed = scene.last_closed(order)
    return closed["outcome"], closed["fee"], closed["paid"], closed["claim"]


def trouble(scene: Scene) -> Snapshot:
    """The trouble screen; it says what happened, and carries a support code."""
    snapshot = scene.hand.screen(ScreenName.TROUBLE, within_s=40)
    assert snapshot.title
    assert snapshot.sentence or snapshot.rows
    return snapshot


def test_a_jam_in_the_middle_of_two_sheets_gives_all_money_back(scene: Scene) -> None:
    scene.to_payment(TWO_SHEETS)
    order = scene.open_order()
    scene.rig.sim(do="jam", sheet=2)
    scene.drop(500)
    assert ended(scene, order) == ("REFUNDED", 0, 500, 0)
    trouble(scene)


def test_of_two_certificates_the_one_that_came_out_is_kept_and_the_other_ones_fee_goes_back(
    scene: Scene,
) -> None:
    scene.to_payment(Errand(), TWO_SHEETS)
    order = scene.open_order()
    scene.drop(500, 500)
    scene.until(lambda: scene.rig.sim(do="state")["presenter"]["path"], "the first sheet")
    scene.rig.sim(do="tray", sheets=0)
    scene.take_paper()
    assert ended(scene, order) == ("PARTLY", 500, 500, 0)
    told = trouble(scene)
    assert any("1" in row.note for row in told.rows)


def test_a_tray_that_runs_empty_gives_all_money_back(scene: Scene) -> None:
    scene.to_payment(TWO_SHEETS)
    order = scene.open_order()
    scene.rig.sim(do="tray", sheets=1)
    scene.drop(500)
    assert ended(scene, order) == ("REFUNDED", 0, 500, 0)
    trouble(scene)


def test_without_paper_nothing_is_sold(scene: Scene) -> None:
    scene.at_rest()
    scene.rig.sim(do="tray", sheets=0)
    snapshot = scene.hand.screen(ScreenName.OUT_OF_SERVICE)
    assert not any(control.id.startswith("type:") for control in snapshot.controls)


def test_a_coin_that_passes_the_gate_during_inhibit_is_counted_and_comes_back(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(100, 100)
    scene.hand.press("cancel")
    scene.rig.sim(do="coin", value=100, force=True)
    if any(c.id == "leave" for c in _controls(scene)):
        scene.hand.press("leave")
    assert ended(scene, order) == ("REFUNDED", 0, 300, 0)


def _controls(scene: Scene) -> tuple[Control, ...]:
    snapshot = scene.hand.wait(lambda _: True, "any screen")
    return snapshot.overlay.controls if snapshot.overlay else ()


def test_a_hopper_that_runs_dry_leaves_the_rest_on_a_claim(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(100, 100, 100, 100)
    scene.rig.sim(do="hopper", coins=1)
    scene.drop(500)
    scene.take_paper()
    assert ended(scene, order) == ("CLAIM", 500, 100, 300)
    assert trouble(scene).code


def test_a_hopper_unplugged_before_the_change_is_paid_leaves_the_change_on_a_claim(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(100, 500)
    scene.until(lambda: scene.rig.sim(do="state")["presenter"]["path"], "the sheet")
    scene.rig.sim(do="unplug", device="hopper")
    scene.take_paper()
    assert ended(scene, order) == ("CLAIM", 500, 0, 100)
    assert trouble(scene).code


def test_paper_left_in_the_mouth_is_taken_back_and_owed(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(500)
    scene.hand.screen(ScreenName.TAKE)
    closed = scene.last_closed(order, within_s=30)
    assert (closed["outcome"], closed["claim"]) == ("CLAIM", 500)
    assert scene.rig.sim(do="state")["presenter"]["binned"] >= 1


def test_central_unreachable_before_the_fee_takes_no_money(scene: Scene) -> None:
    scene.at_rest()
    scene.rig.sim(do="network", up=False, mode="hang")
    told = scene.hand.ask_for(Errand())
    assert told.screen is ScreenName.TROUBLE
    assert not any(control.id == "pay" for control in told.controls)
    assert scene.rig.sim(do="state")["coin"]["accepting"] == []


@pytest.mark.parametrize("mode", ["refuse", "hang", "lose-reply"])
def test_central_unreachable_after_the_fee_gives_all_money_back(mode: str, scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.rig.sim(do="network", up=False, mode=mode)
    scene.drop(500)
    assert ended(scene, order) == ("REFUNDED", 0, 500, 0)
    trouble(scene)
    scene.rig.sim(do="network", up=True)


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_that_is_unplugged_at_rest_is_seen_and_sells_nothing_it_can_not(
    device: str, scene: Scene
) -> None:
    scene.at_rest()
    scene.rig.sim(do="unplug", device=device)
    if device == "receipt":  # a receipt is no reason to withhold a certificate
        scene.to_payment(Errand())
        order = scene.open_order()
        scene.drop(500)
        scene.take_paper()
        assert ended(scene, order) == ("DELIVERED", 500, 0, 0)
    else:
        scene.hand.screen(ScreenName.OUT_OF_SERVICE, within_s=30)


def test_a_printer_unplugged_while_it_prints_gives_all_money_back(scene: Scene) -> None:
    scene.to_payment(TWO_SHEETS)
    order = scene.open_order()
    scene.drop(500)
    scene.until(lambda: scene.rig.sim(do="state")["printer"]["busy"], "a moving printer")
    scene.rig.sim(do="unplug", device="printer")
    assert ended(scene, order) == ("REFUNDED", 0, 500, 0)
    trouble(scene)
