"""The dock's card slot, pressed with a mouse against a real simulator process."""

import socket
from collections.abc import Iterator

import pytest

from tests.card_drawer import PIN, put_card

from .test_dock import Dock, dock_beside, keep_picture, words_fit
from .test_process import Machine

LONG_NAME = "CHRISTODOULOPOULOU ALEXANDRA MAXIMILIANA"
CARDS = (
    ("citizen-1", "citizen", "홍길동", "네 식구, 차 두 대 · family of four, two cars"),
    ("citizen-2", "citizen", LONG_NAME, "긴 이름 · long name"),
    ("citizen-3", "citizen", "한여름", "혼자 삶 · lives alone"),
    ("expired", "citizen", "나오래", "기한 지남 · expired"),
    ("staff", "staff", "", "직원 카드 · staff card"),
    ("transit", "transit", "", "교통카드 · transit card"),
)


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """With a reader that takes every card and asks it nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as reader:
        machine = Machine("--card-reader", str(reader.getsockname()[1]))
        for label, kind, face, about in CARDS:
            put_card(machine.run, label, kind, face=face, about=about)
        machine.start()
        yield machine
        machine.end()


@pytest.fixture
def dock(machine: Machine) -> Iterator[Dock]:
    machine.do("card", pull=True)
    machine.do("fault", device="card", fault="none")
    with dock_beside(machine) as dock:
        dock.until(lambda: len(dock.panel.property("drawer")) == len(CARDS), "the drawer")
        yield dock


def inside(dock: Dock) -> str:
    """The card that the dock shows in the slot."""
    return str(dock.state()["card"]["label"])


def insert(dock: Dock, label: str) -> None:
    dock.press(f"card-{label}")
    dock.press("card-in")
    dock.until(lambda: inside(dock) == label, f"{label} to be in")


def test_a_card_is_chosen_and_put_in_and_its_pin_stands_in_the_slot(dock: Dock) -> None:
    insert(dock, "citizen-3")
    assert dock.machine.do("state")["card"]["label"] == "citizen-3"
    assert dock.item("pin").property("text") == PIN.decode()
    assert "citizen-3" in dock.panel.property("note")


def test_the_first_card_is_chosen_until_somebody_chooses(dock: Dock) -> None:
    dock.press("card-in")
    dock.until(lambda: inside(dock) == "citizen-1", "the first card to be in")


def test_a_card_is_pulled_and_the_button_is_dead_without_one(dock: Dock) -> None:
    insert(dock, "citizen-1")
    dock.press("card-out")
    dock.until(lambda: inside(dock) == "", "the slot to be empty")
    assert dock.machine.do("state")["card"]["label"] == ""
    assert not dock.item("card-out").isEnabled()


def test_a_card_is_swapped_for_another_in_one_moment(dock: Dock) -> None:
    insert(dock, "citizen-1")
    assert "swap" in str(dock.item("card-in").property("en"))
    insert(dock, "staff")
    assert dock.machine.do("state")["card"]["label"] == "staff"


@pytest.mark.parametrize("label", ["citizen-1", "citizen-3"], ids=["in the slot", "in the drawer"])
def test_a_card_is_blocked_and_gets_its_tries_back(dock: Dock, label: str) -> None:
    def tries() -> int:
        cards = dock.machine.do("cards")["cards"]
        return int(next(card["tries"] for card in cards if card["label"] == label))

    insert(dock, "citizen-1")
    dock.press(f"card-{label}")
    dock.press("card-block")
    dock.until(lambda: dock.item(f"card-{label}").property("blocked"), "the mark of a blocked card")
    assert tries() == 0
    assert not dock.item("card-block").isEnabled()
    dock.press("card-unblock")
    dock.until(lambda: not dock.item(f"card-{label}").property("worn"), "all tries to be back")
    assert tries() == 3


def test_a_card_without_a_pin_can_neither_be_blocked_nor_unblocked(dock: Dock) -> None:
    insert(dock, "transit")
    assert not dock.item("card-block").isEnabled()
    assert not dock.item("card-unblock").isEnabled()
    assert not dock.item("pin").isVisible()


@pytest.mark.parametrize("fault", ["mute", "slow", "truncate", "status", "atr", "pull", "none"])
def test_each_fault_is_set_and_shown(dock: Dock, fault: str) -> None:
    dock.press(f"card-fault-{fault}")
    dock.until(lambda: dock.state()["card"]["fault"] == fault, fault)
    assert dock.machine.do("state")["card"]["fault"] == fault
    assert dock.item(f"card-fault-{fault}").property("on") is True


def test_no_word_of_the_card_slot_is_cut_off_but_a_long_name_in_the_drawer(dock: Dock) -> None:
    words_fit(dock, frozenset([LONG_NAME]))
    insert(dock, "citizen-3")
    words_fit(dock, frozenset([LONG_NAME]))
    dock.press("card-block")
    dock.until(lambda: dock.item("card-citizen-3").property("blocked"), "the mark of a blocked card")
    keep_picture(dock.view, "card-blocked")
    dock.press("card-unblock")
    dock.until(lambda: not dock.item("card-citizen-3").property("worn"), "all tries to be back")


def test_in_the_slot_a_long_name_is_whole(dock: Dock) -> None:
    insert(dock, "citizen-2")
    dock.view.grabWindow()
    name = dock.item("name-in-slot")
    assert name.property("truncated") is False
    assert name.property("lineCount") == 2
    assert name.x() + float(name.property("contentWidth")) <= name.width()
