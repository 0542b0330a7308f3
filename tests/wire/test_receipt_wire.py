"""Receipts over a real pty: the printed lines are those asked for, and nothing is claimed without proof."""

from collections.abc import Iterator

import pytest

from drivers.contract import DeviceState, ErrorCode, Outcome, PrintReceipt, ReasonCode, ReceiptLine
from drivers.receipt_printer.bus import ReceiptBus
from tests.wire.desk import Desk, Served, path_of, served

LINES = (
    ReceiptLine("영수증", bold=True, size=2, align="centre"),
    ReceiptLine(rule=True),
    ReceiptLine("토지대장 1통", right="500원"),
    ReceiptLine("접수번호", right="20260001 ☃"),
)


@pytest.fixture
def receipt(desk: Desk) -> Iterator[Served]:
    with served(lambda emit: ReceiptBus(path_of(desk.run, "receipt"), emit)) as bus:
        bus.wait_state("receipt", DeviceState.READY)
        yield bus


def test_what_is_asked_for_is_printed_and_proved(desk: Desk, receipt: Served) -> None:
    end = receipt.run(PrintReceipt, key="a", lines=LINES, qr="KC1:CLAIM")
    assert end.outcome is Outcome.DONE
    (printed,) = desk.truth()["receipts"]
    text = "\n".join(printed["lines"])
    assert "영수증" in text
    assert "토지대장 1통" + " " * 31 + "500원" in text
    assert "20260001 □" in text
    assert "KC1:CLAIM" in text


def test_without_paper_or_with_the_cover_open_nothing_begins(desk: Desk, receipt: Served) -> None:
    desk.do("receipt-paper", lines=0)
    end = receipt.run(PrintReceipt, key="a", lines=LINES)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.EMPTY)
    desk.do("receipt-paper", lines=500)
    desk.do("fault", device="receipt", fault="cover")
    end = receipt.run(PrintReceipt, key="b", lines=LINES)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.COVER)
    desk.do("fault", device="receipt", fault="none")
    assert receipt.run(PrintReceipt, key="c", lines=LINES).outcome is Outcome.DONE


def test_paper_that_ends_in_the_middle_proves_nothing(desk: Desk, receipt: Served) -> None:
    desk.do("receipt-paper", lines=3)
    end = receipt.run(PrintReceipt, key="a", lines=LINES * 4, deadline_ms=15_000)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.EMPTY)


def test_unplugged_and_plugged_again(desk: Desk, receipt: Served) -> None:
    desk.do("unplug", device="receipt")
    status = receipt.wait_state("receipt", DeviceState.ABSENT)
    assert {reason.code for reason in status.reasons} == {ReasonCode.UNPLUGGED}
    assert receipt.run(PrintReceipt, key="a", lines=LINES).outcome is Outcome.NOT_DONE
    before = len(receipt.events)
    desk.do("plug", device="receipt")
    receipt.wait_state("receipt", DeviceState.READY, since=before)
    assert receipt.run(PrintReceipt, key="b", lines=LINES).outcome is Outcome.DONE
