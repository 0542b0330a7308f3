"""A port that can't be had: the status, the log and the reason say which of the causes it was."""

import errno
import fcntl
import logging
import os
import pty
import socket
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from drivers.cash.bus import CashBus
from drivers.contract import Event, ReasonCode, StatusChanged
from drivers.page_printer.client import Endpoint, HttpWire
from drivers.scheduler import Scheduler, Task, ask
from drivers.status_reporter import GONE
from drivers.why import why
from tests.rig.another_user import as_another_user, let_pass


def told_of(port: Path) -> tuple[set[ReasonCode], str]:
    """The reasons and details of the acceptor on this port, after a while."""
    told: list[Event] = []
    bus = CashBus(str(port), told.append)
    for tick in range(100):
        bus.tick(1_000 + tick * 0.05)
    bus.close()
    last = [
        event.status for event in told if isinstance(event, StatusChanged) and event.status.device == "coin"
    ]
    return {reason.code for reason in last[-1].reasons}, last[-1].reasons[0].detail


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Path]:
    """A real terminal under a port's name; its mode is the pty's own."""
    master, slave = pty.openpty()
    (tmp_path / "cash").symlink_to(os.ttyname(slave))
    yield tmp_path / "cash"
    os.close(slave)
    os.close(master)


def test_a_port_that_is_not_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        reasons, detail = told_of(tmp_path / "cash")
    assert (reasons, detail) == ({ReasonCode.UNPLUGGED}, "cash: it is not there (ENOENT)")
    assert caplog.text.count("it is not there (ENOENT)") >= 2  # the line's, and what it means for a device
    assert sum("serial_line" in record.name for record in caplog.records) == 1, "once, not at each attempt"


def test_a_port_that_this_program_may_not_use(port: Path, caplog: pytest.LogCaptureFixture) -> None:
    os.chmod(port, 0)
    let_pass(port.parent)
    with as_another_user():
        reasons, detail = told_of(port)
    assert reasons == {ReasonCode.PORT_DENIED}
    assert "may not use it" in detail
    assert "EACCES" in caplog.text


def test_a_port_that_another_program_has(port: Path) -> None:
    other = os.open(port, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(other, fcntl.LOCK_EX)
    reasons, detail = told_of(port)
    os.close(other)
    assert (reasons, detail) == ({ReasonCode.PORT_BUSY}, "cash: another program has it (EAGAIN)")


def test_a_file_that_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "cash").write_text("no port")
    reasons, detail = told_of(tmp_path / "cash")
    assert reasons == {ReasonCode.UNPLUGGED}
    assert "no serial port" in detail


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileNotFoundError(errno.ENOENT, "x"), ReasonCode.UNPLUGGED),
        (serial.SerialException(errno.EACCES, "x"), ReasonCode.PORT_DENIED),
        (termios.error(errno.EBUSY, "x"), ReasonCode.PORT_BUSY),
        (serial.SerialException("returned no data"), ReasonCode.UNPLUGGED),
    ],
)
def test_each_family_of_failure_is_understood(error: Exception, code: ReasonCode) -> None:
    assert why(error)[0] is code


def test_a_device_that_is_back_has_none_of_the_reasons_for_being_gone() -> None:
    reasons = {why(OSError(number, ""))[0] for number in range(1, 134)}
    assert {*reasons, ReasonCode.SILENT} == set(GONE)


@pytest.mark.parametrize(
    ("uri", "says"),
    [("ipp://127.0.0.1:1/ipp", "ECONNREFUSED"), ("ipp://printer.invalid/ipp", "nobody knows an address")],
)
def test_a_printer_that_can_not_be_reached_says_which_way(
    uri: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = socket.getaddrinfo

    def look_up(host: str, *how: Any, **more: Any) -> Any:
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *how, **more)

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    turns, failed = Scheduler(), []

    def work() -> Task[None]:
        try:
            yield from ask(HttpWire(Endpoint(uri)).connect(1.0))
        except Exception as error:
            failed.append(str(error))

    turns.start(work())
    for tick in range(60):
        turns.tick(tick * 0.05)
    assert says in failed[0]
