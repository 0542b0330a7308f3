"""One share of the tests, in a fork: collects it, runs it, and tells the first process each test and its end."""

import ctypes
import os
import random
import resource
import signal
import sys
from multiprocessing.connection import Connection
from typing import NoReturn

import pytest
from _pytest.tmpdir import TempPathFactory

from tests.rig import forked
from tests.rig.lanes.shares import Share
from tests.rig.lanes.told import Begun, Collected, Ended, Over, Told

_PR_SET_PDEATHSIG = 1
# The first process prints, counts and shares out; here nobody does.
_OF_THE_FIRST = ("terminalreporter", "terminalprogress", "lanes")


class Teller:
    """In the place of the terminal: whatever happens goes to the first process."""

    def __init__(self, config: pytest.Config, share: Share, way: Connection) -> None:
        self._config = config
        self._share = share
        self._way = way
        self._deselected = 0

    def tell(self, told: Told) -> None:
        """Send it."""
        self._way.send(told)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of a file that is split, its part; in random order where that was asked for."""
        items[:] = items[self._share.part :: self._share.parts]
        if self._share.seed is not None:
            random.Random(self._share.seed).shuffle(items)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Left out by -k or -m."""
        self._deselected += len(items)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """So much is to be run."""
        self.tell(Collected(len(session.items), self._deselected if self._share.part == 0 else 0))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A process that dies in it has no other way to say which one it was."""
        self.tell(Begun(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A stage of a test is over."""
        self._report(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """What can't be collected is red."""
        if not report.passed:
            self._report(report)

    def _report(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self.tell(Ended(data))


def run(session: pytest.Session, share: Share, number: int, way: Connection, parent: int) -> NoReturn:
    """All of it, and the end of this process."""
    _leash(parent)
    config = session.config
    teller = _become_a_lane(config, share, number, way)
    config.args = [*share.arguments]
    # What was red before says nothing of this share, nor one of its files of the others.
    session.testsfailed = 0
    config.option.continue_on_collection_errors = True
    refused = ""
    try:
        config.hook.pytest_collection(session=session)
        config.hook.pytest_runtestloop(session=session)
    except (KeyboardInterrupt, session.Interrupted, session.Failed):
        pass  # told with the report, or asked for by the first process
    except pytest.UsageError as error:
        refused = "\n".join(map(str, error.args))
    finally:
        # Whatever the session's fixtures still hold: programs, folders.
        session._setupstate.teardown_exact(None)
    teller.tell(Over(_cpu_s() + forked.spent_s(), refused))
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # Nothing is taken apart that the first process had loaded.
    os._exit(0)


def _become_a_lane(config: pytest.Config, share: Share, number: int, way: Connection) -> Teller:
    plugins = config.pluginmanager
    for name in _OF_THE_FIRST:
        if (plugin := plugins.get_plugin(name)) is not None:
            plugins.unregister(plugin)
    teller = Teller(config, share, way)
    plugins.register(teller, "teller")
    # The file that output is caught in would be one for all forks.
    capture = plugins.get_plugin("capturemanager")
    if capture is not None:
        capture.stop_global_capturing()
        capture.start_global_capturing()
    base = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    config.option.basetemp = str(base / f"lane-{number}")
    config._tmp_path_factory = TempPathFactory.from_config(config, _ispytest=True)  # type: ignore[attr-defined]
    return teller


def _leash(parent: int) -> None:
    """It ends with the process that it was forked from."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _cpu_s() -> float:
    """Of this process and of all children that it has waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)
