"""What every bus owes core, whatever hangs on its wire: one end for each command, no claim without a device."""

import sys
from collections.abc import Callable
from inspect import getsource
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.card_reader.bus import CardBus
from drivers.card_reader.slots import Away, Look
from drivers.card_terminal.bus import TerminalBus
from drivers.cash.bus import FULL, CashBus, Fitting, Fittings
from drivers.cash.protocols import PROTOCOLS
from drivers.contract import (
    AnyCommand,
    Authorise,
    BookCredit,
    BookNote,
    CancelJob,
    Capture,
    CardInserted,
    CardRemoved,
    CoinPosition,
    Collect,
    Completed,
    Credited,
    DeviceState,
    Dispense,
    FollowJob,
    Halt,
    Hold,
    JobEnded,
    NoteBack,
    NoteHeld,
    NotePosition,
    NotesLost,
    NoteStacked,
    OpenJob,
    Outcome,
    PaperTaken,
    Present,
    PrintReceipt,
    ReadCard,
    ReadCash,
    ReadPaper,
    ReadPower,
    ReadTerminal,
    ReceiptLine,
    Resume,
    Retract,
    ReturnNote,
    Reverse,
    SheetOut,
    StackNote,
    StopCard,
    StopCollect,
)
from drivers.paper_bus import PaperBus
from drivers.receipt_printer.bus import ReceiptBus
from drivers.runner import Bus
from drivers.ups.bus import UpsBus
from tests.unit.drivers.virtual import Clockwork, Wire

POSITION = CoinPosition("1", 5, 5)
NOTES = NotePosition("1", 5, 5)
COMMANDS: tuple[tuple[Callable[..., AnyCommand], dict[str, Any]], ...] = (
    (Resume, {"position": POSITION, "notes": NOTES}),
    (Collect, {"denominations": (100, 500), "notes": (1_000,)}),
    (StackNote, {"key": "n", "held": 5}),
    (ReturnNote, {"held": 5}),
    (BookNote, {"position": NOTES}),
    (StopCollect, {}),
    (BookCredit, {"position": POSITION}),
    (Dispense, {"key": "k", "count": 3}),
    (ReadCash, {}),
    (ReadPaper, {}),
    (OpenJob, {"key": "k", "sheets": 1}),
    (FollowJob, {"key": "k", "sheets": 1}),
    (CancelJob, {"key": "k"}),
    (Hold, {}),
    (Present, {}),
    (Retract, {}),
    (PrintReceipt, {"key": "k", "lines": (ReceiptLine("x"),)}),
    (ReadCard, {}),
    (ReadTerminal, {}),
    (Authorise, {"key": "k", "amount": 500}),
    (StopCard, {"key": "k"}),
    (Capture, {"key": "k", "receipt": 1, "reserved": 500, "amount": 500}),
    (Reverse, {"key": "k", "receipt": 1}),
    (ReadPower, {}),
    (Halt, {}),
)
NOWHERE = "ipp://127.0.0.1:1/ipp/print"
BUSES: dict[str, Callable[[Clockwork, Wire], Bus]] = {
    "cash": lambda clockwork, wire: CashBus("/dev/none", clockwork.emit, wire.open),
    "cash with notes": lambda clockwork, wire: CashBus("/dev/none", clockwork.emit, wire.open, FULL),
    "cash with notes, plain checksum": lambda clockwork, wire: CashBus(
        "/dev/none", clockwork.emit, wire.open, Fittings(validator=Fitting(checksum="plain"))
    ),
    "cash with notes on a port of their own": lambda clockwork, wire: CashBus(
        "/dev/none", clockwork.emit, wire.open, Fittings(validator=Fitting("ict104", "/dev/note"))
    ),
    "paper": lambda clockwork, wire: PaperBus(NOWHERE, "/dev/none", clockwork.emit, None, wire.open),
    "receipt": lambda clockwork, wire: ReceiptBus("/dev/none", clockwork.emit, wire.open),
    "terminal": lambda clockwork, wire: TerminalBus("192.0.2.1:1", clockwork.emit, open_port=wire.open),
    "card": lambda clockwork, wire: CardBus(clockwork.emit, NoService()),
    "ups": lambda clockwork, wire: UpsBus("kiosk@127.0.0.1", clockwork.emit, connect=lambda: Quiet(wire)),
}


def test_each_protocol_of_a_cash_device_has_its_row() -> None:
    rows = getsource(sys.modules[__name__])
    assert [name for name in PROTOCOLS if name != "cctalk" and f'Fitting("{name}"' not in rows] == []


class Quiet:
    """A connection of the UPS bus that nothing wakes."""

    def __init__(self, wire: Wire) -> None:
        port = wire.open("", 0)
        self.read, self.write, self.close = port.read, port.write, port.close

    fileno = staticmethod(lambda: -1)


class NoService:
    """A machine without a card service: it has no wire of its own that could be pulled or say anything."""

    fileno = staticmethod(lambda: -1)

    def looks(self) -> list[Look]:
        return [Away("no service")]

    def close(self) -> None:
        """Nothing to give back."""


class Babble:
    """A far end that says anything at all, whenever it is asked."""

    def __init__(self, sayings: list[bytes]) -> None:
        self._sayings = sayings
        self._asked = 0

    def receive(self, data: bytes, now: float) -> None:
        self._asked += 1

    def send(self, now: float) -> bytes:
        return self._sayings[self._asked % len(self._sayings)] if self._sayings else b""


def bench(name: str, far: Babble) -> tuple[Clockwork, Wire]:
    clockwork = Clockwork()
    wire = Wire(far, clockwork.clock)
    clockwork.bus = BUSES[name](clockwork, wire)
    return clockwork, wire


def end_all(clockwork: Clockwork) -> list[Completed]:
    requests = [clockwork.start(kind, **fields) for kind, fields in COMMANDS]
    clockwork.until(lambda: all(clockwork.end_of(request) for request in requests), 60)
    clockwork.pass_time(30)
    ends = [end for request in requests if (end := clockwork.end_of(request))]
    return [
        end for end, (kind, _fields) in zip(ends, COMMANDS, strict=True) if kind not in (BookCredit, BookNote)
    ]


def test_every_command_of_the_contract_is_tried_here() -> None:
    assert {kind for kind, _fields in COMMANDS} == set(get_args(AnyCommand))


@pytest.mark.parametrize("name", BUSES)
def test_with_nothing_plugged_in_every_command_ends_once_and_nothing_is_claimed(name: str) -> None:
    clockwork, wire = bench(name, Babble([]))
    wire.plugged = False
    clockwork.pass_time(1)
    assert clockwork.bus is not None
    assert {status.state for status in clockwork.bus.statuses()} == {DeviceState.ABSENT}
    ends = end_all(clockwork)
    assert all(end.outcome is not Outcome.DONE and end.code is not None for end in ends)


@pytest.mark.parametrize("name", BUSES)
def test_a_command_ends_no_later_than_a_moment_after_its_deadline(name: str) -> None:
    clockwork, _wire = bench(name, Babble([]))
    for kind, fields in COMMANDS:
        began = clockwork.now
        clockwork.run(kind, **fields, deadline_ms=3_000)
        assert clockwork.now - began < 3.5, kind


@pytest.mark.parametrize("name", BUSES)
@settings(max_examples=25)
@given(sayings=st.lists(st.binary(max_size=40), max_size=8))
def test_any_bytes_on_the_wire_move_no_money_and_no_paper(name: str, sayings: list[bytes]) -> None:
    clockwork, _wire = bench(name, Babble(sayings))
    ends = end_all(clockwork)
    assert all(end.outcome is not Outcome.DONE for end in ends)
    notes = (NoteHeld, NoteStacked, NoteBack, NotesLost)
    assert not clockwork.of((Credited, *notes, SheetOut, JobEnded, PaperTaken, CardInserted, CardRemoved))


@pytest.mark.parametrize("name", BUSES)
def test_an_idle_bus_with_a_dead_wire_hardly_ever_wakes(name: str) -> None:
    clockwork, wire = bench(name, Babble([]))
    wire.plugged = False
    clockwork.pass_time(10)
    clockwork.ticks = 0
    clockwork.pass_time(10)
    assert clockwork.ticks < 200
