"""What is typed is judged before anything is asked, cleared or written; what is wrong is told with what there is."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.cli import plain_command
from kiosk.commands.commands import commands
from kiosk.core.admin_socket import SOCKET
from kiosk.ipc.json_lines import Server
from kiosk.protocol.exits import USAGE
from kiosk.worker.templates import DEFAULT_ROOT


def typed(*words: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(commands, [str(word) for word in words])
    return done.exit_code, done.stdout, done.stderr


def refused(*words: str | Path) -> str:
    code, out, said = typed(*words)
    assert (code, out) == (USAGE, ""), said
    assert said.count("\n") == 1, said
    return said


@pytest.fixture
def never() -> Iterator[Path]:
    """A machine that must not be asked."""
    asked: list[Any] = []

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return {"begun": False}

    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as run:
        (Path(run) / "sock").mkdir()
        server = Server(Path(run) / "sock" / SOCKET, answer)
        server.start()
        yield Path(run)
        server.stop()
    assert asked == []


@pytest.mark.parametrize("wrong", ["no such type", "data that is no JSON"])
def test_a_gallery_hangs_on_when_the_next_one_is_asked_for_wrongly(wrong: str, tmp_path: Path) -> None:
    out, data = tmp_path / "out", tmp_path / "data"
    assert typed("gallery", "--only", "land-price", "--out", out)[0] == 0
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    if wrong == "no such type":
        said = refused("gallery", "--only", "nosuch", "--out", out)
        assert "no type is called nosuch; there are " in said
        assert "land-price" in said
    else:
        (data / "land-price").mkdir(parents=True)
        (data / "land-price" / "mine.json").write_text("{")
        code, _, said = typed("gallery", "--only", "land-price", "--data", data, "--out", out)
        assert (code, "mine.json: not valid JSON" in said) == (1, True), said
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_papers_from_a_folder_that_is_not_there_are_not_passed_over(tmp_path: Path) -> None:
    said = refused("gallery", "--only", "land", "--data", tmp_path / "gone", "--out", tmp_path / "out")
    assert "is not there; name one that is" in said
    assert not (tmp_path / "out").exists()


def test_one_screen_of_two_that_is_not_there_is_told_too(tmp_path: Path) -> None:
    said = refused("screens", "--only", "attract", "--only", "nosuch", "--out", tmp_path / "out")
    assert "no screen is called nosuch;" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("code", ["nosuch", "../../etc", "_common", "."])
@pytest.mark.parametrize("command", ["preview", "specimen", "expect"])
def test_a_type_that_there_is_not_is_told_with_those_that_there_are(command: str, code: str) -> None:
    said = refused("template", command, code)
    assert f"no type is called {code}; there are " in said
    there = {file.parent.name for file in DEFAULT_ROOT.glob("*/type.toml")}
    assert there == set(said.partition("there are ")[2].strip().split(", "))


def test_a_folder_without_forms_is_named(tmp_path: Path) -> None:
    said = refused("template", "preview", "land", "--forms", tmp_path)
    assert f"no type is called land; there is none in {tmp_path}" in said


def test_a_language_that_there_is_not_closes_no_day(never: Path) -> None:
    said = refused("ledger", "close-day", "--lang", "jp", "--run", never)
    assert "there is no language 'jp'; there are ko, en" in said


@pytest.mark.parametrize("within", ["nan", "-1", "0", "inf", "1e9", "soon"])
@pytest.mark.parametrize("command", ["ledger copy", "catalogue apply"])
def test_what_is_no_time_to_wait_is_not_waited_for(command: str, within: str, never: Path) -> None:
    said = refused(*command.split(), "--within", within, "--run", never)
    assert f"'{within}' is no time to wait; say seconds, above 0 and up to 86,400" in said


@pytest.mark.parametrize("coins", ["-5", "many", "1.5", "5001", "9" * 3_000])
def test_what_is_no_number_of_coins_is_told_in_plain_words(coins: str, never: Path) -> None:
    said = refused("cash", "counted", coins, "--run", never)
    assert "is no number of coins; say a whole number, 0 to 5,000" in said
    assert len(said) < 200


def test_what_is_no_hopper_is_told_in_plain_words(never: Path) -> None:
    said = refused("cash", "counted", "5", "--hopper", "3", "--run", never)
    assert "'3' is no number of a hopper; say a whole number, 1 to 2" in said


@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "order", ""),
        ("screens", "--only", ""),
        ("ledger", "state", "--run", ""),
        ("ledger", "state", "--run="),
        ("gallery", "--out", ""),
        ("reconcile", "--out", ""),
        ("template", "preview", ""),
        ("core", "--run", ""),
    ],
    ids=" ".join,
)
def test_an_empty_word_does_not_mean_the_folder_one_stands_in(words: tuple[str, ...]) -> None:
    said = refused(*words)
    assert (
        f" after {(words[-1] or words[-2]).rstrip('=')} is empty; say what is meant, or leave it out" in said
    )


def test_a_program_with_an_empty_word_is_a_command_like_others() -> None:
    assert plain_command(["core", "--run", ""]) is None


@pytest.mark.parametrize("words", [("template", "preview"), ("screens", "--only"), ("screens", "--lang")])
def test_nobody_has_to_read_three_thousand_letters(words: tuple[str, ...]) -> None:
    said = refused(*words, "x" * 3_000)
    assert "… (3,000 letters)" in said
    assert "x" * 100 not in said


@pytest.mark.parametrize("words", [("ledger", "state", "--run"), ("gallery", "--out"), ("ledger", "order")])
def test_what_is_longer_than_any_name_is_not_looked_for(words: tuple[str, ...]) -> None:
    said = refused(*words, "x" * 5_000)
    assert "… (5,000 letters)' is no word of this command; no name is that long" in said
    assert "x" * 100 not in said


@pytest.mark.parametrize("group", ["ledger", "cash", "catalogue", "template", "calibration"])
def test_a_group_without_a_word_has_no_result(group: str) -> None:
    code, out, said = typed(group)
    assert (code, out) == (USAGE, "")
    assert f"Usage: kiosk {group}" in said or f"Usage: root {group}" in said
    assert typed(group, "--help")[1].count("Usage:") == 1


def test_a_help_has_lines_of_the_terminals_own() -> None:
    done = CliRunner().invoke(commands, ["ledger", "order", "--help"], env={"COLUMNS": "100"})
    shown = [line.strip() for line in done.stdout.splitlines()]
    assert "are shown. 1 when there is none." in shown
