"""One heavy target at a time: real processes, and a real lock in a folder of the test."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest

from tests.rig.another_user import as_another_user, let_pass
from tools import machine_lock

ROOT = Path(__file__).resolve().parents[2]
# Prints its number, then holds on until its stdin is closed.
HOLDS = ("sh", "-c", "echo $$; read line; exit 7")

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def started(name: str, *command: str, flags: Sequence[str] = (), **more: str) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "tools.alone", *flags, name, "--", *command],
                cwd=ROOT,
                env={**os.environ, "CHANGGU_ALONE_FOLDER": str(tmp_path), **more},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return running[-1]

    yield started
    for process in running:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def is_there(pid: int) -> bool:
    return machine_lock.started(pid) is not None


def file(folder: Path) -> Path:
    return folder / machine_lock.NAME


def test_a_second_one_says_for_whom_it_waits_and_then_runs(start: Start) -> None:
    first = start("crash", *HOLDS)
    line(first.stdout)
    second = start("test", "echo", "runs")
    said = line(second.stderr)
    assert re.fullmatch(
        rf"make test waits: make crash runs since \d\d:\d\d in {ROOT} \(process {first.pid}\); Ctrl-C gives up",
        said,
    )
    assert second.poll() is None
    assert first.communicate()[0] == ""
    assert first.returncode == 7
    assert second.communicate() == ("runs\n", "make test goes on, after 0 s\n")
    assert second.returncode == 0


def test_it_says_again_that_it_waits(start: Start) -> None:
    first = start("crash", *HOLDS)
    line(first.stdout)
    second = start("test", "true")
    line(second.stderr)
    second.send_signal(signal.SIGALRM)  # what its own clock sends each minute
    assert line(second.stderr).startswith("make test still waits, for 0 s: make crash runs since ")


def test_with_wait_0_it_is_refused(start: Start) -> None:
    first = start("crash", *HOLDS)
    line(first.stdout)
    printed, said = (second := start("test", "echo", "runs", flags=["--no-wait"])).communicate()
    assert (printed, second.returncode) == ("", 3)
    assert said.startswith("make test: not now, make crash runs since ")
    assert said.endswith("; without WAIT=0 it waits\n")


def test_ctrl_c_ends_the_waiting_at_once(start: Start) -> None:
    line(start("crash", *HOLDS).stdout)
    second = start("test", "true")
    line(second.stderr)
    second.send_signal(signal.SIGINT)
    assert second.communicate() == ("", "")
    assert second.returncode == 130


def test_a_killed_holder_leaves_nothing_and_the_lock_is_free_when_all_is_gone(start: Start) -> None:
    # The first writes its child's number, which has a session of its own and lost its parent.
    first = start("crash", "sh", "-c", "(setsid sleep 1000 & echo $!); sleep 1000")
    child = int(line(first.stdout))
    second = start("test", "true")
    line(second.stderr)
    first.kill()
    assert second.wait() == 0
    assert not is_there(child)
    assert first.wait() == -signal.SIGKILL


def test_what_does_not_heed_the_asking_is_ended() -> None:
    # The guard is handed a shorter patience than the five seconds of the target.
    code = "import os, sys; from tools import guard; guard.run(sys.argv[1:], os.environ, grace_s=0.1)"
    stubborn = "trap '' TERM; echo $$; while :; do sleep 1000; done"
    caller = subprocess.Popen(
        [sys.executable, "-c", code, "bash", "-c", stubborn], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    pid = int(line(caller.stdout))
    caller.kill()
    caller.communicate()  # the pipe is closed when the last of them has ended
    assert not is_there(pid)


def test_a_killed_guard_takes_the_command_along(start: Start) -> None:
    first = start("crash", "python3", "-c", "import os; print(os.getppid(), flush=True); input()")
    os.kill(int(line(first.stdout)), signal.SIGKILL)
    first.communicate()
    assert first.returncode == 128 + signal.SIGKILL


def test_what_a_command_leaves_behind_holds_nobody_up(start: Start) -> None:
    first = start("crash", "sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!")
    left = int(line(first.stdout))
    try:
        assert first.wait() == 0
        assert is_there(left)
        assert start("test", "true", flags=["--no-wait"]).wait() == 0
    finally:
        os.kill(left, signal.SIGKILL)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["sh", "-c", "exit 42"], 42),
        (["sh", "-c", "kill -TERM $$"], 143),
        (["sh", "-c", "kill -KILL $$"], 137),
        (["/nowhere/at/all"], 127),
        (["/"], 126),
        ([], 2),
    ],
    ids=["code", "term", "kill", "gone", "folder", "nothing"],
)
def test_an_exit_code_passes_through(start: Start, command: list[str], code: int) -> None:
    assert start("crash", *command).wait() == code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_holder_reaches_the_command(start: Start, number: signal.Signals) -> None:
    first = start(
        "crash", "bash", "-c", f"trap 'exit 9' {number.value}; echo; while :; do read -t 0.05; done"
    )
    line(first.stdout)
    first.send_signal(number)
    assert first.wait() == 9


def test_the_keys_of_a_terminal_reach_the_command_once_and_it_reads_what_is_typed(tmp_path: Path) -> None:
    asks = (
        "import signal, sys, time\n"
        "seen = []\n"
        "signal.signal(signal.SIGINT, lambda *_: seen.append(1))\n"
        "print(input(), flush=True)\n"
        "signal.sigtimedwait([], 0.1) if seen else signal.pause()\n"
        "sys.exit(40 + len(seen))"
    )
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ["CHANGGU_ALONE_FOLDER"] = str(tmp_path)
        os.execv(
            sys.executable, [sys.executable, "-m", "tools.alone", "crash", "--", sys.executable, "-c", asks]
        )
    os.write(terminal, b"typed\n")
    seen = b""
    while seen.count(b"typed") < 2:  # the terminal's echo, and the command's answer
        seen += os.read(terminal, 100)
    os.write(terminal, b"\x03")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 41
    os.close(terminal)


def nested(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tools.alone", "--no-wait", name, "--", "sh", "-c", "echo inside; exit 5")


def test_what_the_holder_runs_does_not_ask_again(start: Start) -> None:
    first = start("campaigns", *nested("crash"))
    assert first.communicate() == ("inside\n", "")
    assert first.returncode == 5


def test_a_name_of_a_holder_alone_opens_nothing(start: Start, tmp_path: Path) -> None:
    shows = f"echo ${machine_lock.HELD_VARIABLE}; read line"
    first = start("crash", "sh", "-c", shows)
    said = line(first.stdout)
    assert said.startswith(f"{first.pid}:")
    for name in (said, "garbage", f"{os.getpid()}:1:2:3"):
        second = start("test", "true", flags=["--no-wait"], **{machine_lock.HELD_VARIABLE: name})
        assert second.wait() == 3


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff\0garbage",
        b"[" * 4000,
        b'{"pid": 1}',
        b"9" * 5000,
        json.dumps({"pid": 2**40, "started": 1, "target": "x", "folder": "/", "since_s": 10**30}).encode(),
    ],
    ids=["empty", "bytes", "deep", "little", "long", "numbers"],
)
def test_a_note_that_is_none_is_not_believed(start: Start, tmp_path: Path, note: bytes) -> None:
    line(start("crash", *HOLDS).stdout)
    file(tmp_path).write_bytes(note)
    said = start("test", "true", flags=["--no-wait"]).communicate()[1]
    assert "another one runs on this machine, and left no readable note about itself" in said


def test_a_note_moves_no_cursor(start: Start, tmp_path: Path) -> None:
    first = start("crash", *HOLDS)
    line(first.stdout)
    note = json.loads(file(tmp_path).read_bytes())
    file(tmp_path).write_text(json.dumps({**note, "target": "\x1b[2J\n"}))
    assert "make ?[2J? runs" in start("test", "true", flags=["--no-wait"]).communicate()[1]


def test_the_note_of_one_who_has_ended_stops_nobody(start: Start, tmp_path: Path) -> None:
    assert start("crash", "true").wait() == 0
    assert b'"crash"' in file(tmp_path).read_bytes()
    assert start("test", "true", flags=["--no-wait"]).wait() == 0


def test_whoever_waited_at_a_file_that_was_cleaned_away_goes_on_at_the_new_one(
    start: Start, tmp_path: Path
) -> None:
    first = start("crash", *HOLDS)
    line(first.stdout)
    second = start("test", "true")
    line(second.stderr)
    file(tmp_path).unlink()
    third = start("kill", *HOLDS)
    line(third.stdout)
    first.communicate()
    assert line(second.stderr).startswith("make test waits: make kill runs ")
    third.communicate()
    assert second.wait() == 0


def plant(folder: Path, what: str) -> None:
    place = file(folder)
    if what == "link":
        place.symlink_to(folder / "elsewhere")
    elif what == "fifo":
        os.mkfifo(place)
    elif what == "folder":
        place.mkdir()
    else:
        (folder / "precious").write_text("kept")
        os.link(folder / "precious", place)


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        ("link", "is a link"),
        ("fifo", "is no plain file"),
        ("folder", "is a folder"),
        ("name", "has a second name"),
    ],
)
def test_a_file_that_is_no_lock_is_told(start: Start, tmp_path: Path, what: str, cause: str) -> None:
    plant(tmp_path, what)
    first = start("crash", "echo", "runs")
    said = f"make crash: can't take turns here, because {file(tmp_path)} {cause}; remove or mend it, then try again\n"
    assert first.communicate() == ("", said)
    assert first.returncode == 3
    assert not (tmp_path / "elsewhere").exists()
    assert what != "name" or (tmp_path / "precious").read_text() == "kept"


def test_a_folder_that_is_not_there_is_told(start: Start, tmp_path: Path) -> None:
    first = start("crash", "true", CHANGGU_ALONE_FOLDER=str(tmp_path / "gone"))
    assert "gone/changgu-alone.lock is not there" in first.communicate()[1]
    assert first.returncode == 3


@pytest.mark.plain_user
def test_a_folder_or_a_file_that_is_not_ours_is_told(tmp_path: Path) -> None:
    let_pass(tmp_path)
    tmp_path.chmod(0o555)
    with as_another_user(), pytest.raises(machine_lock.Unusable, match="is not yours to use"):
        machine_lock.open_lock(file(tmp_path))
    tmp_path.chmod(0o755)
    file(tmp_path).touch()
    file(tmp_path).chmod(0 if os.geteuid() else 0o600)
    with as_another_user(), pytest.raises(machine_lock.Unusable, match="is not yours to use"):
        machine_lock.open_lock(file(tmp_path))


@pytest.mark.plain_user
@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
@pytest.mark.parametrize("root_makes_it", [True, False])
def test_root_and_a_plain_user_share_it_whoever_made_it(tmp_path: Path, root_makes_it: bool) -> None:
    let_pass(tmp_path)
    tmp_path.chmod(0o1777)
    if root_makes_it:
        first = machine_lock.open_lock(file(tmp_path))
    else:
        with as_another_user():
            first = machine_lock.open_lock(file(tmp_path))
    with as_another_user():
        second = machine_lock.open_lock(file(tmp_path))
        assert machine_lock.take(second, wait=False)
        machine_lock.write_note(second, "crash")
    assert not machine_lock.take(first, wait=False)
    holder = machine_lock.read_note(first)
    assert holder is not None
    assert (holder.pid, holder.target) == (os.getpid(), "crash")
    os.close(second)
    assert machine_lock.take(first, wait=False)
    os.close(first)
