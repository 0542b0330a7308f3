"""The whole far end: every simulated device on its wire, put together in one run directory."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from simulators.card_slot import CardSlot
from simulators.card_terminal import CardTerminal, terminal_memory
from simulators.cash_bus import CashBus
from simulators.cash_devices import ACCEPTORS, HOPPERS, VALIDATORS
from simulators.clock import LoopClock
from simulators.hopper import Hopper
from simulators.memory import Memory, replace_file
from simulators.network import Cable, Mode
from simulators.page_printer import PagePrinter, PrinterTimes, printer_memory
from simulators.presenter import Presenter, presenter_memory
from simulators.presenter_line import PresenterLine
from simulators.printer_http import PrinterHttp
from simulators.printer_model import LACKS as PRINTER_LACKS
from simulators.printer_model import load, own
from simulators.receipt_line import ReceiptLine
from simulators.receipt_printer import ReceiptPrinter, receipt_memory
from simulators.serial_port import SerialPort
from simulators.station import Station
from simulators.terminal_port import TerminalPort
from simulators.truth_file import TruthFile
from simulators.ups import NAME as UPS_NAME
from simulators.ups import Ups
from simulators.workshop import ThreadWorkshop
from simulators.world import SECOND_HOPPER_VALUE, World, load_world

LACKS = (
    "accept-memory",
    "dispense-memory",
    "presenter-sensors",
    *(f"printer-{lack}" for lack in PRINTER_LACKS),
)


@dataclass(frozen=True)
class BenchOptions:
    """How a bench is set up. `out`: where paper is kept; RUN/sim when None. `central_port`: where the cable leads.

    `lacks`: what a cheaper model would not have (LACKS). `printer`: the name of a bought page
    printer's file; "" is ours.
    `card_reader`: a port of this machine or a hatch (card_dial.py); None for a machine without a card reader.
    `acceptor`, `hopper`, `validator`: the protocol of its coin acceptor, of each hopper and of its bill validator
    (cash_devices.py).
    `second_hopper`: coins of 500 KRW that a second hopper holds at first; None for a machine without one.
    """

    run: Path
    out: Path | None = None
    central_port: int | None = None
    card_reader: str | None = None
    lacks: frozenset[str] = frozenset()
    second_hopper: int | None = None
    printer: str = ""
    acceptor: str = "cctalk"
    hopper: str = "cctalk"
    validator: str = "cctalk"
    paced: bool = True
    times: PrinterTimes = field(default_factory=PrinterTimes)


class Bench:
    """Everything on the desk. `start` plugs it all in; `stop` takes it all away and leaves truth.json complete."""

    def __init__(self, options: BenchOptions) -> None:
        loop = asyncio.get_running_loop()
        self.options = options
        self._tasks: set[asyncio.Future[None]] = set()
        sim, dev = options.run / "sim", options.run / "dev"
        out = options.out or sim
        self.clock = LoopClock(loop)
        self.workshop = ThreadWorkshop(loop)
        self.world: World = load_world(self.clock, sim)
        self.truth_file = TruthFile(self.world, sim, self.clock)
        coin, hopper, bill = (
            ACCEPTORS[options.acceptor],
            HOPPERS[options.hopper],
            VALIDATORS[options.validator],
        )
        self.coin = coin.device(self.clock, coin.memory(sim / "coin.json"), self.world)
        self.hopper = hopper.device(self.clock, hopper.memory(sim / "hopper.json"), self.world)
        self.bill = bill.device(self.clock, bill.memory(sim / "bill.json"), self.world)
        self.second_hopper = self._second_hopper(sim)
        self.presenter = Presenter(self.clock, presenter_memory(sim / "presenter.json"), self.world)
        # A cheaper model is one from its first moment on: what it forgets it has forgotten by now.
        self.coin.forgets = "accept-memory" in options.lacks
        self.hopper.forgets = "dispense-memory" in options.lacks
        self.presenter.blind = "presenter-sensors" in options.lacks
        self.coin.restart()
        self.hopper.restart()
        self.printer = PagePrinter(
            self.clock,
            printer_memory(sim / "printer.json"),
            self.world,
            self.presenter,
            self.workshop,
            out,
            options.times,
            load(options.printer) if options.printer else own(_of_printer(options.lacks)),
        )
        self.receipt = ReceiptPrinter(
            self.clock, receipt_memory(sim / "receipt.json"), self.world, self.workshop, out
        )
        cash = (self.coin, self.bill, *self.hoppers)
        on_the_bus = tuple(device for device in cash if device.own_line is None)
        self.cash_bus = CashBus(self.clock, on_the_bus, paced=options.paced)
        self.presenter_line = PresenterLine(self.clock, self.presenter, paced=options.paced)
        self.receipt_line = ReceiptLine(self.receipt)
        self.cash_port = SerialPort(dev / "cash", 9600, self.cash_bus.received)
        self.presenter_port = SerialPort(dev / "presenter", 19200, self.presenter_line.received)
        self.receipt_port = SerialPort(dev / "receipt", 115200, self.receipt_line.received)
        self.cash_bus.to_host = self.cash_port.write
        self.coin_port = self._port_of(self.coin, dev / "coin")
        self.note_port = self._port_of(self.bill, dev / "note")
        names = ("hopper", "hopper-2")
        self.hopper_ports = tuple(
            self._port_of(each, dev / name) for each, name in zip(self.hoppers, names, strict=False)
        )
        self.presenter_line.to_host = self.presenter_port.write
        self.receipt_line.to_host = self.receipt_port.write
        addresses = Memory(sim / "addresses.json", printer=0, cable=0, terminal=0, ups=0)
        self.printer_http = PrinterHttp(self.printer, addresses.number("printer"))
        self.cable = Cable(self.clock, options.central_port, addresses.number("cable"))
        self.terminal = CardTerminal(self.clock, terminal_memory(sim / "terminal.json"), self.world)
        self.terminal_port = TerminalPort(self.terminal, addresses.number("terminal"))
        self.terminal.died = lambda: self._soon(self.plug("terminal-power", False))
        self.terminal_plugged = True
        self.ups = Ups(self.clock, self.world, addresses.number("ups"))
        addresses.keep(
            printer=self.printer_http.port,
            cable=self.cable.number,
            terminal=self.terminal_port.number,
            ups=self.ups.number,
        )
        self.cable.changed = lambda: self.world.tell("network", mode=str(self.cable.mode))
        self.printer_plugged = True
        reader = options.card_reader
        self.card = CardSlot(self.clock, self.world, sim, reader) if reader is not None else None

    def _second_hopper(self, sim: Path) -> Hopper | None:
        if self.options.second_hopper is None:
            return None
        if self.world.levels.second_hopper is None:
            self.world.set_levels(second_hopper=self.options.second_hopper)
        twin = HOPPERS[self.options.hopper]
        memory = twin.memory(sim / "hopper-2.json", SECOND_HOPPER_VALUE)
        return twin.device(self.clock, memory, self.world, SECOND_HOPPER_VALUE, address=4)

    def _port_of(self, device: Station, path: Path) -> SerialPort:
        """The device's own port, or that of the bus."""
        line = device.own_line
        if line is None:
            return self.cash_port
        port = SerialPort(path, 9600, line.received)
        line.to_host = port.write
        return port

    @property
    def ports(self) -> tuple[SerialPort, ...]:
        """Every serial port, each once."""
        cash = (self.cash_port, self.coin_port, self.note_port, *self.hopper_ports)
        ports = (*cash, self.presenter_port, self.receipt_port)
        return tuple(dict.fromkeys(ports))

    @property
    def hoppers(self) -> tuple[Hopper, ...]:
        """The one hopper, or both."""
        return (self.hopper, *((self.second_hopper,) if self.second_hopper is not None else ()))

    @property
    def powered(self) -> bool:
        """Whether the devices have power."""
        return self.printer.powered

    async def start(self) -> None:
        """Plug everything in and write RUN/sim/ports.json."""
        for port in self.ports:
            port.plug()
        await self.printer_http.reachable(True)
        await self.terminal_port.reachable(True)
        await self.cable.set(Mode.UP)
        await self.ups.plug(True)
        ports = {
            "printer_uri": self.printer_http.uri,
            "network_port": self.cable.number,
            "terminal": f"127.0.0.1:{self.terminal_port.number}",
            "ups": f"{UPS_NAME}@127.0.0.1:{self.ups.number}",
        }
        replace_file(self.options.run / "sim" / "ports.json", msgspec.json.encode(ports))

    async def stop(self) -> None:
        """Take everything away; truth.json is complete afterwards."""
        for port in self.ports:
            port.unplug()
        if self.card is not None:
            await self.card.close()
        await self.printer_http.close()
        await self.terminal_port.close()
        await self.cable.close()
        await self.ups.close()
        self.workshop.close()
        self.truth_file.flush()

    async def power(self, up: bool) -> None:
        """Cut the power of all devices, or give it back."""
        self.coin.power(up)
        self.bill.power(up)
        for hopper in self.hoppers:
            hopper.power(up)
        self.presenter.power(up)
        self.printer.power(up)
        self.receipt.power(up)
        if self.card is not None:
            self.card.power(up)
        self.terminal.power(up)
        await self.terminal_port.reachable(up and self.terminal_plugged)
        await self.printer_http.reachable(up and self.printer_plugged)
        self.world.tell("power", up=up)

    async def plug(self, device: str, plugged: bool) -> None:
        """Pull or put in one plug. `cash` is the bus's adapter; coin, hopper and note are the devices' own plugs.

        `terminal` is the payment terminal's network cable, `terminal-power` its power.
        """
        match device:
            case "cash":
                self._port_plug(self.cash_port, plugged)
            case "coin":
                self.coin.plug(plugged)
            case "hopper":
                self.hopper.plug(plugged)
            case "note":
                self.bill.plug(plugged)
            case "printer":
                self.printer_plugged = plugged
                await self.printer_http.reachable(plugged and self.printer.powered)
            case "presenter":
                self.presenter.plug(plugged)
                self._port_plug(self.presenter_port, plugged)
            case "receipt":
                self._port_plug(self.receipt_port, plugged)
            case "terminal":
                self.terminal_plugged = plugged
                await self.terminal_port.reachable(plugged and self.terminal.powered)
            case "terminal-power":
                self.terminal.power(plugged)
                await self.terminal_port.reachable(plugged and self.terminal_plugged)
            case "ups":
                await self.ups.plug(plugged)
            case _:
                raise ValueError(f"there is no device {device!r}")
        self.world.tell("plug", device=device, plugged=plugged)

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        """Do it when the device that asks for it has had its say."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _port_plug(self, port: SerialPort, plugged: bool) -> None:
        if plugged:
            port.plug()
        else:
            port.unplug()


def _of_printer(lacks: frozenset[str]) -> tuple[str, ...]:
    return tuple(lack for lack in PRINTER_LACKS if f"printer-{lack}" in lacks)
