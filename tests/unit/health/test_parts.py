"""The table of parts is whole: each device and each state has its row, and each ailment is of a part."""

import pytest

from drivers.contract import USABLE, DeviceName, DeviceState
from kiosk.health.health import Ailment, type_reason
from kiosk.health.parts import PARTS, STATE_REASONS, Looked, Need
from tests.unit.vocabulary import made
from tools import faults_page


def test_each_device_and_each_state_has_its_row() -> None:
    assert set(DeviceName) <= set(PARTS)
    assert set(STATE_REASONS) == set(DeviceState)


def test_a_state_has_a_reason_unless_the_device_can_work_in_it() -> None:
    assert {state for state, reason in STATE_REASONS.items() if not reason} == USABLE


def test_whatever_ails_a_machine_is_a_part_of_it() -> None:
    assert {ailment.device for ailment in made.ailments()} <= set(PARTS)


def test_what_is_no_device_is_needed_by_something() -> None:
    """Else its row would say nothing."""
    others = set(PARTS) - set(DeviceName)
    assert others
    assert all(PARTS[name].need is not Need.NOTHING for name in others)
    assert all(PARTS[name].looked is Looked.NEVER for name in others)


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if part.whys])
def test_a_reason_with_a_word_of_its_own_is_one_that_is_made(name: str) -> None:
    assert set(PARTS[name].whys) <= {ailment.reason for ailment in made.ailments()}
    for reason, why in PARTS[name].whys.items():
        assert type_reason(Ailment(name, reason)) == why


def test_the_page_tells_of_all_of_them() -> None:
    assert faults_page.PAGE.read_text("utf-8") == faults_page.page(), "make pages"
