"""A program that is forked from a parent is, for the desk, as one that was started by exec: both keep this contract."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kiosk.apps import processes
from kiosk.apps.processes import lean_environment, program, wiping_environment
from tests.rig.forked import Forked, Parents, forked_programs

Spawn = Callable[..., Any]
# Waits for its connection to core, which the test holds at the other end.
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
    """A worker that waits for core's hello, and the end of its connection that core would have."""
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
        assert ended(child) != 0


def test_its_standard_input_is_the_connection_that_it_was_given(spawn: Spawn, tmp_path: Path) -> None:
    child, core = worker(spawn, tmp_path, lean_environment())
    with core:
        assert os.readlink(f"/proc/{child.pid}/fd/0").startswith("socket:")
        core.shutdown(socket.SHUT_RDWR)  # core hangs up before its hello
    assert ended(child) == 1


def test_it_holds_nothing_open_of_whoever_started_it(spawn: Spawn, tmp_path: Path) -> None:
    ours = (tmp_path / "ours").open("w")
    with ours:
        child, core = worker(spawn, tmp_path, lean_environment())
        with core:
            held = {os.readlink(entry) for entry in Path(f"/proc/{child.pid}/fd").iterdir()}
            assert str(tmp_path / "ours") not in held
            os.killpg(child.pid, signal.SIGKILL)
            ended(child)


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
