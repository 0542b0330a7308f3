"""The bill validator: what is in the escrow, in the stacker, in the hand, and what the host is told of it."""

import pytest

from simulators.bill import ESCROW_SECONDS, HELD, REJECTED, BillValidator, validator_memory
from simulators.cash_bus import CashBus
from simulators.cctalk import Frame, encode, encode_with_crc
from simulators.clock import ManualClock
from simulators.world import World


class Desk:
    """A validator on an unpaced bus in CRC mode, open for notes of 1,000 and 5,000 KRW."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.world = World(self.clock)
        self.bill = BillValidator(self.clock, validator_memory(None), self.world)
        self.bus = CashBus(self.clock, (self.bill,), paced=False)
        self.heard = bytearray()
        self.bus.to_host = self.heard.extend
        self.landed: list[str] = []
        self.open()

    def open(self) -> None:
        for header, data in ((153, b"\x03"), (231, b"\x03\x00"), (228, b"\x01"), (159, b"")):
            assert self.ask(header, data) is not None

    def ask(self, header: int, data: bytes = b"") -> bytes | None:
        self.heard.clear()
        request = encode_with_crc(Frame(40, 1, header, data))
        self.bus.received(request)
        reply = bytes(self.heard[len(request) :])
        return reply[4:-1] if reply and reply[3] == 0 else None

    def wait(self, seconds: float) -> None:
        """Time passes under a host that keeps asking."""
        for _ in range(round(seconds * 5)):
            self.clock.advance(0.2)
            self.ask(159)

    def offer(self, value: int = 1_000) -> None:
        self.bill.insert(value, self.landed.append)
        self.wait(0.6)

    def events(self) -> list[tuple[int, int]]:
        """Newest first, as far as there were any."""
        data = self.ask(159)
        assert data is not None
        return [(data[at], data[at + 1]) for at in range(1, 11, 2) if data[at] or data[at + 1]]

    def where(self) -> tuple[list[int], list[int], int]:
        """In the stacker, in the hand again, in the escrow."""
        truth = self.world.truth()
        stacked, back = ([note.value for note in notes] for notes in (truth.notes_in, truth.notes_back))
        return stacked, back, self.world.levels.escrow


def test_a_note_is_held_and_nobodys_until_it_is_stacked() -> None:
    desk = Desk()
    desk.offer()
    assert (desk.landed, desk.where(), desk.events()) == ([HELD], ([], [], 1_000), [(1, 1)])
    assert desk.ask(154, b"\x01") == b""
    assert desk.where()[0] == []
    desk.wait(0.8)
    assert (desk.where(), desk.events()) == (([1_000], [], 0), [(1, 0), (1, 1)])
    assert desk.ask(225) == b"\x01\x00\x00"


def test_a_note_that_is_sent_back_is_in_the_hand() -> None:
    desk = Desk()
    desk.offer(5_000)
    desk.ask(154, b"\x00")
    desk.wait(0.6)
    assert (desk.where(), desk.events()[0]) == (([], [5_000], 0), (0, 1))


@pytest.mark.parametrize("value", [10_000, 50_000])
def test_a_note_that_is_inhibited_is_not_drawn_in(value: int) -> None:
    desk = Desk()
    desk.offer(value)
    assert (desk.landed, desk.where(), desk.events()) == ([REJECTED], ([], [value], 0), [(0, 4)])


def test_without_a_decision_it_goes_back_and_with_more_time_later() -> None:
    desk = Desk()
    desk.offer()
    desk.wait(ESCROW_SECONDS - 2)
    desk.ask(154, b"\xff")
    desk.wait(5)
    assert desk.where()[2] == 1_000
    desk.wait(ESCROW_SECONDS)
    assert desk.where() == ([], [1_000], 0)


def test_an_order_for_an_empty_escrow_says_so() -> None:
    assert Desk().ask(154, b"\x01") == b"\xfe"


@pytest.mark.parametrize(("after", "stacked"), [(0.2, False), (0.4, True)])
def test_a_power_cut_leaves_the_note_where_it_physically_is(after: float, stacked: bool) -> None:
    desk = Desk()
    desk.offer()
    desk.ask(154, b"\x01")
    desk.clock.advance(after)
    desk.bill.power(False)
    desk.clock.advance(1)
    desk.bill.power(True)
    desk.clock.advance(1)
    assert desk.where() == (([1_000], [], 0) if stacked else ([], [1_000], 0))
    assert desk.ask(225) == bytes((int(stacked), 0, 0))
    assert desk.ask(230) == b"\0\0"


def test_a_jammed_note_is_in_nobodys_hand_until_somebody_pulls_it_out() -> None:
    desk = Desk()
    desk.bill.fault = "jam-stacker"
    desk.offer()
    desk.ask(154, b"\x01")
    desk.wait(3)
    assert (desk.where(), desk.events()[0], desk.ask(232)) == (([], [], 1_000), (0, 7), b"\x2c")
    desk.bill.mend()
    assert (desk.where(), desk.ask(232)) == (([], [1_000], 0), b"\0")


def test_one_that_counts_nothing_refuses_to_tell() -> None:
    desk = Desk()
    desk.bill.memory.keep(counts=0)
    assert desk.ask(225) is None


def test_a_frame_with_the_plain_checksum_is_not_heard_in_crc_mode_and_is_in_plain_mode() -> None:
    desk = Desk()
    poll = encode(Frame(40, 1, 254))
    desk.heard.clear()
    desk.bus.received(poll)
    assert bytes(desk.heard) == poll
    desk.bus.crc_addresses.discard(40)
    desk.heard.clear()
    desk.bus.received(poll)
    assert bytes(desk.heard) == poll + bytes.fromhex("01 00 28 00 D7")


def test_it_names_its_notes_and_their_scale() -> None:
    desk = Desk()
    assert desk.ask(157, b"\x01") == b"KR0010A"
    assert desk.ask(157, b"\x09") == b"......."
    assert (desk.ask(156, b"KR"), desk.ask(156, b"JP")) == (b"\x64\x00\x00", b"\0\0\0")
