"""The presenter: frames that survive noise, motions proved by sensors and the retract counter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.acts import Act
from drivers.contract import (
    CancelJob,
    Completed,
    DeviceState,
    ErrorCode,
    Hold,
    Outcome,
    PaperReading,
    PaperTaken,
    Present,
    ReadPaper,
    ReasonCode,
    Retract,
    Status,
)
from drivers.paper_bus import PaperBus
from drivers.presenter.frames import SILENCE_S, Frame, Receiver, build, crc16, parse_status
from drivers.scheduler import Task
from tests.unit.drivers.virtual import Clockwork, Wire

frames = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=30))


def test_the_checksum_and_the_example_are_those_of_the_protocol() -> None:
    assert crc16(b"123456789") == 0x29B1
    assert build(Frame(1, ord("S"))) == bytes.fromhex("02020153fb5b")


@given(st.lists(frames, max_size=4), st.integers(1, 40))
def test_what_is_built_is_read_again_in_any_chunks(sent: list[Frame], size: int) -> None:
    line = b"".join(build(frame) for frame in sent)
    receiver = Receiver()
    read = [f for at in range(0, len(line), size) for f in receiver.feed(line[at : at + size], 1.0)]
    assert read == sent


@given(st.binary(max_size=80), frames)
def test_any_noise_costs_at_most_the_frames_it_touched(noise: bytes, frame: Frame) -> None:
    receiver = Receiver()
    read = receiver.feed(noise + build(frame) * 12, 1.0)
    assert read[-1:] == [frame], "36 bytes of a false frame are hunted through within a few true ones"
    assert receiver.feed(build(frame), 1.0 + SILENCE_S) == [frame]


@given(frames, st.integers(0), st.integers(1, 255))
def test_a_damaged_frame_is_never_read_as_itself(frame: Frame, position: int, flip: int) -> None:
    raw = bytearray(build(frame))
    raw[position % len(raw)] ^= flip
    assert frame not in Receiver().feed(bytes(raw), 1.0)


@given(st.binary(max_size=12))
def test_any_status_block_is_a_status_or_refused(data: bytes) -> None:
    try:
        status = parse_status(data)
    except ValueError:
        return
    assert len(data) == 8
    assert status.state in range(6)


class FarPresenter:
    """The device as docs/protocol.md tells it; motors run in virtual time."""

    def __init__(self) -> None:
        self.serial = b"PR000001"
        self.state = 0
        self.path = self.mouth = False
        self.bin = 0
        self.retracts = 41
        self.full = False
        self.done: list[str] = []
        self.lose_replies = 0
        self.jam_next = False
        self.takes_in_motion = False
        self.answers: dict[int, tuple[int, bytes]] = {}
        self._motor_until = 0.0
        self._line: list[tuple[float, bytes]] = []

    def advance(self, now: float) -> None:
        if self.state not in (2, 4) or now < self._motor_until:
            return
        if self.jam_next:
            self.state, self.jam_next = 5, False
        elif self.state == 2:
            self.state, self.path, self.mouth = 3, False, True
            if self.takes_in_motion:
                self.take()
        else:
            self.state, self.path, self.mouth = 0, False, False
            self.retracts += 1
            self.bin += 1

    def take(self) -> None:
        assert self.state == 3
        self.mouth, self.state = False, 0

    def receive(self, data: bytes, now: float) -> None:
        self.advance(now)
        for frame in Receiver().feed(data, now):
            if frame.seq == 0:
                self.answers.clear()
            if frame.seq in self.answers and self.answers[frame.seq][0] == frame.code:
                reply = self.answers[frame.seq][1]
            else:
                code, body = self._do(chr(frame.code), now)
                reply = build(Frame(frame.seq, code or frame.code, body))
                self.answers[frame.seq] = (frame.code, reply)
            if self.lose_replies:
                self.lose_replies -= 1
            else:
                self._line.append((now + 0.02, reply))

    def send(self, now: float) -> bytes:
        self.advance(now)
        due = [chunk for at, chunk in self._line if at <= now]
        self._line = [(at, chunk) for at, chunk in self._line if at > now]
        return b"".join(due)

    def _do(self, what: str, now: float) -> tuple[int, bytes]:
        refusal = self._refusal(what)
        if refusal:
            return 0x15, bytes([refusal])
        if what == "I":
            return 0, self.serial + b"FAR"
        if what != "S":
            self.done.append(what)
        if what == "H":
            self.state = 1
        elif what in "PR":
            self.state = 2 if what == "P" else 4
            self._motor_until = now + 0.6
        sensors = self.path | self.mouth << 1
        block = bytes([self.state, sensors, self.bin]) + self.retracts.to_bytes(4, "big")
        return 0, block + bytes([self.full])

    def _refusal(self, what: str) -> int:
        if what in "IS":
            return 0
        if self.state == 5:
            return 3
        if self.state in (2, 4):
            return 1
        if what == "P" and not self.path:
            return 2
        if what == "R" and self.full:
            return 4
        return 0


class Bench(Clockwork):
    def __init__(self) -> None:
        super().__init__()
        self.far = FarPresenter()
        self.wire = Wire(self.far, self.clock)
        self.bus = self.paper = PaperBus(
            "ipp://127.0.0.1:1/ipp/print", "/dev/none", self.emit, None, self.wire.open
        )
        self.until(lambda: self.status.state is DeviceState.READY, 5)

    @property
    def status(self) -> Status:
        return self.paper.statuses()[1]

    def presented(self) -> "Bench":
        assert self.run(Hold).outcome is Outcome.DONE
        self.far.path = True
        assert self.run(Present).outcome is Outcome.DONE
        return self


@pytest.fixture
def bench() -> Bench:
    return Bench()


def reading(end: Completed) -> PaperReading:
    assert isinstance(end.result, PaperReading)
    return end.result


def test_present_ends_when_the_paper_is_at_the_mouth(bench: Bench) -> None:
    bench.run(Hold)
    bench.far.path = True
    end = bench.run(Present)
    assert end.outcome is Outcome.DONE
    assert (reading(end).path, reading(end).mouth, reading(end).retracts) == (False, True, 41)


def test_paper_that_is_taken_is_told_once(bench: Bench) -> None:
    bench.presented()
    bench.far.take()
    bench.until(lambda: bench.of(PaperTaken), 0.5)
    bench.pass_time(10)
    assert len(bench.of(PaperTaken)) == 1


def test_paper_that_is_taken_between_two_polls_is_told_once(bench: Bench) -> None:
    bench.far.takes_in_motion = True
    bench.presented()
    bench.pass_time(5)
    assert len(bench.of(PaperTaken)) == 1


def test_paper_that_is_taken_while_the_line_is_down_is_told_afterwards(bench: Bench) -> None:
    bench.presented()
    bench.wire.plugged = False
    bench.until(lambda: bench.status.state is DeviceState.ABSENT, 5)
    bench.far.take()
    bench.wire.plugged = True
    bench.until(lambda: bench.of(PaperTaken), 10)


def test_retracted_paper_was_not_taken(bench: Bench) -> None:
    bench.presented()
    end = bench.run(Retract)
    assert end.outcome is Outcome.DONE
    assert (reading(end).path, reading(end).mouth, reading(end).retracts) == (False, False, 42)
    bench.pass_time(5)
    assert not bench.of(PaperTaken)


def test_retract_with_nothing_there_is_done_without_a_motor(bench: Bench) -> None:
    end = bench.run(Retract)
    assert (end.outcome, reading(end).retracts) == (Outcome.DONE, 41)
    assert bench.far.done == []


def test_paper_that_jams_on_its_way_back_is_not_retracted(bench: Bench) -> None:
    bench.presented()
    bench.far.jam_next = True
    end = bench.run(Retract)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.JAM)
    assert reading(end).mouth
    assert bench.status.state is DeviceState.BLOCKED


def test_a_full_bin_refuses_and_blocks(bench: Bench) -> None:
    bench.presented()
    bench.far.full = True
    end = bench.run(Retract)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.FULL)
    bench.pass_time(1)
    assert {reason.code for reason in bench.status.reasons} == {ReasonCode.BIN_FULL}


def test_present_without_paper_is_refused(bench: Bench) -> None:
    bench.run(Hold)
    end = bench.run(Present)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.EMPTY)


def test_a_jam_while_presenting_proves_nothing(bench: Bench) -> None:
    bench.run(Hold)
    bench.far.path = bench.far.jam_next = True
    end = bench.run(Present)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.JAM)


def test_a_lost_reply_never_runs_the_motor_twice(bench: Bench) -> None:
    bench.run(Hold)
    bench.far.path = True
    bench.far.lose_replies = 2
    assert bench.run(Present).outcome is Outcome.DONE
    assert bench.far.done == ["H", "P"]


def test_unplugged_in_motion_it_is_waited_for_and_then_proved(bench: Bench) -> None:
    bench.run(Hold)
    bench.far.path = True
    request = bench.start(Present)
    bench.until(lambda: bench.far.state == 2, 1)
    bench.wire.plugged = False
    bench.pass_time(1)
    bench.wire.plugged = True
    bench.until(lambda: bench.end_of(request), 6)
    end = bench.end_of(request)
    assert end is not None
    assert end.outcome is Outcome.DONE


def test_unplugged_for_good_it_is_unknown_at_the_deadline(bench: Bench) -> None:
    bench.run(Hold)
    bench.far.path = True
    request = bench.start(Present, deadline_ms=2000)
    bench.until(lambda: bench.far.state == 2, 1)
    bench.wire.plugged = False
    bench.until(lambda: bench.end_of(request), 3)
    end = bench.end_of(request)
    assert end is not None
    assert end.outcome is Outcome.UNKNOWN
    assert bench.status.state is DeviceState.ABSENT
    assert bench.run(Hold).outcome is Outcome.NOT_DONE


def test_another_presenter_is_another_epoch_and_takes_no_paper(bench: Bench) -> None:
    bench.presented()
    bench.wire.plugged = False
    bench.until(lambda: bench.status.state is DeviceState.ABSENT, 5)
    bench.wire.far = bench.far = FarPresenter()
    bench.far.serial = b"PR000002"
    bench.wire.plugged = True
    bench.until(lambda: bench.status.state is DeviceState.READY, 10)
    assert (bench.status.identity.serial, bench.status.epoch) == ("PR000002", 1)
    assert not bench.of(PaperTaken)


def test_the_sensors_are_read_now_and_a_missing_printer_is_none(bench: Bench) -> None:
    bench.far.path = True
    end = bench.run(ReadPaper)
    assert end.outcome is Outcome.DONE
    assert end.result == PaperReading("", None, "PR000001", 41, True, False)


class CancelsWhileTheLastSheetComesOut:
    """A printer whose cancelled job still put a sheet out a moment before it ended."""

    def __init__(self, far: FarPresenter) -> None:
        self.far = far

    def cancel_job(self, command: CancelJob, act: Act) -> Task[None]:
        act.begun = True
        yield 0.01
        self.far.path = True
        act.result = PaperReading(printer_serial="P1", sheets=8)


def test_a_cancelled_job_is_told_with_the_sensors_as_they_are_behind_its_last_sheet(bench: Bench) -> None:
    """As polled last they are from before that sheet, and paper that lies inside would look taken."""
    bench.run(Hold)
    bench.paper.__dict__["_printer"] = CancelsWhileTheLastSheetComesOut(bench.far)
    end = reading(bench.run(CancelJob, key="k"))
    assert (end.sheets, end.path, end.mouth) == (8, True, False)
