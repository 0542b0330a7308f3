"""IPP questions to one printer: non-blocking, each with one deadline for the whole call.

Questions that change nothing may use the kept connection and are sent again when the printer had closed it. A question
that creates something always gets a connection of its own and is sent once.
"""

import contextlib
import select
import socket
from typing import Any, Protocol
from urllib.parse import urlsplit

from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.page_printer.http import Answer, HttpError, post
from drivers.page_printer.ipp import IppError, Message, build, parse
from drivers.scheduler import Exchange, Task, ask
from drivers.why import why

IPP_PORT = 631
_CHUNK_BYTES = 65_536
_BUSY = 0x0507


class Wire(Protocol):
    """How bytes of an IPP message get to the printer and back."""

    def post(self, body: bytes, timeout_s: float, *, once: bool) -> Exchange[bytes]:
        """Send one message; the answer's bytes. `once`: never send it twice."""

    def connect(self, timeout_s: float) -> Exchange[socket.socket]:
        """A connected, blocking TCP socket."""

    def close(self) -> None:
        """Drop what is kept open."""


class Endpoint:
    """Where a printer URI (`ipp://host[:port]/path`) leads. Raises ValueError for any other URI."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        if parts.scheme != "ipp" or not parts.hostname or not parts.path.startswith("/"):
            raise ValueError(f"{uri!r} is not of the form ipp://host[:port]/path")
        self.uri = uri
        self.host = parts.hostname
        self.port = parts.port or IPP_PORT
        self.path = parts.path
        self.host_header = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class HttpWire:
    """TCP to the printer, with one kept connection."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.kept: socket.socket | None = None
        self.under_way: HttpCall | None = None

    def post(self, body: bytes, timeout_s: float, *, once: bool) -> "HttpCall":
        """Send one message; the answer's bytes."""
        return HttpCall(self, body, timeout_s, once=once)

    def connect(self, timeout_s: float) -> "Connect":
        """A connected, blocking TCP socket."""
        return Connect(self, timeout_s)

    def close(self) -> None:
        """Drop the kept connection, and that of a question that nobody will hear the answer to."""
        if self.kept is not None:
            self.kept.close()
            self.kept = None
        if self.under_way is not None:
            self.under_way.abandon()


class Connect:
    """Connecting, as an `Exchange`."""

    def __init__(self, owner: HttpWire, timeout_s: float) -> None:
        self._owner = owner
        self._timeout_s = timeout_s
        self._until = 0.0
        self._addresses: list[tuple[int, Any]] = []  # family, and what connect() takes for it
        self._sock: socket.socket | None = None
        self._connected = False
        self._refused = ""
        self._failure: DeviceError | None = None

    @property
    def wire(self) -> object:
        """The printer: one call at a time."""
        return self._owner

    def begin(self, now: float) -> None:
        """Resolve the name and start connecting. A name that needs a server may block here: configure an address."""
        self._until = now + self._timeout_s
        endpoint = self._owner.endpoint
        try:
            found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
            self._addresses = [(family, address) for family, _kind, _proto, _name, address in found]
        except OSError:
            self._refused = f"nobody knows an address of {endpoint.host}"
        self._next_address()

    def interest(self) -> tuple[int, int] | None:
        """Writable means connected, or refused."""
        return None if self._sock is None else (self._sock.fileno(), select.POLLOUT)

    def step(self, now: float) -> float | None:
        """Look whether the connection stands."""
        while self._sock is not None and not self._connected:
            if not _ready(self._sock, select.POLLOUT):
                if now < self._until:
                    return self._until
                self._drop("does not take the connection", ErrorCode.TIMEOUT)
                return None
            failed = self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failed == 0:
                self._connected = True
            else:
                self._refused = why(OSError(failed, ""))[1]
                self._next_address()
        return None

    def abandon(self) -> None:
        """Close what was connected for nobody."""
        if self._sock is not None:
            self._sock.close()

    def result(self) -> socket.socket:
        """The socket, blocking. Raises DeviceError; nothing was sent."""
        if self._sock is None or self._failure is not None:
            raise self._failure or AssertionError("asked for a socket that is not there")
        self._sock.setblocking(True)
        return self._sock

    def _next_address(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None
        while self._addresses:
            family, address = self._addresses.pop(0)
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                sock.connect(address)
            except BlockingIOError:
                pass
            except OSError as error:
                sock.close()
                self._refused = why(error)[1]
                continue
            self._sock = sock
            return
        self._drop(f"can't be reached: {self._refused}", ErrorCode.NOT_PRESENT)

    def _drop(self, detail: str, code: ErrorCode) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None
        self._failure = DeviceError(code, f"printer {detail}", retryable=True)


class HttpCall:
    """One POST and its answer (an `Exchange`)."""

    def __init__(self, owner: HttpWire, body: bytes, timeout_s: float, *, once: bool) -> None:
        self._owner = owner
        self._request = post(owner.endpoint.host_header, owner.endpoint.path, body)
        self._timeout_s = timeout_s
        self._once = once
        self._until = 0.0
        self._connecting: Connect | None = None
        self._sock: socket.socket | None = None
        self._fresh = True
        self._left = b""
        self._sent_any = False
        self._answer = Answer()
        self._failure: DeviceError | None = None

    @property
    def wire(self) -> object:
        """The printer: one call at a time."""
        return self._owner

    def begin(self, now: float) -> None:
        """Use the kept connection if that is safe, else connect."""
        self._until = now + self._timeout_s
        self._owner.under_way = self
        self._left = self._request
        kept, self._owner.kept = self._owner.kept, None
        if kept is not None and self._once:
            kept.close()
            kept = None
        self._sock = kept
        self._fresh = kept is None
        if kept is None:
            self._connect(now)

    def interest(self) -> tuple[int, int] | None:
        """What should wake the loop."""
        if self._connecting is not None:
            return self._connecting.interest()
        if self._sock is None:
            return None
        return self._sock.fileno(), select.POLLOUT if self._left else select.POLLIN

    def step(self, now: float) -> float | None:
        """Connect, send, receive."""
        try:
            if self._connecting is not None and not self._take_connection(now):
                return self._until
            if self._sock is None:
                return None
            self._send(self._sock)
            if self._receive(self._sock):
                return None
        except (OSError, HttpError) as error:
            if not self._start_over(now):
                self._fail(
                    ErrorCode.PROTOCOL if isinstance(error, HttpError) else ErrorCode.REMOVED, str(error)
                )
                return None
            return now
        except DeviceError as error:
            self._failure = error
            return None
        if now >= self._until:
            self._fail(ErrorCode.TIMEOUT, "the printer does not answer")
            return None
        return self._until

    def abandon(self) -> None:
        """Hang up: what still comes would be taken for the next answer."""
        if self._connecting is not None:
            self._connecting.abandon()
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def result(self) -> bytes:
        """The answer's body. Raises DeviceError: NOT_DONE only when not one byte was sent."""
        if self._failure is not None:
            raise self._failure
        return self._answer.body

    def _connect(self, now: float) -> None:
        self._connecting = Connect(self._owner, max(self._until - now, 0.0))
        self._connecting.begin(now)

    def _take_connection(self, now: float) -> bool:
        """True when the connection stands. Raises DeviceError."""
        connecting = self._connecting
        if connecting is None or connecting.step(now) is not None:
            return False
        self._connecting = None
        self._sock = connecting.result()
        self._sock.setblocking(False)
        return True

    def _send(self, sock: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._left:
                self._sent_any = True
                self._left = self._left[sock.send(self._left) :]

    def _receive(self, sock: socket.socket) -> bool:
        """True when the answer is whole. One read a step: a printer that never stops must not keep the bus here."""
        with contextlib.suppress(BlockingIOError):
            self._answer.feed(sock.recv(_CHUNK_BYTES))
        if not self._answer.complete:
            return False
        if self._answer.status != 200:
            self._fail(ErrorCode.PROTOCOL, f"HTTP status {self._answer.status}")
        elif self._answer.reusable and not self._once:
            self._owner.kept, self._sock = sock, None
        if self._sock is not None:
            self._sock.close()
            self._sock = None
        return True

    def _start_over(self, now: float) -> bool:
        """The printer had closed the kept connection: send again on a new one, if that cannot do anything twice."""
        if self._fresh or self._answer.begun or self._once:
            return False
        if self._sock is not None:
            self._sock.close()
            self._sock = None
        self._fresh, self._left, self._answer = True, self._request, Answer()
        self._connect(now)
        return True

    def _fail(self, code: ErrorCode, detail: str) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None
        outcome = Outcome.UNKNOWN if self._sent_any else Outcome.NOT_DONE
        self._failure = DeviceError(code, f"printer: {detail}", outcome=outcome, retryable=True)


def _ready(sock: socket.socket, events: int) -> bool:
    poll = select.poll()
    poll.register(sock, events)
    return bool(poll.poll(0))


class Client:
    """IPP messages to one printer, numbered."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._request_id = 0

    def ask(self, message: Message, timeout_s: float, *, once: bool = False) -> Task[Message]:
        """Send `message` (its request id is set here); the answer, whatever its status.

        Raises DeviceError: TIMEOUT, REMOVED, PROTOCOL (UNKNOWN once a byte was sent), NOT_PRESENT, REFUSED (busy).
        """
        # Kept here: while this question waits for its turn on the wire, others take numbers too.
        request_id = self._request_id = self._request_id % 0x7FFFFFFF + 1
        numbered = Message(message.code, request_id, message.groups)
        body = yield from ask(self.wire.post(build(numbered), timeout_s, once=once))
        try:
            answer = parse(body)
        except IppError as error:
            raise DeviceError(ErrorCode.PROTOCOL, f"printer: {error}", outcome=Outcome.UNKNOWN) from error
        if answer.request_id != request_id:
            raise DeviceError(ErrorCode.PROTOCOL, "answer to another request", outcome=Outcome.UNKNOWN)
        if answer.code == _BUSY:
            raise DeviceError(ErrorCode.REFUSED, "the printer is busy", retryable=True)
        return answer
