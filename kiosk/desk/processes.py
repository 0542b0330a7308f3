"""Child processes that come back when they die: the desk's stand-in for systemd."""

import contextlib
import logging
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk.ipc.listener import callers, listen
from kiosk.ipc.watchdog import Ear

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
# Without a beat for this long a program hangs. The units in systemd/ count from the start and allow core and ui more.
WATCHDOG_S = 5.0
_SETTLED_AFTER_S = 10.0
_GRACE_S = 3.0
# A command that asks central for all that it knows.
ANSWER_S = 60.0

log = logging.getLogger(__name__)


class Keeper:
    """Keeps one program running. Each keeper's own thread forks: the kernel ties a child's fate to that thread.

    A program that had begun to beat (ipc/watchdog.py) and then hangs for `watchdog_s` is killed. `until_closed`: when
    it ends well by itself, a person has closed its window, and it stays away (`closed`).
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log_file: Path,
        environment: Mapping[str, str],
        watchdog_s: float = WATCHDOG_S,
        *,
        until_closed: bool = False,
    ) -> None:
        self.name = name
        self.argv = argv
        self._log_file = log_file
        self._environment = environment
        self._watchdog_s = watchdog_s
        self._changed = threading.Condition()
        self._wanted = False
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self.starts = 0
        self._until_closed = until_closed
        self.closed = False

    @property
    def pid(self) -> int | None:
        """The process running now."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def start(self) -> None:
        """Run it from now on."""
        with self._changed:
            if self._wanted:
                return
            self._wanted = True
        self._thread = threading.Thread(target=self._keep, name=f"keep-{self.name}", daemon=True)
        self._thread.start()

    def strike(self, number: int) -> int:
        """Send the running process and all that it started a signal; its pid. Raises ProcessLookupError."""
        pid = self.pid
        if pid is None:
            raise ProcessLookupError(f"{self.name} is not running")
        os.killpg(pid, number)
        return pid

    def doom(self) -> None:
        """Kill it now and don't bring it back; `stop` waits for its end."""
        with self._changed:
            self._wanted = False
            self._changed.notify_all()
        with contextlib.suppress(ProcessLookupError):
            self.strike(signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it for good; with SIGKILL at once, else with a little patience."""
        with self._changed:
            self._wanted = False
            self._changed.notify_all()
        if self._thread is None:
            return
        deadline = time.monotonic() + _GRACE_S
        with contextlib.suppress(ProcessLookupError):
            self.strike(number)
        self._thread.join(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            self.strike(signal.SIGKILL)
        self._thread.join()
        self._thread = None

    def _keep(self) -> None:
        ear = Ear(self._watchdog_s)
        try:
            self._keep_listening(ear)
        finally:
            ear.close()

    def _keep_listening(self, ear: Ear) -> None:
        failures = 0
        while self._wanted:
            begun = time.monotonic()
            how = self._one_life(ear)
            if not self._wanted:
                return
            if self._until_closed and how == 0:
                self.closed = True
                return
            failures = 0 if time.monotonic() - begun > _SETTLED_AFTER_S else failures + 1
            pause = BACK_OFF_S[min(max(failures, 1), len(BACK_OFF_S)) - 1]
            ended = how if isinstance(how, str) else f"ended with {how}"
            log.warning("%s %s; again in %.1f s", self.name, ended, pause)
            with self._changed:
                self._changed.wait_for(lambda: not self._wanted, timeout=pause)

    def _one_life(self, ear: Ear) -> int | str:
        """Start it and wait for its end. Its exit code, or why it could not be started."""
        ear.expect()
        try:
            with self._log_file.open("ab") as output:
                child = spawn(self.argv, {**self._environment, **ear.environment()}, output.fileno())
        except OSError as error:  # no room for one more process, or for its log
            return f"can't be started: {error}"
        # Whoever sees its pid on another thread finds it counted.
        self.starts += 1
        self._child = child
        # A stop that came while we forked did not see the child.
        if not self._wanted:
            os.killpg(child.pid, signal.SIGKILL)
        code = self._watch(child, ear)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        return code

    def _watch(self, child: subprocess.Popen[bytes], ear: Ear) -> int:
        """Wait for the child's end, and bring it about when it hangs. Its exit code."""
        try:
            ended = os.pidfd_open(child.pid)
        except ProcessLookupError:  # it is over already, and somebody asked for its pid
            return child.wait()
        except OSError as error:  # too many files are open: what can't be watched may hang for ever
            log.warning("%s can't be watched: %s; killed", self.name, error)
            os.killpg(child.pid, signal.SIGKILL)
            return child.wait()
        try:
            while not select.select([ended], [], [], self._watchdog_s / 10)[0]:
                ear.listen()
                if ear.hung():
                    log.warning("%s hangs since %.0f s; killed", self.name, self._watchdog_s)
                    os.killpg(child.pid, signal.SIGKILL)
                    ear.expect()
        finally:
            os.close(ended)
        return child.wait()


class WorkerHatch:
    """worker.sock: for each connection a fresh worker with it as standard input (systemd's Accept=yes)."""

    def __init__(
        self, path: Path, argv: Sequence[str], log_file: Path, environment: Mapping[str, str]
    ) -> None:
        self._path = path
        self.argv = argv
        self._log_file = log_file
        self._environment = environment
        self._server: socket.socket | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._children: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Listen."""
        self._stopped = threading.Event()
        self._server = listen(self._path)
        self._thread = threading.Thread(target=self._serve, args=(self._server,), name="workers", daemon=True)
        self._thread.start()

    def pids(self) -> list[int]:
        """The workers alive now."""
        with self._lock:
            return [child.pid for child in self._children if child.poll() is None]

    def stop(self) -> None:
        """Close the hatch and kill the workers."""
        self._stopped.set()
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
            self._server = None
        if self._thread is not None:
            # It may be starting one more worker, which has to be known before all of them are killed.
            self._thread.join()
            self._thread = None
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        with self._lock:
            for child in self._children:
                child.wait()
            self._children.clear()

    def _serve(self, server: socket.socket) -> None:
        for connection in callers(server, self._stopped):
            try:
                with connection, self._log_file.open("ab") as output:
                    child = spawn(self.argv, self._environment, output.fileno(), connection.fileno())
            except OSError as error:  # no room for one more process, or for its log: core tries again
                log.warning("no worker could be started: %s", error)
                continue
            with self._lock:
                self._children = [one for one in self._children if one.poll() is None] + [child]


def spawn(
    argv: Sequence[str], environment: Mapping[str, str], output: int, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Fork and exec in a session of its own; the kernel kills it when the thread that called dies."""
    return subprocess.Popen(
        leashed(argv),
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        start_new_session=True,
    )


def asked(argv: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
    """What a command answers, on its leash and in a session of its own: a Ctrl-C is told to us, and not to it.

    Raises subprocess.TimeoutExpired.
    """
    return subprocess.run(
        leashed(argv), capture_output=True, check=False, timeout=ANSWER_S, start_new_session=True
    )


def leashed(argv: Sequence[str]) -> list[str]:
    """The command line of a child that the kernel kills when the thread that starts it dies.

    One that is put on the leash after that would never hear of it, so it looks whether we are still there.
    """
    setpriv, shell = shutil.which("setpriv"), shutil.which("sh")
    if setpriv is None or shell is None:
        return [*argv]
    look = '[ "$PPID" = "$0" ] && exec "$@"'
    return [setpriv, "--pdeathsig", "KILL", "--", shell, "-c", look, str(os.getpid()), *argv]


def program(*arguments: str, run: Path) -> list[str]:
    """The command line of one of the machine's programs, by this very interpreter."""
    return [sys.executable, "-m", "kiosk.cli", *arguments, "--run", str(run)]
