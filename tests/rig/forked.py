"""The machine's programs forked from a process that has loaded their libraries: a start is not paid for in imports.

Most of the work of a machine's start is to read the same files once more. What the programs are is as in
production: the same modules as `__main__`, with their arguments, environment, session, standard input and output, each
in a process of its own that is gone when the tests are. What acts when a file becomes a process holds too: there is one
parent for each such environment (environment.py: the memory that is wiped).
"""

import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.desk import processes
from tests.rig.mask import present_mask

OURS = ("kiosk.cli", "central.cli", "simulators")
# Of what takes effect at exec: what our programs are started with differently.
AT_EXEC = ("PYTHONMALLOC", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "PYTHONUNBUFFERED")
# Two things are told of a child: that it is there (False, its pid), and how it ended (True, its exit code).
TOLD = struct.Struct("?i")
# What a parent says last: seconds of a core that its children took.
SPENT = struct.Struct("d")
# Where the lanes of a run share their parents (Shared.said).
SHARED_IN = "CHANGGU_TEST_PARENTS"
HERE = Path(__file__).parents[2]
_FORKED_WITHIN_S = 60.0
_SHARED_STARTED: list["subprocess.Popen[bytes]"] = []
_SPENT_S = [0.0]


class Forked:
    """A child of a parent, in the place of subprocess.Popen: `pid`, `poll`, `wait`, `returncode`.

    As there, it can be struck until its exit code was taken: only then does its parent let go of it.
    """

    def __init__(self, argv: Sequence[str], pid: int, ended: socket.socket) -> None:
        self.args, self.pid = argv, pid
        self.returncode: int | None = None
        self._ended = ended
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        with self._lock:
            if self.returncode is None:
                with contextlib.suppress(BlockingIOError):
                    said = self._ended.recv(TOLD.size, socket.MSG_DONTWAIT)
                    # A parent that is gone took its children along.
                    self.returncode = TOLD.unpack(said)[1] if said else -signal.SIGKILL
                    self._let_go()
            return self.returncode

    def _let_go(self) -> None:
        """Whoever waits on another thread hears it, too, and the parent: a close alone tells nobody while one waits."""
        with contextlib.suppress(OSError):  # the parent was quicker
            self._ended.shutdown(socket.SHUT_RDWR)
        self._ended.close()

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, when it has ended. Raises subprocess.TimeoutExpired."""
        while (code := self.poll()) is None:
            with self._lock:
                if self.returncode is not None:
                    continue
                watched = self._ended.dup()
            with watched:
                watched.settimeout(timeout)
                try:
                    watched.recv(1, socket.MSG_PEEK)
                except TimeoutError:
                    raise subprocess.TimeoutExpired([*self.args], timeout or 0.0) from None
        return code


class Parents:
    """One parent for each environment that acts at exec, started when it is first wanted.

    In a run in lanes all lanes share them: what a lane is given is a fork of such a parent, whose children are that
    lane's alone and end with it.
    """

    def __init__(self, shared: "Shared | None" = None) -> None:
        self._shared = shared
        self._lock = threading.Lock()
        self._of: dict[tuple[str, ...], socket.socket] = {}
        self._started: list[subprocess.Popen[bytes]] = []

    def fork(
        self, argv: Sequence[str], environment: Mapping[str, str], stdin: int, stdout: int, stderr: int
    ) -> Forked:
        """A child that runs this Python module (`argv` as for exec)."""
        wanted = {
            "argv": [*argv[2:]],
            "environment": {**environment},
            "folder": os.getcwd(),
            "mask": present_mask(),
        }
        parent = self._parent(environment)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with open(os.devnull, "rb") as nothing, theirs:
                first = nothing.fileno() if stdin == subprocess.DEVNULL else stdin
                given = [first, stdout, stderr, theirs.fileno()]
                socket.send_fds(parent, [json.dumps(wanted).encode()], given)
            ours.settimeout(_FORKED_WITHIN_S)
            said = ours.recv(TOLD.size)
            ended, pid = TOLD.unpack(said) if said else (True, 0)
            if ended:
                raise ChildProcessError("it, or the parent that was to fork it, has ended")
        except OSError:
            ours.close()
            raise
        ours.settimeout(None)
        return Forked(argv, pid, ours)

    def close(self) -> float:
        """They end, and with them whoever still lives of their children. Seconds of a core that all of these took."""
        spent = 0.0
        for way in self._of.values():
            with way, contextlib.suppress(OSError):
                way.shutdown(socket.SHUT_WR)
                way.settimeout(_FORKED_WITHIN_S)
                said = way.recv(SPENT.size)
                spent += SPENT.unpack(said)[0] if said else 0.0
        for parent in self._started:
            parent.wait()
        return spent

    def _parent(self, environment: Mapping[str, str]) -> socket.socket:
        key = tuple(environment.get(name, "") for name in AT_EXEC)
        with self._lock:
            if key not in self._of:
                if self._shared is not None:
                    self._of[key] = self._shared.connect(key, environment)
                    return self._of[key]
                ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs:
                    self._started.append(begin(environment, theirs.fileno()))
                self._of[key] = ours
            return self._of[key]


@dataclass(frozen=True)
class Shared:
    """Where the lanes of a run share their parents. `life`: a pipe that ends with the run, and they with it."""

    folder: Path
    life: int

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Shared | None":
        """As the first process of a run has said it."""
        folder, _, life = environment.get(SHARED_IN, "").rpartition(":")
        return cls(Path(folder), int(life)) if folder else None

    def said(self) -> str:
        """For the environment of the lanes."""
        return f"{self.folder}:{self.life}"

    def connect(self, key: tuple[str, ...], environment: Mapping[str, str]) -> socket.socket:
        """A fork of the parent for such an environment; whoever is first starts that parent."""
        name = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        place = self.folder / name
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
                    door.bind(str(place))
                    door.listen(64)
                    # It outlives this lane, and ends by its own at the end of the run.
                    _SHARED_STARTED.append(begin(environment, door.fileno(), self.life))
        way = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        way.connect(str(place))
        return way


def begin(environment: Mapping[str, str], *wires: int) -> "subprocess.Popen[bytes]":
    """A parent (parent.py), in a session of its own: a Ctrl-C is told to the tests, which end what they began."""
    command = [sys.executable, "-m", "tests.rig.parent", *map(str, wires)]
    return subprocess.Popen(command, cwd=HERE, env={**environment}, pass_fds=wires, start_new_session=True)


@contextlib.contextmanager
def forked_programs(parents: Parents) -> Iterator[None]:
    """From here on the desk forks our programs; all else it starts as ever."""
    started, asked = processes.spawn, processes.asked

    def fork(
        argv: Sequence[str], environment: Mapping[str, str], output: int, stdin: int = subprocess.DEVNULL
    ) -> Any:
        if _is_ours(argv):
            return parents.fork(argv, environment, stdin, output, output)
        return started(argv, environment, output, stdin)

    def ask(argv: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
        if not _is_ours(argv):
            return asked(argv)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = parents.fork(argv, os.environ, subprocess.DEVNULL, out.fileno(), err.fileno())
            try:
                code = child.wait(processes.ANSWER_S)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                raise
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess([*argv], code, out.read(), err.read())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "spawn", fork)
        patch.setattr(processes, "asked", ask)
        yield


def _is_ours(argv: Sequence[str]) -> bool:
    return [*argv[:2]] == [sys.executable, "-m"] and argv[2] in OURS


@pytest.fixture(scope="session")
def parents() -> Iterator[Parents]:
    """Whose children the programs of a lane are."""
    parents = Parents(Shared.of(os.environ))
    yield parents
    _SPENT_S[0] += parents.close()


@pytest.fixture(scope="module", autouse=True)
def programs_of_one_parent(parents: Parents) -> Iterator[None]:
    """For all of a module's tests; one that is about how a program is started has a fixture of this name for itself."""
    with forked_programs(parents):
        yield


def spent_s() -> float:
    """Seconds of a core that the programs of this process's parents took, as far as these have ended."""
    return _SPENT_S[0]
