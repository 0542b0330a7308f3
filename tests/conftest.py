"""What every test can rely on: no screen, no network, no silence about errors.

The environment is settled here, at import, because Qt reads it once and pytest loads this file before any test.
"""

import gc
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from ipaddress import ip_address

import hypothesis
import pytest
import structlog

from tests.rig import read_once, town
from tests.rig.mask import present_mask

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
# With a display in the environment even the offscreen platform asks that display for OpenGL.
for leak in ("DISPLAY", "WAYLAND_DISPLAY", "QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "QT_QUICK_CONTROLS_STYLE"):
    os.environ.pop(leak, None)
# Typer reads these once a process, at its first help; a shell's own would change what every later help looks like.
for shell in ("TERMINAL_WIDTH", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
    os.environ.pop(shell, None)
os.environ["TZ"] = "Asia/Seoul"
# nohup ignores SIGHUP, and a shell ignores SIGINT in its background jobs. Programs inherit that, and ours respect it.
for number, usual in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)
# Hundreds of modules, in each lane and in many a child: compiled once, also where Python is told to write nothing.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

read_once.install()

pytest_plugins = ["tests.rig.lanes.plugin"]

OUR_PACKAGES = ("kiosk", "drivers", "simulators", "ui", "central")

# No deadline: two shared cores make no promise. No database: a failure is found again by its seed, not by a file.
hypothesis.settings.register_profile("desk", deadline=None, database=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, database=None, print_blob=True, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure() -> None:
    """One town for all the lanes of this run; the first process makes its place, and the others inherit it.

    What is imported and collected stays, so the collector would find nothing and take a third of that time.
    """
    gc.disable()
    os.environ[town.KEPT_IN] = tempfile.mkdtemp(prefix="changgu-town-")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not walk through it again and again.

    The ui collects after every visit (ui/bridge.py), as do tests of memory; with half a million objects more that is
    a second each time.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """The first process takes it away again.

    What was frozen is let go, or a library tells of each of its objects that it has leaked.
    """
    gc.unfreeze()
    shutil.rmtree(os.environ.pop(town.KEPT_IN), ignore_errors=True)


class NetworkUseError(AssertionError):
    """A test tried to reach another machine."""


def refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    """The audit hook that keeps tests on the loopback, whatever library opens the socket."""
    if event not in {"socket.connect", "socket.sendto"}:
        return
    address = arguments[1]
    if not isinstance(address, tuple):  # a Unix socket, or a send on a socket already connected
        return
    host = str(address[0])
    if host in {"localhost", ""}:
        return
    try:
        local = ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkUseError(f"a test may only reach this machine, and this one asked for {host}")


sys.addaudithook(refuse_other_machines)


class ErrorRecords(logging.Handler):
    """Keeps what our own code logged at ERROR or above."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record if one of our packages wrote it."""
        if record.name.partition(".")[0] in OUR_PACKAGES:
            self.seen.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def the_same_mask() -> Iterator[None]:
    """What one test leaves behind in the process meets every later one of its lane."""
    before = present_mask()
    yield
    after = present_mask()
    if after != before:
        os.umask(before)
        pytest.fail(f"the mask for new files was left at {after:#o}")


@pytest.fixture(autouse=True)
def no_stray_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """A record at ERROR that the test didn't announce with `@pytest.mark.logs_errors` fails it."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    errors = ErrorRecords()
    logging.getLogger().addHandler(errors)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(errors)
        structlog.reset_defaults()
    if errors.seen and request.node.get_closest_marker("logs_errors") is None:
        pytest.fail("logged an error that the test didn't expect:\n  " + "\n  ".join(errors.seen))
