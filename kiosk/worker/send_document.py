"""Writing a document to a printer's socket: IPP Send-Document over HTTP/1.1 (RFC 8010, 8011 section 4.3.1).

The job was created by the printer process; this is its one and last document. Nothing about the citizen is in the
request but the document itself: no document name, no user.
"""

import contextlib
import http.client
import socket
from collections.abc import Callable

from msgspec import Struct

SEND_DEADLINE_S = 60.0
_VERSION, _SEND_DOCUMENT, _REQUEST_ID = b"\x01\x01", b"\x00\x06", b"\x00\x00\x00\x01"
_OPERATION, _END = b"\x01", b"\x03"
_INTEGER, _BOOLEAN, _URI, _CHARSET, _LANGUAGE, _MIME = 0x21, 0x22, 0x45, 0x47, 0x48, 0x49
_FIRST_ERROR_STATUS = 0x0400
_MAX_ANSWER_BYTES = 65_536

DONE, NOT_DONE, UNKNOWN = "done", "not-done", "unknown"


class Target(Struct, frozen=True):
    """Where the document goes: the open job, and how its printer wants to be addressed."""

    job_id: int
    host: str
    path: str
    printer_uri: str


class SendResult(Struct, frozen=True):
    """What is proved: the printer has the whole document, surely has none of it, or it can't be said."""

    outcome: str
    detail: str = ""


def send_document(
    sock: socket.socket, target: Target, pdf: bytes, first_byte: Callable[[], None]
) -> SendResult:
    """Write the request, calling `first_byte` once its first byte is on the socket, and read the printer's answer.

    Never raises: a printer that goes away before the first byte got nothing; after it, only its own refusal is proof.
    """
    try:
        sock.settimeout(SEND_DEADLINE_S)
        request = _request(target, pdf)
        sent = sock.send(request)
    except (OSError, ValueError) as error:
        return SendResult(NOT_DONE, f"nothing was sent: {type(error).__name__}")
    first_byte()
    with contextlib.suppress(
        OSError
    ):  # a printer may answer and close before it has read all: its answer decides
        sock.sendall(memoryview(request)[sent:])
    return _answer(sock)


def _request(target: Target, pdf: bytes) -> bytes:
    for text in (target.host, target.path):
        if not text.isascii() or any(character <= " " for character in text):
            raise ValueError("a host or path that does not fit an HTTP head")
    attributes = b"".join(
        (
            _attribute(_CHARSET, "attributes-charset", b"utf-8"),
            _attribute(_LANGUAGE, "attributes-natural-language", b"en"),
            _attribute(_URI, "printer-uri", target.printer_uri.encode()),
            _attribute(_INTEGER, "job-id", target.job_id.to_bytes(4, "big")),
            _attribute(_MIME, "document-format", b"application/pdf"),
            _attribute(_BOOLEAN, "last-document", b"\x01"),
        )
    )
    ipp = _VERSION + _SEND_DOCUMENT + _REQUEST_ID + _OPERATION + attributes + _END
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: {target.host}\r\nContent-Type: application/ipp\r\n"
        f"Content-Length: {len(ipp) + len(pdf)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + ipp + pdf


def _attribute(tag: int, name: str, value: bytes) -> bytes:
    """RFC 8010, section 3.1.4."""
    key = name.encode("ascii")
    return bytes([tag]) + len(key).to_bytes(2, "big") + key + len(value).to_bytes(2, "big") + value


def _answer(sock: socket.socket) -> SendResult:
    response = http.client.HTTPResponse(sock, method="POST")
    try:
        response.begin()
        status, body = response.status, response.read(_MAX_ANSWER_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return SendResult(UNKNOWN, f"no answer from the printer: {type(error).__name__}")
    finally:
        response.close()
    if status != http.client.OK:
        # The printer refused the request as such, so it took no document; a fault inside it (5xx) proves nothing.
        refused = 400 <= status < 500
        return SendResult(NOT_DONE if refused else UNKNOWN, f"HTTP {status}")
    if len(body) < 8 or body[4:8] != _REQUEST_ID:
        return SendResult(UNKNOWN, "the answer is not IPP, or not to this request")
    ipp_status = int.from_bytes(body[2:4], "big")
    if ipp_status >= _FIRST_ERROR_STATUS:
        return SendResult(NOT_DONE, f"IPP {ipp_status:#06x}")
    return SendResult(DONE)
