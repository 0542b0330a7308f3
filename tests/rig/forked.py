"""The machine's programs forked from a process that has loaded their libraries: a start is not paid for in imports.

Most of the work of a machine's start is to read the same files once more. What the programs are is as in
production: the same modules as `__main__`, with their arguments, environment, session, standard input and output, each
in a process of its own that is gone when the tests are. What acts when a file becomes a process holds too: there is one
parent for each such environment (environment.py: the memory that is wiped).
"""

import contextlib
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
HERE = Path(__file__).parents[2]
_FORKED_WITHIN_S = 60.0


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
    """One parent for each environment that acts at exec, started when it is first wanted."""

    def __init__(self) -> None:
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

    def close(self) -> None:
        """They end, and with them whoever still lives of their children."""
        for way in self._of.values():
            way.close()
        for parent in self._started:
            parent.wait()

    def _parent(self, environment: Mapping[str, str]) -> socket.socket:
        key = tuple(environment.get(name, "") for name in AT_EXEC)
        with self._lock:
            if key not in self._of:
                ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs:
                    command = [sys.executable, "-m", "tests.rig.parent", str(theirs.fileno())]
                    # In a session of its own: a Ctrl-C is told to the tests, which end what they started in order.
                    begun = subprocess.Popen(
                        command,
                        cwd=HERE,
                        env={**environment},
                        pass_fds=[theirs.fileno()],
                        start_new_session=True,
                    )
                    self._started.append(begun)
                self._of[key] = ours
            return self._of[key]


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
    parents = Parents()
    yield parents
    parents.close()


@pytest.fixture(scope="module", autouse=True)
def programs_of_one_parent(parents: Parents) -> Iterator[None]:
    """For all of a module's tests; one that is about how a program is started has a fixture of this name for itself."""
    with forked_programs(parents):
        yield
