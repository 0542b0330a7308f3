"""Since when a device does not answer."""

from drivers.contract import DeviceState, Status
from kiosk.core.silences import Silences


def test_a_device_is_silent_from_when_it_was_last_heard_until_it_is_heard_again() -> None:
    now = [1_000]
    silences = Silences(lambda: now[0])
    assert silences.since_ms("hopper") == 1_000
    silences.heard(Status("hopper", DeviceState.READY))
    assert silences.since_ms("hopper") is None
    now[0] = 2_000
    silences.heard(Status("hopper", DeviceState.ABSENT))
    now[0] = 3_000
    silences.heard(Status("hopper", DeviceState.CONNECTING))
    silences.gone(("hopper", "hopper-2"))
    assert silences.since_ms("hopper") == 2_000
    silences.heard(Status("hopper", DeviceState.BLOCKED))
    assert silences.since_ms("hopper") is None


def test_a_bus_that_goes_takes_its_devices_along() -> None:
    now = [1_000]
    silences = Silences(lambda: now[0])
    silences.heard(Status("hopper", DeviceState.READY))
    now[0] = 5_000
    silences.gone(("hopper",))
    assert silences.since_ms("hopper") == 5_000
    silences.heard(Status("hopper", DeviceState.READY))
    assert silences.since_ms("hopper") is None
