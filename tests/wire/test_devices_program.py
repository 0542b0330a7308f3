"""The program `kiosk devices BUS` as core meets it: hello, statuses, commands, a socket handed over, one client."""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import (
    Collect,
    Completed,
    DeviceState,
    Event,
    JobOpened,
    OpenJob,
    Outcome,
    ReadCash,
    Resume,
    Status,
    StatusChanged,
)
from kiosk.ipc.link import Link, LinkError, connect
from kiosk.ipc.peer import EVENTS
from tests.wire.desk import PATIENCE_S, Desk

PROGRAM = """
import sys
from kiosk.programs.devices import run
from kiosk.settings import Printer, Settings
run(sys.argv[1], Settings(
    kiosk_id="K", run_dir=sys.argv[2], site="s", machine="m", municipality="x", help_phone="1",
    central_url="https://localhost", printer=Printer(sys.argv[3]),
))
"""


class Core:
    """A client of a devices process."""

    def __init__(self, link: Link[Event]) -> None:
        self.link = link
        self.closed: queue.Queue[bool] = queue.Queue()
        self._messages: queue.Queue[tuple[Event, socket.socket | None]] = queue.Queue()
        link.start(
            lambda message, handed: self._messages.put((message, handed)), lambda: self.closed.put(True)
        )

    def next(self) -> tuple[Event, socket.socket | None]:
        return self._messages.get(timeout=PATIENCE_S)

    def ask(self, command: Any) -> tuple[Completed, socket.socket | None]:
        assert self.link.send(command)
        while True:
            event, handed = self.next()
            if isinstance(event, Completed):
                return event, handed

    def state(self, device: str, state: DeviceState) -> Status:
        while True:
            event, _handed = self.next()
            if isinstance(event, StatusChanged) and (event.status.device, event.status.state) == (
                device,
                state,
            ):
                return event.status


class Program:
    def __init__(self, bus: str, desk: Desk) -> None:
        self.path = desk.run / "sock" / f"{bus}.sock"
        self._cores: list[Core] = []
        self.process = subprocess.Popen([sys.executable, "-c", PROGRAM, bus, str(desk.run), desk.printer_uri])

    def core(self) -> Core:
        for _try in range(400):
            try:
                core = Core(connect(self.path, "core", EVENTS))
            except LinkError:
                assert self.process.poll() is None
                # Waits for the listening socket: nothing tells of a path that appears.
                signal.sigtimedwait([], 0.05)
            else:
                self._cores.append(core)
                return core
        raise AssertionError("the program does not listen")

    def close(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        for core in self._cores:
            core.link.close()
            core.closed.get(timeout=PATIENCE_S)
        return code


@pytest.fixture
def cash(desk: Desk) -> Iterator[Program]:
    program = Program("cash", desk)
    yield program
    assert program.close() == 0


@pytest.fixture
def printer(desk: Desk) -> Iterator[Program]:
    program = Program("printer", desk)
    yield program
    assert program.close() == 0


def test_every_device_tells_its_state_after_the_hello_and_commands_are_answered(cash: Program) -> None:
    core = cash.core()
    assert core.link.peer.program == "cash"
    first = [core.next()[0] for _device in range(2)]
    assert [event.status.device for event in first if isinstance(event, StatusChanged)] == ["coin", "hopper"]
    end, handed = core.ask(Resume(request="1", deadline_ms=10_000))
    assert (end.request, end.outcome, handed) == ("1", Outcome.DONE, None)


def test_when_core_dies_coins_are_refused_and_the_next_core_begins_with_resume(
    desk: Desk, cash: Program
) -> None:
    core = cash.core()
    core.ask(Resume(request="1", deadline_ms=10_000))
    core.ask(Collect(request="2", denominations=(500,)))
    assert desk.do("coin", value=500)["coin"] == "accepted"
    core.link.close()
    later = cash.core()
    later.state("coin", DeviceState.READY)
    assert desk.do("coin", value=500)["coin"] == "rejected"
    end, _handed = later.ask(Collect(request="1", denominations=(500,)))
    assert end.outcome is Outcome.NOT_DONE
    assert later.ask(Resume(request="2"))[0].outcome is Outcome.DONE


def test_a_new_core_takes_the_place_of_an_old_one(cash: Program) -> None:
    old = cash.core()
    new = cash.core()
    assert old.closed.get(timeout=PATIENCE_S)
    old.closed.put(True)
    assert new.ask(Resume(request="1", deadline_ms=10_000))[0].outcome is Outcome.DONE


def test_bytes_that_are_no_command_end_the_connection_and_nothing_else(cash: Program) -> None:
    cash.core().link.close()
    stranger = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with stranger:
        stranger.settimeout(PATIENCE_S)
        stranger.connect(str(cash.path))
        stranger.sendall(b"\xff" * 64)
        with contextlib.suppress(ConnectionResetError):
            while stranger.recv(4096):
                pass
    core = cash.core()
    assert core.ask(Resume(request="1", deadline_ms=10_000))[0].outcome is Outcome.DONE
    assert core.ask(ReadCash(request="2"))[0].outcome is Outcome.DONE


def test_the_job_comes_with_a_socket_that_is_connected_to_the_printer(desk: Desk, printer: Program) -> None:
    core = printer.core()
    end, handed = core.ask(OpenJob(request="1", key="issue-1", sheets=1))
    assert isinstance(end.result, JobOpened)
    assert handed is not None
    with handed:
        host, _colon, port = end.result.host.rpartition(":")
        assert handed.getpeername() == (host, int(port))
        assert handed.getblocking()
    again, nothing = core.ask(OpenJob(request="2", key="", sheets=1))
    assert (again.outcome, nothing) == (Outcome.NOT_DONE, None)
    held = [os.readlink(entry) for entry in Path(f"/proc/{printer.process.pid}/fd").iterdir()]
    assert sum(link.startswith("socket:") for link in held) <= 3, (
        "listener, core, the kept printer connection"
    )
