"""The presenter: its frames, its gate, its motors, and the counter R that survives everything."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.clock import ManualClock
from simulators.presenter import Presenter, presenter_memory
from simulators.presenter_frames import PresenterFrame, Splitter, crc16, encode
from simulators.presenter_line import PresenterLine
from simulators.world import Place, World

from .desk import PaperDesk, pdf

octet = st.integers(0, 255)
frames = st.builds(PresenterFrame, octet, octet, st.binary(max_size=30))

IDLE, HOLDING, PRESENTING, PRESENTED, RETRACTING, JAMMED = range(6)
PATH, MOUTH = 1, 2


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return PaperDesk(tmp_path)


# --- frames ---


@given(st.lists(frames, max_size=5), st.data())
def test_frames_survive_the_wire_in_any_chunks(sent: list[PresenterFrame], data: st.DataObject) -> None:
    stream = b"".join(encode(frame) for frame in sent)
    splitter = Splitter()
    heard: list[PresenterFrame] = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        heard += splitter.feed(stream[:size])
        stream = stream[size:]
    assert heard == sent


@given(st.binary(max_size=200), frames)
def test_after_any_noise_and_a_silence_the_next_frame_is_heard(noise: bytes, frame: PresenterFrame) -> None:
    splitter = Splitter()
    splitter.feed(noise)
    splitter.reset()
    assert splitter.feed(encode(frame)) == [frame]


@given(frames, st.data())
def test_a_frame_with_a_changed_byte_is_never_answered(frame: PresenterFrame, data: st.DataObject) -> None:
    raw = bytearray(encode(frame))
    at = data.draw(st.integers(1, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    assert frame not in Splitter().feed(bytes(raw))


def test_a_frame_behind_a_damaged_one_is_found() -> None:
    damaged = bytearray(encode(PresenterFrame(1, 0x53)))
    damaged[-1] ^= 1
    good = PresenterFrame(2, 0x53)
    assert Splitter().feed(bytes(damaged) + encode(good)) == [good]


def test_the_checksum_is_ccitt_false() -> None:
    assert crc16(b"123456789") == 0x29B1


# --- the line ---


def test_the_line_takes_the_time_of_19200_baud_and_forgets_half_a_frame() -> None:
    clock = ManualClock()
    line = PresenterLine(clock, Presenter(clock, presenter_memory(None), World(clock)))
    heard: list[tuple[float, bytes]] = []
    line.to_host = lambda data: heard.append((clock.monotonic(), data))
    request = encode(PresenterFrame(0, 0x53))
    line.received(request[:2])
    clock.advance(0.1)
    line.received(request)
    clock.advance(0.1)
    assert len(heard) == 1
    assert heard[0][0] == pytest.approx(0.1 + (len(request) + len(heard[0][1])) * 10 / 19200)


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_bytes_of_the_host_can_harm_the_presenter(chunks: list[bytes]) -> None:
    clock = ManualClock()
    presenter = Presenter(clock, presenter_memory(None), World(clock))
    line = PresenterLine(clock, presenter, paced=False)
    for chunk in chunks:
        line.received(chunk)
        clock.advance(0.1)
    assert presenter.answer(PresenterFrame(0, 0x53)) is not None


# --- the mechanism ---


def test_it_names_itself(desk: PaperDesk) -> None:
    identity = desk.ask("I")
    assert (identity[:8], identity[8:]) == (b"PR260417", b"CGS-PR1")


def test_held_paper_is_presented_taken_and_the_gate_opens(desk: PaperDesk) -> None:
    desk.print_held("one", "two")
    assert desk.state() == (HOLDING, PATH)
    desk.ask("P")
    assert desk.state() == (PRESENTING, PATH)
    desk.clock.advance(0.6)
    assert desk.state() == (PRESENTED, MOUTH)
    assert desk.where() == ["mouth", "mouth"]
    desk.world.move_sheets((Place.MOUTH,), Place.TAKEN)
    desk.presenter.taken()
    assert desk.state() == (IDLE, 0)
    assert desk.presenter.retracts == 0


def test_paper_left_in_the_mouth_is_retracted_and_counted_once(desk: PaperDesk) -> None:
    desk.print_held("one", "two")
    desk.ask("P")
    desk.clock.advance(0.6)
    block = desk.ask("R")
    assert (block[0], int.from_bytes(block[3:7], "big")) == (RETRACTING, 0)
    desk.clock.advance(0.8)
    block = desk.ask("S")
    assert (block[0], block[1], block[2], int.from_bytes(block[3:7], "big")) == (IDLE, 0, 1, 1)
    assert desk.where() == ["bin", "bin"]


def test_paper_that_a_hand_pulls_out_against_the_motor_is_no_retract(desk: PaperDesk) -> None:
    desk.print_held("one")
    desk.ask("P")
    desk.clock.advance(0.6)
    desk.ask("R")
    desk.world.move_sheets((Place.MOUTH,), Place.TAKEN)
    desk.presenter.taken()
    desk.clock.advance(0.8)
    block = desk.ask("S")
    assert (block[0], block[1], block[2], int.from_bytes(block[3:7], "big")) == (IDLE, 0, 0, 0)
    assert desk.where() == ["taken"]


def test_a_sheet_that_comes_while_the_gate_is_open_falls_into_the_open_tray(desk: PaperDesk) -> None:
    job = desk.printer.create("loose", "kiosk")
    desk.printer.take_document(job, pdf("page"))
    desk.clock.advance(2)
    assert desk.where() == ["tray"]
    assert desk.state() == (IDLE, 0)


def test_an_unplugged_presenter_lets_sheets_through(desk: PaperDesk) -> None:
    desk.ask("H")
    desk.presenter.plug(False)
    assert desk.presenter.answer(PresenterFrame(1, 0x53)) is None
    job = desk.printer.create("loose", "kiosk")
    desk.printer.take_document(job, pdf("page"))
    desk.clock.advance(2)
    assert desk.where() == ["tray"]


def test_paper_in_the_path_is_still_held_after_a_power_cut(desk: PaperDesk) -> None:
    desk.print_held("one")
    desk.presenter.power(False)
    desk.presenter.power(True)
    assert desk.state() == (HOLDING, PATH)
    assert desk.where() == ["path"]


def test_a_power_cut_stops_the_motor_and_a_retract_is_not_counted(desk: PaperDesk) -> None:
    desk.print_held("one")
    desk.ask("R")
    desk.presenter.power(False)
    desk.presenter.power(True)
    desk.clock.advance(5)
    assert desk.state() == (HOLDING, PATH)
    assert desk.presenter.retracts == 0


def test_a_repeated_request_is_answered_from_memory_and_not_done_again(desk: PaperDesk) -> None:
    desk.print_held("one")
    first = desk.say("R", seq=77)
    desk.clock.advance(0.8)
    assert desk.say("R", seq=77) == first
    desk.clock.advance(5)
    assert desk.presenter.retracts == 1


def test_sequence_number_0_forgets_what_was_answered(desk: PaperDesk) -> None:
    assert desk.say("H", seq=5).data[0] == HOLDING
    desk.say("S", seq=0)
    assert desk.say("X", seq=5).data[0] == HOLDING
    assert desk.say("R", seq=0).data == b"\x02"
    assert desk.say("R", seq=0).code == 0x15


@pytest.mark.parametrize(("code", "why"), [("P", 2), ("R", 2), ("?", 5)])
def test_what_makes_no_sense_is_refused_with_its_reason(desk: PaperDesk, code: str, why: int) -> None:
    reply = desk.say(code)
    assert (reply.code, reply.data) == (0x15, bytes((why,)))


def test_a_request_with_data_is_refused(desk: PaperDesk) -> None:
    reply = desk.presenter.answer(PresenterFrame(1, ord("S"), b"x"))
    assert reply is not None
    assert (reply.code, reply.data) == (0x15, b"\x06")


@pytest.mark.parametrize("code", ["H", "P", "R"])
def test_nothing_else_is_started_while_a_motor_runs(desk: PaperDesk, code: str) -> None:
    desk.print_held("one")
    desk.ask("P")
    assert desk.say(code).data == b"\x01"


def test_hold_and_present_wait_until_the_mouth_is_empty(desk: PaperDesk) -> None:
    desk.print_held("one")
    desk.ask("P")
    desk.clock.advance(1)
    assert desk.say("H").data == b"\x01"
    assert desk.say("P").data == b"\x01"


def test_a_full_bin_refuses_a_retract_and_says_so(desk: PaperDesk) -> None:
    desk.print_held("one")
    desk.world.set_levels(binned=20)
    assert desk.say("R").data == b"\x04"
    assert desk.ask("S")[7] == 1


def test_a_jam_keeps_the_paper_where_it_was_until_a_hand_clears_it(desk: PaperDesk) -> None:
    desk.print_held("one")
    desk.presenter.jam_next_move = True
    desk.ask("P")
    desk.clock.advance(1)
    assert desk.state() == (JAMMED, PATH)
    assert [desk.say(code).data for code in "HPR"] == [b"\x03"] * 3
    assert desk.ask("X")[0] == JAMMED
    desk.presenter.clear_jam()
    assert desk.state() == (HOLDING, PATH)


def test_reset_stops_the_motor_and_closes_the_gate(desk: PaperDesk) -> None:
    desk.print_held("one")
    desk.ask("P")
    desk.ask("X")
    desk.clock.advance(5)
    assert desk.state() == (HOLDING, PATH)


def test_the_retract_counter_and_the_serial_number_survive_the_process(tmp_path: Path) -> None:
    presenter_memory(tmp_path / "p.json").keep(retracts=9, serial="OTHER001")
    again = Presenter(ManualClock(), presenter_memory(tmp_path / "p.json"), World(ManualClock()))
    assert (again.retracts, again.serial) == (9, "OTHER001")
