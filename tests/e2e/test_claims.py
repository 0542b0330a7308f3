"""The power fails with money in: its payer gets it back at another machine, once; a stranger gets nothing."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import ScreenName
from tests.rig.canary import Search
from tests.rig.desk import HASTY
from tests.rig.owing import (
    ask_for_money,
    card,
    cut_after,
    known_at_central,
    redemption_of,
    to_pay_for_own_paper,
)
from tests.rig.remains import PINS, marks
from tests.rig.scene import Scene
from tests.rig.street import office, street
from tests.rig.visitor import holder_of

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[Scene, Scene]]:
    with street(HASTY) as both:
        yield both


def cut_with_money_in(scene: Scene, label: str, coin: int = 100, copies: int = 1) -> str:
    """A citizen puts a coin in for their own paper, and the power fails. The order's name."""
    order = to_pay_for_own_paper(scene, label, copies)
    scene.drop(coin)
    cut_after(scene, order, coin)
    return order


def told_of(scene: Scene, verdict: str) -> set[str]:
    """The orders whose claims are over, as central has told this machine."""
    return {r["body"]["order"] for r in scene.journal() if r["body"].get("verdict") == verdict}


def claims_open(scene: Scene) -> int:
    with scene.ledger_copy() as copy, closing(sqlite3.connect(copy)) as db:
        found: int = db.execute("SELECT count(*) FROM claims WHERE settled_seq IS NULL").fetchone()[0]
    return found


def coins_out(scene: Scene) -> int:
    return sum(coin["value"] for coin in scene.rig.sim(do="truth")["truth"]["coins_out"])


def papers(scene: Scene) -> list[list[str]]:
    """What the receipt printer has printed, line by line."""
    return [paper["lines"] for paper in scene.rig.sim(do="truth")["truth"]["receipts"]]


def no_trace_of_the_payer(here: Scene, next_door: Scene) -> None:
    """Nothing of who paid is on any paper, in either journal, or in central's book of claims."""
    person = holder_of(here.rig.run, card(here, "citizen-1"))
    search = Search(mark for mark in marks(person) if mark.name != PINS)
    for scene in (here, next_door):
        said = json.dumps([papers(scene), scene.journal()], ensure_ascii=False).encode()
        assert list(search.look(said, "papers and journal")) == []
    book = (here.rig.run / "central" / "central.db").read_bytes()
    log = here.rig.run / "central" / "central.db-wal"
    assert list(search.look(book + (log.read_bytes() if log.exists() else b""), "central's book")) == []


@pytest.mark.plain_user
def test_the_payer_gets_it_next_door_once_and_nobody_else(machines: tuple[Scene, Scene]) -> None:
    here, next_door = machines
    order = cut_with_money_in(here, "citizen-1")
    known_at_central(here, order)
    assert coins_out(here) == 0, "nothing leaves the machine by itself"
    assert papers(here) == [], "no slip is printed into an empty hall"
    told = here.hand.wait(lambda s: s.code != "", "what is told to who stands there")
    assert told.title.endswith("에 중단된 거래가 있습니다")
    assert told.sentence == "다시 본인확인을 하시면 이어집니다."
    here.hand.wait(lambda s: any(control.id == "refund" for control in s.controls), "the way on")

    stranger = ask_for_money(next_door, "citizen-2")
    assert (stranger.screen, stranger.title) == (ScreenName.TROUBLE, "돌려드릴 돈이 없습니다"), (
        next_door.rig.notes()
    )

    offered = ask_for_money(next_door, "citizen-1")
    assert [row.value for row in offered.rows] == ["100원"], f"{offered.title} {offered.code}"
    next_door.hand.press("pay-out")
    assert next_door.last_closed(redemption_of(next_door))["paid"] == 100
    assert coins_out(next_door) == 100
    paper = next_door.until(lambda: papers(next_door), "the paper")[-1]
    assert "돌려드린 돈" in " ".join(paper)
    next_door.books_meet()

    no_trace_of_the_payer(here, next_door)
    again = ask_for_money(next_door, "citizen-1")
    assert again.title == "돌려드릴 돈이 없습니다"
    here.books_meet()
    once_more = ask_for_money(here, "citizen-1")
    assert once_more.title == "돌려드릴 돈이 없습니다"
    assert (coins_out(here), coins_out(next_door)) == (0, 100)


@pytest.mark.plain_user
def test_the_power_fails_while_it_is_paid_and_the_rest_is_paid_next_door(
    machines: tuple[Scene, Scene],
) -> None:
    here, next_door = machines
    before = coins_out(here), coins_out(next_door)
    order = cut_with_money_in(here, "citizen-2", coin=500, copies=3)
    known_at_central(here, order)
    offered = ask_for_money(here, "citizen-2")
    assert offered.screen is not ScreenName.TROUBLE, f"{offered.title} {offered.code}\n{here.rig.notes()}"
    here.hand.press("pay-out")
    here.until(lambda: coins_out(here) > before[0], "the first coin")
    here.rig.power_cut()
    here.rig.power_on()
    redemption = redemption_of(here)
    paid = here.last_closed(redemption)["paid"]
    assert coins_out(here) - before[0] == paid < 500
    known_at_central(here, redemption)
    offered = ask_for_money(next_door, "citizen-2")
    assert [row.value for row in offered.rows] == [f"{500 - paid}원"], f"{offered.title} {offered.code}"
    next_door.hand.press("pay-out")
    next_door.until(lambda: coins_out(next_door) - before[1] == 500 - paid, "the rest")
    known_at_central(next_door, redemption_of(next_door))
    again = ask_for_money(here, "citizen-2")
    assert again.title == "돌려드릴 돈이 없습니다"
    assert coins_out(here) + coins_out(next_door) - sum(before) == 500


@pytest.mark.plain_user
def test_money_of_nobody_identified_is_paid_by_no_machine_and_waits_for_the_office(
    machines: tuple[Scene, Scene],
) -> None:
    here, _ = machines
    here.to_payment(Errand())
    order = here.open_order()
    here.drop(100)
    credited = ("credit", order)
    here.until(
        lambda: credited in [(r["kind"], r["body"].get("order")) for r in here.journal()], "the credit"
    )
    here.rig.power_cut()
    here.rig.power_on()
    assert here.last_closed(order)["claim"] == 100
    told = here.hand.wait(lambda s: s.code != "", "what is told to who stands there")
    assert "기계에서는 이 돈을 드리지 않습니다" in told.sentence
    assert not any(control.id == "refund" for control in told.controls)
    known_at_central(here, order)
    listed = office(here, "cases", "list")
    line = next(line for line in listed.splitlines() if order in line)
    assert "counter" in line
    assert "nobody identified" in line
    office(here, "cases", "resolve", line.split()[0], "--as", "paid", "--why", "slip, time and coins fit")
    here.until(lambda: told_of(here, "paid") == {order}, "the decision at the machine", 60)
    owed = {r["body"]["order"] for r in here.journal() if r["kind"] == "order-closed" and r["body"]["claim"]}
    assert told_of(here, "redeemed") == owed - {order}, "what was paid next door is over here too"
    assert claims_open(here) == 0
    assert order not in office(here, "cases", "list")
