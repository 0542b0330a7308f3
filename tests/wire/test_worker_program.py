"""The worker as core meets it: a fresh process on a socket, an authority that answers, a printer on a wire."""

import io
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest

from kiosk.desk.toml_text import toml
from kiosk.ipc.link import Link, LinkError
from kiosk.protocol import central
from kiosk.protocol.worker import (
    FROM_WORKER,
    BeginVisit,
    DraftReady,
    FirstByte,
    MakeDraft,
    MakeIssue,
    OpenDraft,
    OpenIssue,
    Prepared,
    PrintOn,
    SealedRequest,
    Sent,
    WorkRefused,
)
from tests import authority
from tests.authority import KIOSK, NUMBER, ORDER, TRUST, sample, subject_of

DEADLINE_S = 30
LONG = sample("land/sample_long.json")
SETTINGS = {
    "kiosk_id": KIOSK,
    "site": "63 City",
    "machine": "1",
    "municipality": "영등포구",
    "help_phone": "02-2670-3114",
    "central_url": "https://localhost",
    "printer": {"uri": "ipp://localhost/ipp/print"},
}
PROGRAM = """
import sys
from pathlib import Path
from kiosk.programs.worker import run
from kiosk.settings import load
sys.exit(run(load(Path(sys.argv[1]))))
"""


class Core:
    """Core's end of the worker's socket, and the worker's process."""

    def __init__(self, run: Path) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(DEADLINE_S)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(run / "kiosk.toml")],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=run,
        )
        theirs.close()
        self._wire = ours
        self.heard: queue.Queue[Any] = queue.Queue()

    def greet(self) -> None:
        """The worker hears ours first, and is warm when its own comes, however long that takes."""
        self.link = Link(self._wire, FROM_WORKER, "core", DEADLINE_S)
        self.link.start(lambda message, _: self.heard.put(message), lambda: self.heard.put(None))

    def ask(self, message: msgspec.Struct, handing: socket.socket | None = None) -> Any:
        assert self.link.send(message, handing)
        return self.heard.get(timeout=DEADLINE_S)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._wire.close()
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture(scope="module")
def run() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        run = Path(folder)
        trust = msgspec.structs.replace(TRUST, next_update=int(time.time()) + 10**8)
        authority.put_list(run / "pki", trust)
        (run / "kiosk.toml").write_text(toml(SETTINGS), "utf-8")
        yield run


def visited(run: Path) -> Iterator[Core]:
    core = Core(run)
    try:
        core.greet()
        core.link.send(BeginVisit(KIOSK, ORDER))
        yield core
    finally:
        core.end()


@pytest.fixture
def core(run: Path) -> Iterator[Core]:
    """A worker of its own, for a test that ends it."""
    yield from visited(run)


@pytest.fixture(scope="module")
def visit(run: Path) -> Iterator[Core]:
    """One visit with many orders' worth of documents, for tests that leave the worker as it was."""
    yield from visited(run)


def drafted(core: Core, data: dict[str, Any]) -> DraftReady:
    asked = core.ask(MakeDraft("r1", 1, "land", subject_of(data), {"history": "all"}))
    assert isinstance(asked, SealedRequest)
    key = authority.open_draft_request(asked.sealed).worker_key
    ready = core.ask(
        OpenDraft("r2", 1, authority.answer(asked.sealed, key, authority.draft_for(data), "draft"))
    )
    assert isinstance(ready, DraftReady)
    return ready


def issued(core: Core, data: dict[str, Any], key: str = "k1") -> tuple[OpenIssue, central.IssueRequest]:
    asked = core.ask(MakeIssue("r3", 1, 1, key))
    request = authority.open_issue_request(asked.sealed)
    times = fresh_times(request, data)
    answer = authority.answer(asked.sealed, request.worker_key, times, "issue")
    return OpenIssue("r4", key, NUMBER, answer), request


def fresh_times(request: central.IssueRequest, data: dict[str, Any]) -> central.IssuedDocument:
    """The worker's clock is the real one, so the seal must not have expired by it."""
    issued_at = int(time.time())
    until = issued_at + 90 * 86_400
    return authority.document_for(
        request,
        data,
        issued_at=datetime.fromtimestamp(issued_at, UTC).isoformat(),
        verify_until=datetime.fromtimestamp(until, UTC).isoformat(),
        seal=authority.seal_for(data, pages=request.sheets, issued_at=issued_at, expires_at=until),
    )


class Printer:
    """A printer's port: takes one request, keeps its document, gives the answer it is told to."""

    def __init__(self, answer: bytes = b"\x01\x01\x00\x00\x00\x00\x00\x01\x03") -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._answer = answer
        self.body = b""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def connect(self) -> socket.socket:
        return socket.create_connection(self._server.getsockname())

    def _serve(self) -> None:
        connection, _ = self._server.accept()
        with connection, self._server:
            stream = connection.makefile("rb")
            length = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            self.body = stream.read(length)
            stream.close()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {len(self._answer)}\r\n\r\n"
            connection.sendall(head.encode() + self._answer)

    def document(self) -> bytes:
        self._thread.join(DEADLINE_S)
        return self.body[self.body.index(b"%PDF") :]


def print_on(core: Core, printer: Printer, key: str = "k1") -> list[Any]:
    with printer.connect() as wire:
        first = core.ask(
            PrintOn("r5", key, 1, "localhost:631", "/ipp/print", "ipp://localhost/ipp/print"), wire
        )
    if isinstance(first, FirstByte):
        return [first, core.heard.get(timeout=DEADLINE_S)]
    return [first]


def test_from_the_question_to_the_paper_in_a_process_of_its_own(visit: Core) -> None:
    ready = drafted(visit, LONG)
    assert (ready.sheets, ready.fee) == (3, 700)
    opening, _ = issued(visit, LONG)
    assert visit.ask(opening) == Prepared("r4", "k1", NUMBER, 3, ready.draft_hash)
    printer = Printer()
    assert print_on(visit, printer) == [FirstByte("k1"), Sent("r5", "k1", "done")]
    with pikepdf.open(io.BytesIO(printer.document())) as pdf:
        assert len(pdf.pages) == 3
    # The same paper can't be sent a second time.
    again = print_on(visit, Printer())
    assert [type(message) for message in again] == [WorkRefused]


def test_a_printer_that_refuses_can_be_tried_again(visit: Core) -> None:
    drafted(visit, LONG)
    visit.ask(issued(visit, LONG)[0])
    refusing = Printer(b"\x01\x01\x04\x06\x00\x00\x00\x01\x03")
    assert print_on(visit, refusing)[1] == Sent("r5", "k1", "not-done", "IPP 0x0406")
    refusing.document()
    assert print_on(visit, Printer())[1].outcome == "done"


def test_no_socket_no_print(visit: Core) -> None:
    drafted(visit, LONG)
    visit.ask(issued(visit, LONG)[0])
    refused = visit.ask(PrintOn("r5", "k1", 1, "localhost", "/ipp/print", "ipp://localhost/ipp/print"))
    assert refused == WorkRefused("r5", "no-socket")


def test_a_second_visit_is_refused_and_the_first_goes_on(visit: Core) -> None:
    assert visit.ask(BeginVisit(KIOSK, "o-2")).code == "out-of-order"
    assert drafted(visit, LONG).sheets == 3


def test_a_refusal_ends_the_request_and_not_the_visit(visit: Core) -> None:
    assert visit.ask(OpenDraft("r9", 4, b"junk")) == WorkRefused(
        "r9", "not-drafted", "no such line in this visit"
    )
    assert drafted(visit, LONG).sheets == 3


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def test_worker_and_typesetter_are_gone_when_core_closes_in_the_middle_of_setting(core: Core) -> None:
    drafted(core, LONG)
    opening, _ = issued(core, LONG)
    (child,) = children(core.process.pid)
    descriptor = os.pidfd_open(child)
    os.kill(child, signal.SIGSTOP)  # the document is being set, and stays so
    core.link.send(opening)
    core.link.close()
    assert core.process.wait(DEADLINE_S) == 0
    assert select.select([descriptor], [], [], DEADLINE_S)[0], "the typesetter still lives"
    os.close(descriptor)


def test_the_typesetter_dies_with_a_worker_that_is_killed(core: Core) -> None:
    (child,) = children(core.process.pid)
    descriptor = os.pidfd_open(child)
    core.process.kill()
    assert select.select([descriptor], [], [], DEADLINE_S)[0]
    os.close(descriptor)


def test_a_typesetter_that_dies_is_replaced_for_the_next_document(core: Core) -> None:
    drafted(core, LONG)
    opening, _ = issued(core, LONG)
    (child,) = children(core.process.pid)
    os.kill(child, signal.SIGKILL)
    refused = core.ask(opening)
    assert isinstance(refused, WorkRefused)
    assert refused.code == "render-failed"
    assert drafted(core, LONG).sheets == 3


def test_the_worker_has_given_up_its_rights_and_opened_nothing_to_write(visit: Core) -> None:
    drafted(visit, LONG)
    visit.ask(issued(visit, LONG)[0])
    (child,) = children(visit.process.pid)
    for pid in (visit.process.pid, child):
        status = Path(f"/proc/{pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert "Max core file size        0 " in limits
    limits = Path(f"/proc/{child}/limits").read_text()
    assert "Max file size             0 " in limits
    kinds = [os.readlink(f"/proc/{child}/fd/{name}") for name in os.listdir(f"/proc/{child}/fd")]
    assert not [kind for kind in kinds if kind.startswith("socket:")]


def test_nothing_is_written_in_the_run_directory(visit: Core, run: Path) -> None:
    before = sorted(run.rglob("*"))
    drafted(visit, LONG)
    visit.ask(issued(visit, LONG)[0])
    assert sorted(run.rglob("*")) == before


def test_a_worker_that_can_not_work_says_why_and_does_not_greet(run: Path, tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_bytes((run / "kiosk.toml").read_bytes())
    core = Core(tmp_path)
    try:
        with pytest.raises(LinkError):
            core.greet()
        assert core.process.wait(DEADLINE_S) == 1
        assert core.process.stderr is not None
        assert "the authority gives its root key out" in core.process.stderr.read().decode()
    finally:
        core.end()
