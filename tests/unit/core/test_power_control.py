"""Core and its UPS on a virtual clock: who is told what, what is written down, and when the machine is turned off."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from drivers.contract import (
    Command,
    Completed,
    DeviceState,
    ErrorCode,
    Halt,
    Outcome,
    PowerReading,
    ReadPower,
    Status,
    Supply,
)
from kiosk.clocks import Clocks
from kiosk.core.order_runner import OrderRunner
from kiosk.core.power_control import STILL_HERE_MS, PowerControl
from kiosk.core.visit_runner import VisitRunner
from kiosk.health.power import Power
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.events import OrderEvent, PowerBack, PowerFailing
from kiosk.settings import Printer, Settings, tables
from kiosk.visit.events import PowerTold
from tests.unit.core.ports import nothing

LINE, BATTERY, LOW = (PowerReading(supply, 50, 900) for supply in (Supply.LINE, Supply.BATTERY, Supply.LOW))
Done = Callable[[Completed, socket.socket | None], None]


class Ups:
    """The bus: keeps what it is asked, and answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Command, Done]] = []

    def request(self) -> str:
        return f"ups-{len(self.asked)}"

    def ask(self, command: Command, done: Done) -> None:
        self.asked.append((command, done))

    def halts(self) -> int:
        return sum(isinstance(command, Halt) for command, _ in self.asked)

    def answer(self, outcome: Outcome, result: PowerReading | None = None) -> None:
        command, done = self.asked[-1]
        code = None if outcome is Outcome.DONE else ErrorCode.REFUSED
        done(Completed(command.request, outcome, code, "", result), None)


class Order:
    """An order that is open or not, and hears."""

    def __init__(self) -> None:
        self.open = False
        self.heard: list[OrderEvent] = []

    def event(self, event: OrderEvent) -> None:
        self.heard.append(event)


class Visit:
    """Somebody is there or not, and the dialogue hears."""

    def __init__(self) -> None:
        self.state = self
        self.serving = False
        self.heard: list[Any] = []

    def post(self, event: Any) -> None:
        self.heard.append(event)


class Desk:
    """The power control among fakes at our own interfaces, with a real ledger, and a clock that only the test moves."""

    def __init__(self, ledger: Path) -> None:
        self.now_ms, self.busy = 1_000_000, False
        self.ups, self.order, self.visit = Ups(), Order(), Visit()
        self.ledger = Ledger(ledger, lambda: Stamp("b", self.now_ms, self.now_ms))
        settings = Settings(
            "K", "/r", "", "", "", "", "https://c", Printer("ipp://p/"), ups=tables.Ups("kiosk@localhost")
        )
        clocks = Clocks(lambda: self.now_ms, lambda: self.now_ms, lambda: "", "b")
        self.power = PowerControl(
            settings,
            self.ledger,
            cast(Bus, self.ups),
            cast(OrderRunner, self.order),
            cast(VisitRunner, self.visit),
            clocks,
            busy=lambda: self.busy,
            changed=nothing,
        )

    def hear(self, reading: PowerReading, seconds: float = 0) -> None:
        self.power.heard(reading)
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.now_ms += 250
            self.power.tick()

    def kinds(self) -> list[str]:
        return [row.kind for row in self.ledger.journal()]

    def told(self) -> list[Power]:
        return [event.power for event in self.visit.heard if isinstance(event, PowerTold)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "ledger.db")
    yield desk
    desk.ledger.close()


def test_a_bus_that_comes_is_asked_and_one_that_goes_is_no_answer(desk: Desk) -> None:
    desk.power.bus_up()
    assert isinstance(desk.ups.asked[-1][0], ReadPower)
    desk.ups.answer(Outcome.DONE, LINE)
    assert desk.power.ailments() == ()
    desk.power.bus_down()
    assert [(a.device, a.reason) for a in desk.power.ailments()] == [("ups", "silent")]


def test_everybody_is_told_once_and_the_order_again_and_again(desk: Desk) -> None:
    desk.hear(BATTERY, 15)
    assert desk.told() == [Power.ENDING]
    assert desk.kinds() == ["power-ending"]
    failing = [event for event in desk.order.heard if isinstance(event, PowerFailing)]
    assert len(failing) > 10
    assert set(failing) == {PowerFailing(900_000)}
    desk.hear(LINE, 5)
    assert desk.told() == [Power.ENDING, Power.GOOD]
    assert isinstance(desk.order.heard[-1], PowerBack)


def test_an_hour_of_flapping_is_two_rows_in_the_journal(desk: Desk) -> None:
    for _ in range(1_800):
        desk.hear(BATTERY, 1)
        desk.hear(LINE, 1)
    desk.wait(10)
    assert desk.kinds() == ["power-ending", "power-good"]
    assert desk.ups.halts() == 0


def test_the_machine_is_asked_to_turn_off_after_it_has_said_so(desk: Desk) -> None:
    desk.hear(LOW)
    desk.wait(0.5)
    assert desk.told() == [Power.ENDING, Power.HALTING]
    assert desk.ups.halts() == 0
    desk.wait(1)
    assert desk.ups.halts() == 1
    assert desk.kinds()[-1] == "halt-asked"


def test_it_is_asked_once_also_if_the_mains_come_back_then(desk: Desk) -> None:
    desk.hear(LOW, 0.5)
    desk.hear(LINE, 20)
    assert desk.ups.halts() == 1
    assert desk.told()[-1] is Power.HALTING


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.UNKNOWN, Outcome.NOT_DONE])
def test_a_machine_that_is_still_there_goes_on_when_the_mains_are_back(desk: Desk, outcome: Outcome) -> None:
    desk.hear(LOW, 2)
    desk.ups.answer(outcome)
    desk.hear(LINE, STILL_HERE_MS / 1_000)
    assert desk.told()[-1] is Power.GOOD
    assert ("halt-refused" in desk.kinds()) is (outcome is Outcome.NOT_DONE)


def test_a_machine_that_is_still_there_on_battery_asks_again(desk: Desk) -> None:
    desk.hear(LOW, 2)
    desk.ups.answer(Outcome.NOT_DONE)
    desk.wait(STILL_HERE_MS / 1_000 + 3)
    assert desk.ups.halts() == 2


def test_it_waits_for_an_order_and_a_receipt_but_not_for_ever(desk: Desk) -> None:
    desk.order.open = desk.visit.serving = True
    desk.hear(LOW, 30)
    assert desk.ups.halts() == 0
    desk.order.open = False
    desk.busy = True
    desk.wait(30)
    assert desk.ups.halts() == 0
    desk.wait(32)
    assert desk.ups.halts() == 1


def test_the_fleet_hears_the_figures_of_now(desk: Desk) -> None:
    desk.hear(PowerReading(Supply.BATTERY, 40, 300))
    old = Status("ups", DeviceState.DEGRADED, counters={"charge": 100})
    assert desk.power.counted(old).counters == {"charge": 40, "runtime_s": 300}
