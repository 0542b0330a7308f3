"""Receipts: set in 48 columns without breaking words, safe whatever the text says, claimed only when proved."""

import re

import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import (
    DeviceError,
    DeviceState,
    ErrorCode,
    Outcome,
    PrintReceipt,
    ReadCash,
    ReasonCode,
    ReceiptLine,
    Status,
)
from drivers.receipt_printer import builder
from drivers.receipt_printer.bus import ReceiptBus
from drivers.receipt_printer.layout import COLUMNS, REPLACEMENT, printable, rows, width
from drivers.receipt_printer.status import Fence, PrinterState, RealTime, Receiver, combine
from tests.unit.drivers.virtual import Clockwork, Wire

lines = st.builds(
    ReceiptLine,
    text=st.text(max_size=120),
    right=st.text(max_size=60),
    bold=st.booleans(),
    size=st.integers(0, 3),
    align=st.sampled_from(["left", "centre", "right"]),
    rule=st.booleans(),
)


@given(lines)
def test_every_row_fits_the_paper(line: ReceiptLine) -> None:
    for row in rows(line):
        assert width(row.text) * row.size <= COLUMNS


@given(st.text(max_size=200))
def test_any_text_becomes_characters_that_the_printer_has_and_no_command(text: str) -> None:
    raw = printable(text).encode("cp949")
    assert not re.search(rb"[\x00-\x1f\x7f]", raw)


@given(st.lists(st.text("가나다라마바사abc0", min_size=1, max_size=20), min_size=1, max_size=15))
def test_words_are_not_broken(words: list[str]) -> None:
    set_words = " ".join(row.text for row in rows(ReceiptLine(" ".join(words)))).split()
    assert set_words == words


def test_right_text_is_flush_right_on_the_same_row_or_on_its_own() -> None:
    (row,) = rows(ReceiptLine("토지대장 2통", right="1,000원"))
    assert row.text == "토지대장 2통" + " " * (48 - 12 - 7) + "1,000원"
    assert width(row.text) == COLUMNS
    long = rows(ReceiptLine("가" * 24, right="500원"))
    assert [row.text for row in long] == ["가" * 24, " " * 43 + "500원"]


def test_double_size_has_half_the_columns_and_rules_fill_them() -> None:
    (row,) = rows(ReceiptLine("영수증", size=2, align="centre"))
    assert row.text == " " * 9 + "영수증"
    assert rows(ReceiptLine(rule=True))[0].text == "-" * 48


def test_what_cp949_lacks_is_replaced_in_one_clear_way() -> None:
    assert printable("☃한글₩1–2\u00a0끝\x1b@") == f"{REPLACEMENT}한글￦1-2 끝@"


@given(st.lists(lines, max_size=6).map(tuple), st.text("ABC:0123abc-._", max_size=300), st.integers(0, 9999))
def test_no_receipt_contains_a_real_time_command(what: tuple[ReceiptLine, ...], qr: str, number: int) -> None:
    payload = builder.receipt(what, qr, b"%04d" % number)
    assert not re.search(rb"\x10(?:\x04|\x05|\x14)", payload)
    assert payload.endswith(b"\x1d(H\x06\x0000%04d" % number)


@pytest.mark.parametrize("qr", ["한글", "a\nb", "x" * 401, "\x10\x04\x01"])
def test_a_code_that_cannot_be_set_is_refused(qr: str) -> None:
    with pytest.raises(DeviceError):
        builder.qr_code(qr)


def test_the_bytes_are_those_of_python_escpos() -> None:
    peer = Dummy()
    peer.qr("KC1:ABC", native=True, size=5, ec=1)
    assert builder.qr_code("KC1:ABC") in peer.output
    peer.clear()
    peer.cut(mode="PART")
    cut = peer.output.lstrip(b"\n")
    assert builder.receipt((), "", b"0001").count(cut) == 1
    peer.clear()
    peer.hw("INIT")
    assert peer.output == builder.INITIALISE


@given(
    st.lists(st.one_of(st.binary(max_size=4), st.binary(min_size=4, max_size=4)), max_size=8),
    st.integers(1, 9),
)
def test_status_bytes_read_the_same_in_any_chunks(parts: list[bytes], size: int) -> None:
    raw = b"".join(parts)
    receiver = Receiver()
    assert [
        f for at in range(0, len(raw), size) for f in receiver.feed(raw[at : at + size])
    ] == Receiver().feed(raw)


@given(st.binary(min_size=4, max_size=4), st.binary(max_size=30))
def test_a_fence_is_found_after_any_noise(fence: bytes, noise: bytes) -> None:
    answer = b"\x37\x22" + fence + b"\0"
    found = Receiver().feed(noise + bytes(7) + answer)
    assert Fence(fence) in found or b"\x11" in fence or b"\x13" in fence


def test_answers_are_told_apart_by_their_fixed_bits() -> None:
    assert Receiver().feed(b"\x12\x11\x13\x14\x10\x00\x37\x22abcd\x00\x1e") == [
        RealTime(0x12),
        Fence(b"abcd"),
        RealTime(0x1E),
    ]
    assert combine(0x12, 0x12, 0x12, 0x12) == PrinterState(False, False, False, False, False, False)
    assert combine(0x1A, 0x36, 0x1A, 0x7E) == PrinterState(True, True, True, True, True, False)


class FarPrinter:
    """Answers real-time questions at once and the fence when it has printed."""

    def __init__(self) -> None:
        self.there = True
        self.deaf_until = 0.0
        self.paper_out = False
        self.out_after_bytes: int | None = None
        self.fence_late_s: float | None = 0.3
        self.printed = b""
        self._line: list[tuple[float, bytes]] = []

    def receive(self, data: bytes, now: float) -> None:
        if not self.there:
            return
        if data[:2] == b"\x10\x04":
            if now < self.deaf_until:
                return
            answers = {1: 0x12 | self.paper_out << 3, 2: 0x12 | self.paper_out << 5, 3: 0x12, 4: 0x12}
            self._line.append((now, bytes([answers[data[2]]])))
            return
        self.printed += data
        if self.out_after_bytes is not None:
            self.paper_out = True
        elif self.fence_late_s is not None:
            self._line.append((now + self.fence_late_s, b"\x37\x22" + data[-4:] + b"\x00"))

    def send(self, now: float) -> bytes:
        due = [chunk for at, chunk in self._line if at <= now]
        self._line = [(at, chunk) for at, chunk in self._line if at > now]
        return b"".join(due)


class Bench(Clockwork):
    def __init__(self) -> None:
        super().__init__()
        self.far = FarPrinter()
        self.wire = Wire(self.far, self.clock)
        self.bus = self.receipt = ReceiptBus("/dev/none", self.emit, self.wire.open)
        self.until(lambda: self.status.state is DeviceState.READY, 5)

    @property
    def status(self) -> Status:
        return self.receipt.statuses()[0]


@pytest.fixture
def bench() -> Bench:
    return Bench()


RECEIPT = {"lines": (ReceiptLine("영수증"),), "qr": "KC1:X", "deadline_ms": 20_000}


def test_a_receipt_is_done_when_the_fence_has_come(bench: Bench) -> None:
    began = bench.now
    assert bench.run(PrintReceipt, key="a", **RECEIPT).outcome is Outcome.DONE
    assert bench.now - began >= 0.3
    assert "영수증".encode("cp949") in bench.far.printed


def test_without_paper_nothing_is_sent(bench: Bench) -> None:
    bench.far.paper_out = True
    end = bench.run(PrintReceipt, key="a", **RECEIPT)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.EMPTY)
    assert bench.far.printed == b""
    assert bench.status.state is DeviceState.BLOCKED


def test_paper_that_ends_in_the_middle_is_unknown_and_says_why(bench: Bench) -> None:
    bench.far.out_after_bytes = 1
    end = bench.run(PrintReceipt, key="a", **RECEIPT)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.EMPTY)


def test_without_a_fence_nothing_is_claimed(bench: Bench) -> None:
    bench.far.fence_late_s = None
    end = bench.run(PrintReceipt, key="a", **RECEIPT)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.TIMEOUT)


def test_questions_without_an_answer_do_not_end_a_receipt_whose_fence_comes(bench: Bench) -> None:
    bench.far.fence_late_s = 2.5
    request = bench.start(PrintReceipt, key="a", **RECEIPT)
    bench.until(lambda: bench.far.printed, 2)
    bench.far.deaf_until = bench.now + 2.4
    bench.until(lambda: bench.end_of(request), 10)
    end = bench.end_of(request)
    assert end is not None
    assert end.outcome is Outcome.DONE


def test_a_printer_that_is_silent_for_a_moment_prints_the_receipt_all_the_same(bench: Bench) -> None:
    bench.far.deaf_until = bench.now + 1.0
    assert bench.run(PrintReceipt, key="a", **RECEIPT).outcome is Outcome.DONE


def test_a_printer_that_stays_silent_is_sent_nothing(bench: Bench) -> None:
    bench.far.deaf_until = bench.now + 60.0
    end = bench.run(PrintReceipt, key="a", **RECEIPT)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.TIMEOUT)
    assert bench.far.printed == b""


def test_receipts_wait_for_each_other_and_each_has_its_own_time(bench: Bench) -> None:
    bench.far.fence_late_s = 2.5
    requests = [bench.start(PrintReceipt, key=key, **RECEIPT) for key in ("a", "b", "b")]
    bench.until(lambda: all(bench.end_of(request) for request in requests), 30)
    ends = [bench.end_of(request) for request in requests]
    assert [end.outcome for end in ends if end] == [Outcome.DONE, Outcome.DONE, Outcome.UNKNOWN]
    assert bench.far.printed.count("영수증".encode("cp949")) == 2


def test_the_fence_of_an_earlier_receipt_proves_nothing(bench: Bench) -> None:
    bench.far.fence_late_s = 6.0
    assert bench.run(PrintReceipt, key="a", **RECEIPT).outcome is Outcome.UNKNOWN
    bench.far.fence_late_s = None
    assert bench.run(PrintReceipt, key="b", **RECEIPT).outcome is Outcome.UNKNOWN


def test_the_same_receipt_is_not_printed_twice(bench: Bench) -> None:
    bench.run(PrintReceipt, key="a", **RECEIPT)
    printed = bench.far.printed
    assert bench.run(PrintReceipt, key="a", **RECEIPT).outcome is Outcome.UNKNOWN
    assert bench.far.printed == printed


def test_unplugged_before_and_while_printing(bench: Bench) -> None:
    bench.far.fence_late_s = None
    request = bench.start(PrintReceipt, key="a", **RECEIPT)
    bench.until(lambda: bench.far.printed, 2)
    bench.wire.plugged = False
    bench.until(lambda: bench.end_of(request), 5)
    end = bench.end_of(request)
    assert end is not None
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.NOT_PRESENT)
    assert bench.run(PrintReceipt, key="b", **RECEIPT).outcome is Outcome.NOT_DONE
    assert {reason.code for reason in bench.status.reasons} == {ReasonCode.UNPLUGGED}
    bench.wire.plugged = True
    bench.until(lambda: bench.status.state is DeviceState.READY, 10)


def test_a_silent_printer_is_told_from_an_unplugged_one(bench: Bench) -> None:
    bench.far.there = False
    bench.until(lambda: bench.status.state is DeviceState.ABSENT, 5)
    assert {reason.code for reason in bench.status.reasons} == {ReasonCode.SILENT}


def test_commands_that_belong_elsewhere_are_refused(bench: Bench) -> None:
    assert bench.run(ReadCash).code is ErrorCode.REFUSED
