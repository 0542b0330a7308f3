"""What a receipt printer sends back, told apart by its fixed bits. Pure.

Source: Epson ESC/POS reference, "identification of status": a real-time answer is 0xx1xx10, a block begins with 37 hex
and ends with 00, XON and XOFF are 11 and 13 hex. Anything else is dropped byte by byte.
"""

from msgspec import Struct

_XON, _XOFF = 0x11, 0x13
_BLOCK_START, _FENCE_KIND, _BLOCK_BYTES = 0x37, 0x22, 7


class Fence(Struct, frozen=True):
    """Everything before the fence request of this id was printed."""

    fence: bytes


class RealTime(Struct, frozen=True):
    """The answer to a DLE EOT; which of them is known only to who asked."""

    value: int


class PrinterState(Struct, frozen=True):
    """The four real-time answers together."""

    offline: bool
    cover_open: bool
    paper_out: bool
    paper_low: bool
    cutter: bool
    hardware: bool


def combine(printer: int, offline: int, error: int, paper: int) -> PrinterState:
    """The answers to DLE EOT 1, 2, 3, 4."""
    return PrinterState(
        offline=bool(printer & 0x08),
        cover_open=bool(offline & 0x04),
        paper_out=bool(offline & 0x20 or paper & 0x60),
        paper_low=bool(paper & 0x0C),
        cutter=bool(error & 0x08),
        hardware=bool(error & 0x60),
    )


class Receiver:
    """Turns bytes into answers, whatever the chunks."""

    def __init__(self) -> None:
        self._block = bytearray()

    def feed(self, chunk: bytes) -> list[Fence | RealTime]:
        """The answers completed by `chunk`."""
        found: list[Fence | RealTime] = []
        for byte in chunk:
            if self._block:
                self._continue_block(byte, found)
            else:
                self._begin(byte, found)
        return found

    def _begin(self, byte: int, found: list[Fence | RealTime]) -> None:
        if byte == _BLOCK_START:
            self._block.append(byte)
        elif byte & 0x93 == 0x12:
            found.append(RealTime(byte))

    def _continue_block(self, byte: int, found: list[Fence | RealTime]) -> None:
        if byte in (_XON, _XOFF):
            return
        self._block.append(byte)
        if len(self._block) == 2 and byte != _FENCE_KIND:
            self._give_up(found)
        elif len(self._block) == _BLOCK_BYTES:
            if byte == 0:
                found.append(Fence(bytes(self._block[2:6])))
                self._block.clear()
            else:
                self._give_up(found)

    def _give_up(self, found: list[Fence | RealTime]) -> None:
        """No block after all: look again at everything behind its supposed start."""
        rest = bytes(self._block[1:])
        self._block.clear()
        found += self.feed(rest)
