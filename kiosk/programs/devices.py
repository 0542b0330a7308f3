"""The program `kiosk devices BUS`: serves one bus (names.py) to core on `RUN/sock/BUS.sock`.

Core is the one client; a new connection takes the place of an old one. Each device's status is told right after the
hello. The bus runs on the main thread, so that a bug in a driver ends the program and its supervisor starts a new one.
"""

import gc
import signal
import socket
from collections import Counter
from functools import partial
from types import FrameType

from drivers.contract import (
    AnyCommand,
    CancelJob,
    Completed,
    ErrorCode,
    Event,
    FollowJob,
    Outcome,
    StatusChanged,
)
from drivers.runner import Bus, Runner
from drivers.status_reporter import Emit
from kiosk.ipc.link import Door, Link
from kiosk.ipc.watchdog import Heart
from kiosk.programs.names import BUSES
from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault
from kiosk.protocol.frames import Kinds
from kiosk.settings import Settings

# Commands of one connection that have not ended. Each takes memory, and its turn on a wire that coins wait for, too.
MOST_ASKED = 64
COMMANDS: Kinds[AnyCommand] = Kinds(AnyCommand)


class DevicesError(EnvironmentFault):
    """This program cannot start; the message says why and what to do."""

    exit_code = exits.USAGE


class Server:
    """Lets one client at a time talk to the bus. Only accepting and reading are not on the bus thread."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._name = name
        self._client: Link[AnyCommand] | None = None
        self._asked: Counter[Link[AnyCommand]] = Counter()
        path = settings.path("sock", f"{name}.sock")
        self._listener = Door(
            path, name, COMMANDS, lambda link: self.runner.call(partial(self._welcome, link))
        )
        self.runner = Runner(_build(name, settings, self._emit), beat=Heart((self._listener,)).beat)

    def serve(self) -> None:
        """Serve until `runner.stop`."""
        self._listener.start()
        try:
            self.runner.run()
        finally:
            self._listener.stop()
            if self._client is not None:
                self._client.close()

    @property
    def alive(self) -> bool:
        """Whether core would be let in."""
        return self._listener.alive

    def _welcome(self, link: Link[AnyCommand]) -> None:
        """A new client: the old one, dead or not, is no longer served."""
        if self._client is not None:
            self._client.close()
            self.runner.bus.core_gone()
        self._client = link
        for status in self.runner.bus.statuses():
            link.send(StatusChanged(status))
        link.start(
            partial(self._take, link),
            lambda: self.runner.call(lambda: self._leave(link)),
            self.runner.call,
        )

    def _take(self, link: Link[AnyCommand], command: AnyCommand, handed: socket.socket | None) -> None:
        if handed is not None:
            handed.close()
        if link is not self._client:
            return
        if self._asked[link] >= MOST_ASKED or self._asked.total() >= 4 * MOST_ASKED:
            # Of a job NOT_DONE says that it surely does not print; nobody has looked.
            end = Outcome.UNKNOWN if isinstance(command, FollowJob | CancelJob) else Outcome.NOT_DONE
            link.send(Completed(command.request, end, ErrorCode.BUSY, "too many commands at once"))
            return
        self._asked[link] += 1
        self.runner.bus.submit(command, partial(self._end, link))

    def _end(self, link: Link[AnyCommand], event: Event, handing: socket.socket | None) -> None:
        self._asked[link] -= 1
        if not self._asked[link]:
            del self._asked[link]
        _answer(link, event, handing)

    def _leave(self, link: Link[AnyCommand]) -> None:
        if link is self._client:
            self._client = None
            self.runner.bus.core_gone()

    def _emit(self, event: Event) -> None:
        if self._client is not None:
            self._client.send(event)


def _answer(link: Link[AnyCommand], event: Event, handing: socket.socket | None) -> None:
    """Send a command's end to the client that gave it; our copy of a socket handed over is closed."""
    try:
        link.send(event, handing)
    finally:
        if handing is not None:
            handing.close()


def _build(name: str, settings: Settings, emit: Emit) -> Bus:
    """The bus of that name. Each process loads its own drivers only."""
    match name:
        case "cash":
            return _cash_bus(settings, emit)
        case "printer":
            from drivers.page_printer.snmp import SnmpSettings
            from drivers.paper_bus import PaperBus

            printer = settings.printer
            asked = SnmpSettings(printer.snmp, printer.snmp_port, printer.snmp_version)
            snmp = asked if printer.snmp else None
            try:
                return PaperBus(printer.uri, settings.port("presenter"), emit, snmp=snmp)
            except ValueError as error:
                raise DevicesError(f"printer.uri in kiosk.toml: {error}") from error
        case "receipt":
            from drivers.receipt_printer.bus import ReceiptBus

            return ReceiptBus(settings.port("receipt"), emit)
        case "card":
            return _card_bus(settings, emit)
        case "terminal":
            from drivers.card_terminal.bus import TerminalBus

            return TerminalBus(settings.terminal.address, emit, settings.terminal.password)
        case "ups":
            return _ups_bus(settings, emit)
        case _:
            raise DevicesError(f"there is no bus {name!r}; there are {', '.join(BUSES)}")


def _cash_bus(settings: Settings, emit: Emit) -> Bus:
    from drivers.cash.bus import CashBus, Fitting, Fittings
    from drivers.cash.wire import NoSuchDeviceError

    cash, notes = settings.cash, settings.cash.notes
    fittings = Fittings(
        acceptor=Fitting(cash.acceptor),
        hoppers=tuple(Fitting(each.protocol, settings.own_port(each.port)) for each in cash.hoppers),
        validator=Fitting(notes.protocol, settings.own_port(notes.port), notes.checksum)
        if notes is not None
        else None,
    )
    try:
        return CashBus(settings.port("cash"), emit, None, fittings)
    except NoSuchDeviceError as error:
        raise DevicesError(f"[cash] in kiosk.toml: {error}") from error


def _card_bus(settings: Settings, emit: Emit) -> Bus:
    from drivers.card_reader.bus import CardBus
    from drivers.card_reader.direct import DirectService
    from drivers.card_reader.service import use_socket
    from drivers.card_reader.watch import ThreadedWatch

    path = settings.port("card")
    if settings.card.service == "direct":
        return CardBus(emit, ThreadedWatch(partial(DirectService, path)))
    use_socket(path)
    return CardBus(emit)


def _ups_bus(settings: Settings, emit: Emit) -> Bus:
    from drivers.ups.bus import UpsBus

    ups = settings.ups
    login = (ups.user, ups.password) if ups.user else None
    try:
        return UpsBus(ups.address, emit, login=login, turn_off=ups.halt_command)
    except ValueError as error:
        raise DevicesError(f"ups.address in kiosk.toml: {error}") from error


def run(bus: str, settings: Settings) -> int:
    """Serve `bus` until SIGTERM or SIGINT. Raises DevicesError."""
    server = Server(bus, settings)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.runner.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # What is imported now stays for the program's life: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    server.serve()
    return 0
