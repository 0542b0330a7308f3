"""A desk with simulated devices on real ptys and sockets, and buses of real drivers on threads of their own."""

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from drivers.contract import (
    AnyCommand,
    Command,
    Completed,
    DeviceState,
    Event,
    Status,
    StatusChanged,
)
from drivers.runner import Bus, Runner

PATIENCE_S = 20.0
T = TypeVar("T")


class Desk:
    """The simulators' process. `do` asks its control socket."""

    def __init__(self, run: Path, *options: str) -> None:
        self.run = run
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulators", "--run", str(run), *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._process.stdout is None:
            raise AssertionError("no pipe from the simulators")
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE_S)
        if not ready or "ready" not in self._process.stdout.readline():
            raise AssertionError("the simulators did not start")
        self._control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._control.settimeout(PATIENCE_S)
        self._control.connect(str(run / "sock" / "sim.sock"))
        self._answers = self._control.makefile("r")

    def do(self, what: str, **how: Any) -> dict[str, Any]:
        """What a hand would do; the answer."""
        self._control.sendall(json.dumps({"do": what, **how}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(self._answers.readline())
        assert answer["ok"], answer
        return answer

    def truth(self) -> dict[str, Any]:
        """What physically happened."""
        truth: dict[str, Any] = self.do("truth")["truth"]
        return truth

    @property
    def printer_uri(self) -> str:
        """Where the simulated printer listens."""
        uri: str = json.loads((self.run / "sim" / "ports.json").read_text("utf-8"))["printer_uri"]
        return uri

    @property
    def terminal(self) -> str:
        """Where the simulated payment terminal listens, host:port."""
        address: str = json.loads((self.run / "sim" / "ports.json").read_text("utf-8"))["terminal"]
        return address

    def at_the_terminal(self, **how: Any) -> None:
        """Present a card (how: good, declined) or press stop, as soon as the terminal waits for a card."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.do("pay-card", **how)["taken"]:
            assert time.monotonic() < deadline, "the terminal never asked for a card"

    def close(self) -> None:
        """Pack up."""
        self._answers.close()
        self._control.close()
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def desk(*options: str) -> Iterator[Desk]:
    """A desk, set up with these options of the simulators.

    Its directory has a short name: a Unix socket's path has at most 107 bytes.
    """
    run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    try:
        opened = Desk(run, *options)
        try:
            yield opened
        finally:
            opened.close()
    finally:
        shutil.rmtree(run, ignore_errors=True)


class Served:
    """A bus on a thread. Everything that it tells is kept in order; `wait` waits for it with a deadline."""

    def __init__(self, make: Callable[[Callable[[Event], None]], Bus]) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()
        self._sockets: dict[str, socket.socket] = {}
        self._requests = 0
        self.runner = Runner(make(self._hear))
        self._thread = threading.Thread(target=self.runner.run, daemon=True)
        self._thread.start()

    def _hear(self, event: Event, handed: socket.socket | None = None) -> None:
        with self._news:
            if handed is not None and isinstance(event, Completed):
                self._sockets[event.request] = handed
            self.events.append(event)
            self._news.notify_all()

    def give(self, command: AnyCommand) -> None:
        """Hand a command to the bus without waiting."""
        self.runner.call(lambda: self.runner.bus.submit(command, self._hear))

    def run(self, kind: Callable[..., AnyCommand], **fields: Any) -> Completed:
        """Give a command and wait for its end."""
        self._requests += 1
        request = f"r{self._requests}"
        self.give(kind(request=request, **fields))
        return self.end_of(request)

    def end_of(self, request: str) -> Completed:
        """Wait for the end of a command that was given."""
        return self.wait_for(Completed, request=request)

    def socket_of(self, completed: Completed) -> socket.socket:
        """The socket that came with the result."""
        return self._sockets.pop(completed.request)

    def wait(self, find: Callable[[Event], T | None], since: int = 0) -> T:
        """The first thing that `find` finds among the events from position `since` on."""
        deadline = time.monotonic() + PATIENCE_S
        with self._news:
            while True:
                for event in self.events[since:]:
                    found = find(event)
                    if found is not None:
                        return found
                if not self._news.wait(max(deadline - time.monotonic(), 0.0)):
                    told = "\n".join(str(event) for event in self.events[-15:])
                    raise AssertionError(f"nothing of that kind in {PATIENCE_S} s; the last events:\n{told}")

    def wait_for(self, kind: type[T], since: int = 0, **fields: Any) -> T:
        """The first event of a kind with these field values."""

        def find(event: Event) -> T | None:
            if isinstance(event, kind) and all(getattr(event, k) == v for k, v in fields.items()):
                return event
            return None

        return self.wait(find, since)

    def wait_state(self, device: str, *states: DeviceState, since: int = 0) -> Status:
        """Wait until a device is (or, with `since`, newly becomes) one of these states."""

        def find(event: Event) -> Status | None:
            if isinstance(event, StatusChanged) and event.status.device == device:
                return event.status if event.status.state in states else None
            return None

        return self.wait(find, since)

    def told(self, kind: type[T]) -> list[T]:
        """All events of a kind so far."""
        with self._news:
            return [event for event in self.events if isinstance(event, kind)]

    def status(self, device: str) -> Status:
        """The status told last."""
        with self._news:
            for event in reversed(self.events):
                if isinstance(event, StatusChanged) and event.status.device == device:
                    return event.status
        raise AssertionError(f"{device} has told nothing yet")

    def close(self) -> None:
        """Stop the bus and wait for its thread."""
        if not self._thread.is_alive():
            return
        for left in self._sockets.values():
            left.close()
        self.runner.stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@contextmanager
def served(make: Callable[[Callable[[Event], None]], Bus]) -> Iterator[Served]:
    """A bus that runs for the length of a test."""
    bus = Served(make)
    try:
        yield bus
    finally:
        bus.close()


def path_of(run: Path, name: str) -> str:
    """The serial port `name` of this desk."""
    return os.fspath(run / "dev" / name)


__all__ = ["Command", "Desk", "Served", "desk", "path_of", "served"]
