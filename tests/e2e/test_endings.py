"""However a demo ends, it leaves its books and nothing else: no folder, no link, no process; two don't share a folder.

Real signals to real `kiosk demo` processes, each with a temporary folder of its own that is looked at afterwards.
"""

import contextlib
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.console.output_folder import MARK
from kiosk.desk import desk_run
from kiosk.protocol import exits
from kiosk.protocol.exits import USAGE
from tests.rig.x_server import close_window, x_server

MARKED = "CHANGGU_TEST_OF_ENDINGS"
STARTED_S, ENDED_S = 100.0, 45.0
# What is to move each second; a busy machine is late.
QUIET_S = 4.0
# In a log a line comes each ten seconds.
QUIET_LOG_S = 14.0
# Who reads no longer is noticed within a second; then the programs are ended and the books are kept.
UNREAD_S = 10.0
KIOSK = (sys.executable, "-m", "kiosk.cli")
# The same command line.
SETTLED = (sys.executable, "-m", "tests.rig.settled")

pytestmark = pytest.mark.timeout(240)


class Demo:
    """A running `kiosk demo`, what it has said, and everything that belongs to it."""

    def __init__(self, place: Path, *words: str, terminal: bool = False, display: str = ":7531") -> None:
        self.mark = uuid.uuid4().hex
        self.out = place / "out"
        self.temporary = place / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.said = ""
        self.longest_silence_s = 0.0
        self._heard_s: float | None = None
        self._words, self._terminal, self._display = words, terminal, display
        self._begin()

    def _begin(self) -> None:
        environment = {
            **os.environ,
            MARKED: self.mark,
            "TMPDIR": str(self.temporary),
            "DISPLAY": self._display,
            "COLUMNS": "160",
        }
        if self._display != ":7531":
            environment.pop("QT_QPA_PLATFORM")
        near, far = pty.openpty() if self._terminal else os.pipe()
        self.reading = near
        with contextlib.ExitStack() as ours:
            ours.callback(os.close, far)
            self.process = subprocess.Popen(
                (*STARTER, *SETTLED, "demo", *self._words, "--out", str(self.out)),
                stdin=far if self._terminal else subprocess.DEVNULL,
                stdout=far,
                stderr=far,
                env=environment,
                start_new_session=True,
            )

    def again(self) -> None:
        """Another one into the same folders, after the end of this one."""
        self.close()
        self.said = ""
        self._begin()

    def until(self, sentence: str, within_s: float = STARTED_S) -> None:
        """Read on until it has said this."""
        end = time.monotonic() + within_s
        while sentence not in self.said:
            assert time.monotonic() < end, f"waited for {sentence!r}:\n{self.said}"
            assert self._read(1.0) or self.process.poll() is None, self.said

    def until_it_makes(self, name: str) -> None:
        """Until the machine has this file or folder; what goes on is no line of a log yet."""
        end = time.monotonic() + STARTED_S
        while not (self.out / "machine" / name).exists():
            assert time.monotonic() < end, self.said
            self._read(0.02)

    def _read(self, within_s: float) -> bool:
        if not select.select([self.reading], [], [], within_s)[0]:
            return False
        try:
            read = os.read(self.reading, 65_536)
        except OSError:  # a terminal whose other end is gone
            return False
        self.said += read.decode(errors="replace")
        now = time.monotonic()
        self.longest_silence_s = max(self.longest_silence_s, now - (self._heard_s or now))
        self._heard_s = now
        return bool(read)

    @property
    def run(self) -> Path:
        """The run directory of the machine."""
        return (self.out / "machine").readlink()

    def family(self) -> dict[int, str]:
        """Every process that the demo started, however it is related by now."""
        return dict(self._relatives())

    def _relatives(self) -> Iterator[tuple[int, str]]:
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                environment = b""
                with contextlib.suppress(PermissionError):  # a hardened one; it names its run directory
                    environment = (entry / "environ").read_bytes()
                if not command or int(entry.name) in (self.process.pid, os.getpid()):
                    continue
                if self.mark.encode() in environment or os.fsencode(self.temporary) in command:
                    yield int(entry.name), command.replace(b"\0", b" ").decode(errors="replace")

    def ends(self) -> int:
        """Its exit code, once it has ended by itself."""
        end = time.monotonic() + ENDED_S
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.2)
        with contextlib.suppress(AssertionError):
            self.until("\0", 0.2)
        assert self.process.poll() is not None, f"it does not end:\n{self.said}"
        return self.process.returncode

    def close(self) -> None:
        """Whatever became of it."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            os.close(self.reading)


# Whatever ignored a signal above us (nohup), the demo begins as from a terminal of its own.
_BEGIN = (
    "import fcntl, os, signal, sys, termios\n"
    "for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(number, signal.SIG_DFL)\n"
    "if os.isatty(0): fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
STARTER = (sys.executable, "-c", _BEGIN)


@pytest.fixture
def place() -> Iterator[Path]:
    """A short path: sockets are made below it."""
    made = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def begin(place: Path) -> Iterator[Callable[..., Demo]]:
    begun: list[Demo] = []

    def demo(*words: str, terminal: bool = False, display: str = ":7531") -> Demo:
        begun.append(Demo(place, *words, terminal=terminal, display=display))
        return begun[-1]

    yield demo
    for one in begun:
        one.close()


def nothing_is_left_of(demo: Demo, run: Path) -> None:
    """But for what is in its output."""
    assert demo.family() == {}
    assert not run.exists()
    assert list(demo.temporary.iterdir()) == []
    assert not os.path.lexists(demo.out / "machine")


def pictures(demo: Demo) -> set[tuple[str, int]]:
    """Of its screens: name, and when it was written."""
    return {(file.name, file.stat().st_mtime_ns) for file in (demo.out / "screens").glob("*.png")}


def the_books_are_there(demo: Demo) -> list[str]:
    """The kinds of the journal's rows."""
    assert json.loads((demo.out / "summary.json").read_text("utf-8"))
    assert json.loads((demo.out / "books" / "central.json").read_text("utf-8"))
    assert (demo.out / "books" / "ledger.db").stat().st_size > 0
    journal = (demo.out / "journal.jsonl").read_text("utf-8").splitlines()
    return [str(json.loads(row)["kind"]) for row in journal]


def test_a_headless_one_that_is_ended_in_an_order_leaves_its_books(begin: Callable[..., Demo]) -> None:
    demo = begin("--headless")
    demo.until("KRW in")
    assert demo.longest_silence_s < QUIET_LOG_S
    run = demo.run
    demo.process.send_signal(signal.SIGTERM)
    assert demo.ends() == 128 + signal.SIGTERM
    assert "credit" in the_books_are_there(demo)
    assert "stopped (SIGTERM)" in demo.said
    nothing_is_left_of(demo, run)


def test_one_that_is_ended_while_it_starts_leaves_nothing(begin: Callable[..., Demo]) -> None:
    demo = begin("--headless")
    demo.until_it_makes("central")
    run = demo.run
    demo.process.send_signal(signal.SIGHUP)
    demo.process.send_signal(signal.SIGTERM)  # the second one is in no hurry either
    assert demo.ends() == 128 + signal.SIGHUP
    assert "nothing had been booked yet" in demo.said
    nothing_is_left_of(demo, run)


def test_one_whose_reader_leaves_ends_at_once_with_its_books(begin: Callable[..., Demo]) -> None:
    demo = begin("--headless")
    demo.until("KRW in")
    run = demo.run
    os.close(demo.reading)
    demo.process.wait(UNREAD_S)
    assert demo.process.returncode == 128 + signal.SIGPIPE
    assert "credit" in the_books_are_there(demo)
    nothing_is_left_of(demo, run)


@pytest.mark.parametrize(
    "words", [("--headless", "--window"), ("--tour", "--window"), ("--tour", "--power-cut")], ids=" ".join
)
def test_words_that_contradict_each_other_are_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, said = said_by("demo", *words, "--out", str(tmp_path / "out"))
    assert (code, said.startswith("kiosk: --")) == (USAGE, True), said
    assert not (tmp_path / "out").exists()


def test_one_that_fails_leaves_its_books_and_its_logs(begin: Callable[..., Demo]) -> None:
    demo = begin("--headless")
    demo.until("KRW in")
    run = demo.run
    (run / "sock" / "robot.sock").unlink()  # nobody can press a button any more
    assert demo.ends() == 1
    assert "credit" in the_books_are_there(demo)
    assert (demo.out / "log" / "core.log").exists()
    nothing_is_left_of(demo, run)


def test_when_the_terminal_is_closed_a_windowed_one_leaves_its_books(begin: Callable[..., Demo]) -> None:
    demo = begin("--window", terminal=True)
    demo.until("ends everything")
    assert demo.longest_silence_s < QUIET_S, "something moves each second until it is there"
    run = demo.run
    os.close(demo.reading)  # the terminal's other end: its window is closed
    demo.process.wait(ENDED_S)
    assert demo.process.returncode == 0
    assert the_books_are_there(demo)
    nothing_is_left_of(demo, run)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server without a screen (xvfb)")
@pytest.mark.parametrize("title", ["Changgu", pytest.param("Changgu dock", marks=pytest.mark.campaign)])
def test_when_a_window_is_closed_it_ends_with_its_books(begin: Callable[..., Demo], title: str) -> None:
    with x_server() as display:
        demo = begin("--window", display=display)
        demo.until("ends everything")
        run = demo.run
        close_window(display, title)
        assert demo.ends() == 0
    assert the_books_are_there(demo)
    nothing_is_left_of(demo, run)


def said_by(*words: str) -> tuple[int, str]:
    """The exit code of a command of ours and its words, however its lines are broken."""
    done = subprocess.run((*KIOSK, *words), capture_output=True, text=True, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_a_second_one_is_refused_and_the_first_goes_on(begin: Callable[..., Demo]) -> None:
    first = begin("--window")
    first.until("ends everything")
    run, before = first.run, sorted(first.out.iterdir())
    code, said = said_by("demo", "--headless", "--out", str(first.out))
    assert (code, f"process {first.process.pid};" in said) == (exits.MISSING, True), said
    assert (first.run, sorted(first.out.iterdir())) == (run, before)
    # Commands find the machine by the folder that its demo fills, or by its own.
    for named in (first.out, run):
        code, said = said_by("cash", "state", "--run", str(named))
        assert (code, "120 coins" in said) == (0, True), said
    code, said = said_by("reconcile", "--run", str(first.out))
    assert (code, f"process {first.process.pid}" in said) == (exits.MISSING, True), said
    first.process.send_signal(signal.SIGINT)
    assert first.ends() == 0
    nothing_is_left_of(first, run)
    code, said = said_by("reconcile", "--run", str(first.out))
    assert code == 0, said
    code, said = said_by("cash", "state", "--run", str(first.out))
    assert (code, "no demo fills" in said) == (exits.MISSING, True), said


def test_after_kill_9_no_process_lives_on_and_the_next_demo_clears_up(begin: Callable[..., Demo]) -> None:
    demo = begin("--headless")
    demo.until("KRW in")
    run, family = demo.run, demo.family()
    assert len(family) > 8
    demo.process.send_signal(signal.SIGKILL)
    demo.process.wait()
    end = time.monotonic() + 10
    while demo.family() and time.monotonic() < end:
        time.sleep(0.05)  # the kernel tells nobody that it has killed somebody else's children
    assert demo.family() == {}
    assert run.exists(), "nobody was left to clear it away"
    old = pictures(demo)
    assert old
    (demo.out / "screens" / "mine.txt").write_text("my own")
    stranger = demo.temporary / f"{desk_run.PREFIX}mine"
    stranger.mkdir()
    demo.again()
    demo.until("ready; its fleet page")
    assert demo.run != run
    assert not run.exists()
    assert not pictures(demo) & old, "the new one's own may be there already"
    assert (demo.out / "screens" / "mine.txt").read_text() == "my own"
    demo.process.send_signal(signal.SIGTERM)
    demo.ends()
    assert list(demo.temporary.iterdir()) == [stranger], "what is not surely ours stays"
    assert (demo.out / MARK).exists()
