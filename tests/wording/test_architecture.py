"""docs/architecture.md names what there is: every room, every intent, and who may import whom."""

import re
from pathlib import Path

from tests.tooling.test_import_rules import modules, rooms
from tools import rooms as rooms_of_the_house
from ui.sound.speaker import PROGRAMS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
TREE = TEXT.split("## The rooms\n\n```\n")[1].split("```")[0]
ORDERS = (ROOT / "docs" / "orders.md").read_text("utf-8")


def sections() -> dict[str, str]:
    """Each folder at the top of the tree, and what the tree says of it."""
    begun = re.split(r"^([a-z_]+)/", TREE, flags=re.MULTILINE)[1:]
    return dict(zip(begun[::2], begun[1::2], strict=True))


def rows(table: str) -> dict[str, tuple[str, int]]:
    """What the table says of each room, and how many lines it gives it."""
    found = re.findall(r"^\| `([^`]+)` \| (.+) \| ([\d,]+) \|$", table, re.MULTILINE)
    return {name: (sentence, int(lines.replace(",", ""))) for name, sentence, lines in found}


def test_the_table_names_every_room_with_its_sentence_and_how_large_it_is() -> None:
    told, there = rows(TEXT), rows(rooms_of_the_house.table())
    assert len(there) > 50
    assert [*told] == [*there], "the highest room stands first: make rooms"
    assert {name: said for name, (said, _) in told.items()} == {
        name: said for name, (said, _) in there.items()
    }, "make rooms"
    for name, (_, lines) in told.items():
        assert abs(lines - there[name][1]) <= 20 + there[name][1] * 0.1, f"{name}: make rooms"


def test_the_tree_names_every_folder_and_no_other() -> None:
    made = set(re.findall(r"^/([\w-]+)/$", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE))
    there = {
        path.name for path in ROOT.iterdir() if path.is_dir() and re.fullmatch(r"[a-z][\w-]*", path.name)
    }
    assert set(sections()) == there - made


def test_every_intent_is_named() -> None:
    said = TEXT.split("has an intent record before it (")[1].split(")")[0]
    states = set(re.findall(r"^\| ([A-Z-]+\?) \|", ORDERS, re.MULTILINE))
    assert len(states) > 5
    assert set(re.findall(r"`([A-Z-]+\?)`", said)) == states


def test_what_central_and_the_ui_share_with_the_kiosk_is_named() -> None:
    told = TEXT.split("`central` only the protocol and how a command works and ends (")[1].split(")")[0]
    shared = {f"kiosk.{name}" for name in re.findall(r"`([a-z_]+)`", told)} | {"kiosk.protocol"}
    assert shared == rooms() - modules("central", "forbidden_modules")
    assert "`ui` only the protocol and the words;" in TEXT
    assert rooms() - modules("ui", "forbidden_modules") == {"kiosk.protocol", "kiosk.words"}


def test_the_players_are_named_in_the_order_in_which_they_are_tried() -> None:
    told = TEXT.split("the ui plays it through")[1].split(":")[0]
    assert re.findall(r"`([a-z-]+)`", told) == [program[0] for program in PROGRAMS]
