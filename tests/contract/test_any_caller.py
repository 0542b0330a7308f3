"""Whatever callers send to a socket of ours, or don't send, the next good one is served: in time, in bounded memory.

Every listener of the programs stands here, each on its real Unix socket, and each is given the same callers.
"""

import contextlib
import os
import queue
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.screen_server import ScreenServer
from kiosk.ipc.build import BUILD
from kiosk.ipc.json_lines import MAX_LINE_BYTES, Server, ask
from kiosk.ipc.link import HELLO_TIMEOUT_S, Link, connect
from kiosk.ipc.link import Door as LinkDoor
from kiosk.ipc.listener import MOST, Listener
from kiosk.ipc.peer import EVENTS
from kiosk.programs.devices import Server as DevicesServer
from kiosk.protocol.courier import FROM_COURIER, TO_COURIER, LinkChanged, ToCourier
from kiosk.protocol.frames import MAX_FRAME_BYTES, Kinds, encode
from kiosk.protocol.hello import PROTOCOL, Hello
from kiosk.protocol.screen import SNAPSHOTS, ScreenName, Snapshot
from kiosk.settings import Printer, Settings

# Less than a hello may take, so nobody waits for another caller; a busy machine has some time for it.
SERVED_WITHIN_S = 4.0
PATIENCE_S = 10.0
KINDS = ("screen", "devices", "courier", "admin")


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def hello(program: bytes = b"core", version: bytes = BUILD.encode(), protocol: int = PROTOCOL) -> bytes:
    body = b'{"type":"Hello","program":"%b","version":"%b","protocol":%d}' % (program, version, protocol)
    return framed(body)


GOOD_HELLO = hello()
# What was seen to end a listener for good, and its relatives.
HOSTILE = (
    hello(program=b"\xff"),
    hello(version=b"\xc3\x28"),
    framed(b"\xff\xfe"),
    framed(b"\x00" * 40),
    framed(b"[" * 4000),
    framed(b"null"),
    framed(b'{"type":"Hello","program":7,"version":[]}'),
    hello(version=b"0.0.0"),
    hello(protocol=2**53),
    b"\x00\x00\x00",
    b"\x00\x00\x10\x01" + b"x" * 4097,
    b"\xff\xff\xff\xff",
    (MAX_FRAME_BYTES + 1).to_bytes(4, "big"),
    GOOD_HELLO[:-3],
    GOOD_HELLO + b"\xff\xff\xff\xff",
    GOOD_HELLO + framed(b'{"type":"\xff"}'),
    GOOD_HELLO + framed(b"[" * 100_000),
    GOOD_HELLO + framed(b'{"type":"FrameShown","seq":"one"}'),
    GOOD_HELLO + (MAX_FRAME_BYTES).to_bytes(4, "big") + b"half a frame",
    b'{"do": "\xff"}\n',
    b"[" * 5_000 + b"\n",
    b'{"do": []}\n{"do": null}\n{}\n\n',
    b"no end of line",
    b"x" * (MAX_LINE_BYTES + 1),
    b"",
)
bytes_sent = st.one_of(
    st.sampled_from(HOSTILE),
    st.binary(max_size=60),
    st.binary(max_size=60).map(framed),
    st.binary(max_size=60).map(lambda body: GOOD_HELLO + framed(body)),
    st.binary(max_size=60).map(lambda body: body + b"\n"),
    st.builds(lambda start, cut: start[:cut], st.sampled_from(HOSTILE), st.integers(0, 40)),
)
# What a caller sends, and whether it then stays and says nothing more.
callers = st.lists(st.tuples(bytes_sent, st.booleans()), max_size=3 * MOST)


class Door:
    """One listener of ours, open. `knock` is a good client: it returns when it has been served."""

    def __init__(self, path: Path, alive: Callable[[], bool], knock: Callable[[], object]) -> None:
        self.path, self.alive, self.knock = path, alive, knock


@contextlib.contextmanager
def door(kind: str) -> Iterator[Door]:
    folder = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    try:
        with OPENED[kind](folder) as opened:
            yield opened
    finally:
        shutil.rmtree(folder)


def greeted(path: Path, me: str, kinds: Kinds[Any]) -> None:
    """Connect as a program of ours until the first message behind the hello is heard.

    As our programs do it: the last to come wins, so one that said hello properly and goes may be taken for the last.
    """
    end = time.monotonic() + PATIENCE_S
    while not _heard_once(path, me, kinds):
        assert time.monotonic() < end, "hung up on"


def _heard_once(path: Path, me: str, kinds: Any) -> bool:
    link = connect(path, me, kinds)
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
    link.start(lambda message, _handed: heard.put(message), lambda: heard.put(None))
    try:
        return heard.get(timeout=PATIENCE_S) is not None
    finally:
        link.close()


@contextlib.contextmanager
def _screen(folder: Path) -> Iterator[Door]:
    tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    server = ScreenServer(folder / "ui.sock", tasks.put)
    server.listen(lambda _intent: None)
    server.show(Snapshot(1, 1, ScreenName.ATTRACT, "title"))
    thread = threading.Thread(target=_work_off, args=(tasks,))
    thread.start()
    server.start()
    yield Door(folder / "ui.sock", lambda: server.alive, lambda: greeted(folder / "ui.sock", "ui", SNAPSHOTS))
    server.stop()
    tasks.put(None)
    thread.join(PATIENCE_S)


def _work_off(tasks: "queue.SimpleQueue[Callable[[], None] | None]") -> None:
    while (task := tasks.get()) is not None:
        task()


@contextlib.contextmanager
def _devices(folder: Path) -> Iterator[Door]:
    server = DevicesServer(
        "cash",
        Settings(
            "K-1", str(folder), "", "", "", "", "https://central.test", Printer("ipp://printer.test/ipp")
        ),
    )
    thread = threading.Thread(target=server.serve)
    thread.start()
    path = folder / "sock" / "cash.sock"
    wait_until(lambda: server.alive)  # the path is there a moment before anybody listens
    yield Door(path, lambda: server.alive, lambda: greeted(path, "core", EVENTS))
    server.runner.stop()
    thread.join(PATIENCE_S)


@contextlib.contextmanager
def _courier(folder: Path) -> Iterator[Door]:
    served: list[Link[ToCourier]] = []

    def serve(link: Link[ToCourier]) -> None:
        for older in served:
            older.close()
        served.append(link)
        link.start(lambda _message, _handed: None, lambda: None)
        link.send(LinkChanged(online=False))

    path = folder / "courier.sock"
    listener = LinkDoor(path, "courier", TO_COURIER, serve)
    listener.start()
    yield Door(path, lambda: listener.alive, lambda: greeted(path, "core", FROM_COURIER))
    listener.stop()
    for link in served:
        link.close()


@contextlib.contextmanager
def _care(folder: Path) -> Iterator[Door]:
    server = Server(folder / "admin.sock", lambda request: {"heard": str(request.get("do"))})
    server.start()
    path = folder / "admin.sock"
    yield Door(path, lambda: server.alive, lambda: ask(path, PATIENCE_S, do="look"))
    server.stop()


OPENED = {"screen": _screen, "devices": _devices, "courier": _courier, "admin": _care}


def wait_until(over: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not over():
        assert time.monotonic() < end
        threading.Event().wait(0.005)


def call(path: Path, sent: bytes) -> socket.socket:
    """Somebody calls and says this, however much of it is taken."""
    caller = socket.socket(socket.AF_UNIX)
    caller.settimeout(PATIENCE_S)
    caller.connect(str(path))
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        caller.sendall(sent)
    return caller


@pytest.mark.parametrize("kind", KINDS)
def test_after_any_callers_the_next_good_one_is_served(kind: str) -> None:
    with door(kind) as opened:
        threads = threading.active_count()

        @settings(max_examples=150, deadline=None)
        @given(callers)
        def holds(come: list[tuple[bytes, bool]]) -> None:
            with contextlib.ExitStack() as staying:
                for sent, stays in come:
                    caller = call(opened.path, sent)
                    if stays:
                        staying.enter_context(caller)
                    else:
                        caller.close()
                began = time.monotonic()
                opened.knock()
                assert time.monotonic() - began < SERVED_WITHIN_S
                assert opened.alive()
                assert threading.active_count() <= threads + 2 * MOST + len(come)

        holds()


@pytest.mark.parametrize("sent", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", KINDS)
def test_no_single_caller_ends_a_listener(kind: str, sent: bytes) -> None:
    with door(kind) as opened:
        call(opened.path, sent).close()
        opened.knock()
        assert opened.alive()


@pytest.mark.parametrize("kind", ["screen", "devices", "courier"])
def test_a_hello_that_comes_byte_by_byte_has_no_more_time_than_others(kind: str) -> None:
    """Each byte alone would be in time. It is cut off, and nobody else has to wait for that."""
    with door(kind) as opened, call(opened.path, b"\x00\x00\x0f\xff") as slow:
        slow.settimeout(0.05)
        began = time.monotonic()
        while time.monotonic() - began < HELLO_TIMEOUT_S + SERVED_WITHIN_S:
            opened.knock()
            try:
                slow.sendall(b"x")
                while slow.recv(4096):  # the greeting of the other side, then its end
                    pass
                break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("still heard")
        assert time.monotonic() - began > HELLO_TIMEOUT_S / 2


def test_a_line_without_end_is_cut_off_before_it_fills_the_memory() -> None:
    with door("admin") as opened:
        caller = call(opened.path, b"")
        with caller, pytest.raises((BrokenPipeError, ConnectionResetError)):
            caller.sendall(b"x" * (64 * MAX_LINE_BYTES))
        opened.knock()


def test_a_caller_too_many_takes_the_place_of_the_first() -> None:
    """So many that say nothing can't keep a good one out, and there are never more threads than places."""
    with door("admin") as opened, contextlib.ExitStack() as staying:
        silent = [staying.enter_context(call(opened.path, b"")) for _ in range(MOST)]
        opened.knock()
        assert silent[0].recv(1) == b""
        silent[-1].sendall(b'{"do": "look"}\n')
        assert b'"ok": true' in silent[-1].recv(4096)


def test_one_that_takes_long_over_its_hello_takes_nobodys_place() -> None:
    """The last to come counts, not the last to have said who it is."""
    with door("courier") as opened, call(opened.path, GOOD_HELLO[:10]) as slow:
        link = connect(opened.path, "core", FROM_COURIER)
        heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        link.start(lambda message, _handed: heard.put(message), lambda: heard.put("hung up on"))
        assert heard.get(timeout=PATIENCE_S) == LinkChanged(online=False)
        slow.sendall(GOOD_HELLO[10:])
        while slow.recv(4096):  # it is greeted, and hung up on
            pass
        assert heard.empty()
        link.close()


def test_a_listener_lives_from_start_to_stop(tmp_path: Path) -> None:
    listener = Listener(tmp_path / "it.sock", lambda caller, _number: caller.close())
    assert not listener.alive
    listener.start()
    assert listener.alive
    listener.stop()
    wait_until(lambda: not listener.alive)


def test_a_moment_without_descriptors_is_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EMFILE at accept: the caller waits in the queue, and is let in when there is one again."""
    path = tmp_path / "it.sock"
    with _starved(monkeypatch, 3):
        server = Server(path, lambda _request: {})
        server.start()
        assert ask(path, PATIENCE_S, do="x")["ok"]
        server.stop()


@contextlib.contextmanager
def _starved(monkeypatch: pytest.MonkeyPatch, times: int) -> Iterator[None]:
    left, accept = [times], socket.socket.accept

    def scarce(self: socket.socket) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(24, os.strerror(24))
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", scarce)
    yield
    assert not left[0]


def test_the_good_hello_of_this_test_is_one() -> None:
    assert msgspec.json.decode(GOOD_HELLO[4:], type=Hello) == Hello("core", BUILD)
    assert msgspec.json.decode(encode(Hello("core", BUILD))[4:], type=Hello) == Hello("core", BUILD)
