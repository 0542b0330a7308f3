"""The screen says of the receipt what is proved: it came out, it surely did not, or nobody knows."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from drivers.contract import Command, Completed, Outcome
from kiosk.bundles.catalogue_files import CONFIG
from kiosk.core.receipts import ReceiptSlips
from kiosk.ipc.peer import Bus, Done
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.settings import load
from kiosk.visit.order_view import Slip
from tests.unit.core.ports import nothing
from tests.unit.visit.walk import catalogue

ISSUE = Issue(1, 1, "o-1-1", "land", 500, 1, "ab", state=IssueState.DELIVERED, number="1" * 16)
ORDER = Order(
    "o" * 26,
    1,
    (ISSUE,),
    state=OrderState.CLOSED,
    credit=500,
    outcome=OrderOutcome.DELIVERED,
)


class Printer(Bus):
    """A receipt bus that ends a command when the test says so."""

    def __init__(self, *, there: bool) -> None:
        super().__init__("receipt", Path("nowhere"), lambda _task: None)
        self._there = there
        self._pending: list[tuple[str, Done]] = []
        self.papers: list[str] = []

    @property
    def up(self) -> bool:
        return self._there

    def ask(self, command: Command, done: Done) -> None:
        self._pending.append((command.request, done))
        self.papers.append(str(command))

    def end(self, outcome: Outcome) -> None:
        request, done = self._pending.pop()
        done(Completed(request, outcome), None)


def desk(printer: Printer, printed: Callable[[], None] = nothing) -> ReceiptSlips:
    return ReceiptSlips(load(CONFIG.parent / "kiosk.toml"), catalogue, printer, lambda: 0, printed=printed)


@pytest.mark.parametrize(
    ("outcome", "slip"),
    [
        (Outcome.DONE, Slip.PRINTED),
        (Outcome.NOT_DONE, Slip.FAILED),
        (Outcome.UNKNOWN, Slip.UNSURE),
    ],
)
def test_the_printers_proof_is_what_is_told(outcome: Outcome, slip: Slip) -> None:
    printer = Printer(there=True)
    told: list[Slip] = []
    receipts: ReceiptSlips = desk(printer, lambda: told.append(receipts.slip))
    receipts.print(ORDER, "ko")
    assert receipts.slip is Slip.PRINTING
    printer.end(outcome)
    assert told == [slip]


def test_a_copy_that_costs_others_something_is_called_waived_and_nothing_more() -> None:
    printer = Printer(there=True)
    free = msgspec.structs.replace(ISSUE, line=2, key="o-2-1", fee=0)
    desk(printer).print(msgspec.structs.replace(ORDER, issues=(ISSUE, free)), "ko")
    [paper] = printer.papers
    assert paper.count("요금 면제") == 1
    assert paper.count("한 부 1장, 500원") == 1


def test_an_order_that_waits_for_the_terminal_has_a_slip_that_says_so() -> None:
    printer = Printer(there=True)
    card = CardPayment("o-c1", 1, 500, "T1", state=CardState.CAPTURING, receipt=42, wanted=500)
    waits = msgspec.structs.replace(ORDER, state=OrderState.CARD_DUE, credit=0, outcome=None, card=card)
    desk(printer).print(waits, "ko")
    [paper] = printer.papers
    assert "카드 결제 확인 중" in paper
    assert "나머지 승인은 취소됩니다." in paper
    assert "영수증" not in paper


def test_a_printer_that_is_not_there_surely_printed_nothing() -> None:
    receipts = desk(Printer(there=False))
    receipts.print(ORDER, "ko")
    assert receipts.slip is Slip.FAILED


def test_what_becomes_of_the_last_receipt_is_not_told_of_the_next_order() -> None:
    printer = Printer(there=True)
    receipts = desk(printer)
    receipts.print(ORDER, "ko")
    receipts.forget()
    printer.end(Outcome.UNKNOWN)
    assert receipts.slip is Slip.NONE
