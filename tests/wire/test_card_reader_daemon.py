"""The card service's room: it says why it cannot be, ends with who started it, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators import reader_daemon
from simulators.card_dial import dial
from simulators.reader_daemon import CannotRun, ReaderDaemon, why_not
from simulators.reader_room import reader_configuration

REASON = why_not()
real = pytest.mark.skipif(REASON is not None, reason=str(REASON))
PATIENCE_S = 10.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: a Unix socket's path has at most 107 bytes."""
    made = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    yield made / "reader"
    shutil.rmtree(made)


def ends(pid: int) -> bool:
    """Whether this process is gone soon; one that nobody has buried yet is gone too."""
    end = time.monotonic() + PATIENCE_S
    while lives(pid) and time.monotonic() < end:
        os.sched_yield()
    return not lives(pid)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def service_pid(folder: Path) -> int:
    return int((folder / "pcscd" / "pcscd.pid").read_text().rstrip("\n\0"))


def program(folder: Path) -> "subprocess.Popen[str]":
    """`python -m simulators.reader_daemon`, ready."""
    command = (sys.executable, "-m", "simulators.reader_daemon", str(folder))
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert started.stdout.readline() == f"reader ready: {folder / 'pcscd' / 'pcscd.comm'}\n"
    return started


def close(started: "subprocess.Popen[str]") -> int:
    """Its exit code."""
    assert started.stdout is not None
    code = started.wait(PATIENCE_S)
    started.stdout.close()
    return code


@real
def test_it_ends_at_a_word_and_takes_the_service_with_it(folder: Path) -> None:
    started = program(folder)
    service = service_pid(folder)
    started.send_signal(signal.SIGTERM)
    assert close(started) == 0
    assert ends(service)


@real
def test_killed_it_takes_the_service_with_it_all_the_same(folder: Path) -> None:
    started = program(folder)
    service = service_pid(folder)
    started.kill()
    close(started)
    assert ends(service)


@real
def test_when_the_service_dies_it_ends_too_and_can_be_started_again(folder: Path) -> None:
    for _ in range(2):
        started = program(folder)
        os.kill(service_pid(folder), signal.SIGKILL)
        assert close(started) == 1
    assert "the card service ended" in (folder / "log").read_text()


@real
def test_a_crash_of_the_room_leaves_no_service(folder: Path) -> None:
    daemon = ReaderDaemon(folder)
    daemon.start()
    service = service_pid(folder)
    daemon.kill()
    assert ends(service)
    daemon.stop()


@real
def test_the_hatch_hands_out_connections(folder: Path) -> None:
    with ReaderDaemon(folder) as daemon:
        with dial(str(daemon.card_socket)) as first:
            assert first.getpeername()[0] == "127.0.0.1"
        with dial(str(daemon.card_socket)) as second:
            assert second.getpeername()[0] == "127.0.0.1"
    with pytest.raises(OSError, match=r"refused|No such file"):
        dial(str(daemon.card_socket))


def test_the_reader_is_told_to_the_service_in_its_own_words() -> None:
    assert reader_configuration("/x/libifdvpcd.so", "Reader").splitlines() == [
        'FRIENDLYNAME "Reader"',
        "DEVICENAME /dev/null:0x9001",
        "LIBPATH /x/libifdvpcd.so",
        "CHANNELID 0x9001",
    ]


def refusing(tmp_path: Path) -> tuple[str, ...]:
    """An `unshare` on a system that allows none."""
    script = tmp_path / "unshare"
    script.write_text("#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n")
    script.chmod(0o755)
    return (str(script),)


def test_it_says_why_it_cannot_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reader_daemon, "find_pcscd", lambda: "/usr/sbin/pcscd")
    monkeypatch.setattr(reader_daemon, "find_driver", lambda: Path("/x/libifdvpcd.so"))
    monkeypatch.setattr(reader_daemon, "_ROOM", refusing(tmp_path))
    assert why_not() == (
        "this system refuses private namespaces (unshare: unshare failed: Operation not permitted)"
    )
    monkeypatch.setattr(reader_daemon, "find_driver", lambda: None)
    assert "vpcd's driver is missing" in str(why_not())
    monkeypatch.setattr(reader_daemon, "find_pcscd", lambda: None)
    assert why_not() == "pcscd is not installed (apt-get install pcscd)"
    with pytest.raises(CannotRun, match="pcscd is not installed"):
        ReaderDaemon(tmp_path).start()


def test_a_path_that_no_socket_takes_is_refused_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reader_daemon, "why_not", lambda: None)
    with pytest.raises(CannotRun, match="too long for a Unix socket"):
        ReaderDaemon(tmp_path / ("x" * 100)).start()
