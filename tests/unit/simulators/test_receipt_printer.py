"""The receipt printer: lines, pictures, the fence, and what paper, cover, cutter and power do to it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from simulators.clock import ManualClock
from simulators.receipt_line import ReceiptLine
from simulators.receipt_printer import ReceiptPrinter, receipt_memory
from simulators.workshop import InlineWorkshop, T, Workshop
from simulators.world import World

FENCE = b"\x1d(H\x06\x0000abcd"
FENCE_ANSWER = b"\x37\x22abcd\x00"
CUT = b"\x1dVB\x60"


class Desk:
    """The printer without its wire, and what it said."""

    def __init__(self, out: Path, workshop: Workshop | None = None) -> None:
        self.clock = ManualClock()
        self.world = World(self.clock)
        workshop = workshop or InlineWorkshop()
        self.printer = ReceiptPrinter(self.clock, receipt_memory(None), self.world, workshop, out)
        self.said = bytearray()
        self.printer.to_host = self.said.extend

    def send(self, data: bytes, seconds: float = 5.0) -> bytes:
        """What the printer says to `data` within `seconds`."""
        self.said.clear()
        self.printer.received(data)
        self.clock.advance(seconds)
        return bytes(self.said)

    def lines(self) -> tuple[str, ...]:
        """The last receipt's lines."""
        receipt = self.world.last_receipt()
        assert receipt is not None
        return receipt.lines

    def roll(self, lines: int) -> None:
        """A hand changes the roll."""
        self.world.set_levels(roll=lines)
        self.printer.changed()


class NoPictures(InlineWorkshop):
    """Saves the time of drawing what nobody looks at."""

    def run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        # What the printer has drawn gives it nothing back: None is the T of all its work.
        done(None)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def hangul(text: str) -> bytes:
    return b"\x1c&" + text.encode("cp949") + b"\x1c."


def qr(content: bytes, module: int = 6) -> bytes:
    store = b"\x1d(k" + (len(content) + 3).to_bytes(2, "little") + b"1P0" + content
    return (
        bytes((0x1D, 0x28, 0x6B, 3, 0, 49, 67, module)) + b"\x1d(k\x03\x001E1" + store + b"\x1d(k\x03\x001Q0"
    )


def test_a_receipt_is_cut_with_its_lines_and_its_picture(desk: Desk) -> None:
    desk.send(b"\x1b@" + hangul("토지대장 1통") + b"  300\n" + b"total 300\n" + CUT)
    receipt = desk.world.last_receipt()
    assert receipt is not None
    assert receipt.lines == ("토지대장 1통  300", "total 300")
    with Image.open(receipt.image) as picture:
        assert picture.width == 576 + 64
        assert picture.height > 100


def test_the_qr_code_in_the_picture_can_be_scanned(desk: Desk) -> None:
    desk.send(b"\x1ba\x01" + qr("KC-영수증".encode()) + b"\n" + CUT)
    receipt = desk.world.last_receipt()
    assert receipt is not None
    assert receipt.lines == ("[QR KC-영수증]",)
    with Image.open(receipt.image) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L"))
    assert [code.text for code in found] == ["KC-영수증"]


def test_double_size_is_twice_as_wide_and_high(desk: Desk) -> None:
    desk.send(b"A\n" + CUT)
    normal = ink(desk)
    desk.send(b"\x1d!\x11A\n" + CUT)
    double = ink(desk)
    assert 1.7 < (double[2] - double[0]) / (normal[2] - normal[0]) < 2.4
    assert 1.7 < (double[3] - double[1]) / (normal[3] - normal[1]) < 2.4


@pytest.mark.parametrize(("align", "left"), [(0, 32), (1, 32 + 264), (2, 32 + 528)])
def test_text_is_aligned_left_centred_or_right(desk: Desk, align: int, left: int) -> None:
    desk.send(bytes((0x1B, 0x61, align)) + b"MMMM\n" + CUT)
    assert left <= ink(desk)[0] <= left + 3


def test_a_line_that_is_too_long_goes_on_in_the_next(desk: Desk) -> None:
    desk.send(b"x" * 50 + b"\n" + CUT)
    assert desk.lines() == ("x" * 48, "xx")


def test_a_raster_comes_out_dot_by_dot(desk: Desk) -> None:
    desk.send(b"\x1dv0\x00\x02\x00\x10\x00" + b"\xff\x00" * 16 + CUT)
    assert desk.lines() == ("[picture 16×16]",)
    left, top, right, bottom = ink(desk)
    assert (left, right - left, bottom - top) == (32, 8, 16)


def test_the_fence_answers_after_the_paper_was_cut(desk: Desk) -> None:
    assert desk.send(b"line\n" * 20 + CUT + FENCE, seconds=0.3) == b""
    assert desk.world.last_receipt() is None
    assert desk.send(b"") == FENCE_ANSWER
    assert len(desk.lines()) == 20


def test_paper_that_ends_in_mid_receipt_holds_the_fence_until_a_new_roll(desk: Desk) -> None:
    desk.roll(3)
    assert desk.send(b"line\n" * 10 + CUT + FENCE, seconds=30) == b""
    assert desk.printer.offline
    assert desk.send(b"\x10\x04\x01\x10\x04\x02\x10\x04\x04") == b"\x1a\x32\x7e"
    desk.roll(1200)
    assert desk.send(b"") == FENCE_ANSWER
    assert desk.lines() == ("line",) * 10


def test_the_status_of_a_ready_printer(desk: Desk) -> None:
    assert desk.send(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04") == b"\x12" * 4


def test_near_end_and_cover_and_cutter_are_told(desk: Desk) -> None:
    desk.roll(59)
    assert desk.send(b"\x10\x04\x04\x1dr\x01") == b"\x1e\x03"
    desk.printer.cover_open = True
    assert desk.send(b"\x10\x04\x01\x10\x04\x02") == b"\x1a\x16"
    desk.printer.cover_open, desk.printer.cutter_stuck = False, True
    assert desk.send(b"\x10\x04\x02\x10\x04\x03") == b"\x52\x1a"


def test_the_automatic_status_tells_each_change_once(desk: Desk) -> None:
    assert desk.send(b"\x1da\xff") == bytes.fromhex("10 00 00 00")
    desk.said.clear()
    desk.roll(59)
    desk.roll(58)
    desk.roll(0)
    desk.roll(1200)
    assert bytes(desk.said) == bytes.fromhex("10 00 03 00  18 00 0F 00  10 00 00 00")


def test_what_was_printed_before_a_power_cut_is_in_front_of_the_next_receipt(desk: Desk) -> None:
    desk.send(b"first\n")
    desk.send(b"second\n" * 100, seconds=0.05)
    desk.printer.power(False)
    desk.printer.power(True)
    desk.clock.advance(10)
    assert desk.send(b"third\n" + CUT + FENCE) == FENCE_ANSWER
    assert desk.lines()[0] == "first"
    assert desk.lines()[-1] == "third"
    assert 0 < desk.lines().count("second") < 5


def test_without_power_or_hung_it_says_nothing(desk: Desk) -> None:
    desk.printer.power(False)
    assert desk.send(b"\x10\x04\x01") == b""
    desk.printer.power(True)
    desk.printer.hung = True
    assert desk.send(b"\x10\x04\x01") == b""
    desk.printer.mend()
    assert desk.send(b"\x10\x04\x01") == b"\x12"


def test_it_names_itself(desk: Desk) -> None:
    assert desk.send(b"\x1dI\x42\x1dI\x43\x1dI\x44") == b"\x5fCGS\x00\x5fRP-80K\x00\x5fRP26K00417\x00"


def test_a_cut_with_nothing_printed_makes_no_receipt(desk: Desk) -> None:
    assert desk.send(CUT + FENCE) == FENCE_ANSWER
    assert desk.world.last_receipt() is None


def test_a_qr_code_that_does_not_fit_is_not_printed(desk: Desk) -> None:
    desk.send(qr(b"x" * 3000) + qr(b"y" * 500, module=16) + b"end\n" + CUT)
    assert desk.lines() == ("end",)


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_bytes_of_the_host_can_harm_the_printer(chunks: list[bytes]) -> None:
    desk = Desk(Path("never written"), NoPictures())
    for chunk in chunks:
        desk.send(chunk)
    desk.printer.power(False)
    desk.printer.power(True)
    assert desk.send(b"\x10\x04\x01") != b""


def test_a_bad_cable_damages_both_directions(desk: Desk) -> None:
    line = ReceiptLine(desk.printer)
    heard = bytearray()
    line.to_host = heard.extend
    line.faults.set("drop", 1.0)
    line.received(b"\x10\x04\x01")
    line.faults.clear()
    line.received(b"\x10\x04\x01")
    assert heard == b"\x12"


def ink(desk: Desk) -> tuple[int, int, int, int]:
    """The box around everything black on the last receipt."""
    receipt = desk.world.last_receipt()
    assert receipt is not None
    with Image.open(receipt.image) as picture:
        box = picture.convert("L").point(lambda level: 255 if level < 100 else 0).getbbox()
    assert box is not None
    return box
