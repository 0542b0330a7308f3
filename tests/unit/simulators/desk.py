"""Simulated devices without wires, on a clock that stands still until the test moves it."""

from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

from simulators.cash_bus import CashBus
from simulators.cctalk import Frame, encode
from simulators.clock import ManualClock
from simulators.coin import CoinAcceptor, acceptor_memory
from simulators.hopper import Hopper, hopper_memory
from simulators.page_printer import PagePrinter, printer_memory
from simulators.presenter import Presenter, presenter_memory
from simulators.presenter_frames import PresenterFrame
from simulators.workshop import InlineWorkshop
from simulators.world import World


@dataclass
class CashAdmin:
    """Acceptor and hopper on an unpaced bus, and what the host heard."""

    clock: ManualClock = field(default_factory=ManualClock)
    heard: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.world = World(self.clock)
        self.coin = CoinAcceptor(self.clock, acceptor_memory(None), self.world)
        self.hopper = Hopper(self.clock, hopper_memory(None), self.world)
        self.bus = CashBus(self.clock, (self.coin, self.hopper), paced=False)
        self.bus.to_host = self.heard.extend
        self.landed: list[str] = []

    def ask(self, address: int, header: int, data: bytes = b"") -> bytes | None:
        """The reply's data; b"" is ACK, None is silence. AssertionError when it is NAK."""
        reply = self.reply(address, header, data)
        if reply is None:
            return None
        assert reply[3] == 0, f"header {header} was refused"
        return reply[4:-1]

    def reply(self, address: int, header: int, data: bytes = b"") -> bytes | None:
        """The whole reply, without the echo; None is silence."""
        self.heard.clear()
        request = encode(Frame(address, 1, header, data))
        self.bus.received(request)
        assert self.heard.startswith(request), "the host hears its own bytes first"
        return bytes(self.heard[len(request) :]) or None

    def accept_everything(self) -> None:
        """What a host does before it takes money."""
        self.ask(2, 231, b"\x0f\x00")
        self.ask(2, 228, b"\x01")
        self.ask(2, 229)

    def drop(self, value: int) -> None:
        """A coin, until it has landed somewhere; the host keeps polling."""
        self.coin.drop(value, self.landed.append)
        self.clock.advance(0.2)

    def events(self) -> tuple[int, list[tuple[int, int]]]:
        """The event counter and the five events, newest first."""
        data = self.ask(2, 229)
        assert data is not None
        return data[0], [(data[at], data[at + 1]) for at in range(1, 11, 2)]

    def number(self, address: int, header: int) -> int:
        """A 3-byte counter."""
        data = self.ask(address, header)
        assert data is not None
        return int.from_bytes(data, "little")

    def dispense(self, count: int) -> bytes | None:
        """Enable the hopper and send 167."""
        self.ask(3, 164, b"\xa5")
        return self.ask(3, 167, self.number(3, 242).to_bytes(3, "little") + bytes((count,)))

    def payout(self) -> tuple[int, int, int, int]:
        """Event counter, remaining, paid, unpaid."""
        data = self.ask(3, 166)
        assert data is not None
        return data[0], data[1], data[2], data[3]


@dataclass
class PaperDesk:
    """Printer and presenter, the pages drawn at once."""

    out: Path
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.world = World(self.clock)
        self.presenter = Presenter(self.clock, presenter_memory(None), self.world)
        memory = printer_memory(None)
        self.printer = PagePrinter(self.clock, memory, self.world, self.presenter, InlineWorkshop(), self.out)
        self._seq = 0

    def ask(self, code: str) -> bytes:
        """The data of the presenter's reply to a fresh request; AssertionError when it is refused."""
        reply = self.say(code)
        assert reply.code == ord(code), f"{code} was refused with {reply.data.hex()}"
        return reply.data

    def say(self, code: str, seq: int | None = None) -> PresenterFrame:
        """The presenter's reply to a request."""
        self._seq += 1
        reply = self.presenter.answer(PresenterFrame(self._seq if seq is None else seq, ord(code)))
        assert reply is not None
        return reply

    def state(self) -> tuple[int, int]:
        """STATE and SENSORS of the status block."""
        block = self.ask("S")
        return block[0], block[1]

    def print_held(self, *texts: str) -> None:
        """Hold, print a document with these pages, and wait until it is out."""
        self.ask("H")
        job = self.printer.create("order-1", "kiosk")
        self.printer.take_document(job, pdf(*texts))
        self.clock.advance(1 + len(texts))

    def where(self) -> list[str]:
        """Where the sheets are, in the order in which they came out."""
        return [str(sheet.where) for sheet in self.world.truth().sheets]


def pdf(*texts: str) -> bytes:
    """An A4 document with one line of Latin text on each page."""
    import io

    with pikepdf.new() as document:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for text in texts:
            page = document.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = document.make_stream(f"BT /F1 14 Tf 72 770 Td ({text}) Tj ET".encode())
        content = io.BytesIO()
        document.save(content)
        return content.getvalue()
