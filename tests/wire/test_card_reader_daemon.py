"""The card service's room: it says why it cannot be, ends with who started it, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators import reader_daemon
from simulators.card_dial import dial
from simulators.reader_daemon import CannotRun, ReaderDaemon, why_not
from simulators.reader_room import reader_configuration

REASON = why_not()
real = pytest.mark.skipif(REASON is not None, reason=str(REASON))
PATIENCE_S = 10.0
NOBODY = 65534
ROOT = Path(__file__).resolve().parents[2]
# The driver lies in the environment, whichever Python runs this.
PROGRAM = """
import os, sys
sys.prefix = os.environ["ENVIRONMENT"]
from simulators.reader_daemon import main
sys.exit(main())
"""


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


@contextmanager
def program(folder: Path, *command: str) -> Iterator["subprocess.Popen[str]"]:
    """`python -m simulators.reader_daemon`, or another `command`, ready; killed afterwards if it is still there."""
    command = command or (sys.executable, "-m", "simulators.reader_daemon")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ENVIRONMENT": sys.prefix}
    with subprocess.Popen(
        (*command, str(folder)), stdout=subprocess.PIPE, text=True, env=environment
    ) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == f"reader ready: {folder / 'pcscd' / 'pcscd.comm'}\n"
            yield started
        finally:
            started.kill()


@real
@pytest.mark.skipif(os.getuid() != 0, reason="not root: every other test here proves it")
def test_root_and_who_is_not_root_have_each_their_own_at_the_same_time(folder: Path) -> None:
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("only the system's own Python can be run by everybody")
    folder.parent.chmod(0o755)
    of_nobody = folder.with_name("nobody")
    of_nobody.mkdir()
    os.chown(of_nobody, NOBODY, NOBODY)
    as_nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
    with program(folder) as roots, program(of_nobody, *as_nobody, python, "-B", "-c", PROGRAM) as nobodys:
        assert roots.poll() is nobodys.poll() is None
        assert Path(f"/proc/{service_pid(of_nobody)}").stat().st_uid == NOBODY
        for place in (folder, of_nobody):
            dial(str(place / "card.sock")).close()


@real
@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
def test_a_disk_that_is_mounted_below_tmp_is_in_nobodys_way(folder: Path) -> None:
    """In a mount namespace of its own, so that the disk is in no other test's way."""
    look = "from simulators.reader_daemon import why_not; print(why_not())"
    mounted = 'mount -t tmpfs tmpfs "$0" && exec "$@"'
    command = [
        "unshare",
        "--mount",
        "--",
        "sh",
        "-c",
        mounted,
        str(folder.parent),
        sys.executable,
        "-c",
        look,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert done.stdout == "None\n"


@real
def test_it_ends_at_a_word_and_takes_the_service_with_it(folder: Path) -> None:
    with program(folder) as started:
        service = service_pid(folder)
        started.send_signal(signal.SIGTERM)
        assert started.wait(PATIENCE_S) == 0
        assert ends(service)


@real
def test_killed_it_takes_the_service_with_it_all_the_same(folder: Path) -> None:
    with program(folder) as started:
        service = service_pid(folder)
        started.kill()
        assert ends(service)


@real
def test_when_the_service_dies_it_ends_too_and_can_be_started_again(folder: Path) -> None:
    for _ in range(2):
        with program(folder) as started:
            os.kill(service_pid(folder), signal.SIGKILL)
            assert started.wait(PATIENCE_S) == 1
    assert "the card service ended" in (folder / "log").read_text()


@real
def test_a_crash_of_the_room_leaves_no_service(folder: Path) -> None:
    with ReaderDaemon(folder) as daemon:
        service = service_pid(folder)
        daemon.kill()
        assert ends(service)


@real
def test_the_hatch_hands_out_connections(folder: Path) -> None:
    with ReaderDaemon(folder) as daemon:
        with dial(str(daemon.card_socket)) as first:
            assert first.getpeername()[0] == "127.0.0.1"
        with dial(str(daemon.card_socket)) as second:
            assert second.getpeername()[0] == "127.0.0.1"
    with pytest.raises(OSError, match=r"refused|No such file"):
        dial(str(daemon.card_socket))


def test_a_hatch_with_nothing_behind_it_is_a_refused_connection(folder: Path) -> None:
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as hatch:
        hatch.bind(str(folder / "card.sock"))
        hatch.listen()

        def hang_up() -> None:
            hatch.accept()[0].close()

        other_side = threading.Thread(target=hang_up)
        other_side.start()
        with pytest.raises(ConnectionRefusedError, match="nothing listens behind"):
            dial(str(folder / "card.sock"))
        other_side.join(PATIENCE_S)


def test_the_program_says_why_it_cannot_be_and_ends_with_2(folder: Path) -> None:
    command = (sys.executable, "-m", "simulators.reader_daemon", str(folder / ("x" * 100)))
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("reader daemon: ")
    assert (REASON or "is too long for a Unix socket") in done.stderr


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
