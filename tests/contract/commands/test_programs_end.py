"""A program that somebody started in a terminal ends in its own way when that terminal is closed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.apps.desk_machine import make_directories, write_settings


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
        time.sleep(0.05)
    return program


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
@pytest.mark.parametrize(
    ("words", "here"),
    [(["core"], "sock/care.sock"), (["ui", "--robot", "ROBOT"], "sock/robot.sock")],
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
