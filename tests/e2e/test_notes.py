"""Notes at the whole machine: change for a note, a note that can't be changed, the power gone with a note in escrow."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from kiosk.desk.machine_folder import hoppers
from kiosk.desk.ui_client import Errand
from kiosk.ipc.link import LinkError
from kiosk.protocol.screen import ScreenName, Snapshot
from tests.rig.desk import desk
from tests.rig.notes import ended, in_the_stacker, offer, to_payment
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    # What the books say that is in the hopper: enough to change a note of 5,000 KRW, and not one of 10,000.
    with desk(settings=hoppers(90)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def settled(scene: Scene) -> Iterator[None]:
    """The machine rests, and its books meet what is in the stacker, before the next."""
    yield
    scene.rig.sim(do="fault", device="note", fault="none")
    scene.rig.sim(do="take")
    scene.at_rest()
    scene.books_meet()


def test_a_note_buys_a_certificate_and_the_change_comes_in_coins(scene: Scene) -> None:
    order = to_payment(scene)
    before = in_the_stacker(scene)
    offer(scene, 1_000)
    scene.take_paper()
    assert ended(scene, order) == ("DELIVERED", 1_000, 500, 500, 0)
    assert in_the_stacker(scene) - before == 1_000


def test_a_coin_and_a_note_pay_together(scene: Scene) -> None:
    order = to_payment(scene)
    scene.drop(100)
    offer(scene, 1_000)
    scene.take_paper()
    assert ended(scene, order) == ("DELIVERED", 1_100, 500, 600, 0)


def test_a_note_for_which_there_is_no_change_goes_back_and_the_screen_says_why(scene: Scene) -> None:
    order = to_payment(scene)
    offer(scene, 10_000)

    def refused(shown: Snapshot) -> bool:
        return shown.screen is ScreenName.PAY and "10,000원 지폐는 받을 수 없습니다" in shown.sentence

    shown = scene.hand.wait(refused, "why the note goes back")
    assert shown.money is not None
    assert (shown.money.inserted, "10,000원" in shown.money.notes) == (0, False)
    scene.until(lambda: scene.rig.sim(do="truth")["truth"]["notes_back"], "the note in the hand")
    scene.drop(500)
    scene.take_paper()
    assert ended(scene, order) == ("DELIVERED", 500, 500, 0, 0)


def test_who_cancels_after_a_note_has_coins_for_all_of_it(scene: Scene) -> None:
    scene.to_payment(Errand(copies=3))
    scene.until(lambda: scene.rig.sim(do="state")["note"]["accepting"], "the open note slot")
    order = scene.open_order()
    offer(scene, 1_000)
    scene.hand.wait(lambda s: s.money is not None and s.money.inserted == 1_000, "the note on the screen")
    scene.hand.press("cancel")
    scene.hand.press("leave")
    assert ended(scene, order) == ("REFUNDED", 1_000, 0, 1_000, 0)


@pytest.mark.plain_user
def test_a_note_whose_stacking_nobody_has_told_of_is_found_by_the_count_after_the_power_cut(
    scene: Scene,
) -> None:
    order = to_payment(scene)
    before = in_the_stacker(scene)
    scene.rig.sim(do="fault", device="note", fault="stacked-late", ms=60_000)
    offer(scene, 1_000)
    scene.until(lambda: in_the_stacker(scene) > before, "the note in the stacker")
    cut_and_on(scene)
    assert ended(scene, order) == ("CLAIM", 1_000, 0, 0, 1_000)


@pytest.mark.plain_user
def test_the_power_goes_with_a_note_in_escrow_and_nobody_owes_anything(scene: Scene) -> None:
    order = to_payment(scene)
    before = in_the_stacker(scene)
    scene.rig.sim(do="fault", device="note", fault="lose-request", header=154, count=100)
    offer(scene, 1_000)
    scene.until(lambda: any(row["kind"] == "note-intent" for row in scene.journal()[-3:]), "the intent")
    cut_and_on(scene)
    assert ended(scene, order) == ("REFUNDED", 0, 0, 0, 0)
    assert in_the_stacker(scene) == before


def cut_and_on(scene: Scene) -> None:
    """The mains go and come back."""
    scene.rig.power_cut()
    scene.rig.power_on()
    with suppress(LinkError):
        scene.hand.close()
