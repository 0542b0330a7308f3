"""The part of HTTP/1.1 that IPP needs: one POST, one answer with a length, in chunks, or up to the close. Pure.

Source: RFC 9112. Anything odd is an `HttpError`; sizes are capped, so no printer can fill our memory.
"""

# Of an answer's heads (interim ones come before it) and trailer together; and of each chunk's size line.
MAX_HEAD_BYTES = 16_384
MAX_BODY_BYTES = 1 << 20
# Of the whole answer: a body in chunks of one byte each would take so many bytes more than it has.
MAX_ANSWER_BYTES = 8 * MAX_BODY_BYTES
_MAX_DIGITS = 8


class HttpError(Exception):
    """Bytes that are no HTTP answer, or too many of them."""


def post(host: str, path: str, body: bytes) -> bytes:
    """A POST of one IPP message, with keep-alive."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/ipp\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


class Answer:
    """Collects one answer. `complete` when `body` is whole; `reusable`: the connection may be used again."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.complete = False
        self.reusable = True
        self.begun = False
        self._buffer = bytearray()
        self._content = bytearray()
        self._headers: dict[str, str] | None = None
        self._taken = self._heads = 0
        self._chunk_left: int | None = None

    def feed(self, chunk: bytes) -> None:
        """Take bytes as they come; b"" means that the peer closed. Raises HttpError."""
        self.begun = self.begun or bool(chunk)
        self._taken += len(chunk)
        if self._taken > MAX_ANSWER_BYTES:
            raise HttpError("answer is too long")
        self._buffer += chunk
        while self._headers is None and self._read_head():
            pass
        if self._headers is not None and not self.complete:
            self._read_body(self._headers, closed=not chunk)
        if not chunk and not self.complete:
            raise HttpError("connection closed in the middle of the answer")

    def _read_head(self) -> bool:
        """Read the head if it is whole; True to go on (an interim 1xx answer was skipped)."""
        end = self._buffer.find(b"\r\n\r\n")
        self._count_head(end + 4 if end >= 0 else len(self._buffer), whole=end >= 0)
        if end < 0:
            return False
        lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        version, _, rest = lines[0].partition(" ")
        status = rest[:3]
        if not version.startswith("HTTP/1.") or not (
            status.isascii() and status.isdigit() and len(status) == 3
        ):
            raise HttpError("no HTTP status line")
        self.status = int(status)
        if self.status < 200:
            return True
        self._headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon:
                raise HttpError("header without a colon")
            self._headers[name.strip().lower()] = value.strip().lower()
        self.reusable = version == "HTTP/1.1" and self._headers.get("connection") != "close"
        return False

    def _read_body(self, headers: dict[str, str], *, closed: bool) -> None:
        if headers.get("transfer-encoding") == "chunked":
            self._read_chunks()
            return
        length = headers.get("content-length")
        if length is None:
            self.reusable = False
            self._grow(len(self._buffer))
            if closed:
                self._finish()
            return
        size = _content_length(length)
        self._grow(min(size - len(self._content), len(self._buffer)))
        if len(self._content) == size:
            self._finish()

    def _read_chunks(self) -> None:
        while not self.complete:
            if self._chunk_left is None:
                end = self._buffer.find(b"\r\n")
                if end < 0:
                    if len(self._buffer) > MAX_HEAD_BYTES:
                        raise HttpError("chunk head is too long")
                    return
                self._chunk_left = _chunk_size(bytes(self._buffer[:end]))
                del self._buffer[: end + 2]
            if self._chunk_left == 0:
                self._read_trailer()
                return
            if len(self._buffer) < self._chunk_left + 2:
                if self._chunk_left > MAX_BODY_BYTES:
                    raise HttpError("body is too long")
                return
            self._grow(self._chunk_left)
            if self._buffer[:2] != b"\r\n":
                raise HttpError("chunk does not end where it says")
            del self._buffer[:2]
            self._chunk_left = None

    def _read_trailer(self) -> None:
        while (end := self._buffer.find(b"\r\n")) >= 0:
            self._count_head(end + 2, whole=True)
            del self._buffer[: end + 2]
            if end == 0:
                self._finish()
                return
        self._count_head(len(self._buffer), whole=False)

    def _count_head(self, size: int, *, whole: bool) -> None:
        """So many bytes more of heads and trailer; those that are not `whole` are counted again when they are."""
        if self._heads + size > MAX_HEAD_BYTES:
            raise HttpError("heads are too long")
        self._heads += size if whole else 0

    def _grow(self, size: int) -> None:
        self._content += self._buffer[:size]
        del self._buffer[:size]
        if len(self._content) > MAX_BODY_BYTES:
            raise HttpError("body is too long")

    def _finish(self) -> None:
        self.body = bytes(self._content)
        self.complete = True
        # Bytes behind the answer were not asked for: such a connection is not to be trusted with the next question.
        self.reusable = self.reusable and not self._buffer


def _content_length(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS):
        raise HttpError("odd content length")
    if int(digits) > MAX_BODY_BYTES:
        raise HttpError("body is too long")
    return int(digits)


def _chunk_size(line: bytes) -> int:
    digits = line.split(b";")[0].strip()
    try:
        if not digits or digits[:1] in b"+-_" or len(digits) > _MAX_DIGITS:
            raise ValueError
        return int(digits, 16)
    except ValueError as error:
        raise HttpError("odd chunk size") from error
