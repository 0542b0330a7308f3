"""What the machine is told of its supply, the same by the real upsd with its dummy driver and by the desk's twin."""

import time
from collections.abc import Callable, Iterator

import pytest

from drivers.contract import (
    Completed,
    DeviceState,
    ErrorCode,
    Event,
    Outcome,
    PowerChanged,
    PowerReading,
    ReadPower,
    ReasonCode,
    Supply,
)
from drivers.runner import Runner
from drivers.ups.bus import UpsBus
from simulators.ups import Mains, UpsFault
from tests.contract.power_servers import Server, TwinServer, real_server, twin_server, why_no_upsd

WITHIN_S = 12.0

real = pytest.param(
    "real", marks=pytest.mark.skipif(bool(why_no_upsd()), reason=f"the real upsd: {why_no_upsd()}")
)


@pytest.fixture(params=[real, "twin"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with real_server() if request.param == "real" else twin_server() as server:
        yield server


@pytest.fixture
def twin() -> Iterator[TwinServer]:
    with twin_server() as server:
        yield server


class Listening:
    """The bus on this test's own thread, in real time: real sockets."""

    def __init__(self, where: str, login: tuple[str, str] | None = None) -> None:
        self.told: list[Event] = []
        self.bus = UpsBus(where, self.told.append, login=login)
        self._runner = Runner(self.bus)

    def until(self, over: Callable[[], object], what: str) -> None:
        end = time.monotonic() + WITHIN_S
        while not over():
            assert time.monotonic() < end, f"{what} did not come; told: {self.told[-5:]}"
            self.bus.tick(time.monotonic())
            time.sleep(0.005)

    def supply(self) -> Supply:
        told = [event.reading.supply for event in self.told if isinstance(event, PowerChanged)]
        return told[-1] if told else Supply.UNKNOWN

    def hears(self, supply: Supply) -> PowerReading:
        self.until(lambda: self.supply() is supply, supply)
        return self.read()[1] or PowerReading()

    def read(self) -> tuple[Completed, PowerReading | None]:
        ends: list[Event] = []
        self.bus.submit(ReadPower(request="r"), lambda event, _handed: ends.append(event))
        self.until(lambda: ends, "the end of the command")
        end = ends[0]
        assert isinstance(end, Completed)
        return end, end.result if isinstance(end.result, PowerReading) else None

    def close(self) -> None:
        self.bus.close()
        self._runner.bus.close()


@pytest.fixture
def listening() -> Iterator[Callable[..., Listening]]:
    opened: list[Listening] = []

    def listen(where: str, login: tuple[str, str] | None = None) -> Listening:
        opened.append(Listening(where, login))
        return opened[-1]

    yield listen
    for one in opened:
        one.close()


Listen = Callable[..., Listening]


def test_on_line_the_device_is_ready_and_says_how_full_it_is(server: Server, listening: Listen) -> None:
    machine = listening(server.where)
    assert machine.hears(Supply.LINE) == PowerReading(Supply.LINE, 100, 1_800)
    (status,) = machine.bus.statuses()
    assert (status.state, status.reasons) == (DeviceState.READY, ())
    assert status.counters == {"charge": 100, "runtime_s": 1_800}


def test_the_mains_go_the_battery_runs_low_and_the_mains_come_back(server: Server, listening: Listen) -> None:
    machine = listening(server.where)
    machine.hears(Supply.LINE)
    server.turn(Mains.BATTERY, 80, 900)
    assert machine.hears(Supply.BATTERY) == PowerReading(Supply.BATTERY, 80, 900)
    assert {reason.code for reason in machine.bus.statuses()[0].reasons} == {ReasonCode.ON_BATTERY}
    server.turn(Mains.LOW, 9, 60)
    machine.hears(Supply.LOW)
    assert machine.bus.statuses()[0].state is DeviceState.BLOCKED
    server.turn(Mains.LINE, 12, 100)
    machine.hears(Supply.LINE)
    assert machine.bus.statuses()[0].reasons == ()


def test_a_ups_that_the_server_has_lost_is_unknown_and_never_on_line(
    server: Server, listening: Listen
) -> None:
    machine = listening(server.where)
    machine.hears(Supply.LINE)
    server.stale()
    machine.hears(Supply.UNKNOWN)
    end, reading = machine.read()
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.NOT_PRESENT)
    assert reading == PowerReading()


def test_a_server_that_dies_is_unknown(server: Server, listening: Listen) -> None:
    machine = listening(server.where)
    machine.hears(Supply.LINE)
    server.die()
    machine.hears(Supply.UNKNOWN)
    (status,) = machine.bus.statuses()
    assert status.state is DeviceState.ABSENT
    assert {reason.code for reason in status.reasons} == {ReasonCode.SILENT}


def test_a_name_that_the_server_does_not_know_is_unknown_and_says_so(
    server: Server, listening: Listen
) -> None:
    machine = listening(server.where.replace("kiosk@", "other@"))
    machine.until(lambda: machine.bus.statuses()[0].state is DeviceState.ABSENT, "ABSENT")
    assert machine.bus.statuses()[0].reasons[0].detail == "UNKNOWN-UPS"


def test_who_says_who_they_are_is_told_the_same(server: Server, listening: Listen) -> None:
    assert listening(server.where, ("changgu", "a word")).hears(Supply.LINE).charge == 100


@pytest.mark.parametrize("fault", [UpsFault.SILENT, UpsFault.GARBAGE, UpsFault.HALF, UpsFault.NEITHER])
def test_a_server_that_is_not_well_is_unknown_until_it_is_well_again(
    fault: UpsFault, twin: TwinServer, listening: Listen
) -> None:
    machine = listening(twin.where)
    machine.hears(Supply.LINE)
    twin.fault(fault)
    machine.hears(Supply.UNKNOWN)
    twin.fault(UpsFault.NONE)
    machine.hears(Supply.LINE)


def test_a_server_that_comes_back_is_heard_again(twin: TwinServer, listening: Listen) -> None:
    machine = listening(twin.where)
    machine.hears(Supply.LINE)
    twin.die()
    machine.hears(Supply.UNKNOWN)
    twin.come_back()
    machine.hears(Supply.LINE)


def test_a_ups_that_tells_no_figures_is_believed_without_them(twin: TwinServer, listening: Listen) -> None:
    twin.ups.tell_no_figures()
    assert listening(twin.where).hears(Supply.LINE) == PowerReading(Supply.LINE)
