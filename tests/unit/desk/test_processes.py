"""A program that dies comes back; one that is stopped doesn't; none outlives the desk."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.desk.processes import Keeper, WorkerHatch, spawn
from kiosk.ipc.watchdog import Ear, Heart

SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()",
]
ECHO = [
    sys.executable,
    "-c",
    "import os, socket; s = socket.socket(fileno=0); s.sendall(str(os.getpid()).encode()); s.recv(1)",
]


# Beats once and then hangs for good.
HANGING = [
    sys.executable,
    "-c",
    "import signal; from kiosk.ipc.watchdog import Heart; h = Heart(()); h.beat(); signal.pause()",
]


@pytest.fixture
def place() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    yield made
    shutil.rmtree(made)


def eventually(condition: Callable[[], object], within_s: float = 10.0) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def keep(place: Path) -> Iterator[Callable[[list[str]], Keeper]]:
    kept: list[Keeper] = []

    def start(argv: list[str]) -> Keeper:
        kept.append(Keeper("it", argv, place / "it.log", os.environ))
        kept[-1].start()
        eventually(lambda: kept[-1].pid)
        return kept[-1]

    yield start
    for keeper in kept:
        keeper.stop(signal.SIGKILL)


def test_a_program_that_is_killed_comes_back(keep: Callable[[list[str]], Keeper]) -> None:
    keeper = keep(SLEEPER)
    first = keeper.strike(signal.SIGKILL)
    eventually(lambda: keeper.pid not in (None, first))
    assert keeper.starts == 2
    assert not alive(first)


def test_a_program_that_is_stopped_stays_away(keep: Callable[[list[str]], Keeper]) -> None:
    keeper = keep(SLEEPER)
    pid = keeper.pid
    keeper.stop()
    assert pid is not None
    assert not alive(pid)
    assert keeper.pid is None
    assert keeper.starts == 1


def test_a_program_that_will_not_hear_is_killed(
    keep: Callable[[list[str]], Keeper], monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    monkeypatch.setattr("kiosk.desk.processes._GRACE_S", 0.1)
    keeper = keep(STUBBORN)
    eventually(lambda: "up" in (place / "it.log").read_text())
    pid = keeper.pid
    keeper.stop()
    assert pid is not None
    assert not alive(pid)


def test_a_program_that_was_stopped_can_be_started_again(keep: Callable[[list[str]], Keeper]) -> None:
    keeper = keep(SLEEPER)
    keeper.stop(signal.SIGKILL)
    keeper.start()
    eventually(lambda: keeper.pid)
    assert keeper.starts == 2


def test_a_program_that_can_not_live_is_tried_with_longer_and_longer_pauses(
    keep: Callable[[list[str]], Keeper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.desk.processes.BACK_OFF_S", (0.01, 0.02, 60.0))
    keeper = Keeper("bad", [sys.executable, "-c", "raise SystemExit(3)"], Path(os.devnull), os.environ)
    keeper.start()
    eventually(lambda: keeper.starts == 3 and keeper.pid is None)
    keeper.stop(signal.SIGKILL)
    assert keeper.starts == 3


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs util-linux")
def test_no_program_outlives_the_desk(place: Path) -> None:
    desk = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, sys, time; from pathlib import Path; from kiosk.desk.processes import Keeper\n"
            f"keeper = Keeper('it', {SLEEPER!r}, Path('{place}/log'), os.environ); keeper.start()\n"
            "while not keeper.pid: time.sleep(0.01)\n"
            "time.sleep(0.3); print(keeper.pid, flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    )
    assert desk.stdout is not None
    pid = int(desk.stdout.readline())
    assert alive(pid)
    desk.kill()
    desk.wait()
    desk.stdout.close()
    eventually(lambda: not alive(pid))


def test_each_connection_gets_a_worker_of_its_own_on_its_standard_input(place: Path) -> None:
    hatch = WorkerHatch(place / "worker.sock", ECHO, place / "worker.log", os.environ)
    hatch.start()
    pids = []
    for _ in range(2):
        with socket.socket(socket.AF_UNIX) as core:
            core.settimeout(10)
            core.connect(str(place / "worker.sock"))
            pids.append(int(core.recv(20)))
    assert pids[0] != pids[1]
    eventually(lambda: not any(alive(pid) for pid in pids))
    hatch.stop()


def test_a_closed_hatch_leaves_no_worker(place: Path) -> None:
    hatch = WorkerHatch(place / "worker.sock", ECHO, place / "worker.log", os.environ)
    hatch.start()
    with socket.socket(socket.AF_UNIX) as core:
        core.settimeout(10)
        core.connect(str(place / "worker.sock"))
        pid = int(core.recv(20))
        assert hatch.pids() == [pid]
        hatch.stop()
    assert not alive(pid)


def test_a_program_that_beat_and_then_hangs_is_killed_and_comes_back(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper("it", HANGING, place / "it.log", os.environ, watchdog_s=0.3)
    keeper.start()
    eventually(lambda: keeper.starts >= 2)
    keeper.stop()
    assert "hangs" in caplog.text


def test_a_program_that_knows_of_no_watchdog_is_left_alone() -> None:
    now_s = [0.0]
    ear = Ear(5.0, lambda: now_s[0])
    ear.expect()
    now_s[0] = 3_600.0
    ear.listen()
    assert not ear.hung()
    ear.close()


def test_a_heart_beats_four_times_in_its_limit_however_often_it_is_asked() -> None:
    now_s = [0.0]
    beats = 0
    with closing(Ear(4.0)) as ear, closing(Heart((), ear.environment(), lambda: now_s[0])) as heart:
        for now_s[0] in (0.0, 0.1, 0.9, 1.0, 1.5, 2.0):
            heart.beat()
            beats += bool(select.select([ear], [], [], 0)[0])
            ear.listen()
    assert beats == 3


class Loop:
    """Something that has to go on."""

    alive = True


def test_a_heart_stands_still_as_soon_as_one_loop_of_its_program_has_ended() -> None:
    now_s = [0.0]
    loops = (Loop(), Loop())
    beats = []
    with closing(Ear(4.0)) as ear, closing(Heart(loops, ear.environment(), lambda: now_s[0])) as heart:
        for now_s[0], loops[1].alive in ((0.0, True), (1.0, False), (2.0, False)):
            heart.beat()
            beats.append(bool(select.select([ear], [], [], 0)[0]))
            ear.listen()
    assert beats == [True, False, False]


def test_a_worker_that_can_not_be_started_is_not_the_end_of_the_hatch(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room for one more process: core is hung up on, comes again, and gets its worker."""
    failures = [
        BlockingIOError(11, "Resource temporarily unavailable"),
        OSError(28, "No space left on device"),
    ]

    def scarce(*how: Any) -> "subprocess.Popen[bytes]":
        if failures:
            raise failures.pop()
        return spawn(*how)

    monkeypatch.setattr("kiosk.desk.processes.spawn", scarce)
    hatch = WorkerHatch(place / "worker.sock", SLEEPER, place / "worker.log", os.environ)
    hatch.start()
    for _ in range(2):
        with socket.socket(socket.AF_UNIX) as core:
            core.settimeout(10)
            core.connect(str(place / "worker.sock"))
            assert core.recv(1) == b""
    with socket.socket(socket.AF_UNIX) as core:
        core.connect(str(place / "worker.sock"))
        eventually(hatch.pids)
    hatch.stop()


@pytest.mark.parametrize("scarce", ["its log", "a process"])
def test_a_program_that_can_not_be_started_is_tried_again_after_a_pause(
    scarce: str, place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No room for its log, or for one more process: once there is some it comes back."""
    log, pauses, tries = place / "log" / "it.log", [0.01, 0.02, 0.03], list[int]()

    def in_the_end(*how: Any) -> "subprocess.Popen[bytes]":
        tries.append(1)
        if scarce == "a process" and len(tries) <= len(pauses):
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return spawn(*how)

    monkeypatch.setattr("kiosk.desk.processes.spawn", in_the_end)
    monkeypatch.setattr("kiosk.desk.processes.BACK_OFF_S", pauses)
    keeper = Keeper("it", SLEEPER, log, os.environ)
    if scarce == "a process":
        log.parent.mkdir()
    keeper.start()
    eventually(lambda: "it can't be started" in caplog.text)
    log.parent.mkdir(exist_ok=True)
    eventually(lambda: keeper.pid)
    assert keeper.starts == 1
    keeper.stop(signal.SIGKILL)


def test_a_program_that_can_not_be_watched_is_killed_and_tried_again(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened = os.pidfd_open
    failures = [OSError(24, "Too many open files")]

    def scarce(pid: int) -> int:
        if failures:
            raise failures.pop()
        return opened(pid)

    monkeypatch.setattr("kiosk.desk.processes.os.pidfd_open", scarce)
    keeper = Keeper("it", SLEEPER, place / "it.log", os.environ)
    keeper.start()
    eventually(lambda: keeper.starts == 2 and keeper.pid)
    keeper.stop(signal.SIGKILL)
    assert "it can't be watched" in caplog.text
    assert "it ended with -9; again" in caplog.text


def test_a_program_that_can_not_be_started_can_be_stopped(place: Path) -> None:
    keeper = Keeper("it", SLEEPER, place / "nowhere" / "it.log", os.environ)
    keeper.start()
    keeper.stop()
    assert (keeper.starts, keeper.pid) == (0, None)


def test_a_program_hangs_when_its_last_beat_is_older_than_its_limit() -> None:
    now_s = [10.0]
    hung = []
    with closing(Ear(4.0, lambda: now_s[0])) as ear, closing(Heart((), ear.environment())) as heart:
        heart.beat()
        ear.listen()
        for now_s[0] in (13.9, 14.1):
            hung.append(ear.hung())
    assert hung == [False, True]


def test_a_supervisor_that_is_not_there_stops_no_heart() -> None:
    with closing(Ear(4.0)) as ear:
        environment = ear.environment()
    assert ear.fileno() == -1
    for nobody in ({}, environment):
        with closing(Heart((), nobody)) as heart:
            heart.beat()  # raises nothing


def test_a_worker_that_was_being_started_when_the_hatch_closed_is_ended_with_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hatch = WorkerHatch(place / "worker.sock", SLEEPER, place / "worker.log", os.environ)
    starting, children = threading.Event(), []

    def refused() -> bool:
        with socket.socket(socket.AF_UNIX) as late:
            return late.connect_ex(str(place / "worker.sock")) != 0

    def slowly(*how: Any) -> "subprocess.Popen[bytes]":
        starting.set()
        eventually(refused)
        children.append(spawn(*how))
        return children[-1]

    monkeypatch.setattr("kiosk.desk.processes.spawn", slowly)
    hatch.start()
    with socket.socket(socket.AF_UNIX) as core:
        core.connect(str(place / "worker.sock"))
        assert starting.wait(10)
        hatch.stop()
    assert [child.returncode for child in children] == [-signal.SIGKILL]
