"""`pytest --lanes N`: shares the files of tests out to N forks at a time, and hears and prints what they tell.

The first process loads the libraries and the product once, and collects no test. Each share (shares.py) is a fork of
it, collects its own files alone, and ends with them, so that nothing of one share is left for the next one, and what
all of them have loaded is in memory once (docs/decisions/0046).
"""

import contextlib
import gc
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.rig.forked import SHARED_IN, Shared
from tests.rig.lanes import lane, loaded
from tests.rig.lanes.cost import Cost
from tests.rig.lanes.last_words import LastWords
from tests.rig.lanes.shares import Queue, Share, queue
from tests.rig.lanes.told import Begun, Collected, Ended, Over, Told

_LOOK_S = 1.0
_SAID_EVERY_S = 30.0
_ENDS_WITHIN_S = 20.0


@dataclass
class _Fork:
    """A share that is being run."""

    share: Share
    pid: int
    way: Connection
    test: str = ""
    over: bool = False
    began: float = field(default_factory=time.monotonic)


class Lanes:
    """The first process."""

    def __init__(self, config: pytest.Config, lanes: int, parts: int, seed: int | None) -> None:
        self._config = config
        self._lanes = lanes
        self._parts = parts
        self._seed = seed
        self._forks: list[_Fork] = []
        self._number = 0
        self._done = 0
        self._all = 0
        self._began = self._said = time.monotonic()
        # Their programs' parents end with this process: nobody else holds the other end of that pipe.
        self._life, self._held = os.pipe()
        self._folder = Path(tempfile.mkdtemp(prefix="changgu-lanes-"))
        os.environ[SHARED_IN] = Shared(self._folder, self._life).said()
        self.cost = Cost(os.getpid())

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> bool:
        """Each fork does it for its own share."""
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All shares, to the end, or to the first failures that are as many as -x or --maxfail allow."""
        asked, here = self._config.args, self._config.invocation_params.dir
        left = queue(asked, here, self._parts, self._seed, self._config.getini("norecursedirs"))
        self._all = len(left.waiting) + len(left.computing)
        if (self._config.rootpath / "kiosk").is_dir():
            loaded.load()
        gc.collect()
        gc.freeze()  # no fork copies the pages of what it only looks at
        try:
            self._serve(session, left)
        finally:
            self._end_all()
        return True

    def pytest_report_teststatus(
        self, report: pytest.CollectReport | pytest.TestReport
    ) -> tuple[str, str, str] | None:
        """No dot for each of ten thousand: a line now and then says how far it is (_say)."""
        return ("passed", "", "") if report.passed and report.when == "call" else None

    def pytest_unconfigure(self) -> None:
        """Nothing is left of it; the parents of the lanes' programs hear that the pipe has ended."""
        del os.environ[SHARED_IN]
        os.close(self._held)
        os.close(self._life)
        shutil.rmtree(self._folder, ignore_errors=True)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What it cost."""
        if self._all > self._lanes:
            self.cost.show(terminalreporter, time.monotonic() - self._began)

    def _serve(self, session: pytest.Session, left: Queue) -> None:
        while True:
            while len(self._forks) < self._lanes and (share := left.take(self._lanes)) is not None:
                self._fork(session, share)
            if not self._forks:
                return
            for fork in self._told():
                self._hear(session, fork)
                if fork.over:
                    left.running.remove(fork.share)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            self.cost.look()
            self._say()

    def _fork(self, session: pytest.Session, share: Share) -> None:
        ours, its = Pipe()
        self._number += 1
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        first = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.close(self._held)
            for held in (ours, *(fork.way for fork in self._forks)):
                held.close()
            lane.run(session, share, self._number, its, first)
        its.close()
        self._forks.append(_Fork(share, pid, ours))

    def _told(self) -> Iterator[_Fork]:
        ready = wait([fork.way for fork in self._forks], timeout=_LOOK_S)
        yield from [fork for fork in self._forks if fork.way in ready]

    def _hear(self, session: pytest.Session, fork: _Fork) -> None:
        try:
            told: Told = fork.way.recv()
        except (EOFError, ConnectionResetError):
            self._lost(fork)
            return
        match told:
            case Collected(tests, deselected):
                session.testscollected += tests
                if deselected and (reporter := self._config.pluginmanager.get_plugin("terminalreporter")):
                    reporter.stats.setdefault("deselected", []).extend([SimpleNamespace()] * deselected)
            case Begun(test):
                fork.test = test
            case Ended(data):
                self._report(data)
            case Over(cpu_s, refused):
                self.cost.spent(fork.share.name, cpu_s)
                self._reap(fork)
                if refused:
                    raise pytest.UsageError(refused)

    def _report(self, data: dict[str, object]) -> None:
        hook = self._config.hook
        report = hook.pytest_report_from_serializable(config=self._config, data=data)
        if isinstance(report, pytest.TestReport):
            self.cost.took(report)
            hook.pytest_runtest_logreport(report=report)
        else:
            hook.pytest_collectreport(report=report)
        if report.failed and (reporter := self._config.pluginmanager.get_plugin("terminalreporter")):
            reporter.ensure_newline()
            reporter.write_line(f"red: {report.nodeid}")  # nobody waits for the end to know which one

    def _lost(self, fork: _Fork) -> None:
        """It ended without a word: the test that it was in is red, and the rest of its share was not run."""
        status = self._reap(fork)
        name = fork.test or fork.share.name
        how = (
            f"signal {os.WTERMSIG(status)}"
            if os.WIFSIGNALED(status)
            else f"exit code {os.WEXITSTATUS(status)}"
        )
        said = f"the process of this test ended with {how}; what came after it in its share was not run"
        report = pytest.TestReport(name, (name, None, name), {}, "failed", said, "call")
        self._config.hook.pytest_runtest_logreport(report=report)

    def _reap(self, fork: _Fork) -> int:
        fork.over = True
        fork.way.close()
        self._forks.remove(fork)
        self._done += 1
        _, status = os.waitpid(fork.pid, 0)
        return status

    def _end_all(self) -> None:
        """As with a Ctrl-C: their fixtures end what they have begun; who doesn't within a while is killed."""
        for fork in self._forks:
            with contextlib.suppress(ProcessLookupError):
                os.kill(fork.pid, signal.SIGINT)
        deadline = time.monotonic() + _ENDS_WITHIN_S
        while self._forks:
            patience = deadline - time.monotonic()
            for fork in [*self._forks]:
                if patience <= 0:
                    os.kill(fork.pid, signal.SIGKILL)
                    self._reap(fork)
                elif fork.way.poll(0.05):
                    with contextlib.suppress(EOFError, OSError):
                        if not isinstance(fork.way.recv(), Over):
                            continue
                    self._reap(fork)

    def _say(self) -> None:
        now = time.monotonic()
        if now - self._said < _SAID_EVERY_S:
            return
        self._said = now
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is None:
            return
        red = len(reporter.stats.get("failed", [])) + len(reporter.stats.get("error", []))
        done = len(reporter.stats.get("passed", []))
        minutes, seconds = divmod(int(now - self._began), 60)
        where = ", ".join(fork.share.name for fork in self._forks)
        reporter.ensure_newline()
        reporter.write_line(
            f"{minutes:2}:{seconds:02}  {self._done} of {self._all} shares, {done} passed, {red} red; now {where}"
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many, and in how many parts."""
    group = parser.getgroup("lanes", "several files of tests at a time")
    group.addoption(
        "--lanes", type=int, default=0, help="forks at a time; 0: all in this process, one by one"
    )
    group.addoption("--shuffle", type=int, default=None, metavar="SEED", help="with --lanes: in random order")
    group.addoption("--parts", type=int, default=1, help="with --lanes: each file in so many shares")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """With --lanes, here and in no fork."""
    config.pluginmanager.register(LastWords(config), "last-words")
    lanes = config.getoption("lanes")
    if lanes > 0 and not config.option.collectonly and not config.option.usepdb:
        config.pluginmanager.register(
            Lanes(config, lanes, config.getoption("parts"), config.getoption("shuffle")), "lanes"
        )
