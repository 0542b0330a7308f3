"""upsd's text protocol: one line, one answer; a list between BEGIN and END. Any other bytes are an UpsdError.

Source: Network UPS Tools, developer guide, "Network protocol information"; read on upsd 2.8.1.
"""

from msgspec import Struct

_MAX_LINE_BYTES = 4_096
_MAX_ANSWER_BYTES = 65_536


class UpsdError(Exception):
    """upsd refuses (its own word, as DATA-STALE), or what came is none of its answers. The text is fit for a log."""


class Address(Struct, frozen=True):
    """Where a UPS is: its name at upsd, and upsd's address. `host` is an IP address, or a socket's path (`port` 0)."""

    ups: str
    host: str
    port: int


def address(text: str) -> Address:
    """`NAME@IP[:PORT]`, `NAME@localhost[:PORT]` or `NAME@/a/socket`. Raises ValueError for anything else.

    No other host names: to look one up may take longer than a bus has time.
    """
    ups, _, place = text.partition("@")
    if not ups or not ups.isascii() or not ups.isprintable() or set(ups) & set(' "\\'):
        raise ValueError(f"{text!r} is not of the form NAME@IP[:PORT] or NAME@/a/socket")
    if place.startswith("/"):
        return Address(ups, place, 0)
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    if not colon:
        host, port = place, "3493"
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    if not port.isdecimal() or not 0 < int(port) < 65_536 or not _is_ip(host):
        raise ValueError(f"{text!r} is not of the form NAME@IP[:PORT] or NAME@/a/socket")
    return Address(ups, host, int(port))


def _is_ip(host: str) -> bool:
    parts = host.split(".")
    four = len(parts) == 4 and all(part.isdecimal() and int(part) < 256 for part in parts)
    return four or (":" in host and not set(host.lower()) - set("0123456789abcdef:."))


class Acknowledged:
    """Reads the answer to a command: a line that begins with OK."""

    def __init__(self) -> None:
        self.done = False

    def line(self, words: list[str]) -> None:
        """One line of the answer. Raises UpsdError."""
        if words[:1] != ["OK"]:
            raise UpsdError("no answer of upsd's")
        self.done = True


class Variables:
    """Reads the answer to LIST VAR: every variable of one UPS."""

    def __init__(self, ups: str) -> None:
        self._ups = ups
        self._begun = False
        self.done = False
        self.found: dict[str, str] = {}

    def line(self, words: list[str]) -> None:
        """One line of the answer. Raises UpsdError."""
        if not self._begun and words == ["BEGIN", "LIST", "VAR", self._ups]:
            self._begun = True
        elif self._begun and words[:2] == ["VAR", self._ups] and len(words) == 4:
            self.found[words[2]] = words[3]
        elif self._begun and words == ["END", "LIST", "VAR", self._ups]:
            self.done = True
        else:
            raise UpsdError("no answer of upsd's")


Answer = Acknowledged | Variables


class Reader:
    """Takes the bytes of one answer as they come. `done` when it is whole; what follows it belongs to nothing."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._rest = b""
        self._taken = 0

    @property
    def done(self) -> bool:
        """Whether the answer is whole."""
        return self._answer.done

    def feed(self, data: bytes) -> None:
        """More bytes. Raises UpsdError: a refusal, nonsense, or no end to it."""
        self._taken += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if self._taken > _MAX_ANSWER_BYTES or len(self._rest) > _MAX_LINE_BYTES:
            raise UpsdError("an answer without an end")
        for line in lines:
            if self._answer.done:
                raise UpsdError("more than one answer")
            self._answer.line(_words(line))


def _words(line: bytes) -> list[str]:
    """A line's words; "of several words" is one, with backslashes before quotes and backslashes. Raises UpsdError."""
    words = _split(line.decode("utf-8", "replace"))
    if words[:1] == ["ERR"]:
        raise UpsdError(
            words[1][:40] if len(words) > 1 and words[1].isascii() and words[1].isprintable() else "ERR"
        )
    return words


def _split(text: str) -> list[str]:
    words: list[str] = []
    word, quoted, at = "", False, 0
    started = False
    while at < len(text):
        sign = text[at]
        if sign == "\\" and quoted and at + 1 < len(text):
            at += 1
            word += text[at]
        elif sign == '"':
            quoted, started = not quoted, True
        elif sign == " " and not quoted:
            if started:
                words.append(word)
            word, started = "", False
        else:
            word, started = word + sign, True
        at += 1
    if quoted:
        raise UpsdError("no answer of upsd's")
    return [*words, word] if started else words


def command(*words: str) -> bytes:
    """A line for upsd. Raises ValueError for what has no place in one."""
    if any(not word.isprintable() for word in words):
        raise ValueError("a line for upsd holds printable characters only")
    quoted = (
        word if word.isalnum() else '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for word in words
    )
    return " ".join(quoted).encode() + b"\n"
