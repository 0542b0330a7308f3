"""A bus is entered in several places: the command, its devices, its program, core's peers, the desk. They all agree."""

import ast
from inspect import getsource

import msgspec

from drivers.contract import DeviceName
from kiosk.core.peers import BUS_DEVICES, Peers
from kiosk.desk import desk_machine
from kiosk.health.parts import PARTS
from kiosk.health.start import begun
from kiosk.ipc.peer import Bus
from kiosk.programs import devices, names

BUSES = set(names.BUSES)


def test_every_bus_has_its_devices() -> None:
    assert set(BUS_DEVICES) == BUSES
    assert all(BUS_DEVICES.values())


def test_every_device_of_a_bus_is_one_that_is_judged_and_waited_for() -> None:
    known = [device for bus in BUSES for device in BUS_DEVICES[bus]]
    assert sorted(known) == sorted(DeviceName)
    assert set(known) < set(PARTS)
    assert set(known) < begun(known, 0).waits_for


def test_the_devices_program_can_build_every_bus() -> None:
    tree = ast.parse(getsource(devices._build))
    built = {
        node.pattern.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.match_case)
        and isinstance(node.pattern, ast.MatchValue)
        and isinstance(node.pattern.value, ast.Constant)
    }
    assert built == BUSES


def test_core_talks_to_every_bus_and_waits_for_those_that_every_machine_has() -> None:
    buses = {field.name: field for field in msgspec.structs.fields(Peers) if field.type in (Bus, Bus | None)}
    assert set(buses) == BUSES
    assert {name for name, field in buses.items() if field.required} == set(desk_machine.ALWAYS_THERE)
