"""A program that is forked from a parent is, for the desk, as one that was started by exec: both keep this contract."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kiosk.desk import processes
from kiosk.desk.processes import program
from kiosk.environment import lean_environment, wiping_environment
from tests.rig.forked import TOLD, Forked, Parents, forked_programs

Spawn = Callable[..., Any]
WAITS_WITHIN_S = 20.0


@pytest.fixture(scope="module")
def parents() -> Iterator[Parents]:
    parents = Parents()
    yield parents
    parents.close()


@pytest.fixture(params=["exec", "fork"])
def spawn(request: pytest.FixtureRequest, parents: Parents) -> Iterator[Spawn]:
    """How the desk starts its programs: as in production, or as in the tests of whole machines."""
    if request.param == "exec":
        yield processes.spawn
        return
    with forked_programs(parents):
        yield processes.spawn


def worker(spawn: Spawn, place: Path, environment: Mapping[str, str]) -> tuple[Any, socket.socket]:
    """A worker that waits for core's hello, and the end of its connection that core would have, held by the test."""
    (place / "kiosk.toml").write_text(
        (Path(__file__).parents[2] / "config" / "kiosk.toml").read_text("utf-8")
    )
    core, its = socket.socketpair()
    with its, (place / "log").open("ab") as log:
        child = spawn(program("worker", run=place), environment, log.fileno(), its.fileno())
    core.settimeout(WAITS_WITHIN_S)
    return child, core


def ended(child: Any) -> int:
    code: int = child.wait(WAITS_WITHIN_S)
    assert child.poll() == code == child.returncode
    return code


def test_what_it_prints_and_how_it_ends_is_what_the_program_says(spawn: Spawn) -> None:
    with tempfile.TemporaryFile() as out:
        argv = [sys.executable, "-m", "central.cli", "serve", "--api-port", "80000"]
        assert ended(spawn(argv, lean_environment(), out.fileno())) == 2
        out.seek(0)
        said = out.read().decode()
    assert said.startswith("central: Invalid value")
    assert "--api-port" in said


def test_a_command_answers_on_stdout_and_complains_on_stderr(spawn: Spawn) -> None:
    done = processes.asked([sys.executable, "-m", "central.cli", "export", "--data", "/nowhere"])
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"/nowhere" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_leads_a_session_of_its_own_and_can_be_struck_at_once(
    spawn: Spawn, tmp_path: Path, number: int
) -> None:
    child, core = worker(spawn, tmp_path, lean_environment())
    with core:
        assert child.poll() is None
        assert os.getsid(child.pid) == os.getpgid(child.pid) == child.pid
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.01)
        os.killpg(child.pid, number)
        assert child.wait(WAITS_WITHIN_S) in (-number, 128 + number)


def test_it_can_be_struck_until_its_end_was_heard(spawn: Spawn, tmp_path: Path) -> None:
    """Its process group is there until then, dead or not: who strikes it does not ask first."""
    child, core = worker(spawn, tmp_path, lean_environment())
    with core:
        over = os.pidfd_open(child.pid)
        os.killpg(child.pid, signal.SIGKILL)
        assert select.select([over], [], [], WAITS_WITHIN_S)[0]
        os.close(over)
        os.killpg(child.pid, signal.SIGKILL)
        assert ended(child) == -signal.SIGKILL
        eventually(lambda: not Path(f"/proc/{child.pid}").exists())


def test_its_standard_input_is_the_connection_that_it_was_given(spawn: Spawn, tmp_path: Path) -> None:
    child, core = worker(spawn, tmp_path, lean_environment())
    with core:
        assert os.readlink(f"/proc/{child.pid}/fd/0").startswith("socket:")
        core.shutdown(socket.SHUT_RDWR)  # core hangs up before its hello
    assert ended(child) == 1


def test_it_holds_open_what_it_was_given_and_what_it_has_opened_itself(spawn: Spawn, tmp_path: Path) -> None:
    """Nothing of the parent, which forked another one before it, and nothing of that one."""
    (tmp_path / "first").mkdir()
    first, core_of_first = worker(spawn, tmp_path / "first", lean_environment())
    second, core = worker(spawn, tmp_path, lean_environment())
    with core_of_first, core:
        assert wires_of(second.pid)
        # Its parent had to hold for a moment what it gave to it.
        eventually(lambda: not wires_of(second.pid) & wires_of(parent_of(second.pid)))
        assert not wires_of(second.pid) & (wires_of(first.pid) | wires_of(os.getpid()))
        for child in (first, second):
            os.killpg(child.pid, signal.SIGKILL)
            assert ended(child) == -signal.SIGKILL


def test_it_begins_in_the_folder_with_the_mask_and_in_the_environment_of_who_asks(
    spawn: Spawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o027)
    try:
        child, core = worker(spawn, tmp_path, {**lean_environment(), "CHANGGU_RUN": "/somewhere"})
    finally:
        os.umask(before)
    with core:
        assert os.readlink(f"/proc/{child.pid}/cwd") == str(tmp_path)
        assert "Umask:\t0027" in Path(f"/proc/{child.pid}/status").read_text()
        os.killpg(child.pid, signal.SIGKILL)
        ended(child)
    with tempfile.TemporaryFile() as out:
        asks = {**lean_environment(), "CHANGGU_RUN": str(tmp_path / "of the environment")}
        assert ended(spawn([sys.executable, "-m", "kiosk.cli", "cash", "state"], asks, out.fileno())) == 2
        out.seek(0)
        assert b"of the environment" in out.read()


def wires_of(pid: int) -> set[str]:
    """The sockets and pipes that it holds open."""
    held = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # it was the one that the folder was read by
            held.add(os.readlink(entry))
    return {wire for wire in held if wire.startswith(("socket:", "pipe:"))}


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def eventually(condition: Callable[[], object]) -> None:
    end = time.monotonic() + WAITS_WITHIN_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)  # another process does it, and tells nobody


def test_each_environment_that_acts_at_exec_has_a_parent_that_was_started_with_it(
    parents: Parents, tmp_path: Path
) -> None:
    """What overwrites freed memory is set in core and ui before they run a line (processes.py)."""
    with forked_programs(parents):
        for environment in (lean_environment(), wiping_environment()):
            child, core = worker(processes.spawn, tmp_path, environment)
            with core:
                assert isinstance(child, Forked)
                began = Path(f"/proc/{child.pid}/environ").read_bytes().split(b"\0")
                wipes = b"PYTHONMALLOC=malloc" in began
                assert wipes == ("PYTHONMALLOC" in environment)
                os.killpg(child.pid, signal.SIGKILL)
                ended(child)


def test_a_parent_that_is_gone_takes_its_children_along(tmp_path: Path) -> None:
    parents = Parents()
    with forked_programs(parents):
        child, core = worker(processes.spawn, tmp_path, lean_environment())
    with core:
        parents.close()
        assert ended(child) == -signal.SIGKILL
        assert core.recv(1) == b"", "nobody holds the other end"


def test_whoever_waits_hears_of_an_end_that_another_thread_took() -> None:
    """The desk's keeper waits while others look (`pid`); the parent lets go only when all have let go."""
    for _ in range(300):
        ours, parents = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        child = Forked(["it"], os.getpid(), ours)
        waiter = threading.Thread(target=child.wait, daemon=True)
        waiter.start()
        with parents:
            parents.send(TOLD.pack(True, 7))
            while child.poll() is None:
                pass
            parents.settimeout(WAITS_WITHIN_S)
            assert parents.recv(1) == b"", "it is let go of"
        waiter.join(WAITS_WITHIN_S)
        assert not waiter.is_alive()
