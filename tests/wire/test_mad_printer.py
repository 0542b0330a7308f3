"""A printer that answers without end, or with numbers of no end, costs its own question; the presenter goes on.

Real sockets: the printer's is served here, and floods; the presenter is the desk's.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from drivers.contract import DeviceState, Hold, Outcome
from drivers.paper_bus import PaperBus
from tests.wire.desk import Desk, Served, path_of, served

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
# What it says first, and what it then says again and again for as long as somebody listens.
ANSWERS = {
    "a length of 5,000 digits": (OK + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n", b""),
    "interim answers without end": (b"", b"HTTP/1.1 100 C\r\n\r\n" * 500),
    "a trailer without end": (CHUNKED + b"0\r\n", b"a: b\r\n" * 1_000),
    "chunks without end": (CHUNKED, b"1\r\na\r\n" * 1_000),
    "a body without end": (OK + b"\r\n", b"x" * 8_000),
    "a head without end": (OK, b"x"),
    "attributes without end": (
        OK + b"Content-Length: 1048576\r\n\r\n\x01\x01\0\0\0\0\0\x01\x04",
        b"\x44\0\x01a\0\0" * 1_000,
    ),
}
# Its own poll asks every half second; far below what a watchdog allows, far above what a busy computer needs.
HELD_WITHIN_MS = 2_000


class MadPrinter:
    """Listens on the loopback; everybody who asks gets the same."""

    def __init__(self, first: bytes, then: bytes) -> None:
        self._first, self._then = first, then
        self.asked = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.uri = f"ipp://127.0.0.1:{self._server.getsockname()[1]}/ipp/print"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _address = self._server.accept()
                with caller, contextlib.suppress(OSError):
                    caller.recv(4_096)
                    self.asked.set()
                    caller.sendall(self._first)
                    while self._then:
                        caller.sendall(self._then)

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture(params=ANSWERS.values(), ids=list(ANSWERS))
def printer(request: pytest.FixtureRequest) -> Iterator[MadPrinter]:
    mad = MadPrinter(*request.param)
    yield mad
    mad.close()


@pytest.fixture
def paper(desk: Desk, printer: MadPrinter) -> Iterator[Served]:
    with served(lambda emit: PaperBus(printer.uri, path_of(desk.run, "presenter"), emit)) as bus:
        yield bus


def test_while_a_printer_floods_the_presenter_answers_in_its_time(paper: Served, printer: MadPrinter) -> None:
    paper.wait_state("presenter", DeviceState.READY)
    for _round in range(3):
        assert printer.asked.wait(10)
        printer.asked.clear()  # its answer is on its way while the presenter is asked
        held = paper.run(Hold, deadline_ms=HELD_WITHIN_MS)
        assert held.outcome is Outcome.DONE
    paper.wait_state("printer", DeviceState.ABSENT)
