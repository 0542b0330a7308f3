"""A PDF that a command writes takes the place of nothing that somebody else made, unless it is told to."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.protocol import exits
from kiosk.worker.read_back import opened

WRITING = ("template test-page", "template specimen land", "calibration page")
every_command = pytest.mark.parametrize("command", WRITING)


def run(command: str, *words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(commands, [*command.split(), *map(str, words)])
    return done.exit_code, done.output


@every_command
def test_a_file_of_somebody_else_stays_until_it_is_said_that_it_shall_not(
    command: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.pdf"
    file.write_bytes(b"%PDF-1.7 my own")
    code, said = run(command, "--out", file)
    assert code == exits.USAGE
    assert "mine.pdf is there and was not made by this command; name another file with --out, or say" in said
    assert file.read_bytes() == b"%PDF-1.7 my own"
    assert run(command, "--out", file, "--replace") == (0, f"{file}\n")
    with opened(file.read_bytes()) as document:
        assert len(document) == 1 or command == "template specimen land"


@every_command
def test_what_it_made_itself_it_makes_again(command: str, tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    assert run(command, "--out", file)[0] == 0
    assert run(command, "--out", file) == (0, f"{file}\n")


@every_command
def test_an_empty_file_was_made_for_it(command: str, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").touch()
    assert run(command, "--out", tmp_path / "page.pdf")[0] == 0
