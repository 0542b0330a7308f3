"""The line to core over a real Unix socket: greeting, snapshots, intents, and a core that goes and comes back."""

import queue
import socket
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.protocol.frames import Decoder, Kinds, encode
from kiosk.protocol.hello import PROTOCOL, Hello
from kiosk.protocol.screen import FromUi, Intent, Snapshot
from tests.rig.threads import holds
from tests.ui.samples import sample
from ui import wire
from ui.wire import Wire

DEADLINE_S = 5.0
FROM_SCREEN: Kinds[Hello | FromUi] = Kinds(Hello | FromUi)


class Core:
    """Core's end: listens, and does what the test says."""

    def __init__(self, path: Path) -> None:
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.settimeout(DEADLINE_S)
        self._server.bind(str(path))
        self._server.listen(1)
        self._visitor: socket.socket | None = None
        self._decoder = Decoder(FROM_SCREEN)
        self._heard: list[Hello | FromUi] = []

    def accept(self, hello: Hello | None = None) -> None:
        self._visitor, _ = self._server.accept()
        self._visitor.settimeout(DEADLINE_S)
        self._decoder = Decoder(FROM_SCREEN)
        self._heard = []
        self.send(encode(hello or Hello("core", "test")))

    def send(self, data: bytes) -> None:
        assert self._visitor is not None
        self._visitor.sendall(data)

    def hear(self) -> Hello | FromUi:
        assert self._visitor is not None
        while not self._heard:
            self._heard += self._decoder.feed(self._visitor.recv(4096))
        return self._heard.pop(0)

    def hang_up(self) -> None:
        if self._visitor is not None:
            self._visitor.close()
            self._visitor = None

    def close(self) -> None:
        self.hang_up()
        self._server.close()


class Line:
    """A core, a wire, and what the wire told."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ui.sock"
        self.core = Core(self.path)
        self.seen: queue.Queue[Snapshot] = queue.Queue()
        self.lost: queue.Queue[str] = queue.Queue()
        self.wire = Wire(self.path, "test", self.seen.put, self.lost.put)

    def next(self) -> Snapshot:
        return self.seen.get(timeout=DEADLINE_S)

    def close(self) -> None:
        self.wire.close()
        self.core.close()


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    monkeypatch.setattr(wire, "BACK_OFF_S", (0.002,))
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        line = Line(Path(folder))
        yield line
        line.close()


def snapshot(seq: int) -> Snapshot:
    return msgspec.structs.replace(sample("choose", "ko"), seq=seq, since=seq)


def test_it_greets_shows_what_core_says_and_says_what_was_pressed(line: Line) -> None:
    line.wire.start()
    line.core.accept()
    assert line.core.hear() == Hello("ui", "test")
    line.core.send(encode(snapshot(7)))
    assert line.next() == snapshot(7)
    line.wire.send(Intent(7, "type:land"))
    assert line.core.hear() == Intent(7, "type:land")


def test_when_core_goes_it_says_so_and_finds_the_next_core(line: Line) -> None:
    line.wire.start()
    line.core.accept()
    line.core.send(encode(snapshot(1)))
    assert line.next().seq == 1
    line.core.hang_up()
    assert line.lost.get(timeout=DEADLINE_S)
    line.core.accept()
    line.core.send(encode(snapshot(1)))
    assert line.next().seq == 1


def test_it_waits_for_a_core_that_is_not_there_yet() -> None:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        path = Path(folder) / "ui.sock"
        seen: queue.Queue[Snapshot] = queue.Queue()
        lost: queue.Queue[str] = queue.Queue()
        waiting = Wire(path, "test", seen.put, lost.put)
        waiting.start()
        assert lost.get(timeout=DEADLINE_S)
        core = Core(path)
        core.accept()
        core.send(encode(snapshot(3)))
        assert seen.get(timeout=DEADLINE_S).seq == 3
        waiting.close()
        core.close()


@pytest.mark.parametrize(
    "hello",
    [Hello("core", "test", PROTOCOL + 1), Hello("courier", "test")],
    ids=["another-protocol", "another-program"],
)
def test_it_shows_nothing_of_a_stranger(line: Line, hello: Hello) -> None:
    line.wire.start()
    line.core.accept(hello)
    with suppress(OSError):  # it may have hung up already
        line.core.send(encode(snapshot(1)))
    assert "speaks protocol" in line.lost.get(timeout=DEADLINE_S)
    assert line.seen.empty()


def test_it_shows_nothing_of_a_core_of_another_build(line: Line) -> None:
    line.wire.start()
    line.core.accept(Hello("core", "stale"))
    with suppress(OSError):
        line.core.send(encode(snapshot(1)))
    assert "build" in line.lost.get(timeout=DEADLINE_S)
    assert line.seen.empty()


def test_of_snapshots_that_came_together_the_newest_is_shown(line: Line) -> None:
    line.wire.start()
    line.core.accept()
    line.core.send(b"".join(encode(snapshot(seq)) for seq in (1, 2, 3)))
    while (newest := line.next()).seq != 3:
        assert newest.seq in {1, 2}
    assert line.seen.empty()


def test_a_press_without_a_core_is_forgotten(line: Line) -> None:
    line.wire.send(Intent(1, "start"))
    line.wire.start()
    line.core.accept()
    assert line.core.hear() == Hello("ui", "test")
    line.core.send(encode(snapshot(2)))
    line.next()
    line.wire.send(Intent(2, "start"))
    assert line.core.hear() == Intent(2, "start")


def test_a_core_that_takes_nothing_does_not_hold_up_the_screen(line: Line) -> None:
    line.wire.start()
    line.core.accept()
    line.core.send(encode(snapshot(1)))
    line.next()
    for number in range(20_000):
        line.wire.send(Intent(number, "x" * 200))
    assert line.lost.get(timeout=DEADLINE_S)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_end_in_a_new_connection_and_nothing_else(line: Line, noise: bytes) -> None:
    if not line.wire._thread.is_alive():
        line.wire.start()
    line.core.accept()
    line.core.send(noise)
    line.core.hang_up()
    assert line.lost.get(timeout=DEADLINE_S)
    assert line.seen.empty()


def test_an_older_screen_is_not_kept_while_the_next_one_is_waited_for(line: Line) -> None:
    older = msgspec.structs.replace(sample("check", "ko"), title="somebody's paper")
    newer = msgspec.structs.replace(sample("lot", "ko"), title="the next screen")
    line.wire.start()
    line.core.accept()
    line.core.send(encode(older) + encode(newer))
    while line.next().title != newer.title:
        pass
    assert not holds("wire", b"somebody's paper")
