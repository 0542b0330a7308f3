"""docs/protocol.md names the sockets, the words of admin.sock and the simulators' options that there are."""

import ast
import re
from pathlib import Path

import pytest

from kiosk.core.admin_socket import SOCKET, AdminSocket
from kiosk.core.cash_admin import CashAdmin
from kiosk.core.ledger_admin import LedgerAdmin
from kiosk.ipc.json_lines import JsonLineError
from kiosk.programs.names import BUSES
from simulators.__main__ import parser

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text("utf-8")
TWINS = (ROOT / "simulators" / "README.md").read_text("utf-8")
ROWS = [line.split(" | ") for line in PAGE.split("## 2.")[0].splitlines() if line.startswith("| `")]


def test_the_table_has_every_socket_that_core_opens_or_calls() -> None:
    told = {name for row in ROWS for name in re.findall(r"`([a-z]+\.sock)`", row[0])}
    tree = ast.parse((ROOT / "kiosk" / "programs" / "core.py").read_text("utf-8"))
    words = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    there = {word for word in words if isinstance(word, str) and word.endswith(".sock")}
    assert {f"{bus}.sock" for bus in BUSES} <= there
    assert told == there | {SOCKET}


def test_care_sock_has_the_words_that_are_told() -> None:
    (row,) = (row for row in ROWS if SOCKET in row[0])
    desk = AdminSocket.__new__(AdminSocket)
    besides = (LedgerAdmin.__new__(LedgerAdmin).asks(), CashAdmin.__new__(CashAdmin).asks())
    desk._besides = {word: answer for asks in besides for word, answer in asks.items()}
    with pytest.raises(JsonLineError) as refused:
        desk._answer({"do": "what there is not"})
    assert re.findall(r"`([a-z-]+)`", row[-1]) == str(refused.value).partition("known: ")[2].split(", ")


@pytest.mark.parametrize("text", [PAGE, TWINS], ids=["protocol.md", "simulators/README.md"])
def test_the_simulators_take_the_options_that_are_told(text: str) -> None:
    begun = text.index("python -m simulators --run RUN")
    usage = re.split(r"python -m simulators\.|When everything", text[begun:])[0]
    taken = {option for action in parser()._actions for option in action.option_strings}
    told = set(re.findall(r"--[a-z-]+", usage.replace("(--help has the names)", "")))
    assert told == taken - {"-h", "--help"}


def test_the_modules_that_the_simulators_page_names_are_there() -> None:
    named = set(re.findall(r"`(\w+\.py)`", TWINS))
    assert len(named) > 20
    assert {name for name in named if not (ROOT / "simulators" / name).is_file()} == set()
