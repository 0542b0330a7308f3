"""A program that somebody started in a terminal ends in its own way when it is closed, and stands aside for a newer."""

import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.desk.machine_folder import make_directories, write_settings
from kiosk.protocol.exits import MISSING


@pytest.fixture
def machine() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as place:
        run = Path(place)
        make_directories(run, run / "paper")
        write_settings(run, central_port=1, printer_uri="ipp://127.0.0.1:1/ipp/print")
        yield run


def started(run: Path, *words: str, here: str) -> subprocess.Popen[bytes]:
    """The program, once it is at its work: it has made the socket `here`."""
    log = (run / "log" / "program.log").open("wb")
    with log:
        program = subprocess.Popen(
            [sys.executable, "-m", "kiosk.cli", *words, "--run", str(run)],
            stdout=log,
            stderr=log,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    end = time.monotonic() + 40
    while not (run / here).exists():
        assert program.poll() is None, (run / "log" / "program.log").read_text()
        assert time.monotonic() < end
        time.sleep(0.05)  # what is waited for is another process's, and made without a word
    return program


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
@pytest.mark.parametrize(
    ("words", "here"),
    [(["core"], "sock/admin.sock"), (["ui", "--robot", "ROBOT"], "sock/robot.sock")],
    ids=["core", "ui"],
)
def test_a_closed_terminal_ends_it_as_systemd_does(
    machine: Path, words: list[str], here: str, number: int
) -> None:
    typed = [word.replace("ROBOT", str(machine / "sock" / "robot.sock")) for word in words]
    program = started(machine, *typed, here=here)
    program.send_signal(number)
    assert program.wait(timeout=20) == 0
    assert "Traceback" not in (machine / "log" / "program.log").read_text()


def listener_of(path: Path) -> int:
    """The process that is reached there now; 0 where nobody is."""
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(path))
        except OSError:
            return 0
        pid: int = struct.unpack("3i", caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        return pid


@pytest.mark.parametrize(
    ("words", "here"),
    [(["devices", "cash"], "sock/cash.sock"), (["ui", "--robot", "ROBOT"], "sock/robot.sock")],
    ids=["devices", "ui"],
)
def test_the_newer_of_two_is_the_one_that_is_reached(machine: Path, words: list[str], here: str) -> None:
    typed = [word.replace("ROBOT", str(machine / "sock" / "robot.sock")) for word in words]
    first = started(machine, *typed, here=here)
    second = None
    try:
        assert listener_of(machine / here) == first.pid
        second = started(machine, *typed, here=here)
        end = time.monotonic() + 40
        while listener_of(machine / here) != second.pid:
            assert second.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)  # what is waited for is another process's, and made without a word
    finally:
        for program in (first, *([second] if second is not None else [])):
            program.terminate()
            program.wait(timeout=20)


def test_a_second_core_is_refused_and_the_first_goes_on(machine: Path) -> None:
    first = started(machine, "core", here="sock/admin.sock")
    try:
        second = subprocess.run(
            [sys.executable, "-m", "kiosk.cli", "core", "--run", str(machine)],
            capture_output=True,
            text=True,
            check=False,
            timeout=50,
        )
        assert second.returncode == MISSING
        assert "ledger.db is in use; end what uses it, then try again" in second.stderr
        assert first.poll() is None
        assert listener_of(machine / "sock" / "admin.sock") == first.pid
    finally:
        first.terminate()
        first.wait(timeout=20)
