"""Our printer's driver against CUPS' own printer, where it is installed (cups-ipp-utils, dbus)."""

import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.contract import (
    CancelJob,
    DeviceState,
    FollowJob,
    JobEnded,
    JobOpened,
    OpenJob,
    Outcome,
    PaperReading,
    ReadPaper,
    ReasonCode,
)
from drivers.paper_bus import PaperBus
from tests.wire.desk import Served, served
from tests.wire.test_paper_wire import pdf, send_document

WITHIN_S = 10.0
KEY = "01KBCDEFGHJKMNPQRSTVWXYZ00-1-1"
_MISSING = [name for name in ("ippeveprinter", "dbus-daemon") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(
    bool(_MISSING), reason=f"{', '.join(_MISSING)} not installed (apt packages cups-ipp-utils, dbus)"
)
# It looks for a system bus before it finds out that it is not to register itself.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""
ENGINE = """#!/bin/sh
echo "ATTR: job-impressions=3" >&2
for sheet in 1 2 3; do sleep 0.2; echo "ATTR: job-impressions-completed=$sheet" >&2; done
"""


class Ippeveprinter:
    """The printer, with US paper in its tray at first. `restart` takes its current for a moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._programs: list[subprocess.Popen[bytes]] = []
        self.port = _free_port()
        self.uri = f"ipp://localhost:{self.port}/ipp/print"
        (folder / "spool").mkdir()
        (folder / "engine").write_text(ENGINE)
        (folder / "engine").chmod(0o700)
        (folder / "bus.conf").write_text(BUS.format(path=folder / "bus"))

    def start(self) -> None:
        """The bus that it looks for, then the printer."""
        self._run("dbus-daemon", f"--config-file={self._folder / 'bus.conf'}", "--nofork", "--nopidfile")
        _await(self._bus_answers)
        self._print()

    def _print(self) -> None:
        spool = str(self._folder / "spool")
        options = f"-r off -p {self.port} -n localhost -k -d {spool}".split()
        formats = ["-f", "application/pdf,image/pwg-raster", "-c", str(self._folder / "engine")]
        self._run("ippeveprinter", *options, *formats, "Kiosk A4")
        _await(self._answers)

    def _run(self, name: str, *arguments: str) -> None:
        bus = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self._folder / 'bus'}"}
        log = (self._folder / f"{name}.log").open("ab")
        with log:
            program = subprocess.Popen([name, *arguments], env={**os.environ, **bus}, stdout=log, stderr=log)
        self._programs.append(program)

    def _bus_answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as caller:
            return caller.connect_ex(str(self._folder / "bus")) == 0

    def _answers(self) -> bool:
        try:
            socket.create_connection(("localhost", self.port), 1.0).close()
        except OSError:
            return False
        return True

    def load_a4(self) -> None:
        """What its web page offers a hand: A4 in the main tray."""
        page = http.client.HTTPConnection("localhost", self.port, timeout=WITHIN_S)
        trays = "size1=iso_a4_210x297mm&type1=stationery&level1=100&size3=&type3=&level3=25"
        page.request("GET", f"/media?{trays}")
        assert page.getresponse().status == 200
        page.close()

    def restart(self) -> None:
        """Its jobs are gone."""
        _end(self._programs.pop())
        self._print()

    def close(self) -> None:
        """End both."""
        for program in self._programs:
            _end(program)


def _end(program: subprocess.Popen[bytes]) -> None:
    program.kill()
    program.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _await(there: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not there():
        assert time.monotonic() < end, "a foreign program did not come"
        time.sleep(0.02)  # it tells nobody when it is ready


@contextmanager
def ippeveprinter() -> Iterator[Ippeveprinter]:
    folder = Path(tempfile.mkdtemp(prefix="cgipp", dir="/tmp"))
    try:
        printer = Ippeveprinter(folder)
        try:
            printer.start()
            yield printer
        finally:
            printer.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def printer() -> Iterator[Ippeveprinter]:
    with ippeveprinter() as one:
        yield one


@pytest.fixture
def bus(printer: Ippeveprinter) -> Iterator[Served]:
    with served(lambda emit: PaperBus(printer.uri, "/dev/none", emit)) as one:
        yield one


def test_it_is_probed_prints_and_is_told_apart_from_itself_after_a_restart(
    printer: Ippeveprinter, bus: Served
) -> None:
    blocked = bus.wait_state("printer", DeviceState.BLOCKED)
    assert [(reason.code, reason.detail[:12]) for reason in blocked.reasons] == [
        (ReasonCode.PAPER_OUT, "no A4 loaded")
    ]
    printer.load_a4()
    known = bus.wait_state("printer", DeviceState.READY)
    assert known.capabilities == {"pdf", "a4", "one-sided", "jobs-by-name", "job-sheet-counter"}
    end = bus.run(OpenJob, key=KEY, sheets=3)
    opened = end.result
    assert isinstance(opened, JobOpened)
    assert send_document(bus.socket_of(end), opened, pdf(3)) == 0
    assert bus.wait_for(JobEnded) == JobEnded(KEY, Outcome.DONE, 3)
    told = {"key": KEY, "job_id": opened.job_id, "printer_serial": opened.printer_serial}
    assert job_sheets(bus, told) == 3
    assert bus.run(FollowJob, sheets=3, **told).outcome is Outcome.DONE
    assert bus.run(CancelJob, key="another-1-1").outcome is Outcome.NOT_DONE
    printer.restart()
    assert bus.run(FollowJob, sheets=3, **told).outcome is Outcome.NOT_DONE
    assert job_sheets(bus, told) is None


def job_sheets(bus: Served, told: dict[str, object]) -> int | None:
    reading = bus.run(ReadPaper, **told).result
    assert isinstance(reading, PaperReading)
    return reading.job_sheets
