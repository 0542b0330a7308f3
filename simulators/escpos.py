"""ESC/POS as a receipt printer hears it: a real-time channel beside a stream of commands (docs/protocol.md §3.4).

Source: Epson's public ESC/POS command reference. Real-time commands are found anywhere in the stream, in the middle
of a picture too: that is what the real device does.
"""

from collections.abc import Callable
from dataclasses import dataclass

_DLE, _ESC, _FS, _GS = 0x10, 0x1B, 0x1C, 0x1D
_MAX_RASTER_BYTES, _MAX_RASTER_ROWS = 128, 2303
_REAL_TIME_BYTES = {0x04: 3, 0x05: 3, 0x14: 5}


@dataclass(frozen=True)
class Text:
    """Printable characters in the style of the moment. `wide` ones are two bytes (24 dots), others one (12 dots)."""

    text: str
    wide: bool


@dataclass(frozen=True)
class Set:
    """A setting: `name` is the command's two letters, `value` its parameter byte."""

    name: str
    value: int


@dataclass(frozen=True)
class LineFeed:
    """Print the line."""


@dataclass(frozen=True)
class Feed:
    """Print the line, then move the paper by `count` lines or dots."""

    count: int
    dots: bool


@dataclass(frozen=True)
class Cut:
    """Cut the paper after feeding `dots`."""

    dots: int


@dataclass(frozen=True)
class Symbol:
    """One function of GS ( k for QR symbols: 67 module size, 69 correction level, 80 store, 81 print."""

    function: int
    data: bytes


@dataclass(frozen=True)
class Raster:
    """A picture: `width` bytes (of eight dots) a row, 1 is black."""

    width: int
    rows: int
    data: bytes


@dataclass(frozen=True)
class Ask:
    """A question that is answered when everything before it was done: `name` is "GS r", "GS I" or "GS ( H"."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Unknown:
    """A command that this printer does not have; its parameters will be printed as text."""

    data: bytes


Command = Text | Set | LineFeed | Feed | Cut | Symbol | Raster | Ask | Unknown


class RealTime:
    """Takes the real-time commands out of the stream: DLE EOT n, DLE ENQ n, DLE DC4."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> tuple[bytes, list[int]]:
        """What is left for the print buffer, and the n of each DLE EOT n."""
        data = self._held + chunk
        rest = bytearray()
        asked: list[int] = []
        at = 0
        while at < len(data):
            size = self._command_size(data[at : at + 5])
            if size is None:  # may become one with the next bytes
                break
            if size == 0:
                rest.append(data[at])
                at += 1
                continue
            if data[at + 1] == 0x04:
                asked.append(data[at + 2])
            at += size
        self._held = data[at:]
        return bytes(rest), asked

    def _command_size(self, data: bytes) -> int | None:
        """Bytes of the real-time command at the start; 0: there is none; None: too early to say."""
        if data[0] != _DLE:
            return 0
        if len(data) < 2:
            return None
        size = _REAL_TIME_BYTES.get(data[1], 0)
        if len(data) >= 3 and size and not _real_time(data[1], data[2]):
            return 0
        return None if len(data) < size else size


def _real_time(kind: int, parameter: int) -> bool:
    return {0x04: 1 <= parameter <= 4, 0x05: parameter in (1, 2), 0x14: parameter in (1, 2)}[kind]


class Parser:
    """Cuts the print buffer's stream into commands, whatever the chunks."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._hangul = False
        self._esc: dict[int, Callable[[bytes], tuple[Command, int] | None]] = {
            0x40: lambda b: (Set("ESC @", 0), 2),
            0x32: lambda b: (Set("ESC 2", 0), 2),
            0x64: lambda b: _one(b, lambda n: Feed(n, dots=False)),
            0x4A: lambda b: _one(b, lambda n: Feed(n, dots=True)),
            0x70: lambda b: (Set("ESC p", 0), 5) if len(b) >= 5 else None,
            **{code: _setting("ESC", code) for code in b"!-3EGMRTat{"},
        }
        self._gs: dict[int, Callable[[bytes], tuple[Command, int] | None]] = {
            0x56: _cut,
            0x28: _block,
            0x76: _raster,
            0x72: lambda b: (Ask("GS r", b[2:3]), 3) if len(b) >= 3 else None,
            0x49: lambda b: (Ask("GS I", b[2:3]), 3) if len(b) >= 3 else None,
            **{code: _setting("GS", code) for code in b"!Bahfw"},
        }
        self._fs: dict[int, Callable[[bytes], tuple[Command, int] | None]] = {
            0x26: lambda b: (Set("FS &", 1), 2),
            0x2E: lambda b: (Set("FS .", 0), 2),
            **{code: _setting("FS", code) for code in b"!-CW"},
        }

    def feed(self, chunk: bytes) -> list[Command]:
        """The commands completed by `chunk`."""
        self._buffer += chunk
        commands: list[Command] = []
        while self._buffer:
            found = self._next(bytes(self._buffer))
            if found is None:
                break
            command, size = found
            del self._buffer[:size]
            if isinstance(command, Set):
                self._switch(command)
            commands.append(command)
        return commands

    def _switch(self, command: Set) -> None:
        if command.name == "FS &":
            self._hangul = True
        elif command.name in ("FS .", "ESC @"):
            self._hangul = False

    def _next(self, data: bytes) -> tuple[Command, int] | None:
        first = data[0]
        if first in (_ESC, _GS, _FS):
            if len(data) < 2:
                return None
            table = {_ESC: self._esc, _GS: self._gs, _FS: self._fs}[first]
            parse = table.get(data[1])
            return parse(data) if parse else (Unknown(data[:2]), 2)
        if first == 0x0A:
            return LineFeed(), 1
        if first < 0x20:
            return Set("control", first), 1
        return self._text(data)

    def _text(self, data: bytes) -> tuple[Command, int] | None:
        end = next((at for at, byte in enumerate(data) if byte < 0x20 or byte >= 0x80), len(data))
        if end:
            return Text(data[:end].decode("ascii"), wide=False), end
        if not self._hangul:
            return Text(data[:1].decode("cp437"), wide=False), 1
        if len(data) < 2:
            return None
        try:
            return Text(data[:2].decode("cp949"), wide=True), 2
        except UnicodeDecodeError:
            return Text("?", wide=False), 1


def _one(data: bytes, make: Callable[[int], Command]) -> tuple[Command, int] | None:
    return (make(data[2]), 3) if len(data) >= 3 else None


def _setting(group: str, code: int) -> Callable[[bytes], tuple[Command, int] | None]:
    return lambda data: _one(data, lambda value: Set(f"{group} {chr(code)}", value))


def _cut(data: bytes) -> tuple[Command, int] | None:
    if len(data) < 3:
        return None
    if data[2] in (0, 1, 48, 49):
        return Cut(0), 3
    return (Cut(data[3]), 4) if len(data) >= 4 else None


def _block(data: bytes) -> tuple[Command, int] | None:
    """GS ( x pL pH …: a block whose length is written in it."""
    if len(data) < 5:
        return None
    size = 5 + int.from_bytes(data[3:5], "little")
    if len(data) < size:
        return None
    body = data[5:size]
    if data[2] == ord("k") and len(body) >= 2 and body[0] == 49:
        return Symbol(body[1], body[2:]), size
    if data[2] == ord("H"):
        return Ask("GS ( H", body), size
    return Set("GS ( " + chr(data[2]), 0), size


def _raster(data: bytes) -> tuple[Command, int] | None:
    """GS v 0 m xL xH yL yH d…"""
    if len(data) < 8:
        return None
    width, rows = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
    if width > _MAX_RASTER_BYTES or rows > _MAX_RASTER_ROWS:
        return Unknown(data[:8]), 8
    size = 8 + width * rows
    return (Raster(width, rows, data[8:size]), size) if len(data) >= size else None
