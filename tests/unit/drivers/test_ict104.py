"""A validator without memory: a note is money once it says so; what was not heard is in doubt, never guessed."""

from typing import Any

import pytest

from drivers.cash.bus import CashBus, Fitting, Fittings
from drivers.contract import (
    BookNote,
    CashReading,
    Collect,
    ErrorCode,
    NoteBack,
    NoteHeld,
    NotePosition,
    NotesLost,
    NoteStacked,
    Outcome,
    ReadCash,
    ReasonCode,
    Resume,
    ReturnNote,
    StackNote,
    StopCollect,
)
from simulators.bill import Stage, validator_memory
from simulators.cash_bus import CashBus as FarBus
from simulators.clock import ManualClock
from simulators.coin import CoinAcceptor, acceptor_memory
from simulators.hopper import Hopper, hopper_memory
from simulators.ict104.validator import Ict104Validator
from simulators.world import Levels, World
from tests.unit.drivers.virtual import Clockwork, Wire

NOTES = (1_000, 5_000)
NOTE_PORT = "/dev/note"


class FarLine:
    """One line's far end: what is said on it is heard when the host looks."""

    def __init__(self, began: float, clock: ManualClock, received: Any) -> None:
        self._began, self._clock, self._received = began, clock, received
        self.heard = bytearray()

    def receive(self, data: bytes, now: float) -> None:
        self._until(now)
        self._received(data)

    def send(self, now: float) -> bytes:
        self._until(now)
        heard, self.heard[:] = bytes(self.heard), b""
        return heard

    def _until(self, now: float) -> None:
        ahead = now - self._began - self._clock.monotonic()
        if ahead > 0:
            self._clock.advance(ahead)


class Bench(Clockwork):
    """A ccTalk acceptor and hopper on one port, an ICT104 validator on another; ready and collecting."""

    def __init__(self) -> None:
        super().__init__()
        clock = ManualClock()
        self.world = World(clock, Levels())
        self.bill = Ict104Validator(clock, validator_memory(None), self.world)
        coin = CoinAcceptor(clock, acceptor_memory(None), self.world)
        hopper = Hopper(clock, hopper_memory(None), self.world)
        cctalk = FarBus(clock, (coin, hopper))
        cash, note = (
            FarLine(self.now, clock, cctalk.received),
            FarLine(self.now, clock, self.bill.line.received),
        )
        cctalk.to_host, self.bill.line.to_host = cash.heard.extend, note.heard.extend
        self.wires = {"/dev/cash": Wire(cash, self.clock), NOTE_PORT: Wire(note, self.clock)}
        self.start_driver()
        self.resume(None)

    def start_driver(self) -> None:
        """A new devices process, which knows nothing of the one before."""
        fittings = Fittings(validator=Fitting("ict104", NOTE_PORT))
        self.bus = self.cash = CashBus(
            "/dev/cash", self.emit, lambda path, baud: self.wires[path].open(path, baud), fittings
        )

    def resume(self, notes: NotePosition | None, *, collect: bool = True) -> None:
        assert self.run(Resume, notes=notes, deadline_ms=8_000).outcome is Outcome.DONE
        if collect:
            assert self.run(Collect, denominations=(100, 500), notes=NOTES).outcome is Outcome.DONE
            self.pass_time(0.3)

    def offer(self, value: int = 1_000) -> NoteHeld:
        """A note is put in and held."""
        before = len(self.of(NoteHeld))
        self.bill.insert(value, lambda _landed: None)
        self.until(lambda: len(self.of(NoteHeld)) > before, 5)
        held = self.of(NoteHeld)[-1]
        assert isinstance(held, NoteHeld)
        return held

    def stack(self, held: NoteHeld, **fields: Any) -> Any:
        return self.run(StackNote, key="k", held=held.position.events, **fields)

    def read(self) -> CashReading:
        reading = self.run(ReadCash).result
        assert isinstance(reading, CashReading)
        return reading

    @property
    def stacked(self) -> list[int]:
        """The truth."""
        return [note.value for note in self.world.truth().notes_in]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("value", NOTES)
def test_a_note_is_held_then_stacked_and_told_once(bench: Bench, value: int) -> None:
    held = bench.offer(value)
    assert held.value == value
    assert bench.stacked == []
    assert bench.stack(held).outcome is Outcome.DONE
    (told,) = bench.of(NoteStacked)
    assert (told.value, bench.stacked) == (value, [value])
    assert bench.read().note_clear


def test_a_note_that_is_given_back_is_with_its_owner(bench: Bench) -> None:
    held = bench.offer()
    bench.run(ReturnNote, held=held.position.events)
    bench.until(lambda: bench.of(NoteBack), 5)
    assert bench.of(NoteBack) == [NoteBack(held.position.events)]
    assert (bench.stacked, bench.read().note_clear) == ([], True)


def test_a_note_that_nobody_wants_goes_back_and_core_never_hears_of_it(bench: Bench) -> None:
    bench.bill.insert(10_000, lambda _landed: None)
    bench.pass_time(3)
    assert (bench.of(NoteHeld), bench.stacked, bench.world.levels.escrow) == ([], [], 0)


def test_a_held_note_waits_longer_than_the_validator_would(bench: Bench) -> None:
    held = bench.offer()
    bench.pass_time(12)
    assert bench.of(NoteBack) == []
    assert bench.stack(held).outcome is Outcome.DONE


def test_who_stops_collecting_has_the_held_note_back(bench: Bench) -> None:
    bench.offer()
    assert bench.run(StopCollect).outcome is Outcome.DONE
    bench.until(lambda: bench.of(NoteBack), 5)
    assert bench.stacked == []


def test_a_note_whose_end_is_not_heard_is_in_doubt_and_never_told_as_back(bench: Bench) -> None:
    held = bench.offer()
    request = bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    bench.pass_time(0.2)
    bench.wires[NOTE_PORT].plugged = False
    bench.until(lambda: bench.stacked, 5)
    bench.pass_time(1)
    bench.wires[NOTE_PORT].plugged = True
    end = bench.finish(request)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.RESET)
    assert [event.count for event in bench.of(NotesLost)] == [0]
    assert bench.of(NoteBack) == bench.of(NoteStacked) == []


def test_a_driver_that_begins_anew_does_not_know_where_a_note_is(bench: Bench) -> None:
    """The one before may have had it stacked: only the next collection says that this is no longer asked."""
    held = bench.offer()
    bench.start(StackNote, key="k", held=held.position.events)
    bench.pass_time(0.1)
    bench.start_driver()
    bench.resume(NotePosition("ict104", 0, None), collect=False)
    bench.pass_time(5)
    assert bench.read().note_clear is False
    bench.resume(NotePosition("ict104", 0, None))
    assert bench.read().note_clear is True


def test_with_the_driver_taken_for_a_witness_the_note_would_count_as_given_back(bench: Bench) -> None:
    """The control: what the rule above keeps from happening."""
    held = bench.offer()
    bench.start(StackNote, key="k", held=held.position.events)
    bench.pass_time(0.1)
    bench.start_driver()
    note: Any = bench.bus
    note._note._before_us = False
    bench.resume(NotePosition("ict104", 0, None), collect=False)
    bench.pass_time(5)
    assert (bench.stacked, bench.read().note_clear) == ([1_000], True)


def test_what_core_has_not_booked_is_told_again_and_only_that(bench: Bench) -> None:
    first, second = bench.offer(), None
    bench.stack(first)
    (told,) = bench.of(NoteStacked)
    bench.run(BookNote, position=told.position)
    second = bench.offer(5_000)
    bench.stack(second)
    bench.told.clear()
    bench.cash.core_gone()
    bench.resume(told.position)
    assert [(event.value, event.recovered) for event in bench.of(NoteStacked)] == [(5_000, True)]


def test_what_is_on_its_way_to_core_is_not_told_again_by_a_resume_that_crosses_it(bench: Bench) -> None:
    """Another hopper answers, so core resumes with the position of a moment ago."""
    bench.stack(bench.offer())
    bench.resume(NotePosition("ict104", 0, None))
    assert [event.value for event in bench.of(NoteStacked)] == [1_000]


def test_a_bill_that_is_no_bill_says_nothing_of_the_note_before_it(bench: Bench) -> None:
    """The word that the first one is stacked was lost; then something else is put in and comes back."""
    held = bench.offer()
    bench.bill.line.flip_to_host[:] = []
    request = bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    bench.until(lambda: bench.stacked, 5)
    bench.bill.line.flip_to_host[:] = [4]
    bench.pass_time(0.4)
    bench.bill.line.flip_to_host[:] = []
    bench.bill.line.say(0x2A)
    end = bench.finish(request)
    assert (end.outcome, bench.stacked) == (Outcome.UNKNOWN, [1_000])
    assert [event.count for event in bench.of(NotesLost)] == [0]
    assert bench.of(NoteBack) == []


def test_a_note_that_core_was_not_told_of_is_not_told_as_back_either(bench: Bench) -> None:
    """Its number may be that of a note of the driver before."""
    bench.start_driver()
    bench.resume(NotePosition("ict104", 10, None), collect=False)
    bench.bill.line.say(0x81, 0x41)
    bench.pass_time(0.3)
    bench.bill.line.say(0x11)
    bench.pass_time(1)
    assert bench.of(NoteBack) == bench.of(NoteHeld) == []


def test_core_that_goes_in_the_moment_in_which_the_cable_is_pulled_ends_nothing(bench: Bench) -> None:
    note: Any = bench.cash._note
    bench.wires[NOTE_PORT].plugged = False
    assert list(note.core_gone()) == [], "what it raises would end the whole bus"
    bench.pass_time(2)
    bench.wires[NOTE_PORT].plugged = True
    bench.pass_time(3)
    bench.resume(None)
    assert bench.stack(bench.offer()).outcome is Outcome.DONE


def test_an_order_to_give_a_note_back_that_is_lost_is_given_again(bench: Bench) -> None:
    held = bench.offer()
    bench.bill.line.flip_to_twin[:] = [1]
    bench.run(ReturnNote, held=held.position.events)
    bench.until(lambda: bench.of(NoteBack), 3)
    assert bench.world.levels.escrow == 0


def test_a_note_is_told_as_back_once_it_is_however_long_it_was_held(bench: Bench) -> None:
    """The order to give it back is lost, and time alone proves nothing."""
    held = bench.offer()
    bench.pass_time(12)
    bench.bill.line.flip_to_twin[:] = [1]
    bench.run(ReturnNote, held=held.position.events)
    bench.until(lambda: bench.of(NoteBack), 8)
    assert bench.world.levels.escrow == 0


def test_noise_that_looks_like_a_note_is_over_after_a_while(bench: Bench) -> None:
    bench.bill.line.say(0x81, 0x3E)
    bench.pass_time(2)
    assert bench.read().note_clear is False
    bench.pass_time(8)
    assert bench.read().note_clear is True
    assert bench.of(NoteHeld) == bench.of(NoteBack) == []


def test_a_stacked_note_of_no_known_value_is_counted_and_not_credited(bench: Bench) -> None:
    bench.bill.line.say(0x81, 0x3E, 0x10)
    bench.pass_time(0.5)
    assert ([event.count for event in bench.of(NotesLost)], bench.of(NoteStacked)) == ([1], [])


def test_a_power_cut_while_a_note_is_held_gives_it_back(bench: Bench) -> None:
    bench.offer()
    bench.bill.power(False)
    bench.pass_time(0.5)
    bench.bill.power(True)
    bench.until(lambda: bench.of(NoteBack), 10)
    bench.pass_time(2)
    assert (bench.stacked, bench.world.levels.escrow) == ([], 0)


def test_a_power_cut_behind_the_order_to_stack_leaves_a_doubt(bench: Bench) -> None:
    held = bench.offer()
    bench.bill.late_seconds = 1.0
    request = bench.start(StackNote, key="k", held=held.position.events)
    bench.until(lambda: bench.stacked, 5)
    bench.bill.power(False)
    bench.pass_time(0.5)
    bench.bill.power(True)
    assert bench.finish(request).outcome is Outcome.UNKNOWN
    assert [event.count for event in bench.of(NotesLost)] == [0]


@pytest.mark.parametrize("bit", [0, 5, 8])
def test_a_bill_whose_type_is_lost_on_the_line_goes_back(bench: Bench, bit: int) -> None:
    bench.bill.insert(1_000, lambda _landed: None)
    bench.until(lambda: bench.bill.stage is Stage.DRAWN_IN, 1)
    bench.pass_time(0.3)
    bench.bill.line.flip_to_host[:] = [None, bit]
    bench.pass_time(3)
    assert bench.bill.line.flip_to_host == []
    assert (bench.of(NoteHeld), bench.stacked, bench.world.levels.escrow) == ([], [], 0)


def test_a_bill_that_is_not_heard_of_at_all_goes_back_by_itself(bench: Bench) -> None:
    bench.bill.insert(1_000, lambda _landed: None)
    bench.pass_time(0.3)
    bench.bill.line.flip_to_host[:] = [3, 3]
    bench.pass_time(8)
    assert (bench.of(NoteHeld), bench.stacked, bench.world.levels.escrow) == ([], [], 0)


def test_an_order_to_stack_that_is_lost_is_no_stacked_note(bench: Bench) -> None:
    held = bench.offer()
    bench.bill.line.flip_to_twin[:] = [2]
    end = bench.stack(held, deadline_ms=12_000)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)
    assert bench.of(NoteStacked) == bench.stacked == []
    assert bench.of(NoteBack) == [NoteBack(held.position.events)]


def test_a_jam_is_a_reason_until_it_is_mended(bench: Bench) -> None:
    bench.bill.fault = "jam-transport"
    bench.bill.insert(1_000, lambda _landed: None)
    bench.pass_time(2)
    assert bench.reasons("note") == {ReasonCode.NOTE_JAM}
    assert bench.read().note_clear is False
    bench.bill.mend()
    bench.pass_time(2)
    assert bench.reasons("note") == set()


def test_a_silent_validator_costs_notes_and_no_coins(bench: Bench) -> None:
    bench.bill.hung = True
    bench.pass_time(4)
    assert bench.reasons("note") == {ReasonCode.SILENT}
    assert bench.run(Collect, denominations=(100, 500), notes=NOTES).outcome is Outcome.DONE
    reading = bench.read()
    assert (reading.note_events, reading.accepted) == (None, 0)
    bench.bill.hung = False
    bench.pass_time(4)
    assert bench.reasons("note") == set()
