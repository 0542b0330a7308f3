"""Two programs on a Unix socket: hello first, typed messages, a socket handed over with its message."""

import os
import queue
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drivers.contract import Completed, JobOpened, Outcome, ReadCash
from kiosk.core.screen_server import ScreenServer
from kiosk.ipc.build import BUILD
from kiosk.ipc.link import MOST_UNDER_WAY, Link, LinkError, accept, connect, listen
from kiosk.ipc.peer import EVENTS, Bus
from kiosk.programs.devices import COMMANDS
from kiosk.protocol.frames import MAX_FRAME_BYTES, encode
from kiosk.protocol.hello import Hello
from kiosk.protocol.screen import SNAPSHOTS, FrameShown, ScreenName, Snapshot
from tests.rig.threads import holds
from tests.unit.core.ports import UNHEARD, nothing

WAIT_S = 5
AGAIN = ReadCash(request="again")


@pytest.fixture
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        yield Path(folder) / "bus.sock"


def pair(path: Path) -> tuple[Link[Any], Link[Any]]:
    """(the devices' end, core's end)"""
    server = listen(path)
    accepted: queue.SimpleQueue[Link[Any]] = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: accepted.put(accept(server, "cash", COMMANDS)))
    thread.start()
    core = connect(path, "core", EVENTS)
    thread.join()
    server.close()
    return accepted.get(timeout=WAIT_S), core


def listen_to(link: Link[Any]) -> "queue.SimpleQueue[Any]":
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
    link.start(lambda message, handed: heard.put((message, handed)), lambda: heard.put("closed"))
    return heard


def test_both_sides_learn_who_the_other_is(path: Path) -> None:
    devices, core = pair(path)
    assert (devices.peer.program, core.peer.program) == ("core", "cash")
    devices.close()
    core.close()


def test_a_message_arrives_as_it_was_sent(path: Path) -> None:
    devices, core = pair(path)
    heard = listen_to(devices)
    core.send(ReadCash(request="r1"))
    assert heard.get(timeout=WAIT_S) == (ReadCash(request="r1"), None)
    core.close()
    assert heard.get(timeout=WAIT_S) == "closed"


def test_a_socket_rides_on_its_message(path: Path) -> None:
    devices, core = pair(path)
    heard = listen_to(core)
    ours, theirs = socket.socketpair()
    opened = Completed("r1", Outcome.DONE, result=JobOpened("k", 7, "h", "/", "ipp://h"))
    devices.send(Completed("r0", Outcome.DONE))
    devices.send(opened, theirs)
    theirs.close()
    assert heard.get(timeout=WAIT_S) == (Completed("r0", Outcome.DONE), None)
    message, handed = heard.get(timeout=WAIT_S)
    assert message == opened
    with handed:
        handed.sendall(b"hello paper")
        assert ours.recv(64) == b"hello paper"
    for end in (ours, devices, core):
        end.close()


def test_a_frame_that_does_not_parse_ends_the_connection(path: Path) -> None:
    devices, core = pair(path)
    heard = listen_to(devices)
    core._sock.sendall((MAX_FRAME_BYTES + 1).to_bytes(4, "big"))
    assert heard.get(timeout=WAIT_S) == "closed"
    core.close()


@pytest.mark.parametrize(
    "greeting",
    [encode(Hello("core", BUILD, 99)), encode(Hello("core", "0.1.0")), b"\xff" * 8, b"\x00\x00\x00\x02{}"],
    ids=["another-protocol", "another-build", "junk", "no-hello"],
)
def test_a_stranger_is_sent_away(path: Path, greeting: bytes) -> None:
    server = listen(path)
    stranger = socket.socket(socket.AF_UNIX)
    stranger.connect(str(path))
    stranger.sendall(greeting)
    with pytest.raises(LinkError):
        accept(server, "cash", COMMANDS)
    stranger.close()
    server.close()


def test_only_our_user_can_open_the_socket(path: Path) -> None:
    server = listen(path)
    assert path.stat().st_mode & 0o077 == 0
    assert path.stat().st_uid == os.getuid()
    server.close()


def test_a_socket_file_of_a_dead_program_is_replaced(path: Path) -> None:
    listen(path).close()
    assert path.exists()
    devices, core = pair(path)
    assert core.peer.program == "cash"
    devices.close()
    core.close()


def test_a_program_that_is_not_there_is_a_link_error(path: Path) -> None:
    with pytest.raises(LinkError):
        connect(path, "core", EVENTS)


class Devices:
    """The far end of one bus, answered by hand."""

    def __init__(self, path: Path) -> None:
        self._server = listen(path)
        self.link = Link.__new__(Link)

    def accept(self) -> "queue.SimpleQueue[Any]":
        self.link = accept(self._server, "cash", COMMANDS)
        return listen_to(self.link)

    def close(self) -> None:
        self._server.close()


def run_until(tasks: "queue.SimpleQueue[Any]", done: Any) -> None:
    while not done():
        tasks.get(timeout=WAIT_S)()


def test_a_command_asked_of_a_bus_that_dies_ends_unknown(path: Path) -> None:
    far = Devices(path)
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    bus = Bus("cash", path, tasks.put)
    ends: list[Completed] = []
    bus.listen(UNHEARD)
    bus.start()
    heard = far.accept()
    run_until(tasks, lambda: bus.up)
    bus.ask(ReadCash(request=bus.request()), lambda end, _handed: ends.append(end))
    heard.get(timeout=WAIT_S)
    far.link.close()
    run_until(tasks, lambda: ends)
    assert ends[0].outcome is Outcome.UNKNOWN
    far.accept()
    run_until(tasks, lambda: bus.up)  # and it is connected again
    bus.stop()
    far.link.close()
    far.close()


def test_a_command_for_a_bus_that_is_not_there_was_not_done(path: Path) -> None:
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    bus = Bus("cash", path, tasks.put)
    ends: list[Completed] = []
    bus.ask(ReadCash(request=bus.request()), lambda end, _handed: ends.append(end))
    tasks.get(timeout=WAIT_S)()
    assert ends[0].outcome is Outcome.NOT_DONE


def test_what_was_heard_is_not_kept_while_the_next_message_is_waited_for(path: Path) -> None:
    devices, core = pair(path)
    heard = listen_to(core)
    devices.send(Completed("somebody's paper", Outcome.DONE))
    assert heard.get(timeout=WAIT_S)[0].request == "somebody's paper"
    end = time.monotonic() + WAIT_S
    while holds(f"link-{core.peer.program}", b"somebody's paper"):
        assert time.monotonic() < end, "kept"
    core.close()
    devices.close()


def flood(link: Link[Any], message: msgspec.Struct) -> threading.Thread:
    """Somebody who sends this for as long as it is taken."""

    def send() -> None:
        while link.send(message):
            pass

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    return thread


def test_of_a_peer_that_sends_without_end_so_many_are_under_way_and_no_more(path: Path) -> None:
    devices, core = pair(path)
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    heard: list[Any] = []
    devices.start(lambda message, _handed: heard.append(message), lambda: None, tasks.put)
    sending = flood(core, AGAIN)
    sending.join(WAIT_S)  # it gives up, as nobody takes anything
    assert not sending.is_alive()
    assert tasks.qsize() == MOST_UNDER_WAY
    for come_to in range(1, 200):
        tasks.get(timeout=WAIT_S)()  # each that is come to makes room for one
        assert len(heard) == come_to
        assert tasks.qsize() <= MOST_UNDER_WAY
    core.close()
    devices.close()


def test_a_link_that_is_closed_while_its_peer_has_to_wait_reads_no_more(path: Path) -> None:
    devices, core = pair(path)
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    closed = threading.Event()
    devices.start(lambda _message, _handed: None, closed.set, tasks.put)
    sending = flood(core, AGAIN)
    sending.join(WAIT_S)
    assert not closed.is_set()
    devices.close()
    assert closed.wait(WAIT_S)
    assert tasks.qsize() == MOST_UNDER_WAY
    core.close()


def test_messages_that_are_posted_run_there_and_in_their_order(path: Path) -> None:
    devices, core = pair(path)
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    heard: list[tuple[str, str]] = []
    devices.start(
        lambda message, _handed: heard.append((message.request, threading.current_thread().name)),
        lambda: tasks.put(None),
        tasks.put,
    )
    for number in range(3):
        core.send(ReadCash(request=f"r{number}"))
    core.close()
    while (task := tasks.get(timeout=WAIT_S)) is not None:
        task()
    assert heard == [(f"r{number}", threading.current_thread().name) for number in range(3)]
    devices.close()


def test_a_screen_that_floods_core_leaves_others_their_turn(path: Path) -> None:
    """What somebody else posts to core's inbox is come to behind those few messages that are under way."""
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    server = ScreenServer(path, tasks.put)
    server.show(Snapshot(1, 1, ScreenName.ATTRACT, "title"))
    server.listen(nothing)
    server.start()
    ui = connect(path, "ui", SNAPSHOTS)
    tasks.get(timeout=WAIT_S)()
    flood(ui, FrameShown(7)).join(WAIT_S)
    others: list[str] = []
    tasks.put(lambda: others.append("care"))
    for _ in range(MOST_UNDER_WAY + 1):
        tasks.get(timeout=WAIT_S)()
    assert others == ["care"]
    assert server.shown_seq == 7
    server.stop()
    ui.close()


def test_events_of_a_bus_without_end_wait_until_core_comes_to_them(path: Path) -> None:
    far = Devices(path)
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    bus = Bus("cash", path, tasks.put)
    bus.listen(UNHEARD)
    bus.start()
    far.accept()
    run_until(tasks, lambda: bus.up)
    flood(far.link, Completed("r", Outcome.DONE)).join(WAIT_S)
    assert tasks.qsize() == MOST_UNDER_WAY
    bus.stop()
    far.link.close()
    far.close()
