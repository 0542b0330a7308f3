"""`python -m simulators` as a process: real ptys, a real socket, killed and started again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import serial

from simulators.cctalk import Frame, encode
from simulators.presenter_frames import PresenterFrame
from simulators.presenter_frames import encode as presenter_frame


class Machine:
    """The process, its run directory, and a hand at its control socket. `options`: more of its command line."""

    def __init__(self, *options: str) -> None:
        self.run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
        self._options = options
        self.process: subprocess.Popen[str] | None = None
        self._open = ExitStack()

    def start(self) -> None:
        """Start it and wait for its ready line."""
        command = [sys.executable, "-m", "simulators", "--run", str(self.run), *self._options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("simulators ready: ")
        control = self._open.enter_context(socket.socket(socket.AF_UNIX))
        control.settimeout(10)
        control.connect(str(self.run / "sock" / "sim.sock"))
        self._lines = self._open.enter_context(control.makefile("rw"))

    def end(self, number: int = signal.SIGTERM) -> int:
        """Signal it; its exit code."""
        assert self.process is not None
        assert self.process.stdout is not None
        self._open.close()
        self.process.send_signal(number)
        code = self.process.wait(10)
        self.process.stdout.close()
        self.process = None
        return code

    def do(self, do: str, **fields: object) -> dict[str, Any]:
        """One request and its answer."""
        self._lines.write(json.dumps({"do": do, **fields}) + "\n")
        self._lines.flush()
        answer = json.loads(self._lines.readline())
        assert answer["ok"], answer
        return dict(answer)

    def port(self, name: str, baud: int) -> serial.Serial:
        """A serial port opened as a driver opens it."""
        return serial.Serial(str(self.run / "dev" / name), baud, timeout=5, exclusive=True)

    def truth(self) -> dict[str, Any]:
        """truth.json as it is on disk."""
        return dict(json.loads((self.run / "sim" / "truth.json").read_bytes()))


@contextmanager
def started() -> Iterator[Machine]:
    """It runs; nothing of it stays afterwards."""
    machine = Machine()
    try:
        machine.start()
        yield machine
    finally:
        if machine.process is not None:
            machine.end(signal.SIGKILL)
        shutil.rmtree(machine.run)


@pytest.fixture
def machine() -> Iterator[Machine]:
    with started() as machine:
        yield machine


def ask(port: serial.Serial, address: int, header: int, data: bytes = b"", reply: int = 0) -> bytes:
    """Send a ccTalk request, check its echo, read a reply with `reply` bytes of data."""
    request = encode(Frame(address, 1, header, data))
    port.write(request)
    assert port.read(len(request)) == request
    answer = port.read(5 + reply)
    assert len(answer) == 5 + reply
    return bytes(answer[4:-1])


def test_a_coin_a_hold_and_a_receipt_go_over_the_real_lines(machine: Machine) -> None:
    with machine.port("cash", 9600) as cash:
        ask(cash, 2, 231, b"\x0f\x00")
        ask(cash, 2, 228, b"\x01")
        ask(cash, 2, 229, reply=11)
        assert machine.do("coin", value=500)["coin"] == "accepted"
        while ask(cash, 2, 229, reply=11)[:3] != b"\x01\x04\x01":
            pass
    with machine.port("presenter", 19200) as presenter:
        presenter.write(presenter_frame(PresenterFrame(0, ord("H"))))
        assert presenter.read(14)[4] == 1
    with machine.port("receipt", 115200) as receipt:
        receipt.write(b"\x1c&" + "영수증".encode("cp949") + b"\x1c.\n\x1dVB\x40\x1d(H\x06\x0000wxyz")
        assert receipt.read(7) == b"\x37\x22wxyz\x00"
    assert [coin["value"] for coin in machine.do("truth")["truth"]["coins_in"]] == [500]
    assert machine.truth()["receipts"][0]["lines"] == ["영수증"]


def test_it_ends_cleanly_with_the_truth_complete(machine: Machine) -> None:
    machine.do("coin", value=100, force=True)
    assert machine.end() == 0
    assert [coin["value"] for coin in machine.truth()["coins_in"]] == [100]
    assert list((machine.run / "dev").iterdir()) == []


def test_killed_and_started_again_it_is_the_same_machine(machine: Machine) -> None:
    ports = (machine.run / "sim" / "ports.json").read_bytes()
    with machine.port("cash", 9600) as cash:
        machine.do("fault", device="coin", fault="power-loss-with-credit", value=500)
        machine.do("power", up=True)
        before = ask(cash, 2, 242, reply=3), ask(cash, 2, 225, reply=3)
    machine.do("tray", sheets=17)
    machine.do("truth")
    machine.end(signal.SIGKILL)
    machine.start()
    with machine.port("cash", 9600) as cash:
        assert (ask(cash, 2, 242, reply=3), ask(cash, 2, 225, reply=3)) == before
    assert machine.do("state")["printer"]["tray"] == 17
    assert [coin["value"] for coin in machine.truth()["coins_in"]] == [500]
    assert (machine.run / "sim" / "ports.json").read_bytes() == ports


@pytest.mark.parametrize(
    ("device", "name"), [("cash", "cash"), ("presenter", "presenter"), ("receipt", "receipt")]
)
def test_a_pulled_plug_takes_the_port_away_under_its_driver_and_gives_a_new_one(
    machine: Machine, device: str, name: str
) -> None:
    port = machine.port(name, {"cash": 9600, "presenter": 19200, "receipt": 115200}[name])
    machine.do("unplug", device=device)
    with pytest.raises(serial.SerialException):
        port.read(1)
    port.close()
    assert not (machine.run / "dev" / name).exists()
    machine.do("plug", device=device)
    with machine.port(name, 9600):
        assert (machine.run / "dev" / name).is_symlink()


def test_at_the_wrong_speed_nobody_understands_anything(machine: Machine) -> None:
    with machine.port("cash", 19200) as cash:
        cash.write(encode(Frame(2, 1, 254)))
        heard = cash.read(5)
        cash.timeout = 0.2
        assert heard != encode(Frame(2, 1, 254))
        assert cash.read(5) == b""


def test_polled_at_full_speed_it_uses_less_than_half_a_core(machine: Machine) -> None:
    assert machine.process is not None
    pid = machine.process.pid

    def used() -> int:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    with machine.port("cash", 9600) as cash:
        before = used()
        for _ in range(20):  # half a second of polling at full speed
            ask(cash, 2, 229, reply=11)
        assert (used() - before) / os.sysconf("SC_CLK_TCK") < 0.25
