"""A request ends in bytes, fields and seconds, on both listeners: nobody fills central's memory or holds it up."""

import json
import shutil
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from central.http.heads import HEAD_BYTES, HEAD_FIELDS, HEAD_S, PIPELINED
from tests.contract.central.machine import Machine, Server, serving
from tests.contract.central.test_calls import heartbeat

GET = b"GET /healthz HTTP/1.1\r\nhost: central\r\n"
POST = b"POST /verify HTTP/1.1\r\nhost: central\r\ncontent-type: multipart/form-data; boundary=x\r\n"
MUCH = 40 * 1024 * 1024
GROWTH = 24 * 1024 * 1024
PATIENCE_S = HEAD_S + 20
VISITORS = 520  # more than central takes at once

TOO_LARGE = {
    "one header": GET + b"a: " + b"x" * (HEAD_BYTES + 5_000) + b"\r\n\r\n",
    "an unfinished header": GET + b"a: " + b"x" * (HEAD_BYTES + 5_000),
    "an unfinished name": GET + b"x" * (HEAD_BYTES + 5_000),
    "an address": b"GET /" + b"x" * (HEAD_BYTES + 5_000) + b" HTTP/1.1\r\n\r\n",
    "many headers": GET + b"a: b\r\n" * HEAD_FIELDS + b"\r\n",
    "many headers without an end": GET + b"a: b\r\n" * (HEAD_FIELDS + 1),
}


@pytest.fixture
def own_server(small_town: Path, tmp_path: Path) -> Iterator[Server]:
    """A server whose memory no other test has used."""
    shutil.copytree(small_town, tmp_path / "data")
    with serving(tmp_path / "data") as running:
        yield running


def to_web(server: Server) -> socket.socket:
    """A person's connection."""
    return socket.create_connection(("127.0.0.1", int(server.web.rpartition(":")[2])), timeout=PATIENCE_S)


def to_api(server: Server, machine: Machine) -> socket.socket:
    """A machine's connection, its certificate shown."""
    context = ssl.create_default_context(cafile=str(machine.pki / "ca.pem"))
    context.load_cert_chain(machine.pki / "kiosk.pem", machine.pki / "kiosk.key")
    plain = socket.create_connection(("localhost", server.api_port), timeout=PATIENCE_S)
    return context.wrap_socket(plain, server_hostname="localhost")


def all_of(connection: socket.socket) -> bytes:
    """What comes until the other end closes. Raises TimeoutError."""
    said = b""
    try:
        while part := connection.recv(65_536):
            said += part
    except (ConnectionError, ssl.SSLEOFError):
        pass
    return said


def poured(connection: socket.socket, part: bytes) -> int:
    """How many bytes of this, again and again, the other end let in before it closed."""
    sent = 0
    try:
        while sent < MUCH:
            connection.sendall(part)
            sent += len(part)
    except OSError:
        pass
    return sent


def peak(server: Server) -> int:
    """The most memory that the server has had."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


@pytest.mark.parametrize("head", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_head_that_is_too_large_is_answered_431_on_both_listeners(
    server: Server, machine: Machine, head: bytes
) -> None:
    for connection in (to_web(server), to_api(server, machine)):
        with connection:
            connection.sendall(head)
            assert all_of(connection).startswith(b"HTTP/1.1 431 ")
    assert machine.post("/v1/heartbeat", heartbeat(machine.kiosk)).status_code == 200


def test_a_head_within_the_bounds_is_answered_whole_or_in_pieces(server: Server) -> None:
    most = b"a: b\r\n" * (HEAD_FIELDS - 3) + b"c: " + b"x" * (HEAD_BYTES - 5_000) + b"\r\n"
    head = GET + most + b"connection: close\r\n\r\n"
    with to_web(server) as connection:
        connection.sendall(head)
        assert all_of(connection).startswith(b"HTTP/1.1 200 ")
    with to_web(server) as connection:
        for at in range(0, len(head), 1_000):
            connection.sendall(head[at : at + 1_000])
        assert all_of(connection).startswith(b"HTTP/1.1 200 ")


def test_on_one_connection_heads_are_counted_each_by_itself(server: Server) -> None:
    head = GET + b"a: " + b"x" * 20_000 + b"\r\n"
    with to_web(server) as connection:
        for _ in range(4):
            connection.sendall(head + b"\r\n")
            said = connection.recv(65_536)
            while not said.endswith(b"ok\n"):
                said += connection.recv(65_536)
            assert said.startswith(b"HTTP/1.1 200 ")
        connection.sendall(head + b"connection: close\r\n\r\n")
        assert all_of(connection).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "end", [b"a: " + b"x" * (HEAD_BYTES + 5_000), b"a: b\r\n" * (HEAD_FIELDS + 1)], ids=["bytes", "fields"]
)
def test_a_trailer_without_end_ends_the_connection(server: Server, machine: Machine, end: bytes) -> None:
    head = b"POST /v1/heartbeat HTTP/1.1\r\nhost: central\r\ntransfer-encoding: chunked\r\n\r\n"
    with to_api(server, machine) as connection:
        connection.sendall(head + b"1\r\n{\r\n0\r\n" + end)
        assert all_of(connection) == b""  # its answer had begun to be made


def test_requests_that_nobody_waits_for_the_answers_of_end_the_connection(server: Server) -> None:
    with to_web(server) as connection:
        connection.sendall((GET + b"\r\n") * (PIPELINED * 3))
        assert all_of(connection).count(b"HTTP/1.1 200 ") <= PIPELINED + 1
    with to_web(server) as connection:
        connection.sendall((GET + b"\r\n") * 3 + GET + b"connection: close\r\n\r\n")
        assert all_of(connection).count(b"HTTP/1.1 200 ") == 4


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (GET + b"a: ", b"x" * 65_536),
        (GET, b"a: b\r\n" * 10_000),
        (b"GET /", b"x" * 65_536),
        (POST + b"content-length: 12000000\r\n\r\n--x\r\n", b"a: b\r\n" * 10_000),
        (POST + b"content-length: 12000000\r\n\r\n--x\r\na: ", b"x" * 65_536),
        (POST.replace(b"multipart/form-data; boundary=x", b"application/x-www-form-urlencoded")
         + b"content-length: 12000000\r\n\r\n", b"a&" * 30_000),
    ],
    ids=["a header", "headers", "an address", "a part's headers", "a part's header", "fields"],
)  # fmt: skip
def test_who_pours_in_neither_fills_the_memory_nor_holds_up_the_next(
    own_server: Server, start: bytes, part: bytes
) -> None:
    assert requests.get(own_server.web + "/verify", timeout=5).status_code == 200
    assert requests.post(own_server.web + "/verify", files={"number": (None, "1")}, timeout=5).status_code
    before = peak(own_server)
    with to_web(own_server) as connection:
        connection.sendall(start)
        assert poured(connection, part) < MUCH
        assert requests.get(own_server.web + "/healthz", timeout=2).status_code == 200
    assert peak(own_server) - before < GROWTH


def test_who_says_nothing_or_never_ends_is_let_go_and_visitors_get_in_again(
    own_server: Server,
) -> None:
    """One wait for all: whoever is slow, at whatever, holds a connection no longer than the deadline."""
    with own_server.machine() as machine, ExitStack() as stack:
        slow = {
            "a slow body": (to_web(own_server), POST + b"content-length: 100\r\n\r\n-"),
            "half a head": (to_web(own_server), GET),
            "half a head of a machine": (to_api(own_server, machine), GET),
            "nothing of a machine": (to_api(own_server, machine), b""),
            "no handshake": (socket.create_connection(("localhost", own_server.api_port), PATIENCE_S), b""),
            "empty lines after an answer": (to_web(own_server), GET + b"\r\n"),
            "no body where one was promised": (
                to_web(own_server),
                GET.replace(b"GET", b"POST") + b"content-length: 9\r\n\r\n",
            ),
            "a body that nobody asked for": (
                to_web(own_server),
                GET.replace(b"GET", b"POST") + b"content-length: 9\r\n\r\n",
            ),
        }
        for connection, start in slow.values():
            stack.enter_context(connection)
            connection.sendall(start)
        for name in ("empty lines after an answer", "a body that nobody asked for"):
            slow[name][0].recv(65_536)
            slow[name][0].sendall(b"\r\n")
        silent = [stack.enter_context(to_web(own_server)) for _ in range(VISITORS)]
        said = {name: all_of(connection) for name, (connection, _) in slow.items()}
        assert said.pop("a slow body").startswith(b"HTTP/1.1 408 ")
        assert b"408" not in b"".join(said.values())
        assert {all_of(connection) for connection in silent} == {b""}
        assert requests.get(own_server.web + "/", timeout=5).status_code == 200
        assert '"level":"error"' not in own_server.log().replace(" ", "")


def test_who_hangs_up_in_the_middle_of_a_form_is_no_failure_of_centrals(own_server: Server) -> None:
    with to_web(own_server) as connection:
        connection.sendall(POST + b"content-length: 100\r\n\r\n--x\r\n")
    while "/verify" not in own_server.log():
        assert requests.get(own_server.web + "/healthz", timeout=5).status_code == 200
    last = next(line for line in own_server.log().splitlines() if "/verify" in line)
    assert json.loads(last)["status"] == 400
    assert "request failed" not in own_server.log()
    assert "rror" not in own_server.log()
