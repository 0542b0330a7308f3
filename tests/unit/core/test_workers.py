"""A worker serves, another waits: when the visit ends the waiting one takes its place at once."""

import queue
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.workers import HELLO_WITHIN_S, Workers
from kiosk.ipc.link import HELLO_TIMEOUT_S, Link, LinkError, accept, listen
from kiosk.ipc.peer import Listener
from kiosk.protocol.worker import TO_WORKER, BeginVisit, FirstByte, FromWorker, ToWorker

WAIT_S = 5


class Hatch:
    """Starts a worker for each connection, as far as core can tell."""

    def __init__(self, path: Path) -> None:
        self._server = listen(path)
        self.links: queue.SimpleQueue[Link[ToWorker]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                self.links.put(accept(self._server, "worker", TO_WORKER))
            except (OSError, LinkError):
                return

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.close()
        while not self.links.empty():
            self.links.get().close()


@pytest.fixture
def hatch() -> Iterator[tuple[Hatch, Path]]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        path = Path(folder) / "worker.sock"
        opened = Hatch(path)
        yield opened, path
        opened.close()


class Core:
    """Core's one thread, turned by hand."""

    def __init__(self, path: Path) -> None:
        self.tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.workers = Workers(path, self.tasks.put)
        self.ups: list[str] = []
        self.heard: list[Any] = []
        ears = Listener[FromWorker](
            up=lambda: self.ups.append("up"),
            down=lambda: self.ups.append("down"),
            said=lambda message, _handed: self.heard.append(message),
        )
        self.workers.listen(ears)

    def until(self, condition: Any) -> None:
        while not condition():
            self.tasks.get(timeout=WAIT_S)()


def heard_by(link: Link[ToWorker]) -> "queue.SimpleQueue[Any]":
    box: queue.SimpleQueue[Any] = queue.SimpleQueue()
    link.start(lambda message, _handed: box.put(message), lambda: box.put("closed"))
    return box


def test_after_a_visit_the_waiting_worker_serves_at_once_and_the_old_one_is_let_go(
    hatch: tuple[Hatch, Path],
) -> None:
    server, path = hatch
    core = Core(path)
    core.workers.start()
    boxes = [heard_by(server.links.get(timeout=WAIT_S)) for _ in range(2)]
    core.until(lambda: all(peer.up for peer in core.workers._pair))
    core.workers.send(BeginVisit("K", "O1"))
    core.workers.drop()
    assert core.workers.up
    core.workers.send(BeginVisit("K", "O2"))
    said = [[box.get(timeout=WAIT_S)] for box in boxes]
    for box, lines in zip(boxes, said, strict=True):
        if lines[0] == BeginVisit("K", "O1"):
            lines.append(box.get(timeout=WAIT_S))
    assert sorted(map(str, said)) == sorted(
        map(str, [[BeginVisit("K", "O1"), "closed"], [BeginVisit("K", "O2")]])
    )
    core.workers.stop()


def test_what_the_waiting_worker_says_is_not_heard(hatch: tuple[Hatch, Path]) -> None:
    server, path = hatch
    core = Core(path)
    core.workers.start()
    links = [server.links.get(timeout=WAIT_S) for _ in range(2)]
    core.until(lambda: all(peer.up for peer in core.workers._pair))
    for number, link in enumerate(links):
        link.send(FirstByte(f"key-{number}"))
    core.until(lambda: core.heard)
    core.workers.send(BeginVisit("K", "O1"))
    assert len(core.heard) == 1
    core.workers.stop()
    for link in links:
        link.close()


def test_a_serving_worker_that_dies_is_told_and_replaced(hatch: tuple[Hatch, Path]) -> None:
    server, path = hatch
    core = Core(path)
    core.workers.start()
    links = [server.links.get(timeout=WAIT_S) for _ in range(2)]
    core.until(lambda: all(peer.up for peer in core.workers._pair))
    core.ups.clear()
    boxes = {id(link): heard_by(link) for link in links}
    core.workers.send(BeginVisit("K", "O1"))
    served = next(link for link in links if _was_begun(boxes[id(link)]))
    served.close()
    core.until(lambda: "down" in core.ups)
    assert core.ups == ["down", "up"]
    core.workers.stop()


def _was_begun(box: "queue.SimpleQueue[Any]") -> bool:
    try:
        return isinstance(box.get(timeout=0.5), BeginVisit)
    except queue.Empty:
        return False


def test_each_of_the_two_has_the_time_that_a_worker_takes_to_get_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that is given up too early begins anew, beside what it left half done: a busy machine never gets there."""
    waited: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()

    def nobody(_path: Path, _me: str, _kinds: object, within_s: float, _bundle: str) -> Link[ToWorker]:
        waited.put((threading.current_thread().name, within_s))
        raise LinkError("nobody is there")

    monkeypatch.setattr("kiosk.ipc.peer.connect", nobody)
    core = Core(Path("/nowhere"))
    core.workers.start()
    asked: dict[str, float] = {}
    while len(asked) < 2:
        asked.update([waited.get(timeout=WAIT_S)])
    core.workers.stop()
    assert asked == {"peer-worker": HELLO_WITHIN_S, "peer-worker-spare": HELLO_WITHIN_S}
    assert HELLO_WITHIN_S > 4 * HELLO_TIMEOUT_S
