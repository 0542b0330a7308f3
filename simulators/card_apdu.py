"""Command APDUs in, response APDUs out (ISO/IEC 7816-4): short lengths, command chaining, GET RESPONSE.

What a command means is the application's business; here is what every card does alike. Extended lengths are refused.
"""

from collections.abc import Callable
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

GET_RESPONSE = 0xC0
_CHAINED = 0x10
_SHORT = 256
_MAX_CHAINED_BYTES = 2048


class Sw(IntEnum):
    """Status words (ISO/IEC 7816-4 §5.6; SP 800-73-4 part 1 §5.6). More to fetch is 0x6100 + n, see `answer`."""

    OK = 0x9000
    WRONG_PIN = 0x63C0  # + tries left
    WRONG_LENGTH = 0x6700
    NO_CHANNEL = 0x6881
    NO_SECURE_MESSAGING = 0x6882
    NOT_ALLOWED = 0x6982
    BLOCKED = 0x6983
    CONDITIONS = 0x6985
    BAD_DATA = 0x6A80
    NOT_FOUND = 0x6A82
    BAD_PARAMETERS = 0x6A86
    NO_REFERENCE = 0x6A88
    NO_INSTRUCTION = 0x6D00
    NO_CLASS = 0x6E00


class Refused(Exception):
    """The card answers this status word and no data."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


class Command(Struct, frozen=True):
    """A command APDU. `le`: how many bytes may be answered; None when the command leaves it out."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    @property
    def head(self) -> tuple[int, int, int]:
        """What all commands of one chain have in common."""
        return self.ins, self.p1, self.p2


Perform = Callable[[Command], bytes]


def parse(raw: bytes) -> Command:
    """The command in `raw`. Raises Refused (6700) when its lengths do not fit or are extended."""
    if len(raw) < 4:
        raise Refused(Sw.WRONG_LENGTH)
    bare = Command(*raw[:4])
    body = raw[4:]
    if not body:
        return bare
    if len(body) == 1:
        return replace(bare, le=body[0] or _SHORT)
    size = body[0]
    data, rest = body[1 : 1 + size], body[1 + size :]
    if size == 0 or len(data) < size or len(rest) > 1:
        raise Refused(Sw.WRONG_LENGTH)
    return replace(bare, data=data, le=(rest[0] or _SHORT) if rest else None)


class Dialogue:
    """Joins chained commands for `perform` and hands its long answers out in portions."""

    def __init__(self, perform: Perform) -> None:
        """`perform` returns the data of the answer, or raises Refused."""
        self._perform = perform
        self.reset()

    def reset(self) -> None:
        """Forget half a chain and half an answer."""
        self._chain: Command | None = None
        self._waiting = b""

    def answer(self, raw: bytes) -> bytes:
        """The response APDU to any bytes at all: at most 256 bytes of data and a status word."""
        try:
            return self._answer(parse(raw))
        except Refused as refused:
            self.reset()
            return refused.sw.to_bytes(2, "big")

    def _answer(self, command: Command) -> bytes:
        _check_class(command.cla)
        if command.ins == GET_RESPONSE:
            if not self._waiting:
                raise Refused(Sw.CONDITIONS)
            return self._portion(self._waiting, command.le or _SHORT)
        whole = self._joined(command)
        if command.cla & _CHAINED:
            self._chain, self._waiting = whole, b""
            return _sw(Sw.OK)
        self.reset()
        return self._portion(self._perform(whole), command.le)

    def _joined(self, command: Command) -> Command:
        """The command with the data of the chain before it. A command of another kind begins anew."""
        before = b""
        if self._chain is not None and self._chain.head == command.head:
            before = self._chain.data
        if len(before) + len(command.data) > _MAX_CHAINED_BYTES:
            raise Refused(Sw.WRONG_LENGTH)
        return replace(command, data=before + command.data)

    def _portion(self, data: bytes, le: int | None) -> bytes:
        """What fits into `le` bytes; a command without Le (as in T=0) has to fetch everything."""
        now, self._waiting = data[: le or 0], data[le or 0 :]
        if not self._waiting:
            return now + _sw(Sw.OK)
        left = len(self._waiting)
        return now + bytes((0x61, left if left < _SHORT else 0))


def _check_class(cla: int) -> None:
    """Class bytes 00 and 10 are served; the others are refused each in its own way (ISO/IEC 7816-4 §5.4.1)."""
    if cla & ~_CHAINED == 0:
        return
    if cla & 0xE0:
        raise Refused(Sw.NO_CLASS)
    raise Refused(Sw.NO_SECURE_MESSAGING if cla & 0x0C else Sw.NO_CHANNEL)


def _sw(sw: int) -> bytes:
    return sw.to_bytes(2, "big")
