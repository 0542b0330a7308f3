"""The receipt printer: a print buffer that is worked off line by line, and a status that answers at any time.

Commands and status bits: docs/protocol.md §3.4. What was in the buffer is lost with the power; what was printed
stays on the paper and comes out in front of the next receipt.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from simulators import escpos
from simulators.clock import Clock
from simulators.memory import Memory
from simulators.receipt_picture import save
from simulators.receipt_strip import (
    LINE_DOTS,
    Element,
    LineBuilder,
    Picture,
    Space,
    height_of,
    qr_code,
    readable,
    style_changes,
)
from simulators.workshop import Workshop
from simulators.world import World

DOTS_PER_SECOND = 1200
CUT_SECONDS = 0.25
NEAR_END_LINES = 60
ROLL_LINES = 1200
_MAX_MODULE, _LEVELS = 16, {48: "l", 49: "m", 50: "q", 51: "h"}
_ABOUT = {65: b"1.07", 66: b"CGS", 67: b"RP-80K"}
_SERIAL = 68
_STATUS = 0x12


class ReceiptPrinter:
    """Firmware, print head and cutter. `to_host` gets what the printer says."""

    def __init__(self, clock: Clock, memory: Memory, world: World, workshop: Workshop, out: Path) -> None:
        self._clock = clock
        self._memory = memory
        self._world = world
        self._workshop = workshop
        self._out = out
        self.to_host: Callable[[bytes], None] = lambda data: None
        self.powered = True
        self.hung = False
        self.cover_open = False
        self.cutter_stuck = False
        self._strip: list[Element] = []
        self._dots = 0
        self._moved = 0
        self._life = 0
        self._switch_on()

    def _switch_on(self) -> None:
        self._real_time = escpos.RealTime()
        self._parser = escpos.Parser()
        self._buffer: deque[escpos.Command] = deque()
        self._working = False
        self._told: bytes | None = None
        self._initialise()

    def _initialise(self) -> None:
        self._line = LineBuilder()
        self._module, self._level, self._stored = 3, "l", b""

    # --- what can be seen ---

    @property
    def paper_out(self) -> bool:
        """Whether the roll is used up."""
        return self._world.levels.roll == 0

    @property
    def offline(self) -> bool:
        """Whether it cannot print now."""
        return self.paper_out or self.cover_open or self.cutter_stuck

    @property
    def waiting(self) -> int:
        """Commands in the print buffer."""
        return len(self._buffer)

    # --- the line ---

    def received(self, chunk: bytes) -> None:
        """Bytes from the host."""
        if not self.powered or self.hung:
            return
        rest, asked = self._real_time.feed(chunk)
        for question in asked:
            self.to_host(bytes((self._status(question),)))
        self._buffer.extend(self._parser.feed(rest))
        self._work()

    def _status(self, question: int) -> int:
        low = self._world.levels.roll < NEAR_END_LINES
        bits = {
            1: 0x08 * self.offline,
            2: 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * self.cutter_stuck,
            3: 0x08 * self.cutter_stuck,
            4: 0x0C * low | 0x60 * self.paper_out,
        }
        return _STATUS | bits[question]

    def _automatic_status(self) -> bytes:
        low = self._world.levels.roll < NEAR_END_LINES
        first = 0x10 | 0x08 * self.offline | 0x20 * self.cover_open
        return bytes((first, 0x08 * self.cutter_stuck, 0x03 * low | 0x0C * self.paper_out, 0))

    # --- the mechanism ---

    def _work(self) -> None:
        while self._buffer and not self._working and not self.offline:
            self._moved = 0
            self._do(self._buffer.popleft())
            if self._moved and not self._working:
                self._pause(self._moved / DOTS_PER_SECOND)
        self._tell_changes()

    def _pause(self, seconds: float) -> None:
        self._working = True
        life = self._life
        self._clock.later(seconds, lambda: self._go_on() if life == self._life else None)

    def _go_on(self) -> None:
        self._working = False
        self._work()

    def _do(self, command: escpos.Command) -> None:
        match command:
            case escpos.Text(text, wide):
                for line in self._line.add(text, 2 if wide else 1):
                    self._print(line)
            case escpos.LineFeed():
                self._print(self._line.feed())
            case escpos.Feed(count, dots):
                if not self._line.empty:
                    self._print(self._line.feed())
                self._print(Space(count if dots else count * self._line.spacing))
            case escpos.Cut(dots):
                self._print(Space(dots))
                self._cut()
            case escpos.Symbol(function, data):
                self._symbol(function, data)
            case escpos.Raster():
                self._print(Picture(command, self._line.align))
            case escpos.Ask(name, data):
                self._answer(name, data)
            case escpos.Set(name, value):
                self._set(name, value)
            case escpos.Unknown(data):
                self._world.tell("receipt-unknown-command", bytes=data.hex())

    def _print(self, element: Element) -> None:
        height = height_of(element)
        self._strip.append(element)
        self._moved += height
        self._dots += height
        lines, self._dots = divmod(self._dots, LINE_DOTS)
        if lines:
            self._world.set_levels(roll=max(0, self._world.levels.roll - lines))

    def _cut(self) -> None:
        self._working = True
        strip, life = tuple(self._strip), self._life
        self._strip.clear()
        lines = readable(strip)
        if not lines:
            self._pause(CUT_SECONDS)
            return
        image = self._out / "receipts" / f"{len(self._world.truth().receipts) + 1:04d}.png"

        def dropped(_: None) -> None:
            self._world.receipt_cut(lines, str(image))
            if life == self._life:
                self._pause(CUT_SECONDS)

        self._workshop.run(partial(save, strip, image), dropped)

    def _symbol(self, function: int, data: bytes) -> None:
        value = data[0] if data else 0
        match function:
            case 67:
                self._module = min(max(value, 1), _MAX_MODULE)
            case 69:
                self._level = _LEVELS.get(value, "l")
            case 80:
                self._stored = data[1:]
            case 81 if self._stored:
                code = qr_code(self._stored, self._module, self._level, self._line.align)
                if code is not None:
                    self._print(code)
            case _:
                return

    def _answer(self, name: str, data: bytes) -> None:
        if name == "GS ( H" and data[:2] == b"00" and len(data) == 6:
            self.to_host(b"\x37\x22" + data[2:] + b"\x00")
        elif name == "GS r" and data in (b"\x01", b"1"):
            low = self._world.levels.roll < NEAR_END_LINES
            self.to_host(bytes((0x03 * low | 0x0C * self.paper_out,)))
        elif name == "GS I" and (about := self._about(data[0])):
            self.to_host(b"\x5f" + about + b"\x00")

    def _about(self, question: int) -> bytes:
        return (
            self._memory.text("serial").encode("ascii") if question == _SERIAL else _ABOUT.get(question, b"")
        )

    def _set(self, name: str, value: int) -> None:
        match name:
            case "ESC @":
                self._initialise()
            case "ESC a" if value in (0, 1, 2, 48, 49, 50):
                self._line.align = value % 48
            case "ESC 2":
                self._line.spacing = LINE_DOTS
            case "ESC 3":
                self._line.spacing = value
            case "GS a":
                self._told = None if value == 0 else b""
            case _:
                self._line.restyle(**style_changes(name, value))

    # --- hands ---

    @property
    def serial(self) -> str:
        """The serial number that the printer reports."""
        return self._memory.text("serial")

    @serial.setter
    def serial(self, serial: str) -> None:
        self._memory.keep(serial=serial)

    def changed(self) -> None:
        """A hand changed something: say so if the host wants to know, and go on printing if that helped."""
        if self.powered and not self.hung:
            self._work()

    def _tell_changes(self) -> None:
        if self._told is not None and self._told != (now := self._automatic_status()):
            self._told = now
            self.to_host(now)

    def mend(self) -> None:
        """Take all faults away."""
        self.hung = self.cover_open = self.cutter_stuck = False
        self.changed()

    def power(self, up: bool) -> None:
        """Give or take the power: the buffer is lost, the paper is not."""
        if up != self.powered:
            self.powered = up
            self._life += 1
            self._switch_on()


def receipt_memory(path: Path | None) -> Memory:
    """The receipt printer's memory as it left the factory, or as it is in `path`."""
    return Memory(path, serial="RP26K00417")
