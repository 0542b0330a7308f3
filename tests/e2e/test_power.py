"""The mains fail at a whole machine with a UPS: what is begun is ended, what is true stays true, the screen says it."""

from collections.abc import Iterator

import pytest
import requests

from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import ScreenName, Snapshot
from tests.rig.desk import desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(240)

TWO_SHEETS = Errand(area="영등포동", place="영등포동4가", lot="118", options=(("history", "all"),))


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(ups=True, settings={"ups": {"battery_s": 1, "halt_after_s": 600}}) as scene:
        yield scene


@pytest.fixture(autouse=True)
def mains_back(scene: Scene) -> Iterator[None]:
    """Before and after each: on line, on, and everything known to everybody."""
    yield
    scene.rig.power_on()
    scene.rig.sim(do="plug", device="ups")
    scene.rig.sim(do="fault", device="ups", fault="none")
    scene.rig.sim(do="ups", mains="line")
    scene.at_rest()
    scene.books_meet()


def ended(scene: Scene, order: str) -> tuple[str, int, int, int]:
    closed = scene.last_closed(order)
    return closed["outcome"], closed["fee"], closed["paid"], closed["claim"]


def shown(scene: Scene, screen: ScreenName, words: str = "") -> Snapshot:
    return scene.hand.wait(
        lambda s: s.screen is screen and words in f"{s.title} {s.sentence}", f"{screen} saying {words!r}", 40
    )


def mains(scene: Scene, now: str, **figures: int) -> None:
    scene.rig.sim(do="ups", mains=now, **figures)


def test_at_rest_on_battery_nothing_is_sold_until_the_mains_are_back(scene: Scene) -> None:
    scene.at_rest()
    mains(scene, "battery")
    out = shown(scene, ScreenName.OUT_OF_SERVICE, "정전")
    assert not any(control.id == "start" for control in out.controls)
    mains(scene, "line")
    shown(scene, ScreenName.ATTRACT)


def test_who_pays_has_all_of_it_back(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(100, 100)
    mains(scene, "battery")
    assert ended(scene, order) == ("REFUNDED", 0, 200, 0)
    shown(scene, ScreenName.TROUBLE, "정전")
    assert not scene.statuses_allow_coins()


def test_what_is_paid_is_finished_while_the_battery_lasts(scene: Scene) -> None:
    scene.to_payment(TWO_SHEETS)
    order = scene.open_order()
    scene.drop(500)
    scene.until(lambda: scene.rig.sim(do="state")["printer"]["busy"], "a moving printer")
    mains(scene, "battery", runtime=600)
    shown(scene, ScreenName.TAKE, "정전")
    scene.take_paper()
    assert ended(scene, order) == ("DELIVERED", 500, 0, 0)


def test_what_cannot_be_finished_any_more_is_given_back(scene: Scene) -> None:
    scene.to_payment(TWO_SHEETS)
    order = scene.open_order()
    scene.drop(500)
    scene.until(lambda: scene.rig.sim(do="state")["printer"]["busy"], "a moving printer")
    mains(scene, "low", runtime=20)
    assert ended(scene, order) == ("REFUNDED", 0, 500, 0)


def test_paper_that_nobody_takes_is_drawn_in_soon(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(500)
    scene.until(lambda: scene.rig.sim(do="state")["presenter"]["mouth"], "paper in the mouth")
    mains(scene, "battery")
    late = shown(scene, ScreenName.TAKE, "정전")
    assert late.remaining_s is not None
    assert late.remaining_s <= 15
    assert not any(control.id == "more-time" for control in late.controls)
    assert ended(scene, order) == ("CLAIM", 0, 0, 500)


@pytest.mark.plain_user
def test_a_low_battery_turns_the_machine_off_and_the_ledger_is_whole(scene: Scene) -> None:
    scene.at_rest()
    mains(scene, "low")
    shown(scene, ScreenName.OUT_OF_SERVICE, "끕니다")
    scene.until(lambda: not scene.rig.powered and not scene.rig.pids(), "the machine to be off")
    wal = scene.rig.run / "ledger" / "ledger.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    kinds = [row["kind"] for row in scene.journal()]
    assert kinds[-3:] == ["power-ending", "power-halting", "halt-asked"]
    scene.rig.power_on()
    shown(scene, ScreenName.ATTRACT)


def test_a_ups_that_falls_silent_stops_nobody_and_is_known_to_the_fleet(scene: Scene) -> None:
    scene.at_rest()
    scene.until(lambda: "비상 전원" not in fleet_page(scene), "a fleet page without it")
    scene.rig.sim(do="unplug", device="ups")
    scene.until(lambda: "비상 전원" in fleet_page(scene), "the UPS on the fleet page")
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(500)
    scene.take_paper()
    assert ended(scene, order) == ("DELIVERED", 500, 0, 0)


def fleet_page(scene: Scene) -> str:
    return requests.get(f"http://127.0.0.1:{scene.rig.web_port}/", timeout=10).text


@pytest.mark.parametrize("fault", ["silent", "garbage"])
def test_a_server_that_loses_its_mind_in_a_sale_takes_nothing_from_anybody(fault: str, scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(100, 100)
    scene.rig.sim(do="fault", device="ups", fault=fault)
    scene.drop(100, 100, 100)
    scene.take_paper()
    assert ended(scene, order) == ("DELIVERED", 500, 0, 0)


def test_a_battery_that_runs_low_in_a_payout_lets_every_coin_out_before_the_machine_goes_off(
    scene: Scene,
) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(100, 100, 100, 100, 500)
    scene.take_paper()
    scene.until(lambda: scene.rig.sim(do="state")["hopper"]["paying"], "the hopper's motor")
    mains(scene, "low")
    assert ended(scene, order) == ("DELIVERED", 500, 400, 0)
    scene.until(lambda: not scene.rig.powered and not scene.rig.pids(), "the machine to be off", 90)


def test_mains_that_come_back_while_it_turns_itself_off_come_too_late_and_harm_nothing(scene: Scene) -> None:
    scene.at_rest()
    mains(scene, "low")
    shown(scene, ScreenName.OUT_OF_SERVICE, "끕니다")
    mains(scene, "line")
    scene.until(lambda: not scene.rig.powered and not scene.rig.pids(), "the machine to be off")
