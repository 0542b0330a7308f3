"""A serial port through unplugging: three families of failure, one exception, opened again for ever."""

import array
import errno
import fcntl
import itertools
import os
import pty
import termios
import tty
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial

from drivers.contract import ErrorCode, Outcome
from drivers.scheduler import Scheduler
from drivers.serial_line import LineLost, Port, SerialLine, keep_others_out


class Flaky:
    """A port whose every call may fail."""

    def __init__(self) -> None:
        self.failure: Exception | None = None

    def _try(self) -> None:
        if self.failure is not None:
            raise self.failure

    def read(self) -> bytes:
        self._try()
        return b""

    def write(self, data: bytes) -> int:
        self._try()
        return len(data)

    def discard(self) -> None:
        self._try()

    def close(self) -> None:
        self._try()


@pytest.mark.parametrize("failure", [serial.SerialException("x"), OSError(5, "x"), termios.error(5, "x")])
@pytest.mark.parametrize("call", ["read", "write", "discard"])
def test_each_family_of_failure_closes_the_line_and_is_a_lost_line(failure: Exception, call: str) -> None:
    port = Flaky()
    line = SerialLine("/dev/x", 9600, lambda _path, _baud: port)
    turns = Scheduler()
    turns.start(line.keep_open())
    turns.tick(0.0)
    assert line.connected
    port.failure = failure
    with pytest.raises(LineLost) as raised:
        getattr(line, call)(*([b"x"] if call == "write" else []))
    assert (raised.value.code, raised.value.outcome) == (ErrorCode.NOT_PRESENT, Outcome.UNKNOWN)
    assert not line.connected


def test_a_missing_port_is_tried_with_growing_pauses_for_ever() -> None:
    tries: list[float] = []
    turns = Scheduler()

    def refuse(path: str, _baud: int) -> Port:
        tries.append(turns.now)
        raise FileNotFoundError(path)

    line = SerialLine("/dev/x", 9600, refuse)
    turns.start(line.keep_open())
    now = 0.0
    while now < 60:
        now = max(turns.tick(now), now + 1e-4)
    pauses = [round(later - earlier, 1) for earlier, later in itertools.pairwise(tries)]
    assert pauses[:6] == [0.2, 0.5, 1.0, 2.0, 5.0, 5.0]
    assert len(tries) > 12


@pytest.fixture
def plug(tmp_path: Path) -> Path:
    return tmp_path / "cash"


def test_a_real_port_is_read_written_unplugged_and_plugged_again(plug: Path) -> None:
    line = SerialLine(str(plug), 9600)
    turns = Scheduler()
    turns.start(line.keep_open())
    now = 0.0
    for round_ in (1, 2):
        master, slave = pty.openpty()
        tty.setraw(master)
        plug.symlink_to(os.ttyname(slave))
        os.close(slave)
        while not line.connected:
            now = max(turns.tick(now), now + 1e-4)
        assert line.opened == round_
        assert line.write(b"hello") == 5
        assert os.read(master, 10) == b"hello"
        assert line.read() == b""
        os.write(master, b"world")
        assert line.read() == b"world"
        os.close(master)
        plug.unlink()
        with pytest.raises(LineLost):
            line.read()
        assert not line.connected


def test_a_second_owner_of_a_real_port_is_refused(plug: Path) -> None:
    master, slave = pty.openpty()
    plug.symlink_to(os.ttyname(slave))
    lines = [SerialLine(str(plug), 9600) for _owner in range(2)]
    turns = Scheduler()
    for line in lines:
        turns.start(line.keep_open())
    turns.tick(0.0)
    assert [line.connected for line in lines] == [True, False]
    lines[0].close()
    os.close(slave)
    os.close(master)


# linux/tty.h: whether the kernel refuses everybody but root to open this terminal.
TIOCGEXCL = 0x80045440


def kernel_keeps_others_out(terminal: int) -> bool:
    answer = array.array("i", [0])
    fcntl.ioctl(terminal, TIOCGEXCL, answer)
    return answer[0] != 0


def test_an_owner_that_is_gone_keeps_nobody_out_of_a_pty_whose_far_end_lives_on(plug: Path) -> None:
    """The mark of TIOCEXCL would stay on a pty: its next owner, who is no root, would hear EBUSY for ever."""
    master, slave = pty.openpty()
    plug.symlink_to(os.ttyname(slave))
    for _owner in range(2):
        turns = Scheduler()
        line = SerialLine(str(plug), 9600)
        turns.start(line.keep_open())
        turns.tick(0.0)
        assert line.connected
        line.close()
        assert not kernel_keeps_others_out(slave)
    os.close(slave)
    os.close(master)


def asked_of(major: int, monkeypatch: pytest.MonkeyPatch, refusal: OSError | None = None) -> list[int]:
    """What the kernel is asked for when a terminal of this major number is closed to others."""
    asked: list[int] = []

    def ioctl(_terminal: int, request: int) -> int:
        asked.append(request)
        if refusal is not None:
            raise refusal
        return 0

    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", lambda _terminal: SimpleNamespace(st_rdev=os.makedev(major, 0)))
        patch.setattr(fcntl, "ioctl", ioctl)
        keep_others_out(3)
    return asked


@pytest.mark.parametrize("major", [4, 188, 166], ids=["ttyS", "ttyUSB", "ttyACM"])
def test_a_port_of_hardware_is_closed_to_those_who_ask_for_no_lock(
    major: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked_of(major, monkeypatch) == [termios.TIOCEXCL]


@pytest.mark.parametrize("major", [136, 143])
def test_on_a_pty_the_lock_alone_holds(major: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked_of(major, monkeypatch) == []


def test_a_port_that_knows_no_mark_is_used_with_the_lock_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked_of(204, monkeypatch, OSError(errno.ENOTTY, "no such thing")) == [termios.TIOCEXCL]


def test_a_full_line_takes_what_it_can_and_does_not_wait(plug: Path) -> None:
    master, slave = pty.openpty()
    tty.setraw(master)
    plug.symlink_to(os.ttyname(slave))
    line = SerialLine(str(plug), 115_200)
    turns = Scheduler()
    turns.start(line.keep_open())
    turns.tick(0.0)
    taken = 0
    while (now := line.write(bytes(4096))) > 0:
        taken += now
    assert 0 < taken < 1 << 20
    line.close()
    os.close(slave)
    os.close(master)
