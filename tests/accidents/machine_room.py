"""Core's order runner on a real ledger, between devices that answer when the test lets them, and a booth's real worker.

The devices keep what physically happened: coins in and out, sheets, who got which job's bytes.
"""

from collections import deque
from pathlib import Path
from typing import Any

from drivers import contract as device
from kiosk.core.order_runner import OrderRunner
from kiosk.ipc.peer import Bus, Done
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order import collecting
from kiosk.order import events as order_events
from kiosk.order.events import OrderEvent
from kiosk.order.model import Issue, Order, Policy
from kiosk.protocol.worker import DraftReady
from tests.accidents.booth import Booth, Printer, Want
from tests.accidents.issue_desk import BoothDesk
from tests.accidents.sale import COIN
from tests.unit.core.ports import order_ports

POLICY = Policy()
PATIENCE = 2_000


class WiredBus(Bus):
    """A devices process whose commands end up in the room."""

    def __init__(self, name: str, asked: deque[tuple[Any, Done]]) -> None:
        super().__init__(name, Path("nowhere"), lambda _task: None)
        self._room = asked

    def ask(self, command: Any, done: Done) -> None:
        """Asked; answered when the room comes to it."""
        self._room.append((command, done))


class Room:
    """One machine. `owing`: kinds of commands that get no answer now; they are kept in `owed`."""

    def __init__(self, place: Path, booth: Booth, runner: type[OrderRunner] = OrderRunner) -> None:
        self.now_ms = 0
        self._asked: deque[tuple[Any, Done]] = deque()
        self._heard: deque[OrderEvent] = deque()
        self.owing: set[type] = set()
        self.owed: list[tuple[Any, Done]] = []
        self.jobs: dict[str, Printer] = {}
        self.coins_in = self.coins_out = self.pages = self.retracts = self.path = self.mouth = self.taken = 0
        self._accepting = False
        self.ledger = Ledger(place / "ledger.db", lambda: Stamp("boot", self.now_ms, self.now_ms))
        self._desk = BoothDesk(booth, self._heard.append)
        cash, printer = WiredBus("cash", self._asked), WiredBus("printer", self._asked)
        self.runner = runner(self.ledger, cash, printer, self._desk, lambda: self.now_ms, order_ports())

    def serve(self, booth: Booth, want: Want) -> Order:
        """The order of one visit, from its draft to CLOSED."""
        self._desk.booth = booth
        ready = booth.draft(want)
        assert isinstance(ready, DraftReady), ready
        issue = Issue(1, 1, booth.key(), want.type_code, ready.fee, ready.sheets, ready.draft_hash)
        self.runner.apply(
            collecting.begin(booth.order, (issue,), self._position(), POLICY, self.now_ms, self.now_ms)
        )
        for _ in range(PATIENCE):
            self._settle()
            if not self.runner.open:
                assert self.runner.saga is not None
                return self.runner.saga.order
            self.now_ms += 250
            self._drop_a_coin()
            self.runner.event(order_events.Tick())
        raise AssertionError(f"the order never ends: {self.runner.saga}")

    def close(self) -> None:
        """Let go of ledger and jobs."""
        self.ledger.close()
        for printer in self.jobs.values():
            printer.socket.close()
            printer.got()

    def _drop_a_coin(self) -> None:
        if self._accepting:
            self.coins_in += 1
            self.runner.event(order_events.CoinIn(COIN, self._position()))

    def _position(self) -> device.CoinPosition:
        return device.CoinPosition("A1", self.coins_in, self.coins_in)

    def _settle(self) -> None:
        """Everything that was asked and said, in its order."""
        while self._asked or self._heard:
            if self._heard:
                self.runner.event(self._heard.popleft())
                continue
            command, done = self._asked.popleft()
            if type(command) in self.owing:
                self.owed.append((command, done))
            else:
                self.answer(command, done)

    def answer(self, command: Any, done: Done) -> None:
        """What the device does on this command, and its end."""
        match command:
            case device.Collect() | device.StopCollect():
                self._accepting = isinstance(command, device.Collect)
                self._end(command, done, self._cash())
            case device.ReadCash():
                self._end(command, done, self._cash())
            case device.Dispense(key=key, count=count):
                self.coins_out += count
                self._end(command, done, device.PaidOut(key, count, 0, self.coins_out))
            case device.OpenJob(key=key):
                self.jobs[key] = printer = Printer()
                opened = device.JobOpened(key, len(self.jobs), "printer:631", "/ipp/print", "ipp://printer")
                done(device.Completed(command.request, device.Outcome.DONE, result=opened), printer.socket)
                self._print(key)
            case device.Present():
                self.mouth, self.path = self.mouth + self.path, 0
                self._end(command, done, self._paper())
                self.taken, self.mouth = self.taken + self.mouth, 0
                self.runner.device_event(device.PaperTaken())
            case device.Retract() if self.path or self.mouth:
                self.path = self.mouth = 0
                self.retracts += 1
                self._end(command, done, self._paper())
            case _:
                self._end(command, done, self._paper())

    def _print(self, key: str) -> None:
        """The job's document, if one was sent, comes out as one sheet."""
        if self.jobs[key].socket.fileno() >= 0 or not self.jobs[key].got():
            return  # the worker has it still, or closed it without a byte
        self.pages += 1
        self.path += 1
        self.runner.device_event(device.SheetOut(key, 1))
        self.runner.device_event(device.JobEnded(key, device.Outcome.DONE, 1))

    def _end(self, command: Any, done: Done, result: device.Result) -> None:
        done(device.Completed(command.request, device.Outcome.DONE, result=result), None)

    def _cash(self) -> device.CashReading:
        return device.CashReading("A1", self.coins_in, self.coins_in, "H1", self.coins_out, False, False)

    def _paper(self) -> device.PaperReading:
        return device.PaperReading("P1", self.pages, "R1", self.retracts, bool(self.path), bool(self.mouth))
