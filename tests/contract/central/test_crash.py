"""Power goes at any moment: what was answered is kept, and the same key gives the same document."""

import json
import shutil
import socket
import sqlite3
import ssl
import threading
from pathlib import Path

import msgspec
import pytest

from kiosk.protocol.central import IssueReply
from tests.contract.central.machine import Machine, code_of, serving
from tests.unit.central.office import KIOSK, Journal


@pytest.fixture
def data(small_town: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_town, tmp_path / "data"))


def numbers(data: Path) -> list[str]:
    """The document numbers that are durable, seen from outside."""
    connection = sqlite3.connect(f"file:{data / 'central.db'}?mode=ro", uri=True, timeout=5)
    try:
        return [row[0] for row in connection.execute("SELECT number FROM issue WHERE number IS NOT NULL")]
    finally:
        connection.close()


def send_and_never_listen(machine: Machine, port: int, call: object) -> ssl.SSLSocket:
    """An issue request whose answer nobody reads."""
    context = ssl.create_default_context(cafile=str(machine.pki / "ca.pem"))
    context.load_cert_chain(machine.pki / "kiosk.pem", machine.pki / "kiosk.key")
    secure = context.wrap_socket(
        socket.create_connection(("localhost", port), 5), server_hostname="localhost"
    )
    body = msgspec.json.encode(call)
    key = json.loads(body)["key"]
    lines = ("POST /v1/issues HTTP/1.1", "host: localhost", f"idempotency-key: {key}")
    head = "\r\n".join((*lines, f"content-length: {len(body)}", "", ""))
    secure.sendall(head.encode() + body)
    return secure


def wait_for_a_number(data: Path) -> str:
    """The first number to become durable."""
    patience = threading.Event()
    for _ in range(1_000):
        if found := numbers(data):
            return found[0]
        patience.wait(0.005)
    raise AssertionError("no document became durable")


def test_killed_between_commit_and_answer_the_same_key_gives_the_same_document(data: Path) -> None:
    with serving(data) as server:
        first = server.machine(KIOSK)
        worker = first.worker()
        call = first.call(worker)
        unheard = send_and_never_listen(first, server.api_port, call)
        number = wait_for_a_number(data)
        server.kill()
        unheard.close()
        first.session.close()
    with serving(data) as again, Machine(again.api, first.pki) as second:
        reply = msgspec.json.decode(second.issue(call).content, type=IssueReply)
        assert reply.number == number
        assert worker.open_document(reply, call).number == number
        assert numbers(data) == [number]


def test_killed_under_load_nothing_that_was_acknowledged_is_lost(data: Path) -> None:
    answered: dict[str, str] = {}
    acked = 0
    journal = Journal()
    with serving(data) as server, server.machine(KIOSK) as machine:
        calls = [machine.call(machine.worker(f"ORDER-{number}")) for number in range(6)]
        void = machine.call(machine.worker("ORDER-VOID"))
        for call in calls:
            answered[call.key] = machine.issue(call).json()["number"]
            acked = machine.events(journal.row("boot", {"key": call.key})).json()["acked"]
        acked = machine.events(journal.void(void.key, order="ORDER-VOID")).json()["acked"]
        server.kill()
    with serving(data) as server, server.machine(KIOSK) as machine:
        assert {call.key: machine.issue(call).json()["number"] for call in calls} == answered
        assert code_of(machine.issue(void)) == "410 voided"
        assert machine.events().json() == {"acked": acked}
        assert sorted(numbers(data)) == sorted(answered.values())


def test_a_server_stops_when_it_is_asked_also_with_a_page_open(data: Path) -> None:
    with serving(data) as server:
        page = socket.create_connection(("127.0.0.1", int(server.web.rpartition(":")[2])), 5)
        page.sendall(b"GET /fleet/stream HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b"200" in page.recv(100)
        assert server.stop() == 0
        page.close()
        assert "Traceback" not in server.log()


@pytest.mark.bench
def test_an_issue_takes_40_ms_at_most_and_the_server_starts_in_2_5_s(data: Path) -> None:
    import time

    with serving(data) as server, server.machine(KIOSK) as machine:
        assert server.start_s <= 2.5
        calls = [machine.call(machine.worker(f"ORDER-{number}")) for number in range(200)]
        times = []
        for call in calls:
            began = time.perf_counter()
            assert machine.issue(call).status_code == 200
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        print(f"start {server.start_s:.2f} s; issue p50 {times[100]:.1f} ms, p95 {times[190]:.1f} ms")
        assert times[190] <= 40
