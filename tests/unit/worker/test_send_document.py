"""Send-Document as bytes, and what each answer of a printer proves."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from kiosk.worker.send_document import DONE, NOT_DONE, UNKNOWN, SendResult, Target, send_document

TARGET = Target(7, "printer:631", "/ipp/print", "ipp://printer:631/ipp/print")
PDF = b"%PDF-1.7 " + bytes(range(256)) * 4000
OK = b"\x01\x01\x00\x00\x00\x00\x00\x01\x03"
Printer = Callable[[socket.socket], None]


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, printers = socket.socketpair()
    with ours, printers:
        yield ours, printers


def read_request(sock: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of one HTTP request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line[16:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length: ")
    )
    while len(body) < length:
        body += sock.recv(65_536)
    return head, body


def http(body: bytes, status: str = "200 OK", head: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body


def sent(ends: tuple[socket.socket, socket.socket], printer: Printer) -> tuple[SendResult, list[str]]:
    ours, printers = ends
    thread = threading.Thread(target=printer, args=(printers,))
    thread.start()
    marks: list[str] = []
    result = send_document(ours, TARGET, PDF, lambda: marks.append("first byte"))
    thread.join(10)
    return result, marks


def answering(answer: bytes) -> Printer:
    def printer(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(answer)
        sock.shutdown(socket.SHUT_WR)

    return printer


def test_the_request_is_the_bytes_of_the_standard_and_the_document_whole(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def printer(sock: socket.socket) -> None:
        seen.append(read_request(sock))
        sock.sendall(http(OK))

    assert sent(ends, printer) == (SendResult(DONE), ["first byte"])
    head, body = seen[0]
    assert head.startswith(
        b"POST /ipp/print HTTP/1.1\r\nHost: printer:631\r\nContent-Type: application/ipp\r\n"
    )
    expected = (
        b"\x01\x01\x00\x06\x00\x00\x00\x01\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en"
        b"\x45\x00\x0bprinter-uri\x00\x1bipp://printer:631/ipp/print"
        b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x07"
        b"\x49\x00\x0fdocument-format\x00\x0fapplication/pdf"
        b"\x22\x00\x0dlast-document\x00\x01\x01"
        b"\x03"
    )
    assert body == expected + PDF


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (http(OK), DONE),
        (http(OK, head="Transfer-Encoding: identity\r\n"), DONE),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + http(OK), DONE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n" + OK + b"\r\n0\r\n\r\n", DONE),
        (http(b"\x01\x01\x04\x06\x00\x00\x00\x01\x03"), NOT_DONE),  # client-error-not-found
        (http(b"\x01\x01\x05\x00\x00\x00\x00\x01\x03"), NOT_DONE),  # server-error-internal-error
        (http(b"", "403 Forbidden"), NOT_DONE),
        (http(b"", "500 Internal Server Error"), UNKNOWN),
        (http(b"\x01\x01\x00\x00\x00\x00\x00\x02\x03"), UNKNOWN),  # an answer to another request
        (http(b""), UNKNOWN),
        (http(b"<html>"), UNKNOWN),
        (b"", UNKNOWN),
        (b"SSH-2.0-printer\r\n", UNKNOWN),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x01", UNKNOWN),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n", UNKNOWN),
        (b"\xff" * 70_000, UNKNOWN),
    ],
)
def test_only_the_printers_own_word_is_proof(
    ends: tuple[socket.socket, socket.socket], answer: bytes, outcome: str
) -> None:
    assert sent(ends, answering(answer))[0].outcome == outcome


def test_a_printer_that_was_gone_before_the_first_byte_has_nothing(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, printers = ends
    printers.close()
    marks: list[str] = []
    result = send_document(ours, TARGET, PDF, lambda: marks.append("first byte"))
    assert (result.outcome, marks) == (NOT_DONE, [])


def test_a_printer_that_goes_in_the_middle_proves_nothing(ends: tuple[socket.socket, socket.socket]) -> None:
    def printer(sock: socket.socket) -> None:
        sock.recv(10_000)
        sock.close()

    result, marks = sent(ends, printer)
    assert (result.outcome, marks) == (UNKNOWN, ["first byte"])


def test_a_printer_that_refuses_before_it_has_read_all_is_believed(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    def printer(sock: socket.socket) -> None:
        sock.recv(10_000)
        sock.sendall(http(b"\x01\x01\x04\x0a\x00\x00\x00\x01\x03"))
        sock.close()

    assert sent(ends, printer)[0].outcome == NOT_DONE


@pytest.mark.parametrize("host", ["printer\r\nX: y", "printer 1", "프린터"])
def test_a_host_that_would_change_the_request_sends_nothing(
    ends: tuple[socket.socket, socket.socket], host: str
) -> None:
    result = send_document(ends[0], Target(7, host, "/ipp", "ipp://p"), PDF, lambda: None)
    assert result.outcome == NOT_DONE
    ends[0].shutdown(socket.SHUT_WR)
    assert ends[1].recv(1) == b""
