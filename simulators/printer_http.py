"""The page printer's network side: IPP over HTTP/1.1 (RFC 8010 §4), and what a bad network does to it."""

import asyncio

from simulators.ipp import IppError, Message, decode, encode
from simulators.loopback_port import LoopbackPort
from simulators.page_printer import PagePrinter
from simulators.printer_operations import Operation, PrinterOperations

PATH = "/ipp/print"
_MAX_LINE_BYTES = 8192
_MAX_HEADERS = 100
_MAX_BODY_BYTES = 64 << 20
_PIECE_BYTES = 65536
_IDLE_SECONDS = 60.0


class _BadRequest(Exception):
    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class _Truncated(Exception):
    def __init__(self, body: bytes) -> None:
        super().__init__("the request ended early")
        self.body = body


class PrinterHttp:
    """Serves one page printer on a loopback port. `hung`: connections are taken and never answered."""

    def __init__(self, printer: PagePrinter, port: int = 0) -> None:
        self._port = LoopbackPort(self._serve, port)
        self.port = self._port.number
        self.uri = f"ipp://127.0.0.1:{self._port.number}{PATH}"
        self._operations = PrinterOperations(printer, self.uri)
        self._unanswered: dict[int, int] = {}
        self._healthy = asyncio.Event()
        self._healthy.set()

    @property
    def open(self) -> bool:
        """Whether the printer can be reached."""
        return self._port.open

    async def reachable(self, reachable: bool) -> None:
        """Plug in or pull the cable (or the power): then connections are refused."""
        await (self._port.start() if reachable else self._port.stop())

    async def close(self) -> None:
        """Take the printer off the network for good."""
        await self._port.close()

    @property
    def hung(self) -> bool:
        """Whether requests are taken and never answered."""
        return not self._healthy.is_set()

    def hang(self, hung: bool) -> None:
        """Stop answering, or go on."""
        if hung:
            self._healthy.clear()
        else:
            self._healthy.set()

    def lose_reply(self, operation: Operation, count: int = 1) -> None:
        """The next `count` requests of this kind are carried out, but the connection ends without a response."""
        self._unanswered[operation] = count

    @property
    def armed(self) -> tuple[str, ...]:
        """The faults that are set and not used up yet."""
        found = {"hang": self.hung, "lose-reply": any(self._unanswered.values())}
        return tuple(name for name, set_ in found.items() if set_)

    def mend(self) -> None:
        """Take all faults away."""
        self.hang(False)
        self._unanswered.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        again = True
        while again:
            try:
                again = await self._one(reader, writer)
            except _BadRequest as bad:
                _write(writer, bad.status, b"")
                again = False
            except ValueError:  # a line longer than the reader holds
                _write(writer, "400 Bad Request", b"")
                again = False
            await writer.drain()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its response. False: the connection ends."""
        headers = await asyncio.wait_for(_head(reader), _IDLE_SECONDS)
        if headers is None:
            return False
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            body = await _body(reader, headers)
        except _Truncated as truncated:
            await self._healthy.wait()
            self._broken_off(truncated.body)
            return False
        await self._healthy.wait()
        try:
            request = decode(body)
        except IppError:
            raise _BadRequest("400 Bad Request") from None
        response = self._operations.answer(request)
        if self._lost(request):
            return False
        _write(writer, "200 OK", encode(response))
        return headers.get("connection", "").lower() != "close"

    def _broken_off(self, body: bytes) -> None:
        try:
            self._operations.broken_off(decode(body))
        except IppError:
            return

    def _lost(self, request: Message) -> bool:
        left = self._unanswered.get(request.code, 0)
        self._unanswered[request.code] = max(0, left - 1)
        return left > 0


def _write(writer: asyncio.StreamWriter, status: str, body: bytes) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/ipp\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode("ascii") + body)


async def _head(reader: asyncio.StreamReader) -> dict[str, str] | None:
    """Headers by lower-case name, after a request line that must be our POST; None when the peer has gone."""
    line = await reader.readline()
    if not line:
        return None
    words = line.decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise _BadRequest("400 Bad Request")
    headers: dict[str, str] = {}
    while (line := await reader.readline()) not in (b"\r\n", b"\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(headers) >= _MAX_HEADERS or len(line) > _MAX_LINE_BYTES:
            raise _BadRequest("400 Bad Request")
        headers[name.strip().lower()] = value.strip()
    if words[0] != "POST":
        raise _BadRequest("405 Method Not Allowed")
    if not words[1].startswith(PATH):
        raise _BadRequest("404 Not Found")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/ipp":
        raise _BadRequest("415 Unsupported Media Type")
    return headers


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    length = headers.get("content-length", "")
    if not length.isdecimal():
        raise _BadRequest("411 Length Required")
    if int(length) > _MAX_BODY_BYTES:
        raise _BadRequest("413 Content Too Large")
    return await _exactly(reader, int(length), b"")


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        line = await reader.readline()
        if not line:
            raise _Truncated(body)
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            raise _BadRequest("400 Bad Request") from None
        if size < 0 or len(body) + size > _MAX_BODY_BYTES:
            raise _BadRequest("413 Content Too Large")
        body += await _exactly(reader, size, body)
        await reader.readline()
        if size == 0:
            return body


async def _exactly(reader: asyncio.StreamReader, size: int, before: bytes) -> bytes:
    taken = bytearray()
    while len(taken) < size:
        try:
            piece = await asyncio.wait_for(reader.read(min(_PIECE_BYTES, size - len(taken))), _IDLE_SECONDS)
        except (ConnectionError, TimeoutError):
            piece = b""
        if not piece:
            raise _Truncated(before + bytes(taken))
        taken += piece
    return bytes(taken)
