"""Until each device has spoken, or 15 s have passed, the machine sells nothing and says that it is getting ready."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import DeviceState, ReasonCode, Status
from kiosk.core.peers import BUS_DEVICES
from kiosk.health import start
from kiosk.health.health import STARTING, Ailment, MachineState, device_reason, health
from tests.unit.health.test_health import NOON, blocked, statuses
from tests.unit.visit.walk import CASH, catalogue

DEVICES = tuple(device for devices in BUS_DEVICES.values() for device in devices)
BEGUN = start.begun(DEVICES, 1_000)
LATEST_MS = 1_000 + start.START_MS
ABSENT = blocked("coin", ReasonCode.UNPLUGGED)

states = st.sampled_from(DeviceState)
any_statuses = st.dictionaries(st.sampled_from(DEVICES), states).map(
    lambda found: {name: Status(name, state) for name, state in found.items()}
)


def everybody(state: DeviceState = DeviceState.READY) -> dict[str, Status]:
    return {name: Status(name, state) for name in DEVICES}


def said(
    found: dict[str, Status], *, asked: frozenset[str] = frozenset(), linked: bool = True
) -> frozenset[str]:
    return start.spoken(found, asked=asked, linked=linked)


def test_it_is_over_once_everybody_has_spoken() -> None:
    assert start.passed(BEGUN, said(everybody()), 1_001) is start.OVER


@pytest.mark.parametrize("device", DEVICES)
def test_one_that_has_not_told_of_itself_is_waited_for(device: str) -> None:
    found = {name: status for name, status in everybody().items() if name != device}
    still = start.passed(BEGUN, said(found), LATEST_MS - 1)
    assert start.ailments(still, said(found)) == (Ailment(device, STARTING),)


@pytest.mark.parametrize("state", [DeviceState.CONNECTING, DeviceState.INITIALISING])
def test_being_connected_to_is_no_answer(state: DeviceState) -> None:
    found = everybody() | {"coin": Status("coin", state)}
    assert start.silent_yet(BEGUN, said(found)) == {"coin"}


@pytest.mark.parametrize("state", [DeviceState.ABSENT, DeviceState.FAULT, DeviceState.DISABLED])
def test_one_that_says_why_it_can_not_is_not_waited_for(state: DeviceState) -> None:
    found = everybody() | {"coin": Status("coin", state)}
    assert start.passed(BEGUN, said(found), 1_001).over


def test_the_link_is_waited_for_until_central_was_called_whatever_came_of_it() -> None:
    assert start.silent_yet(BEGUN, said(everybody(), linked=False)) == {start.LINK}


def test_what_a_working_device_is_asked_besides_is_waited_for_and_a_broken_one_is_not() -> None:
    asked = frozenset({"hopper"})
    assert start.silent_yet(BEGUN, said(everybody(), asked=asked)) == {"hopper"}
    broken = everybody() | {"hopper": Status("hopper", DeviceState.FAULT)}
    assert start.passed(BEGUN, said(broken, asked=asked), 1_001).over


@given(any_statuses, st.booleans(), st.integers(0, start.START_MS * 2))
def test_it_never_lasts_longer_and_ends_for_good(
    found: dict[str, Status], linked: bool, after_ms: int
) -> None:
    now = start.passed(BEGUN, said(found, linked=linked), 1_000 + after_ms)
    if after_ms >= start.START_MS:
        assert now.over
    assert now.over or start.ailments(now, said(found, linked=linked))
    if now.over:
        assert start.passed(now, frozenset(), 1_000) is now
        assert start.ailments(now, frozenset()) == ()


@given(any_statuses, st.booleans(), st.booleans())
def test_while_it_lasts_nothing_is_sold_for_no_other_reason(
    found: dict[str, Status], counted: bool, online: bool
) -> None:
    awaited = start.ailments(BEGUN, said(found))
    judged = health(
        catalogue(),
        found,
        online=online,
        starting=awaited,
        cash=CASH if counted else None,
        minute=NOON,
    )
    if awaited:
        assert judged.state is MachineState.OUT_OF_SERVICE
        assert {kind.reason for kind in judged.types} == {STARTING}
        assert set(awaited) <= set(judged.ailments)
        assert len({ailment.device for ailment in judged.ailments}) == len(judged.ailments)


def test_a_card_terminal_alone_sells_nothing_while_the_coins_come_up_and_sells_alone_after_it() -> None:
    found = {name: status for name, status in everybody().items() if name not in ("coin", "hopper", "note")}
    waking, alone = (
        health(catalogue(), found, online=True, starting=waited_for, cash=None, minute=NOON)
        for waited_for in (start.ailments(BEGUN, said(found)), ())
    )
    assert not any(kind.sellable for kind in waking.types)
    assert all(kind.sellable for kind in alone.types)
    assert alone.means(500) == ("card",)
    assert set(alone.ailments) == {Ailment("coin", "silent"), Ailment("hopper", "silent")}


def test_coins_that_are_never_counted_do_not_keep_the_card_from_selling_and_are_told_of() -> None:
    found = statuses(terminal=Status("terminal", DeviceState.READY))
    judged = health(catalogue(), found, online=True, cash=None, minute=NOON)
    assert judged.means(500) == ("card",)
    assert all(kind.sellable for kind in judged.types)
    assert judged.ailments == (Ailment("hopper", "silent"),)


def test_after_the_start_who_is_only_being_connected_to_is_silent() -> None:
    assert device_reason(Status("terminal", DeviceState.CONNECTING)) == "silent"
    assert device_reason(Status("coin", DeviceState.INITIALISING)) == "setting-up"


def test_a_machine_that_was_told_of_no_device_waits_for_the_link_alone() -> None:
    assert start.begun((), 0).waits_for == {start.LINK}


def test_a_device_that_is_told_absent_is_known_and_the_rest_is_sold() -> None:
    found = msgspec.structs.replace(ABSENT)
    judged = health(
        catalogue(),
        everybody() | {"coin": found},
        online=True,
        starting=start.ailments(start.passed(BEGUN, said(everybody() | {"coin": found}), 1_001), frozenset()),
        cash=CASH,
        minute=NOON,
    )
    assert judged.means(500) == ("card",)
