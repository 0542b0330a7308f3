"""A real HTTPS server with client certificates whose answers are scripts: bytes, pauses, resets."""

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """What arrived: method, path, headers (names in lower case), body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int


Script = Callable[["Conversation", Request], None]


class Conversation:
    """One accepted connection, as a script sees it."""

    def __init__(self, sock: ssl.SSLSocket, stopping: threading.Event) -> None:
        self.sock = sock
        self.stopping = stopping

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reply(self, status: int, body: bytes, content_type: str = "application/json", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def drip(self, data: bytes, every_s: float) -> None:
        """One byte at a time until the peer has had enough."""
        for byte in data:
            self.send(bytes([byte]))
            if self.stopping.wait(every_s):
                return

    def end(self) -> None:
        """Close at once, without TLS's farewell; a reader that still holds the socket doesn't keep it open."""
        self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End with a TCP reset."""
        raw = socket.socket(fileno=self.sock.detach())
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()

    def hang(self) -> None:
        """Say nothing until the test is over."""
        self.stopping.wait()


def as_json(status: int, value: object, **headers: str) -> Script:
    return lambda talk, _request: talk.reply(status, json.dumps(value).encode(), **headers)


def problem(status: int, code: str) -> Script:
    body = json.dumps({"type": "about:blank", "title": "x", "status": status, "code": code}).encode()
    return lambda talk, _request: talk.reply(status, body, "application/problem+json")


@dataclass
class HttpsServer:
    """Answers each request by `script(path)`; keeps every request in `seen`."""

    certificate: Path
    key: Path
    ca: Path
    script: Callable[[Request], Script]
    seen: list[Request] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate, self.key)
        self._context.load_verify_locations(self.ca)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._arrived = threading.Condition()
        self._stopping = threading.Event()
        self.connections = 0
        self.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Close the port and every connection, as if the cable were pulled out of central's side."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._stopping.set()
        self.stop()

    def wait_for(self, enough: Callable[[list[Request]], bool], within_s: float = 10.0) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: enough(self.seen), within_s), self.seen

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(raw)
            threading.Thread(target=self._serve, args=(raw, self.connections), daemon=True).start()

    def _serve(self, raw: socket.socket, number: int) -> None:
        with (
            contextlib.suppress(OSError, ValueError),
            self._context.wrap_socket(raw, server_side=True) as sock,
        ):
            self._open.append(sock)
            reader = sock.makefile("rb")
            while line := reader.readline():
                method, path, _ = line.decode().split(" ")
                headers = {}
                while (header := reader.readline().decode().strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                body = reader.read(int(headers.get("content-length", "0")))
                request = Request(method, path, headers, body, number)
                with self._arrived:
                    self.seen.append(request)
                    self._arrived.notify_all()
                self.script(request)(Conversation(sock, self._stopping), request)
