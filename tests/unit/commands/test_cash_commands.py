"""`kiosk cash` says what is there, what was taken down, and why something was not."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.core.admin_socket import SOCKET
from kiosk.ipc.json_lines import Server

Answer = Callable[[dict[str, Any]], dict[str, Any]]
FULL = {"coin": 100, "coins": 1_200, "books": 1_200, "uncounted": False, "silent_ms": None}
OTHER = {"coin": 500, "coins": 0, "books": 0, "uncounted": True, "silent_ms": None}
COUNTED = {"coin": 500, "coins": 200, "books": 200, "uncounted": False, "silent_ms": None}
LOW = {"coin": 100, "coins": 0, "books": 45, "uncounted": False, "silent_ms": None}
WAKING = {"coin": 100, "coins": None, "books": None, "uncounted": False, "silent_ms": None}


@contextmanager
def machine(answer: Answer) -> Iterator[Path]:
    """A run directory whose admin.sock answers so."""
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as run:
        (Path(run) / "sock").mkdir()
        server = Server(Path(run) / "sock" / SOCKET, answer)
        server.start()
        yield Path(run)
        server.stop()


def says(answer: Answer, *words: str) -> tuple[int, str]:
    with machine(answer) as run:
        done = CliRunner().invoke(commands, ["cash", *words, "--run", str(run)])
    return done.exit_code, done.output + done.stderr


def holding(*hoppers: dict[str, Any]) -> Answer:
    return lambda _request: {"hoppers": hoppers, "counting": ""}


def test_what_is_surely_there_is_printed() -> None:
    code, said = says(holding(FULL), "state")
    assert code == 0
    assert "hopper 1     100 KRW   1,200 coins" in said


@pytest.mark.parametrize(
    ("hopper", "why"),
    [
        (OTHER, "kiosk cash counted COINS --hopper 2"),
        (LOW, "it says that it is low, the books say 45 coins; count it"),
        (WAKING, "has not told its count"),
        (
            {**FULL, "silent_ms": 1_764_039_600_000},
            "since 2025-11-25 12:00, see to its cable; last known: 1,200",
        ),
        ({**WAKING, "silent_ms": 1_764_039_600_000}, "see to its cable; its count is not known"),
    ],
)
def test_one_that_can_not_be_relied_on_is_told_with_what_to_do(hopper: dict[str, Any], why: str) -> None:
    code, said = says(holding(FULL, hopper), "state")
    assert code == 1
    assert why in said


def counting(end: str, why: str = "") -> Answer:
    def answer(request: dict[str, Any]) -> dict[str, Any]:
        if request["do"] == "hopper-counted":
            assert (request["hopper"], request["coins"]) == (1, 200)
            return {"begun": not why, "why": why}
        return {"hoppers": [FULL, COUNTED], "counting": end}

    return answer


@pytest.mark.parametrize(
    ("answer", "code", "word"),
    [
        (counting("counted"), 0, "hopper 2: 200 coins"),
        (counting("silent"), 3, "hopper 2 does not answer, nothing was changed; see to its cable"),
        (counting("interrupted"), 1, "somebody came to the machine meanwhile, nothing was changed"),
        (counting("", "busy"), 1, "somebody is at the machine"),
        (counting("", "hopper"), 2, "this machine has no hopper 2."),
    ],
)
def test_what_became_of_a_count_is_said(answer: Answer, code: int, word: str) -> None:
    ended, said = says(answer, "counted", "200", "--hopper", "2")
    assert ended == code, said
    assert word in said


@pytest.mark.parametrize("coins", ["-1", "5001", "many"])
def test_what_is_no_number_of_coins_is_not_even_asked(coins: str) -> None:
    def never(request: dict[str, Any]) -> dict[str, Any]:
        raise AssertionError(request)

    assert says(never, "counted", coins)[0] == 2


def test_without_a_machine_it_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["cash", "state", "--run", str(tmp_path)])
    assert done.exit_code == 3
    assert "no machine answers here" in done.output + done.stderr
