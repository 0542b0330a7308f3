"""A citizen with an identity card, on a real card service (without one where none can run): nobody else's paper."""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import Overlay, ScreenName, Snapshot
from simulators.reader_daemon import why_not
from tests.rig.desk import HASTY, desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(120)
# Instruction bytes of the commands to a card, in the order in which they come.
READ, ASK_TRIES, SIGN = 0xCB, 0x20, 0x87
HOUSEHOLD = "resident-household"
LIVELIHOOD = "livelihood"
VEHICLE = "vehicle"
NO_RECORD = "이 증명서에 나갈 기록이 없습니다"


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(card_reader=True, direct_cards=why_not() is not None, settings=HASTY) as scene:
        yield scene


@pytest.fixture(autouse=True)
def card_out(scene: Scene) -> Iterator[None]:
    """No card is left in the reader for the next test."""
    yield
    scene.rig.sim(do="fault", device="card", fault="none")
    scene.rig.sim(do="card", pull=True)
    scene.at_rest()
    scene.books_meet()


def card(scene: Scene, label: str) -> dict[str, Any]:
    """What stands in a card's file: its PIN, its number."""
    found: dict[str, Any] = json.loads((scene.rig.run / "sim" / "cards" / f"{label}.json").read_text("utf-8"))
    return found


def come_with(scene: Scene, label: str, kind: str = HOUSEHOLD) -> None:
    """From the first screen to the card in the reader."""
    scene.at_rest()
    scene.hand.press("start")
    scene.hand.press_certificate(kind)
    scene.hand.press("next")
    scene.hand.screen(ScreenName.IDENTIFY)
    scene.rig.sim(do="card", card=label)


def asks_for_attempt(number: int, shown: Snapshot) -> bool:
    return shown.secret is not None and shown.secret.attempt == number


def check(scene: Scene) -> Snapshot:
    return scene.hand.screen(ScreenName.CHECK, ScreenName.TROUBLE)


def test_who_has_card_and_pin_gets_the_paper_of_their_own_household(scene: Scene) -> None:
    come_with(scene, "citizen-1")
    scene.hand.enter_pin(card(scene, "citizen-1")["pin"])
    shown = check(scene)
    assert shown.screen is ScreenName.CHECK, f"{shown.title} {shown.code}"
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    scene.hand.screen(ScreenName.PAY)
    order = scene.open_order()
    scene.drop(100, 100)
    scene.take_paper()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"]) == ("DELIVERED", 200)
    opened = next(row["body"] for row in scene.journal() if row["body"].get("order") == order)
    assert re.fullmatch("[0-9a-f]{32,64}", opened["holder"])


def test_a_household_and_a_lot_come_out_one_after_the_other_for_one_payment(scene: Scene) -> None:
    scene.at_rest()
    scene.hand.press("start")
    scene.hand.press_certificate(HOUSEHOLD)
    scene.hand.press("option:past_addresses:all")
    scene.hand.press("add")
    scene.hand.choose(Errand())
    scene.hand.press("next")
    scene.hand.screen(ScreenName.IDENTIFY)
    scene.rig.sim(do="card", card="citizen-2")
    scene.hand.enter_pin(card(scene, "citizen-2")["pin"])
    shown = check(scene)
    assert [row.value for row in shown.rows] == ["200원", "500원", "700원"], shown.title
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    scene.hand.screen(ScreenName.PAY)
    order = scene.open_order()
    scene.drop(500, 100, 100)
    assert [scene.take_paper(), scene.take_paper()] == [2, 1]
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"], closed["paid"]) == ("DELIVERED", 700, 0)


def test_a_certificate_without_a_fee_comes_without_a_payment(scene: Scene) -> None:
    come_with(scene, "citizen-3", LIVELIHOOD)
    scene.hand.enter_pin(card(scene, "citizen-3")["pin"])
    shown = check(scene)
    assert shown.screen is ScreenName.CHECK, f"{shown.title} {shown.code}"
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    assert scene.take_paper() == 1
    closed = scene.last_closed(scene.open_order())
    assert (closed["outcome"], closed["fee"], closed["paid"]) == ("DELIVERED", 0, 0)
    assert not scene.statuses_allow_coins()


def test_whose_fee_is_waived_sees_why_pays_nothing_and_the_journal_is_not_told(scene: Scene) -> None:
    come_with(scene, "citizen-3")
    scene.hand.enter_pin(card(scene, "citizen-3")["pin"])
    shown = check(scene)
    assert "요금을 받지 않습니다." in [row.note for row in shown.rows], shown.title
    assert "국민기초생활" not in repr(shown)
    reason = scene.hand.press("why").overlay
    assert reason is not None
    assert "요금 면제: 국민기초생활 수급자" in [row.value for row in reason.rows]
    scene.hand.press("close")
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    assert scene.take_paper() == 1
    closed = scene.last_closed(scene.open_order())
    assert (closed["outcome"], closed["fee"], closed["paid"]) == ("DELIVERED", 0, 0)
    told = [row["body"] for row in scene.journal() if row["body"].get("order") == closed["order"]]
    assert len(told) > 3
    assert "livelihood" not in json.dumps(told)


def pick(scene: Scene, at: int) -> str:
    """Press one of the things there are; how it is called."""
    shown = scene.hand.screen(ScreenName.WHICH)
    scene.hand.press(f"pick:{at}")
    return [control.label for control in shown.controls][at]


def test_who_has_two_cars_says_which_and_can_think_again(scene: Scene) -> None:
    come_with(scene, "citizen-1", VEHICLE)
    scene.hand.enter_pin(card(scene, "citizen-1")["pin"])
    first = pick(scene, 0)
    assert first in [row.value for row in check(scene).rows]
    scene.hand.press("back")
    second = pick(scene, 1)
    shown = scene.hand.wait(
        lambda s: s.screen is ScreenName.CHECK and second in [row.value for row in s.rows], "the other car"
    )
    assert first not in [row.value for row in shown.rows]
    scene.rig.sim(do="card", pull=True)
    scene.hand.press("pay")
    scene.hand.screen(ScreenName.PAY)
    order = scene.open_order()
    scene.drop(100, 100, 100)
    assert scene.take_paper() == 1
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["fee"]) == ("DELIVERED", 300)
    assert second not in json.dumps(scene.journal(), ensure_ascii=False)


def orders_opened(scene: Scene) -> int:
    return sum(row["kind"] == "order-opened" for row in scene.journal())


def told_in_private(scene: Scene) -> Overlay:
    """What the press shows to the person alone; it is put away again."""
    scene.hand.press("why")
    shown = scene.hand.wait(lambda s: s.overlay is not None, "the reason").overlay
    scene.hand.press("close")
    assert shown is not None
    return shown


def test_who_has_no_record_there_is_told_so_and_pays_nothing(scene: Scene) -> None:
    before = orders_opened(scene)
    come_with(scene, "citizen-1", LIVELIHOOD)
    scene.hand.enter_pin(card(scene, "citizen-1")["pin"])
    told = check(scene)
    assert told.screen is ScreenName.TROUBLE
    assert NO_RECORD not in " ".join((told.title, told.sentence, *told.notices)), (
        "it is nobody else's business"
    )
    assert NO_RECORD in told_in_private(scene).lead
    assert orders_opened(scene) == before, "nobody is asked for money"


def test_a_wrong_pin_is_told_with_the_tries_that_are_left_and_the_right_one_goes_on(scene: Scene) -> None:
    come_with(scene, "citizen-2")
    wrong = "000000" if card(scene, "citizen-2")["pin"] != "000000" else "111111"
    scene.hand.enter_pin(wrong)
    again = scene.hand.wait(lambda s: s.secret is not None and s.secret.attempt == 2, "the second attempt")
    assert any("2" in field.error for field in again.fields)
    scene.hand.enter_pin(card(scene, "citizen-2")["pin"])
    assert check(scene).screen is ScreenName.CHECK


@pytest.mark.parametrize("label", ["staff", "transit", "expired", "lost", "unknown"])
def test_a_card_that_is_no_citizens_valid_card_gets_a_clear_answer_and_no_fee(
    label: str, scene: Scene
) -> None:
    come_with(scene, label)
    asked = scene.hand.wait(lambda s: s.secret is not None or s.screen is ScreenName.TROUBLE, "an answer")
    if asked.secret is not None:
        scene.hand.enter_pin(card(scene, label)["pin"])
    told = scene.hand.screen(ScreenName.TROUBLE)
    assert told.title
    assert told.code
    assert scene.rig.sim(do="state")["coin"]["accepting"] == []


@pytest.mark.parametrize("label", ["citizen-5", "citizen-6", "citizen-7", "citizen-8"])
def test_who_has_to_go_to_the_counter_gets_a_slip_without_a_name_or_a_reason(
    label: str, scene: Scene
) -> None:
    come_with(scene, label)
    scene.hand.enter_pin(card(scene, label)["pin"])
    scene.hand.screen(ScreenName.TROUBLE)
    reason = told_in_private(scene)
    before = len(scene.rig.sim(do="truth")["truth"]["receipts"])
    scene.hand.press("guide")
    scene.hand.wait(lambda s: any("나왔습니다" in notice for notice in s.notices), "the slip")
    slips = scene.rig.sim(do="truth")["truth"]["receipts"]
    assert len(slips) == before + 1
    said = " ".join(slips[-1]["lines"])
    assert "주민등록표 등본" in said
    assert reason.rows[0].value.split()[-1] in said, "the clerk's number"
    assert reason.lead.split(".")[0] not in said
    assert scene.rig.sim(do="state")["coin"]["accepting"] == []


def test_a_card_that_is_blocked_by_wrong_pins_says_who_unblocks_it(scene: Scene) -> None:
    come_with(scene, "citizen-3")
    right = card(scene, "citizen-3")["pin"]
    wrong = "000000" if right != "000000" else "111111"
    for attempt in (1, 2, 3):
        scene.hand.wait(partial(asks_for_attempt, attempt), f"attempt {attempt}")
        scene.hand.enter_pin(wrong)
    assert scene.hand.screen(ScreenName.TROUBLE).title == "카드가 잠겨 있습니다"
    # The right PIN does not help any more, and an office does.
    scene.rig.sim(do="card", pull=True)
    come_with(scene, "citizen-3")
    assert scene.hand.screen(ScreenName.TROUBLE, ScreenName.CHECK).title == "카드가 잠겨 있습니다"
    scene.rig.sim(do="card", unblock="citizen-3")
    scene.rig.sim(do="card", pull=True)
    come_with(scene, "citizen-3")
    scene.hand.enter_pin(right)
    assert check(scene).screen is ScreenName.CHECK


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "mute"},
        {"fault": "status", "sw": 0x6F00},
        {"fault": "truncate", "bytes": 1},
    ],
    ids=["mute", "status", "truncate"],
)
def test_a_card_that_can_not_be_read_is_told_and_the_next_one_is_read(
    fault: dict[str, Any], scene: Scene
) -> None:
    scene.rig.sim(do="fault", device="card", **fault)
    come_with(scene, "citizen-1")
    told = scene.hand.screen(ScreenName.TROUBLE, within_s=30)
    assert told.title == "신분증을 읽지 못했습니다"
    scene.rig.sim(do="fault", device="card", fault="none")
    scene.rig.sim(do="card", pull=True)
    come_with(scene, "citizen-1")
    scene.hand.enter_pin(card(scene, "citizen-1")["pin"])
    assert check(scene).screen is ScreenName.CHECK


@pytest.mark.parametrize("ins", [ASK_TRIES, READ, SIGN], ids=["ask tries", "read", "sign"])
def test_a_card_pulled_in_the_middle_of_a_command_is_asked_for_again(ins: int, scene: Scene) -> None:
    scene.rig.sim(do="fault", device="card", fault="pull", ins=ins)
    come_with(scene, "citizen-1")
    if ins == SIGN:
        scene.hand.enter_pin(card(scene, "citizen-1")["pin"])
    again = scene.hand.wait(
        lambda s: any("빠졌습니다" in notice for notice in s.notices), "the card's mishap"
    )
    assert again.secret is None
    scene.rig.sim(do="fault", device="card", fault="none")
    scene.rig.sim(do="card", pull=True)
    scene.hand.wait(lambda s: s.title == "신분증을 넣어 주세요", "the question for a card")
    scene.rig.sim(do="card", card="citizen-1")
    scene.hand.enter_pin(card(scene, "citizen-1")["pin"])
    assert check(scene).screen is ScreenName.CHECK


def test_a_card_that_is_swapped_after_the_look_identifies_nobody(scene: Scene) -> None:
    come_with(scene, "citizen-1")
    scene.hand.wait(lambda s: s.secret is not None, "the PIN's screen")
    scene.rig.sim(do="card", card="citizen-2")
    scene.hand.wait(lambda s: s.secret is None or s.secret.attempt > 1, "a new look at the card")
    assert scene.hand.wait(lambda _: True, "any screen").screen is not ScreenName.CHECK


def test_nothing_of_a_person_is_in_logs_ledger_or_file_names(scene: Scene) -> None:
    for file in (scene.rig.run / "log").iterdir():
        assert "홍길동" not in file.read_text("utf-8", "replace"), file.name
    ledger = b"".join(file.read_bytes() for file in (scene.rig.run / "ledger").iterdir())
    assert "홍길동".encode() not in ledger
