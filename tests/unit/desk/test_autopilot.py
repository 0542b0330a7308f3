"""The autopilot touches what a person could touch, as soon as it can be touched."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from kiosk.desk.autopilot import Autopilot, Timeline
from kiosk.desk.desk_machine import DeskMachine, DeskMachineError


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


class Till:
    """A rig on whose screen a way to pay is chosen: one state of the screen after the other."""

    def __init__(
        self, *shown: tuple[str, str, list[str]], ails: str = "", slot: bool = False, terminal: str = "idle"
    ) -> None:
        self._shown, self._ails, self.pressed = list(shown), ails, ""
        self._seen = {"coin": {"accepting": [100, 500] if slot else []}, "terminal": {"stage": terminal}}

    def robot(self, *_within: float, do: str, **how: Any) -> dict[str, Any]:
        if do == "press":
            self.pressed = how["control"]
        if do == "tree" and len(self._shown) > 1:
            self._shown.pop(0)
        screen, title, controls = self._shown[0]
        return {
            "seq": 1,
            "screen": screen,
            "title": title,
            "controls": [{"control": one} for one in controls],
        }

    def sim(self, **_request: object) -> dict[str, Any]:
        return self._seen

    def until(self, condition: Callable[[], bool], _within_s: float, what: str) -> bool:
        if any(condition() for _ in range(5)):
            return True
        raise DeskMachineError(what)

    def ails(self) -> str:
        return self._ails


def paid(rig: Till, means: str, tmp_path: Path) -> str:
    """What was pressed to pay so."""
    Autopilot(cast(DeskMachine, rig), Timeline(Console(quiet=True)), tmp_path.joinpath).choose_to_pay(means)
    return rig.pressed


CHECK = ("check", "이대로 발급하시겠습니까?", ["pay"])
CHOICE = ("pay", "어떻게 내시겠습니까?", ["pay:cash", "pay:card"])
AT_THE_TERMINAL = ("pay", "카드를 대 주세요", list[str]())
COINS = ("pay", "동전을 넣어 주세요", ["cancel"])


@pytest.mark.parametrize("means", ["cash", "card"])
def test_a_way_to_pay_is_pressed_where_it_is_offered(means: str, tmp_path: Path) -> None:
    assert paid(Till(CHECK, CHECK, CHOICE), means, tmp_path) == f"pay:{means}"


def test_one_that_is_pale_at_first_is_waited_for(tmp_path: Path) -> None:
    rig = Till(CHECK, ("pay", "어떻게?", ["pay:card"]), ("pay", "어떻게?", []), CHOICE)
    assert paid(rig, "cash", tmp_path) == "pay:cash"


@pytest.mark.parametrize(
    ("means", "rig"),
    [("cash", Till(CHECK, COINS, slot=True)), ("card", Till(CHECK, AT_THE_TERMINAL, terminal="card"))],
)
def test_where_there_is_one_way_only_it_is_begun_unasked(means: str, rig: Till, tmp_path: Path) -> None:
    assert paid(rig, means, tmp_path) == ""


def test_who_is_led_to_the_card_at_once_says_so_and_why(tmp_path: Path) -> None:
    rig = Till(CHECK, AT_THE_TERMINAL, ails="coin silent, hopper silent", terminal="card")
    told = r"wanted to pay by cash: the screen pay says «카드를 대 주세요» and offers no choice; "
    with pytest.raises(DeskMachineError, match=f"{told}what ails the machine: coin silent, hopper silent"):
        paid(rig, "cash", tmp_path)


def test_who_is_offered_the_card_only_says_so(tmp_path: Path) -> None:
    rig = Till(CHECK, ("pay", "어떻게?", ["pay:card"]))
    with pytest.raises(DeskMachineError, match="offers pay:card; what ails the machine: nothing"):
        paid(rig, "cash", tmp_path)


def test_who_never_comes_to_pay_says_where_they_are(tmp_path: Path) -> None:
    with pytest.raises(DeskMachineError, match="the screen check says «이대로 발급하시겠습니까"):
        paid(Till(CHECK), "cash", tmp_path)


def opened(*shown: list[str]) -> str:
    """What was pressed on the way to the group parcel."""
    rig = Screens([], *shown)
    Autopilot(cast(DeskMachine, rig), Timeline(Console(quiet=True)), Path).open_group("parcel")
    return rig.pressed


def test_a_group_that_is_still_being_prepared_is_waited_for() -> None:
    assert opened(["category:welfare"], ["category:welfare", "category:parcel"]) == "category:parcel"


def test_a_machine_without_groups_shows_its_certificates_at_once() -> None:
    assert opened(["type:land"]) == ""


def test_a_group_that_never_comes_is_told() -> None:
    with pytest.raises(AssertionError, match="the group parcel"):
        opened(["category:welfare"])


def test_a_step_in_a_step_is_one_moving_line_and_both_are_measured() -> None:
    terminal = Console(force_terminal=True, width=100, file=StringIO())
    timeline = Timeline(terminal)
    with timeline.step("choose and pay") as work:
        with timeline.step("draft"):
            assert work.doing == "draft"
            timeline.say("finger", "pay")
        timeline.say("coin", "500 KRW in")
    with timeline.step("leave"):
        pass
    assert [step.name for step in timeline.steps] == ["draft", "choose and pay", "leave"]
