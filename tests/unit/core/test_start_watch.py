"""Core waits for its devices, their counts and what may be left inside, and says when the start is over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from drivers.contract import DeviceState, Status
from kiosk.core.health_log import log_health
from kiosk.core.peers import Peers
from kiosk.core.start_watch import StartWatch
from kiosk.core.workers import Workers
from kiosk.health.health import WORKER_SILENT, WORKER_STARTING, Ailment, Health, MachineState
from kiosk.health.start import START_MS
from kiosk.ipc.peer import Bus
from kiosk.settings import Cash, Hopper, Printer, Settings, Validator

PLAIN = Settings("K", "/nowhere", "", "", "", "", "", Printer(""))
FULL = replace(PLAIN, cash=Cash(hoppers=(Hopper(100, 60, 20), Hopper(500, 0, 20)), notes=Validator()))


def bus(name: str) -> Bus:
    return Bus(name, Path("/nowhere"), lambda _task: None)


def peers(*fitted: str) -> Peers:
    nobody: Any = None
    worker = Workers(Path("/nowhere"), lambda _task: None)
    besides = {name: bus(name) for name in fitted}
    return Peers(bus("cash"), bus("printer"), bus("receipt"), nobody, worker, **besides)


class Watch:
    """A start at 0, at whose clock the test turns."""

    def __init__(self, settings: Settings = PLAIN, *fitted: str) -> None:
        self.now_ms = 0
        self.watch = StartWatch(settings, peers(*fitted), lambda: self.now_ms)
        self.watch.linked = True

    def awaited(
        self,
        found: Mapping[str, Status],
        *,
        counted: bool = True,
        sweeping: bool = False,
        proved: bool = True,
    ) -> set[str]:
        awaited = self.watch.ailments(found, counted=counted, sweeping=sweeping, proved=proved)
        return {one.device for one in awaited}


def well(*names: str) -> dict[str, Status]:
    return {name: Status(name, DeviceState.READY) for name in names}


ALL = well("coin", "hopper", "printer", "presenter", "receipt")


def test_the_devices_are_those_of_the_settings_and_of_the_buses() -> None:
    assert peers().devices(PLAIN) == set(ALL)
    fitted = {"hopper-2", "note", "card", "terminal", "ups"}
    assert peers("card", "terminal", "ups").devices(FULL) == set(ALL) | fitted


@pytest.mark.parametrize("name", ["card", "terminal", "ups"])
def test_what_only_this_machine_was_built_with_is_waited_for(name: str) -> None:
    assert Watch(PLAIN, name).awaited(ALL) == {name}


def test_before_central_was_called_the_link_is_waited_for() -> None:
    start = Watch()
    start.watch.linked = False
    assert start.awaited(ALL) == {"link"}


def test_until_central_that_answers_has_confirmed_the_start_the_link_is_waited_for() -> None:
    start = Watch()
    assert start.awaited(ALL, proved=False) == {"link"}
    start.now_ms = START_MS
    assert start.awaited(ALL, proved=False) == set()


def test_a_worker_is_late_when_there_was_none_for_as_long_as_a_start_may_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    up = False
    monkeypatch.setattr(Workers, "up", property(lambda _workers: up))
    start = Watch()

    def ailing_at(now_ms: int) -> tuple[Ailment, ...]:
        start.now_ms = now_ms
        return start.watch.worker()

    assert ailing_at(START_MS - 1) == (WORKER_STARTING,)
    assert ailing_at(START_MS) == (WORKER_SILENT,)
    up = True
    assert ailing_at(START_MS + 1) == ()
    up = False
    assert ailing_at(2 * START_MS) == (WORKER_STARTING,)
    assert ailing_at(2 * START_MS + 1) == (WORKER_SILENT,)


def test_coins_that_work_and_are_not_counted_are_waited_for_broken_ones_are_not() -> None:
    assert Watch().awaited(ALL, counted=False) == {"hopper"}
    assert Watch().awaited(ALL | {"coin": Status("coin", DeviceState.FAULT)}, counted=False) == set()
    connecting = {"coin": Status("coin", DeviceState.CONNECTING)}
    assert Watch().awaited(ALL | connecting, counted=False) == {"coin", "hopper"}


def test_paper_that_is_looked_for_is_waited_for() -> None:
    assert Watch().awaited(ALL, sweeping=True) == {"presenter"}


def test_once_all_have_spoken_it_is_over_whatever_dies_then(capsys: pytest.CaptureFixture[str]) -> None:
    start = Watch()
    assert start.awaited(well("coin")) != set()
    assert start.awaited(ALL) == set()
    assert start.awaited({}, counted=False, sweeping=True) == set()
    assert '"event": "started", "silent": ""' in capsys.readouterr().out


def test_when_the_time_is_over_who_is_silent_is_written_down_once(capsys: pytest.CaptureFixture[str]) -> None:
    start = Watch(PLAIN, "ups")
    start.now_ms = START_MS - 1
    assert start.awaited(ALL) == {"ups"}
    start.now_ms = START_MS
    assert start.awaited(ALL) == start.awaited({}) == set()
    assert capsys.readouterr().out.count('"event": "started", "silent": "ups"') == 1


def test_what_ails_is_written_down_when_it_is_something_else(capsys: pytest.CaptureFixture[str]) -> None:
    ill = Health(MachineState.DEGRADED, ailments=(Ailment("coin", "silent"), Ailment("ups", "on-battery")))
    log_health(Health(), ill)
    log_health(ill, replace(ill, card=True))
    said = capsys.readouterr().out
    assert '"event": "health", "state": "ready-degraded", "ails": "coin silent, ups on-battery"' in said
    assert said.count("\n") == 1
