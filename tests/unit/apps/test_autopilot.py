"""The autopilot touches what a person could touch, as soon as it can be touched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from kiosk.apps.autopilot import Autopilot, Timeline
from kiosk.apps.supervisor import Rig


class Screens:
    """A rig whose screen shows one list of buttons after the other, each for one look."""

    def __init__(self, *shown: list[str]) -> None:
        self._shown, self.pressed = list(shown), ""

    def robot(self, *_within: float, do: str, **how: Any) -> dict[str, Any]:
        if do == "press":
            self.pressed = how["control"]
        if do == "tree" and len(self._shown) > 1:
            self._shown.pop(0)
        return {"seq": 1, "controls": [{"control": one} for one in self._shown[0]]}

    def until(self, condition: Callable[[], str], _within_s: float, what: str) -> str:
        for _ in range(5):
            if found := condition():
                return found
        raise AssertionError(what)


def opened(*shown: list[str]) -> str:
    """What was pressed on the way to the group parcel."""
    rig = Screens([], *shown)
    Autopilot(cast(Rig, rig), Timeline(Console(quiet=True)), Path).open_group("parcel")
    return rig.pressed


def test_a_group_that_is_still_being_prepared_is_waited_for() -> None:
    assert opened(["category:welfare"], ["category:welfare", "category:parcel"]) == "category:parcel"


def test_a_machine_without_groups_shows_its_certificates_at_once() -> None:
    assert opened(["type:land"]) == ""


def test_a_group_that_never_comes_is_told() -> None:
    with pytest.raises(AssertionError, match="the group parcel"):
        opened(["category:welfare"])
