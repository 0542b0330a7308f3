"""A fee paid by card at the real machine and its payment terminal: charged for what was handed over, and no more."""

from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.desk.toml_text import over
from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import Control, ScreenName, Snapshot
from tests.rig.desk import HASTY, desk
from tests.rig.scene import Scene

TWO_SHEETS = Errand(area="영등포동", place="영등포동4가", lot="118", options=(("history", "all"),))
CARD_NUMBER = b"4571736000001234"


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    soon = over(HASTY, {"ups": {"battery_s": 1}, "terminal": {"card_s": 20}})
    with desk(terminal=True, ups=True, settings=soon) as scene:
        yield scene


@pytest.fixture(autouse=True)
def mended(scene: Scene) -> Iterator[None]:
    """Whatever a test broke is whole again, and the books meet, before the next."""
    yield
    scene.rig.power_on()
    scene.rig.sim(do="ups", mains="line")
    scene.until(lambda: power(scene) in ("", "power-good"), "a supply that is believed")
    scene.rig.sim(do="fault", device="terminal", fault="none")
    for plug in ("terminal", "terminal-power", "coin"):
        scene.rig.sim(do="plug", device=plug)
    scene.rig.sim(do="unjam")
    scene.rig.sim(do="tray", sheets=250)
    scene.rig.sim(do="take")
    scene.at_rest()
    scene.hand.wait(lambda s: not any("만 내실 수" in notice for notice in s.notices), "both ways to pay")
    scene.books_meet()


def power(scene: Scene) -> str:
    """What the machine wrote down last of its supply."""
    told = [row["kind"] for row in scene.journal() if row["kind"].startswith("power-")]
    return told[-1] if told else ""


def to_choice(scene: Scene, *errands: Errand) -> Snapshot:
    """From the first screen to the choice of how to pay."""
    scene.at_rest()
    scene.until(lambda: scene.rig.sim(do="state")["terminal"]["stage"] == "idle", "the terminal at rest")
    checked = scene.hand.ask_for(*errands)
    assert checked.screen is ScreenName.CHECK, f"{checked.title} {checked.code}"
    scene.hand.press("pay")
    return scene.hand.wait(lambda s: bool(control(s, "pay:card")), "the choice of how to pay")


def control(snapshot: Snapshot, name: str) -> Control | None:
    return next((one for one in snapshot.controls if one.id == name), None)


def choose_card(scene: Scene) -> str:
    """Choose the card; the order, once the terminal waits for one."""
    scene.hand.press("pay:card")
    scene.until(lambda: scene.rig.sim(do="state")["terminal"]["stage"] == "card", "a terminal that waits")
    return scene.open_order()


def present(scene: Scene, **how: Any) -> None:
    assert scene.rig.sim(do="pay-card", **how)["taken"]


def bank(scene: Scene, order: str) -> list[tuple[int, int, int, bool]]:
    """What the bank knows of an order: authorised, captured, given back, still open."""
    cards: list[dict[str, Any]] = scene.rig.sim(do="truth")["truth"]["cards"]
    return [
        (one["authorised"], one["captured"], one["reversed"], one["open"])
        for one in cards
        if one["reference"].startswith(order)
    ]


def papers_saying(scene: Scene, words: str) -> list[str]:
    """What the receipt printer has printed with these words in it."""
    papers = ["\n".join(one["lines"]) for one in scene.rig.sim(do="truth")["truth"]["receipts"]]
    return [paper for paper in papers if words in paper]


def closed(scene: Scene, order: str) -> tuple[object, ...]:
    end = scene.last_closed(order)
    return end["outcome"], end["fee"], end["credit"], end.get("captured"), end.get("reversed")


def test_what_was_handed_over_is_charged_afterwards_and_the_receipt_says_card(scene: Scene) -> None:
    to_choice(scene, Errand())
    order = choose_card(scene)
    present(scene)
    scene.hand.screen(ScreenName.TAKE)
    assert bank(scene, order) == [(500, 0, 0, True)], "nothing is charged before the paper is in a hand"
    scene.take_paper()
    assert closed(scene, order) == ("DELIVERED", 500, 0, 500, 0)
    assert bank(scene, order) == [(500, 500, 0, False)]
    receipt = scene.until(lambda: scene.rig.sim(do="truth")["truth"]["receipts"][-1:], "the receipt")[0]
    assert any("카드" in line for line in receipt["lines"])


def test_of_two_certificates_one_that_jams_is_given_back_to_the_card(scene: Scene) -> None:
    to_choice(scene, Errand(), TWO_SHEETS)
    order = choose_card(scene)
    present(scene)
    scene.until(lambda: scene.rig.sim(do="state")["presenter"]["path"], "the first sheet")
    scene.rig.sim(do="tray", sheets=0)
    scene.take_paper()
    assert closed(scene, order) == ("PARTLY", 500, 0, 500, 500)
    assert bank(scene, order) == [(1_000, 500, 500, False)]
    told = scene.hand.screen(ScreenName.TROUBLE)
    assert [row.value for row in told.rows] == ["1,000원", "500원", "500원"]


@pytest.mark.parametrize("late", [0, 1_500])
def test_an_approval_whose_answer_got_lost_is_found_and_used(late: int, scene: Scene) -> None:
    to_choice(scene, Errand())
    scene.rig.sim(
        do="fault", device="terminal", fault="lose-reply", act="reserve", **({"ms": late} if late else {})
    )
    order = choose_card(scene)
    present(scene)
    scene.take_paper()
    assert closed(scene, order) == ("DELIVERED", 500, 0, 500, 0)
    assert bank(scene, order) == [(500, 500, 0, False)]


def test_a_terminal_that_dies_after_the_approval_is_told_when_it_is_back_and_coins_are_taken_meanwhile(
    scene: Scene,
) -> None:
    to_choice(scene, Errand())
    order = choose_card(scene)
    scene.rig.sim(do="fault", device="terminal", fault="power-loss", act="reserve")
    present(scene)
    scene.take_paper()
    scene.until(lambda: scene.rig.sim(do="state")["plugs"]["terminal-power"] is False, "the dead terminal")
    assert bank(scene, order) == [(500, 0, 0, True)]
    slip = scene.until(lambda: papers_saying(scene, "카드 결제 확인 중"), "the slip that says so")
    assert order in slip[-1]
    scene.to_payment(Errand())
    other = scene.open_order()
    scene.drop(500)
    scene.take_paper()
    assert closed(scene, other) == ("DELIVERED", 500, 500, None, None)
    scene.rig.sim(do="plug", device="terminal-power")
    assert closed(scene, order) == ("DELIVERED", 500, 0, 500, 0)
    assert bank(scene, order) == [(500, 500, 0, False)]


def test_declined_comes_back_to_the_choice_and_coins_will_do(scene: Scene) -> None:
    to_choice(scene, Errand())
    order = choose_card(scene)
    present(scene, how="declined")
    again = scene.hand.wait(lambda s: bool(control(s, "pay:cash")), "the choice")
    assert again.sentence.startswith("카드가 승인되지 않아")
    scene.hand.press("pay:cash")
    scene.until(scene.statuses_allow_coins, "the open coin slot")
    scene.drop(500)
    scene.take_paper()
    assert closed(scene, order) == ("DELIVERED", 500, 500, None, None)
    assert bank(scene, order) == []


def test_called_off_at_the_terminal_comes_back_to_the_choice(scene: Scene) -> None:
    to_choice(scene, Errand())
    order = choose_card(scene)
    present(scene, stop=True)
    scene.hand.wait(lambda s: bool(control(s, "pay:card")), "the choice")
    scene.hand.press("cancel")
    assert closed(scene, order) == ("REFUNDED", 0, 0, None, None)


def test_stopped_on_the_screen_while_the_terminal_waits_charges_nothing(scene: Scene) -> None:
    to_choice(scene, Errand())
    order = choose_card(scene)
    scene.hand.press("cancel")
    assert closed(scene, order) == ("REFUNDED", 0, 0, None, None)
    assert scene.rig.sim(do="state")["terminal"]["stage"] == "idle"


def test_paper_that_nobody_takes_is_given_back_to_the_card(scene: Scene) -> None:
    to_choice(scene, Errand())
    order = choose_card(scene)
    present(scene)
    assert closed(scene, order) == ("REFUNDED", 0, 0, 0, 500)
    assert bank(scene, order) == [(500, 0, 500, False)]
    shown = scene.hand.wait(
        lambda s: bool(control(s, "slip")), "what became of it, and a slip to be asked for"
    )
    assert shown.title == "증명서를 기계 안에 거두었습니다"
    assert [(row.label, row.value) for row in shown.rows][1:] == [
        ("카드로 받은 요금", "받지 않았습니다"),
        ("카드 승인 취소", "500원"),
    ]
    assert papers_saying(scene, order) == []
    scene.hand.press("slip")
    scene.until(lambda: len(papers_saying(scene, order)) == 1, "the slip that was asked for")


def test_without_coins_only_the_card_is_offered_and_without_both_nothing_is_sold(scene: Scene) -> None:
    scene.at_rest()
    scene.rig.sim(do="unplug", device="coin")
    scene.rig.sim(do="unplug", device="terminal")
    scene.hand.screen(ScreenName.OUT_OF_SERVICE, within_s=30)
    scene.rig.sim(do="plug", device="terminal")
    scene.hand.screen(ScreenName.ATTRACT, within_s=30)
    checked = scene.hand.ask_for(Errand())
    assert checked.screen is ScreenName.CHECK
    scene.hand.press("pay")
    scene.until(lambda: scene.rig.sim(do="state")["terminal"]["stage"] == "card", "a terminal that waits")
    order = scene.open_order()
    present(scene)
    scene.take_paper()
    assert closed(scene, order) == ("DELIVERED", 500, 0, 500, 0)


@pytest.mark.plain_user
@pytest.mark.parametrize("moment", ["asked", "printing", "booking"])
def test_after_a_power_cut_the_card_is_charged_for_what_was_delivered(moment: str, scene: Scene) -> None:
    to_choice(scene, Errand())
    order = choose_card(scene)
    if moment != "asked":
        if moment == "booking":
            scene.rig.sim(do="fault", device="terminal", fault="lose-reply", act="book", ms=3_000)
        present(scene)
        scene.until(lambda: scene.rig.sim(do="state")["presenter"]["path"], "the sheet")
    if moment == "booking":
        scene.take_paper()
        intent = ("card-capture-intent", order)
        scene.until(
            lambda: intent in [(row["kind"], row["body"].get("order")) for row in scene.journal()],
            "the intent",
        )
    scene.rig.power_cut()
    scene.rig.power_on()
    delivered = moment == "booking"
    expected = ("DELIVERED", 500, 0, 500, 0) if delivered else ("REFUNDED", 0, 0, 0, 500)
    if moment == "asked":
        assert closed(scene, order)[:3] == ("REFUNDED", 0, 0)
        assert bank(scene, order) == []
    else:
        assert closed(scene, order) == expected


@pytest.mark.parametrize("moment", ["asked", "printing", "taking"])
def test_when_the_battery_runs_low_the_card_is_charged_for_what_was_delivered(
    moment: str, scene: Scene
) -> None:
    to_choice(scene, TWO_SHEETS)
    order = choose_card(scene)
    if moment != "asked":
        present(scene)
        scene.until(lambda: scene.rig.sim(do="state")["printer"]["busy"], "a moving printer")
    if moment == "taking":
        scene.until(lambda: scene.rig.sim(do="state")["presenter"]["mouth"], "paper in the mouth")
    scene.rig.sim(do="ups", mains="low", runtime=20)
    if moment == "taking":
        scene.take_paper()
        assert closed(scene, order) == ("DELIVERED", 500, 0, 500, 0)
        assert bank(scene, order) == [(500, 500, 0, False)]
    elif moment == "printing":
        assert closed(scene, order) == ("REFUNDED", 0, 0, 0, 500)
        assert bank(scene, order) == [(500, 0, 500, False)]
    else:
        assert closed(scene, order)[:3] == ("REFUNDED", 0, 0)
        assert bank(scene, order) == []


def test_no_card_number_is_kept_anywhere_on_the_machine(scene: Scene) -> None:
    """The terminal sends it in every status and on every slip."""
    files = (file for place in ("ledger", "log", "pki") for file in (scene.rig.run / place).rglob("*"))
    kept = [
        file
        for file in files
        if file.is_file() and any(trace in file.read_bytes() for trace in (CARD_NUMBER, b"KARTE"))
    ]
    assert kept == []
