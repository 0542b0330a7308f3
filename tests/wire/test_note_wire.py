"""Notes over a real pty at 9600 baud, with CRCs: nothing counts before it is stacked, and doubt ends at the count."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.cash.bus import CashBus, Fitting, Fittings
from drivers.contract import (
    BookNote,
    CashReading,
    Collect,
    DeviceState,
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
from tests.wire.desk import Desk, Served, path_of, served

NOTES = (1_000, 5_000)


def bus(desk: Desk, *, crc: bool = True) -> Any:
    fitted = Fittings(validator=Fitting(checksum="crc" if crc else "plain"))
    return served(lambda emit: CashBus(path_of(desk.run, "cash"), emit, None, fitted))


@pytest.fixture
def cash(desk: Desk) -> Iterator[Served]:
    with bus(desk) as opened:
        assert opened.run(Resume, deadline_ms=8_000).outcome is Outcome.DONE
        assert opened.run(Collect, denominations=(100, 500), notes=NOTES).outcome is Outcome.DONE
        yield opened


def offer(desk: Desk, cash: Served, value: int = 1_000) -> NoteHeld:
    """A note is put in; the driver's word that it is held."""
    before = len(cash.events)
    assert desk.do("note", value=value)["note"] == "held"
    return cash.wait_for(NoteHeld, since=before, value=value)


def physically(desk: Desk, what: str, count: int = 1) -> list[int]:
    """The values of the notes that are `notes_in` or `notes_back`, as soon as there are so many."""
    end = time.monotonic() + 10
    while len(found := [note["value"] for note in desk.truth()[what]]) < count:
        assert time.monotonic() < end, f"{found} are {what}"
    return found


def test_a_note_counts_when_it_is_in_the_stacker(desk: Desk, cash: Served) -> None:
    held = offer(desk, cash)
    assert cash.told(NoteStacked) == []
    end = cash.run(StackNote, key="o-n1", held=held.position.events)
    assert end.outcome is Outcome.DONE
    (stacked,) = cash.told(NoteStacked)
    assert (stacked.value, stacked.position.stacked) == (1_000, 1)
    assert physically(desk, "notes_in") == [1_000]


def test_a_note_that_core_does_not_want_goes_back(desk: Desk, cash: Served) -> None:
    held = offer(desk, cash, 5_000)
    assert cash.run(ReturnNote, held=held.position.events).outcome is Outcome.DONE
    cash.wait_for(NoteBack)
    assert (physically(desk, "notes_back"), desk.truth()["notes_in"]) == ([5_000], [])


def test_a_note_of_another_kind_is_not_even_drawn_in(desk: Desk, cash: Served) -> None:
    assert desk.do("note", value=10_000)["note"] == "rejected"


def test_no_note_is_stacked_after_the_inhibit(desk: Desk, cash: Served) -> None:
    held = offer(desk, cash)
    stop = cash.run(StopCollect)
    assert stop.outcome is Outcome.DONE
    end = cash.run(StackNote, key="o-n1", held=held.position.events)
    assert end.outcome is Outcome.NOT_DONE
    assert (physically(desk, "notes_back"), desk.truth()["notes_in"]) == ([1_000], [])
    assert desk.do("note", value=1_000)["note"] == "rejected"


def test_coins_go_on_falling_beside_the_notes(desk: Desk, cash: Served) -> None:
    held = offer(desk, cash)
    assert desk.do("coin", value=500)["coin"] == "accepted"
    cash.run(StackNote, key="o-n1", held=held.position.events)
    reading = cash.run(ReadCash).result
    assert isinstance(reading, CashReading)
    assert (reading.accepted, reading.stacked, reading.note_clear) == (1, 1, True)


@pytest.mark.parametrize("fault", ["lose-reply", "lose-request"])
def test_a_lost_word_about_stacking_ends_with_one_note_stacked(desk: Desk, cash: Served, fault: str) -> None:
    held = offer(desk, cash)
    desk.do("fault", device="note", fault=fault, header=154)
    end = cash.run(StackNote, key="o-n1", held=held.position.events, deadline_ms=8_000)
    assert end.outcome is Outcome.DONE
    assert [note.value for note in cash.told(NoteStacked)] == physically(desk, "notes_in") == [1_000]


@pytest.mark.parametrize("fault", ["returned", "pulled-back"])
def test_a_note_that_comes_out_again_is_not_credited(desk: Desk, cash: Served, fault: str) -> None:
    held = offer(desk, cash)
    desk.do("fault", device="note", fault=fault)
    end = cash.run(StackNote, key="o-n1", held=held.position.events)
    assert (end.outcome, cash.told(NoteStacked)) == (Outcome.NOT_DONE, [])
    assert physically(desk, "notes_back") == [1_000]


def test_a_note_stuck_on_its_way_is_neither_stacked_nor_back(desk: Desk, cash: Served) -> None:
    held = offer(desk, cash)
    desk.do("fault", device="note", fault="jam-stacker")
    end = cash.run(StackNote, key="o-n1", held=held.position.events, deadline_ms=4_000)
    assert end.outcome is Outcome.UNKNOWN
    reading = cash.run(ReadCash).result
    assert isinstance(reading, CashReading)
    assert (reading.stacked, reading.note_clear) == (0, False)
    reasons = {
        reason.code for reason in cash.wait_state("note", DeviceState.FAULT, DeviceState.BLOCKED).reasons
    }
    assert ReasonCode.NOTE_JAM in reasons


def test_the_power_fails_with_a_note_in_escrow_and_it_comes_out_when_it_is_back(
    desk: Desk, cash: Served
) -> None:
    held = offer(desk, cash)
    desk.do("power", up=False)
    desk.do("power", up=True)
    cash.wait_for(NoteBack, held=held.position.events)
    assert physically(desk, "notes_back") == [1_000]
    reading = cash.run(ReadCash, deadline_ms=10_000).result
    assert isinstance(reading, CashReading)
    assert (reading.stacked, cash.told(NoteStacked), cash.told(NotesLost)) == (0, [], [])


def test_the_power_fails_when_the_note_is_in_and_nobody_has_said_so(desk: Desk, cash: Served) -> None:
    held = offer(desk, cash)
    desk.do("fault", device="note", fault="stacked-late", ms=20_000)
    cash.give(StackNote(request="s", key="o-n1", held=held.position.events, deadline_ms=15_000))
    assert physically(desk, "notes_in") == [1_000]
    desk.do("power", up=False)
    desk.do("power", up=True)
    assert cash.end_of("s").outcome is Outcome.DONE
    assert [note.value for note in cash.told(NoteStacked)] == [1_000]


def test_a_new_process_finds_the_note_by_the_count_when_nobody_can_tell_its_value(
    desk: Desk, cash: Served
) -> None:
    held = offer(desk, cash)
    desk.do("fault", device="note", fault="stacked-late", ms=20_000)
    cash.give(StackNote(request="s", key="o-n1", held=held.position.events, deadline_ms=15_000))
    physically(desk, "notes_in")
    cash.close()
    desk.do("power", up=False)
    desk.do("power", up=True)
    before = NotePosition(held.position.serial, held.position.events, 0)
    with bus(desk) as fresh:
        assert fresh.run(Resume, notes=before, deadline_ms=10_000).outcome is Outcome.DONE
        assert fresh.wait_for(NotesLost).count == 1


def test_without_a_count_a_power_cut_leaves_doubt_and_says_so(desk: Desk, cash: Served) -> None:
    cash.close()
    desk.do("fault", device="note", fault="forgets")
    with bus(desk) as fresh:
        fresh.run(Resume, deadline_ms=8_000)
        fresh.run(Collect, denominations=(100,), notes=NOTES)
        held = offer(desk, fresh)
        desk.do("fault", device="note", fault="stacked-late", ms=20_000)
        fresh.give(StackNote(request="s", key="o-n1", held=held.position.events, deadline_ms=15_000))
        physically(desk, "notes_in")
        desk.do("power", up=False)
        desk.do("power", up=True)
        assert fresh.end_of("s").outcome is Outcome.UNKNOWN
        assert fresh.wait_for(NotesLost).count == 0


def test_a_new_process_replays_what_the_old_one_had_not_booked(desk: Desk, cash: Served) -> None:
    first = offer(desk, cash)
    cash.run(StackNote, key="o-n1", held=first.position.events)
    booked = cash.wait_for(NoteStacked)
    cash.run(BookNote, position=booked.position)
    second = offer(desk, cash, 5_000)
    cash.run(StackNote, key="o-n2", held=second.position.events)
    cash.close()
    with bus(desk) as fresh:
        fresh.run(Resume, notes=booked.position, deadline_ms=10_000)
        (replayed,) = fresh.told(NoteStacked)
        assert (replayed.value, replayed.recovered) == (5_000, True)


def test_the_plain_checksum_is_spoken_too(desk: Desk) -> None:
    desk.do("fault", device="note", fault="plain")
    with bus(desk, crc=False) as cash:
        cash.run(Resume, deadline_ms=8_000)
        cash.run(Collect, denominations=(100,), notes=NOTES)
        held = offer(desk, cash)
        assert cash.run(StackNote, key="o-n1", held=held.position.events).outcome is Outcome.DONE


def test_a_full_stacker_shows_and_coins_go_on(desk: Desk, cash: Served) -> None:
    before = len(cash.events)
    desk.do("fault", device="note", fault="full")
    cash.wait_state("note", DeviceState.BLOCKED, since=before)
    assert desk.do("coin", value=100)["coin"] == "accepted"
    before = len(cash.events)
    desk.do("stacker")
    cash.wait_state("note", DeviceState.BUSY, since=before)


def test_an_unplugged_validator_takes_no_coin_with_it(desk: Desk, cash: Served) -> None:
    before = len(cash.events)
    desk.do("unplug", device="note")
    cash.wait_state("note", DeviceState.ABSENT, since=before)
    assert desk.do("coin", value=100)["coin"] == "accepted"
    end = cash.run(StopCollect)
    assert isinstance(end.result, CashReading)
    assert (end.outcome, end.result.accepted, end.result.stacked) == (Outcome.DONE, 1, None)
    assert end.code in (None, ErrorCode.NOT_PRESENT)
