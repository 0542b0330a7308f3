"""A day at the machine over real IPP, ccTalk, ESC/POS, the presenter's line and HTTPS: who came, and what is true.

One desk serves all of them (starting it is what takes time); each test is one thing that has to hold at the end.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from kiosk.books import accounts
from kiosk.books.reconcile import read_books
from kiosk.console.output_folder import OutputFolder
from kiosk.desk import citizens, demo_output
from kiosk.desk.autopilot import Autopilot, Timeline
from kiosk.desk.desk_machine import DeskMachine
from kiosk.order.model import IssueState, Order, OrderOutcome
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from kiosk.verifying.trusted import Trusted
from kiosk.verifying.verify import verify_file

pytestmark = [pytest.mark.timeout(300), pytest.mark.plain_user]


@dataclass(frozen=True)
class Day:
    """What is left in the evening. Orders in the order in which their citizens came."""

    out: Path
    orders: tuple[Order, ...]
    books: accounts.Books
    logs: dict[str, str]


def nothing_without_central(pilot: Autopilot, rig: DeskMachine) -> None:
    """The cable is pulled before the draft: the citizen is told, and nothing was asked for."""
    pilot.see("attract")
    pilot.press("start")
    citizens.parcel(pilot, "land", ["여의도동"], "60")
    rig.sim(do="network", up=False)
    pilot.press("next")
    pilot.see("trouble")
    rig.sim(do="network", up=True)
    pilot.press("cancel")
    citizens.leave(pilot, "offline")


def answer_lost_after_the_fee(pilot: Autopilot, rig: DeskMachine) -> None:
    """Central issues a number, and the answer never comes: the fee goes back and the number ends void."""
    pilot.see("attract")
    pilot.press("start")
    citizens.parcel(pilot, "land", ["여의도동"], "60")
    pilot.press("next")
    citizens.to_the_fee(pilot, "lost")
    rig.sim(do="network", up=False, mode="lose-reply")
    pilot.coin(500)
    pilot.see("trouble", within_s=40)
    rig.sim(do="network", up=True)
    citizens.leave(pilot, "lost")


def power_cut_with_coins_in(pilot: Autopilot, rig: DeskMachine) -> None:
    """The mains go while somebody pays; when they are back nobody may be there, so nothing falls out by itself."""
    pilot.see("attract")
    pilot.press("start")
    citizens.parcel(pilot, "land", ["여의도동"], "60")
    pilot.press("next")
    citizens.to_the_fee(pilot, "power")
    pilot.coin(100)
    pilot.coin(100)
    rig.power_cut()
    assert (rig.pids(), rig.worker_pids()) == ({}, [])
    rig.power_on()
    rig.until(lambda: rig.shows("trouble"), 60, "the machine to say what the power cut left")


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    out = OutputFolder.take(run / "out", "the tests")
    demo_output.prepare(out)
    rig = DeskMachine(run, run / "paper")
    try:
        rig.start()
        rig.wait_ready(60)
        timeline = Timeline(Console(quiet=True))
        pilot = Autopilot(rig, timeline, lambda name: out.file(f"{demo_output.SCREENS}/{name}"))
        citizens.exact_fee(pilot)
        nothing_without_central(pilot, rig)
        answer_lost_after_the_fee(pilot, rig)
        citizens.with_change(pilot)
        power_cut_with_coins_in(pilot, rig)
        central = rig.central_export()
        rig.stop()
        orders = demo_output.collect(rig, out, central, timeline.steps)
        logs = {file.stem: file.read_text("utf-8", "replace") for file in (run / "log").iterdir()}
        yield Day(out.path, orders, read_books(out.path), logs)
    finally:
        rig.stop()
        out.close()
        shutil.rmtree(run, ignore_errors=True)


def test_who_paid_exactly_has_the_document_and_nobody_owes_anything(day: Day) -> None:
    order = day.orders[0]
    assert (order.outcome, order.credit, order.earned, order.paid) == (OrderOutcome.DELIVERED, 500, 500, 0)


def test_without_central_there_is_no_order(day: Day) -> None:
    assert len(day.orders) == 4


def test_whose_answer_was_lost_has_the_money_and_the_number_is_void(day: Day) -> None:
    order = day.orders[1]
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.REFUNDED, 500, 500)
    there = {issue.key: issue for issue in day.books.central.issues}[order.issues[0].key]
    assert there.number != ""
    assert there.final == "void"


def test_who_overpaid_has_documents_and_change(day: Day) -> None:
    order = day.orders[2]
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.DELIVERED, 700, 200)
    assert order.issues[0].sheets >= 2


def test_who_was_cut_off_is_owed_what_is_in_and_nothing_fell_out(day: Day) -> None:
    order = day.orders[3]
    assert (order.outcome, order.credit, order.paid, order.claim) == (OrderOutcome.CLAIM, 200, 0, 200)


def test_ledger_truth_and_central_agree(day: Day) -> None:
    assert [line for line in accounts.compare(day.books) if not line.equal] == []


def test_each_document_says_what_was_issued_and_an_altered_one_does_not(day: Day, tmp_path: Path) -> None:
    files = sorted((day.out / demo_output.CERTIFICATES).glob("*.pdf"))
    assert len(files) == sum(i.state is IssueState.DELIVERED for order in day.orders for i in order.issues)
    for file in files:
        assert verify_file(file, Trusted((day.out / LIST_FILE,), day.out / ROOT_FILE)) == 0
    demo_output.alter(files[0], tmp_path / "altered.pdf")
    assert verify_file(tmp_path / "altered.pdf", Trusted((day.out / LIST_FILE,), day.out / ROOT_FILE)) == 1


def test_every_citizen_who_stayed_has_a_receipt(day: Day) -> None:
    assert len(list((day.out / demo_output.RECEIPTS).glob("*.png"))) == 3


def test_the_summary_is_of_its_shape(day: Day) -> None:
    told = json.loads((day.out / "summary.json").read_text("utf-8"))
    assert set(told) == {"orders", "money", "steps"}
    assert told["money"] == {"in": 1900, "card": 0, "fee": 1000, "out": 700, "claim": 200}
    assert {frozenset(order) for order in told["orders"]} == {frozenset({"id", "state", "outcome", "lines"})}
    assert {frozenset(step) for step in told["steps"]} == {frozenset({"name", "ms"})}


def test_no_program_wrote_of_a_person_or_a_parcel_or_fell_over(day: Day) -> None:
    """한빛생명보험 owns 여의도동 60; its name is on paper, and nowhere else."""
    for name, text in day.logs.items():
        assert "Traceback" not in text, name
        for private in ("한빛생명", "여의도동", "1156011000", "110111"):
            assert private not in text, name
    ledger = (day.out / "books" / "ledger.db").read_bytes()
    assert "한빛생명".encode() not in ledger
