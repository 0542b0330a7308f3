"""Core serves with a worker that got ready with what core serves from, and with no other."""

import queue
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.workers import Workers
from kiosk.ipc import peer
from kiosk.ipc.link import Link, LinkError, hear_hello, listen
from kiosk.protocol.worker import TO_WORKER, BeginVisit, ToWorker
from tests.unit.core.ports import UNHEARD

WAIT_S = 5
OLD, NEW = "1-" + "a" * 32, "2-" + "b" * 32


class Hatch:
    """A worker for each connection: it gets ready with what core's hello names, or with `instead`.

    `ready`: it greets only while this is set, as a worker that still loads its fonts.
    """

    def __init__(self, path: Path) -> None:
        self._server = listen(path)
        self.instead: str | None = None
        self.ready = threading.Event()
        self.ready.set()
        self.asked: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.links: queue.SimpleQueue[Link[ToWorker]] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._greet, args=(connection,), daemon=True))
            self._threads[-1].start()

    def _greet(self, connection: socket.socket) -> None:
        try:
            core = hear_hello(connection, "worker")
            self.asked.put(core.bundle)
            bundle = core.bundle if self.instead is None else self.instead
            self.ready.wait(WAIT_S)
            self.links.put(Link(connection, TO_WORKER, "worker", bundle=bundle, heard=core))
        except LinkError:
            connection.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._server.close()
        while not self.links.empty():
            self.links.get().close()


class Core:
    """Core's one thread, turned by hand; it serves from `bundle`."""

    def __init__(self, path: Path) -> None:
        self.bundle = OLD
        self.tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.workers = Workers(path, self.tasks.put, lambda: self.bundle)
        self.workers.listen(UNHEARD)

    def step(self) -> None:
        self.tasks.get(timeout=WAIT_S)()

    def until(self, condition: Any) -> None:
        while not condition():
            self.step()

    def both_up(self) -> bool:
        return all(one.up for one in self.workers._pair)


@pytest.fixture
def hatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Hatch, Core]]:
    monkeypatch.setattr(peer, "FIRST_RETRY_S", 0.001)
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        path = Path(folder) / "worker.sock"
        opened = Hatch(path)
        core = Core(path)
        yield opened, core
        core.workers.stop()
        opened.close()


def test_a_worker_is_told_what_core_serves_from(hatch: tuple[Hatch, Core]) -> None:
    server, core = hatch
    core.workers.start()
    core.until(core.both_up)
    assert {server.asked.get(timeout=WAIT_S) for _ in range(2)} == {OLD}
    assert core.workers.up_with(OLD)
    assert not core.workers.up_with(NEW)


def test_after_a_change_both_go_and_others_come_with_the_new_one(hatch: tuple[Hatch, Core]) -> None:
    server, core = hatch
    core.workers.start()
    core.until(core.both_up)
    core.bundle = NEW
    core.workers.renew()
    assert not core.workers.up_with(NEW), "who was let go a moment ago proves nothing of the new one"
    core.until(lambda: core.both_up() and core.workers.up_with(NEW))
    assert [server.asked.get(timeout=WAIT_S) for _ in range(4)] == [OLD, OLD, NEW, NEW]


def test_a_worker_that_got_ready_with_what_core_served_from_a_moment_ago_is_not_used(
    hatch: tuple[Hatch, Core],
) -> None:
    """Core changed while it loaded: it never serves, and another is asked for."""
    server, core = hatch
    server.ready.clear()
    core.workers.start()
    assert [server.asked.get(timeout=WAIT_S) for _ in range(2)] == [OLD, OLD]
    core.bundle = NEW
    core.workers.renew()
    server.ready.set()
    core.until(core.both_up)
    assert core.workers.up_with(NEW)
    assert [server.asked.get(timeout=WAIT_S) for _ in range(2)] == [NEW, NEW]


def test_one_that_says_it_has_another_bundle_than_it_was_told_is_never_sent_anything(
    hatch: tuple[Hatch, Core],
) -> None:
    server, core = hatch
    server.instead = NEW
    core.workers.start()
    for _ in range(4):
        core.step()
        assert not core.workers.up
        assert not core.workers.send(BeginVisit("K", "O"))
    server.instead = None
    core.until(core.both_up)
    assert core.workers.up_with(OLD)
