"""Notes in virtual time: whatever is lost, cut or stuck, what is claimed is in the stacker, or said to be in doubt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.cctalk.validator import note_value
from drivers.contract import (
    CashReading,
    Collect,
    DeviceState,
    Dispense,
    NoteBack,
    NoteHeld,
    NotePosition,
    NotesLost,
    NoteStacked,
    Outcome,
    PaidOut,
    ReadCash,
    ReasonCode,
    Resume,
    StackNote,
    StatusChanged,
    StopCollect,
)
from simulators.bill import Stage
from simulators.faults import NOTE_FAULTS
from tests.unit.drivers.note_far_end import NOTES, NoteBench


@pytest.mark.parametrize(
    ("note_id", "scaling", "value"),
    [
        (b"KR0010A", b"\x64\x00\x00", 1_000),
        (b"KR0500A", b"\x64\x00\x00", 50_000),
        (b"KR1000A", b"\x01\x00\x00", 1_000),
        (b"KR1000A", b"\x64\x00\x02", 1_000),
        (b"JP0010A", b"\x64\x00\x00", None),
        (b".......", b"\x64\x00\x00", None),
        (b"KR0000A", b"\x64\x00\x00", None),
        (b"KR0001A", b"\x01\x00\x01", None),
        (b"KR00\xb90A", b"\x64\x00\x00", None),
        (b"KR0010", b"\x64\x00\x00", None),
    ],
)
def test_a_note_is_worth_what_its_id_and_scaling_say(
    note_id: bytes, scaling: bytes, value: int | None
) -> None:
    assert note_value(note_id, scaling) == value


@given(st.binary(max_size=9), st.binary(min_size=3, max_size=3))
def test_any_bytes_for_an_id_are_no_note_or_a_positive_sum(note_id: bytes, scaling: bytes) -> None:
    value = note_value(note_id, scaling)
    assert value is None or value > 0


def test_a_note_that_nobody_collects_goes_back_by_itself() -> None:
    bench = NoteBench()
    bench.offer()
    assert bench.bus is not None
    bench.bus.core_gone()
    bench.pass_time(3)
    assert [note.value for note in bench.far.world.truth().notes_back] == [1_000]
    assert bench.in_the_stacker() == []


def test_one_that_core_forgets_comes_back_when_the_validator_loses_patience() -> None:
    bench = NoteBench()
    held = bench.offer()
    bench.pass_time(12)
    assert bench.of(NoteBack) == [NoteBack(held.position.events)]
    end = bench.run(StackNote, key="k", held=held.position.events)
    assert (end.outcome, bench.in_the_stacker()) == (Outcome.NOT_DONE, [])


def test_an_order_for_another_note_than_the_held_one_stacks_nothing() -> None:
    bench = NoteBench()
    held = bench.offer()
    end = bench.run(StackNote, key="k", held=held.position.events + 1)
    assert (end.outcome, bench.in_the_stacker()) == (Outcome.NOT_DONE, [])


OTHER = 5_050_505


def exchange(bench: NoteBench) -> None:
    """Another validator is put on the bus, and the driver has met it."""
    bench.far.bill.power(False)
    bench.pass_time(3)
    bench.far.bill.memory.keep(serial=OTHER, stacked=17)
    bench.far.bill.power(True)
    bench.pass_time(3)


def says_other(bench: NoteBench) -> bool:
    """What is told of the validator now."""
    last = next(e.status for e in reversed(bench.of(StatusChanged)) if e.status.device == "note")
    return any(reason.code is ReasonCode.OTHER_DEVICE for reason in last.reasons)


def test_another_validator_is_named_and_takes_nothing_until_core_begins_there() -> None:
    bench = NoteBench()
    exchange(bench)
    assert says_other(bench)
    reading = bench.run(ReadCash).result
    assert isinstance(reading, CashReading)
    assert (reading.note_serial, reading.stacked, reading.note_clear) == (str(OTHER), 17, True)
    assert bench.run(Collect, denominations=(100,), notes=NOTES).outcome is Outcome.DONE
    assert bench.far.bill.accepting == ()
    begun = NotePosition(reading.note_serial, reading.note_events or 0, reading.stacked)
    assert bench.run(Resume, notes=begun, deadline_ms=8_000).outcome is Outcome.DONE
    assert not says_other(bench)
    assert bench.run(Collect, denominations=(100,), notes=NOTES).outcome is Outcome.DONE
    held = bench.offer()
    assert bench.run(StackNote, key="k", held=held.position.events).outcome is Outcome.DONE
    (stacked,) = bench.of(NoteStacked)
    assert stacked.position == NotePosition(str(OTHER), held.position.events + 1, 18)


def test_a_process_that_starts_with_another_validator_than_the_booked_one_says_where_that_stands() -> None:
    bench = NoteBench()
    bench.far.bill.memory.keep(serial=OTHER)
    bench.start_driver()
    end = bench.run(Resume, notes=NotePosition("1", 3, 4), deadline_ms=8_000)
    assert (end.outcome, says_other(bench)) == (Outcome.DONE, True)
    assert isinstance(end.result, CashReading)
    assert (end.result.note_serial, end.result.stacked) == (str(OTHER), 0)


def test_an_order_to_stack_that_comes_with_the_inhibit_stacks_nothing() -> None:
    bench = NoteBench()
    held = bench.offer()
    stop = bench.start(StopCollect)
    stack = bench.start(StackNote, key="k", held=held.position.events)
    bench.until(lambda: bench.end_of(stop) and bench.end_of(stack), 20)
    bench.pass_time(3)
    assert (bench.in_the_stacker(), bench.of(NoteStacked)) == ([], [])


def test_a_note_that_the_count_alone_knows_is_the_one_that_was_being_stacked() -> None:
    bench = NoteBench()
    held = bench.offer(5_000)
    bench.far.bill.late_seconds = 20.0
    request = bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    bench.until(bench.in_the_stacker, 5)
    bench.far.power(False)
    bench.pass_time(1)
    bench.far.power(True)
    bench.until(lambda: bench.end_of(request), 30)
    assert [note.value for note in bench.of(NoteStacked)] == [5_000]
    assert bench.of(NotesLost) == []


def test_a_note_that_stacks_itself_is_told_of_all_the_same() -> None:
    bench = NoteBench()
    bench.far.bill.fault = "no-escrow"
    bench.far.bill.insert(1_000, lambda _landed: None)
    bench.until(lambda: bench.of(NoteStacked), 5)
    assert [note.value for note in bench.of(NoteStacked)] == bench.in_the_stacker() == [1_000]


def test_the_second_hopper_pays_its_own_coins() -> None:
    bench = NoteBench()
    end = bench.run(Dispense, key="k", count=3, hopper=1, deadline_ms=15_000)
    assert isinstance(end.result, PaidOut)
    assert (end.outcome, end.result.paid) == (Outcome.DONE, 3)
    assert [coin.value for coin in bench.far.world.truth().coins_out] == [500, 500, 500]
    reading = bench.run(ReadCash).result
    assert isinstance(reading, CashReading)
    (second,) = reading.more_hoppers
    assert second is not None
    assert (second.dispensed, reading.dispensed) == (3, 0)


losses = st.lists(
    st.tuples(st.sampled_from(["reply", "request"]), st.sampled_from([154, 159, 225, 230, 232])), max_size=4
)


@settings(max_examples=60, deadline=None)
@given(
    losses=losses,
    fault=st.sampled_from(["", *NOTE_FAULTS[:2], "jam-stacker"]),
    cut_after=st.none() | st.floats(0.0, 3.0),
    late=st.sampled_from([0.0, 4.0]),
)
def test_whatever_happens_to_a_note_the_driver_claims_no_other_than_the_truth(
    losses: list[tuple[str, int]], fault: str, cut_after: float | None, late: float
) -> None:
    bench = NoteBench()
    held = bench.offer()
    bill = bench.far.bill
    bill.fault, bill.late_seconds = fault, late
    for what, header in losses:
        (bill.lose_reply if what == "reply" else bill.lose_request)(header)
    request = bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    if cut_after is not None:
        bench.pass_time(cut_after)
        bench.far.power(False)
        bench.pass_time(1)
        bench.far.power(True)
    bench.until(lambda: bench.end_of(request), 30)
    bench.pass_time(12)
    end = bench.end_of(request)
    assert end is not None
    claimed = [note.value for note in bench.of(NoteStacked)]
    lost = sum(event.count for event in bench.of(NotesLost))
    assert len(claimed) + lost == len(bench.in_the_stacker())
    assert set(claimed) <= {1_000}
    if end.outcome is Outcome.DONE:
        assert claimed == [1_000]
    elif end.outcome is Outcome.NOT_DONE:
        assert bench.in_the_stacker() == []


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 2.0), st.booleans())
def test_a_new_process_after_a_power_cut_misses_no_note_that_is_in(cut_after: float, core_knew: bool) -> None:
    bench = NoteBench()
    held = bench.offer()
    bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    bench.pass_time(cut_after)
    told = [note.position for note in bench.of(NoteStacked)]
    bench.far.power(False)
    bench.told.clear()
    bench.start_driver()
    bench.far.power(True)
    known = told[0] if told and core_knew else held.position
    bench.run(Resume, notes=known, deadline_ms=10_000)
    bench.pass_time(8)
    recovered = len(bench.of(NoteStacked)) + sum(event.count for event in bench.of(NotesLost))
    assert recovered == len(bench.in_the_stacker()) - (1 if known is not held.position else 0)


@pytest.mark.parametrize("late_s", [0.0, 1.0, 2.0, 3.0])
def test_a_note_that_the_count_alone_knows_is_told_of_before_the_first_reading(late_s: float) -> None:
    """Core takes a reading without it, and with nothing in escrow, for a note that was given back."""
    bench = NoteBench()
    held = bench.offer()
    bench.far.bill.late_seconds = 60
    bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    bench.until(bench.in_the_stacker, 5)
    bench.far.power(False)
    bench.told.clear()
    bench.start_driver()
    bench.far.power(True)
    bench.pass_time(late_s)
    reading = bench.run(Resume, notes=held.position, deadline_ms=10_000).result
    assert isinstance(reading, CashReading)
    assert reading.stacked == 1
    assert sum(event.count for event in bench.of(NotesLost)) == 1


def test_a_validator_that_comes_up_late_is_resumed_when_it_does() -> None:
    bench = NoteBench()
    held = bench.offer()
    bench.far.bill.plug(False)
    bench.start_driver()
    bench.told.clear()
    assert bench.run(Resume, notes=held.position, deadline_ms=10_000).outcome is Outcome.DONE
    reading = bench.run(ReadCash).result
    assert isinstance(reading, CashReading)
    assert reading.note_events is None
    bench.far.bill.plug(True)
    bench.until(lambda: _state(bench) is DeviceState.READY, 20)
    reading = bench.run(ReadCash).result
    assert isinstance(reading, CashReading)
    assert (reading.stacked, reading.note_clear) == (0, True)


def _state(bench: NoteBench) -> DeviceState:
    assert bench.bus is not None
    return next(status.state for status in bench.bus.statuses() if status.device == "note")


def test_without_a_count_the_doubt_of_a_reset_is_told_and_no_note_made_up() -> None:
    bench = NoteBench(counts=False)
    held = bench.offer()
    bench.far.bill.late_seconds = 20.0
    request = bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    bench.until(bench.in_the_stacker, 5)
    bench.far.power(False)
    bench.pass_time(1)
    bench.far.power(True)
    bench.until(lambda: bench.end_of(request), 30)
    end = bench.end_of(request)
    assert end is not None
    assert (end.outcome, bench.of(NoteStacked)) == (Outcome.UNKNOWN, [])
    assert [event.count for event in bench.of(NotesLost)] == [0]
    assert bench.of(NoteHeld) == [held]


@pytest.mark.parametrize("counts", [True, False])
def test_a_note_that_sticks_through_a_reset_is_not_said_to_be_back(counts: bool) -> None:
    bench = NoteBench(counts=counts)
    held = bench.offer()
    bench.far.bill.fault = "jam-stacker"
    request = bench.start(StackNote, key="k", held=held.position.events, deadline_ms=8_000)
    bench.until(lambda: bench.far.bill.stage is Stage.JAMMED, 5)
    bench.far.power(False)
    bench.pass_time(1)
    bench.far.power(True)
    bench.until(lambda: bench.end_of(request), 30)
    end = bench.end_of(request)
    assert end is not None
    assert (end.outcome, bench.of(NoteBack), bench.of(NoteStacked)) == (Outcome.UNKNOWN, [], [])
    reading = bench.run(ReadCash).result
    assert isinstance(reading, CashReading)
    assert reading.note_clear is False


def test_without_a_count_and_without_a_reset_the_events_tell_all() -> None:
    bench = NoteBench(counts=False)
    held = bench.offer()
    assert bench.run(StackNote, key="k", held=held.position.events).outcome is Outcome.DONE
    bench.run(ReadCash)
    (stacked,) = bench.of(NoteStacked)
    bench.start_driver()
    bench.run(Resume, notes=stacked.position, deadline_ms=10_000)
    bench.run(ReadCash)
    assert bench.of(NotesLost) == []
