"""A card reader's far end that obeys nothing: the watch is told of it in time, and looks no faster than it may."""

import contextlib
import itertools
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.card_reader.direct import DirectService
from drivers.card_reader.service import ServiceLost
from drivers.card_reader.slots import Slot
from drivers.card_reader.watch import ThreadedWatch

PATIENCE_S = 10.0
ANSWER_S = 0.1
GOOD_LOOK = b"L\x00\x01\x01Reader"


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(2, "big") + payload


@contextlib.contextmanager
def reader(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[Path]:
    """A socket on which `serve` has one caller after the other; the event is the end of the test."""
    folder, over = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp")), threading.Event()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "direct.sock"))
        door.listen()
        door.settimeout(0.05)

        def run() -> None:
            while not over.is_set():
                with contextlib.suppress(OSError):
                    caller, _ = door.accept()
                    with caller:
                        caller.settimeout(PATIENCE_S)
                        serve(caller, over)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield folder / "direct.sock"
        finally:
            over.set()
            thread.join(PATIENCE_S)
            shutil.rmtree(folder)


def saying(answer: Callable[[], bytes]) -> Callable[[socket.socket, threading.Event], None]:
    """Whatever is asked, this is said."""

    def serve(caller: socket.socket, _over: threading.Event) -> None:
        while caller.recv(4096):
            caller.sendall(answer())

    return serve


def dripping(caller: socket.socket, over: threading.Event) -> None:
    """A long answer, a byte each moment: each byte alone would be in time."""
    caller.sendall(b"\xff\xffL")
    while not over.wait(ANSWER_S / 4):
        caller.sendall(b"x")


def look(path: Path) -> tuple[Slot, ...]:
    with contextlib.closing(DirectService(str(path), ANSWER_S)) as service:
        return service.look()


def test_a_reader_that_answers_byte_by_byte_has_no_more_time_than_others() -> None:
    lost: list[ServiceLost] = []

    def ask() -> None:
        try:
            look(path)
        except ServiceLost as error:
            lost.append(error)

    with reader(dripping) as path:
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(PATIENCE_S)
        assert lost, "still listening"


@pytest.mark.parametrize(
    "payload",
    [b"", b"B", b"L", b"L\x00\x01\x01", b"W\x00\x01\x01Reader", b"L\x00\x01\x01" + b"R" * 60_000],
    ids=["nothing", "refused", "cut", "nameless", "another answer", "endless name"],
)
def test_what_is_no_look_is_told_as_nonsense(payload: bytes) -> None:
    with reader(saying(lambda: framed(payload))) as path, pytest.raises(ServiceLost, match="nonsense"):
        look(path)


def test_an_answer_of_another_kind_ends_no_waiting() -> None:
    with contextlib.ExitStack() as open_ones:
        path = open_ones.enter_context(reader(saying(lambda: framed(GOOD_LOOK))))
        service = open_ones.enter_context(contextlib.closing(DirectService(str(path), ANSWER_S)))
        slots = service.look()
        assert slots == (Slot("Reader", 1, True),)
        with pytest.raises(ServiceLost, match="nonsense"):
            service.wait(slots, ANSWER_S)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=12) | st.binary(max_size=12).map(framed), min_size=1, max_size=8))
def test_any_bytes_are_a_look_or_a_reader_that_is_lost(said: list[bytes]) -> None:
    pieces = itertools.cycle(said)
    with reader(saying(lambda: next(pieces))) as path:
        try:
            slots = look(path)
        except ServiceLost:
            return
        assert len(slots) == 1
        assert len(slots[0].reader) <= 128


class Restless:
    """A service that waits for nothing, and counts on with each look."""

    def __init__(self) -> None:
        self.looks = 0
        self.looked_again = threading.Event()

    def look(self) -> tuple[Slot, ...]:
        self.looks += 1
        if self.looks > 1:
            self.looked_again.set()
        return (Slot("Reader", self.looks % 65_536, True),)

    def wait(self, seen: tuple[Slot, ...], timeout_s: float) -> None:
        """At once."""

    def cancel(self) -> None:
        """Nothing to cancel."""

    def close(self) -> None:
        """Nothing to give back."""


@pytest.mark.parametrize(("least_s", "again"), [(0.001, True), (600.0, False)])
def test_a_reader_that_never_lets_us_wait_is_looked_at_at_a_pace(least_s: float, again: bool) -> None:
    restless = Restless()
    watch = ThreadedWatch(lambda: restless, least_s=least_s)
    try:
        assert restless.looked_again.wait(PATIENCE_S if again else 0.2) == again
    finally:
        watch.close()


@pytest.mark.parametrize(("size", "known"), [(1, True), (128, True), (129, False)])
def test_a_readers_name_has_128_bytes_at_most(size: int, known: bool) -> None:
    with reader(saying(lambda: framed(b"L\x00\x01\x01" + b"R" * size))) as path:
        if known:
            assert look(path) == (Slot("R" * size, 1, True),)
            return
        with pytest.raises(ServiceLost):
            look(path)
