"""Whatever comes over a wire, without an end or out of all order: a driver fails in its own way, in time.

The far ends here obey nothing. Each call of theirs is counted: a driver that asks again and again while no time passes
would never come back to its other devices.
"""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.cash.bus import FULL, CashBus
from drivers.cctalk.credits import Credits
from drivers.cctalk.event_buffer import MOST_UNBOOKED
from drivers.cctalk.frames import Frame, Receiver, build
from drivers.cctalk.note_account import NoteAccount
from drivers.contract import (
    CoinPosition,
    Collect,
    CreditsLost,
    DeviceState,
    NotePosition,
    NotesLost,
    NoteStacked,
    Outcome,
    PrintReceipt,
    ReadCash,
    ReadPower,
    ReceiptLine,
    Resume,
    Supply,
)
from drivers.receipt_printer.bus import ReceiptBus
from drivers.ups.bus import UpsBus
from tests.unit.drivers.note_far_end import NoteBench
from tests.unit.drivers.virtual import Clockwork

# More calls than any driver needs in one moment.
CALLS_A_MOMENT = 2_000
READ_BYTES = 4_096


class Moment:
    """Counts the calls of one moment."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._at, self._calls = clock, 0.0, 0

    def call(self) -> None:
        self._calls = self._calls + 1 if self._clock() == self._at else 0
        self._at = self._clock()
        assert self._calls < CALLS_A_MOMENT, "no time passes"


class Hostile:
    """A port. `answer` is what it says to what it hears, `chatter` comes at each look."""

    def __init__(
        self, clock: Callable[[], float], answer: Callable[[bytes], bytes] = lambda _heard: b""
    ) -> None:
        self.answer = answer
        self.chatter: Callable[[], bytes] = lambda: b""
        self._moment = Moment(clock)
        self._arrived = bytearray()

    def open(self, path: str, speed: int) -> "Hostile":
        return self

    def read(self) -> bytes:
        self._moment.call()
        self._arrived += self.chatter()
        data = bytes(self._arrived[:READ_BYTES])
        del self._arrived[:READ_BYTES]
        return data

    def write(self, data: bytes) -> int:
        self._moment.call()
        self._arrived += self.answer(data)
        return len(data)

    def discard(self) -> None:
        self._moment.call()
        self._arrived.clear()

    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        """Nothing to give back."""


# --- ccTalk ---------------------------------------------------------------------------------------------------------

SIZES = {
    242: 3,
    230: 2,
    229: 11,
    159: 11,
    226: 3,
    225: 3,
    168: 3,
    166: 4,
    163: 2,
    152: 1,
    232: 1,
    156: 3,
    217: 1,
}
SIZES |= {184: 6, 157: 7, 246: 3, 244: 4, 241: 2}
KNOWN = {
    152: b"\x03",
    232: b"\x00",
    157: b"KR0010A",
    156: b"\x64\x00\x00",
    242: b"\x01\x02\x03",
    184: b"KR100A",
}


def frame(question: Frame, header: int, data: bytes) -> bytes:
    return build(Frame(question.dest, 1, question.header, question.data)) + build(
        Frame(1, question.dest, header, data)
    )


def heard_question(heard: bytes) -> Frame | None:
    frames = Receiver().feed(heard, 0.0)
    return frames[0] if frames else None


class Devices:
    """All addresses of a cash bus: they are who they are, and all else that they say is the test's, in turn."""

    def __init__(self, odd: list[bytes]) -> None:
        self._odd = itertools.cycle(odd)

    def __call__(self, heard: bytes) -> bytes:
        question = heard_question(heard)
        if question is None:
            return b""
        size = SIZES.get(question.header, 0)
        known = KNOWN.get(question.header)
        drawn = next(self._odd)
        return frame(question, 0, known if known is not None else (drawn * 11)[:size].ljust(size, b"\x01"))


class Cash(Clockwork):
    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self.far = Hostile(self.clock, answer)
        self.bus = CashBus(
            "/dev/none",
            self.emit,
            self.far.open,
            FULL,
        )

    def answers_in_time(self) -> None:
        """A question of core's is over at its deadline, give or take one exchange."""
        began = self.now
        self.run(ReadCash, deadline_ms=5_000)
        assert self.now - began < 10.0


def mangled(answer: Callable[[bytes], bytes], how: list[int]) -> Callable[[bytes], bytes]:
    """The answer as the wire makes of it: whole, cut, twice, garbled, of somebody else, or none."""
    turns = itertools.cycle(how)

    def said(heard: bytes) -> bytes:
        good, turn = answer(heard), next(turns)
        ways = (
            good,
            good[:-1],
            good * 2,
            good[:-1] + b"\x00",
            b"\x01\xff\x28\x00" + good,
            b"",
            b"\xff" * 9_000,
        )
        return ways[turn % len(ways)]

    return said


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(min_size=1, max_size=11), min_size=1, max_size=30),
    st.lists(st.integers(0, 6), min_size=1),
)
def test_whatever_comes_on_the_cash_bus_it_goes_on_and_core_is_answered(
    odd: list[bytes], how: list[int]
) -> None:
    cash = Cash(mangled(Devices(odd), how))
    cash.start(Resume, deadline_ms=8_000)
    cash.pass_time(12)
    cash.start(Collect, denominations=(100,), notes=(1_000,))
    cash.pass_time(8)
    cash.answers_in_time()


class GoodAtFirst(NoteBench):
    """All devices of the bus, well and at work, until the test breaks the line."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = Moment(self.clock)

    def states(self) -> set[DeviceState]:
        assert self.bus is not None
        return {status.state for status in self.bus.statuses()}

    def break_line(self, *, read: Callable[[], bytes], takes: int) -> None:
        def counted_read() -> bytes:
            self.moment.call()
            return read()

        def counted_write(data: bytes) -> int:
            self.moment.call()
            return min(takes, len(data))

        self.wire.read, self.wire.write = counted_read, counted_write  # type: ignore[method-assign]


@pytest.mark.parametrize("chatter", [b"\x55", b"\x00" * 64, b"\xff" * READ_BYTES])
def test_a_cash_line_that_is_never_quiet_makes_its_devices_silent_and_blocks_nobody(chatter: bytes) -> None:
    bench = GoodAtFirst()
    bench.break_line(read=lambda: chatter, takes=READ_BYTES)
    bench.pass_time(60)
    assert bench.states() == {DeviceState.ABSENT}
    began = bench.now
    assert bench.run(ReadCash, deadline_ms=5_000).outcome is not Outcome.DONE
    assert bench.now - began < 10


def test_a_cash_line_that_goes_silent_and_then_takes_no_bytes_is_asked_at_a_pace() -> None:
    bench = GoodAtFirst()
    bench.break_line(read=lambda: b"", takes=READ_BYTES)
    bench.pass_time(0.35)
    bench.break_line(read=lambda: b"", takes=0)
    bench.pass_time(30)
    assert bench.states() == {DeviceState.ABSENT}


def test_notes_that_nobody_books_fill_no_memory_and_their_number_is_kept() -> None:
    account = NoteAccount(NotePosition("1", 1, 0), {1: 1_000})
    stacked = 5 * MOST_UNBOOKED
    for counter in range(2, stacked + 2):
        account.take(bytes([(counter - 1) % 255 + 1, 1, 0]) + bytes(8))
    kept = account.past(NotePosition("1", 1, 0))
    assert len(kept) == MOST_UNBOOKED
    assert isinstance(kept[0], NotesLost)
    assert kept[0].count + len(kept) - 1 == stacked
    assert all(isinstance(event, NoteStacked) for event in kept[1:])


def test_coins_that_nobody_books_fill_no_memory_and_their_number_is_kept() -> None:
    account = Credits(CoinPosition("1", 1, 0), {1: 100})
    fell = 5 * MOST_UNBOOKED
    for counter in range(2, fell + 2):
        account.take(bytes([(counter - 1) % 255 + 1, 1, 1]) + bytes(8))
    kept = account.past(CoinPosition("1", 1, 0))
    assert len(kept) == MOST_UNBOOKED
    assert isinstance(kept[0], CreditsLost)
    assert kept[0].count + len(kept) - 1 == fell


# --- the receipt printer --------------------------------------------------------------------------------------------

RECEIPT = {"lines": (ReceiptLine("x" * 30),) * 20, "qr": "", "deadline_ms": 12_000}
STATUS_BYTES = st.sampled_from(
    (b"\x12", b"\x16", b"\x7e", b"\x1a", b"\x37\x22", b"\x37" * 9, b"\x00", b"\x13\x11")
)


class Printer(Clockwork):
    def __init__(self) -> None:
        super().__init__()
        self.far = Hostile(self.clock, lambda heard: b"\x12" if heard[:2] == b"\x10\x04" else b"")
        self.bus = ReceiptBus("/dev/none", self.emit, self.far.open)
        self.pass_time(2)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATUS_BYTES | st.binary(max_size=30), min_size=1, max_size=40), st.booleans())
def test_whatever_a_receipt_printer_says_a_receipt_has_an_end_and_no_false_one(
    said: list[bytes], floods: bool
) -> None:
    printer, turns = Printer(), itertools.cycle(said)
    printer.far.chatter = lambda: next(turns) * (200 if floods else 1)
    began = printer.now
    end = printer.run(PrintReceipt, key="k", **RECEIPT)
    assert end.outcome is not Outcome.DONE or any(
        b"0001\x00" in piece for piece in (b"".join(said * 2), *said)
    )
    assert printer.now - began < 15


@pytest.mark.parametrize("takes", [0, 1])
def test_a_receipt_printer_that_takes_a_byte_now_and_then_keeps_nobody(takes: int) -> None:
    """One byte each 1.9 s is no standstill, and would be an hour for a receipt."""
    printer = Printer()
    printer.pass_time(1)
    last = [printer.now]

    def write(data: bytes) -> int:
        if data[:2] == b"\x10\x04":
            printer.far._arrived += b"\x12"
            return len(data)
        if printer.now - last[0] < 1.9:
            return 0
        last[0] = printer.now
        return takes

    printer.far.write = write  # type: ignore[method-assign]
    began = printer.now
    end = printer.run(PrintReceipt, key="k", **RECEIPT)
    assert end.outcome is Outcome.UNKNOWN
    assert printer.now - began < 13


# --- the UPS --------------------------------------------------------------------------------------------------------

SAID = st.sampled_from(
    (
        b"BEGIN LIST VAR kiosk\n",
        b'VAR kiosk ups.status "OL"\n',
        b'VAR kiosk battery.charge "1e999"\n',
        b'VAR kiosk battery.runtime "' + b"9" * 4_000 + b'"\n',
        b"END LIST VAR kiosk\n",
        b"ERR " + b"A" * 3_000 + b"\n",
        b'"' * 3_000 + b"\n",
        b"OK\n" * 500,
        b"x" * 5_000,
        b"\n" * 5_000,
    )
)


class Ups(Clockwork):
    def __init__(self, chatter: Callable[[], bytes]) -> None:
        super().__init__()
        self.far = Hostile(self.clock)
        self.far.chatter = chatter
        self.bus = UpsBus("kiosk@127.0.0.1", self.emit, connect=lambda: self.far)


@settings(max_examples=100, deadline=None)
@given(st.lists(SAID | st.binary(max_size=60), min_size=1, max_size=30))
def test_whatever_a_ups_server_says_the_bus_goes_on_and_answers(said: list[bytes]) -> None:
    turns = itertools.cycle(said)
    ups = Ups(lambda: next(turns))
    ups.pass_time(10)
    began = ups.now
    ups.run(ReadPower)
    assert ups.now - began < 1


@pytest.mark.parametrize("piece", [b"V", b"\n", b'VAR kiosk ups.status "OL"\n', b"BEGIN LIST VAR kiosk\n"])
def test_a_ups_server_that_never_comes_to_an_end_is_not_believed(piece: bytes) -> None:
    ups = Ups(lambda: piece)
    ups.pass_time(30)
    end = ups.run(ReadPower)
    assert end.outcome is Outcome.NOT_DONE
    assert ups.bus is not None
    (status,) = ups.bus.statuses()
    assert status.state is DeviceState.ABSENT
    assert Supply.LINE not in {event.reading.supply for event in ups.told if hasattr(event, "reading")}
