"""No command that fills a folder touches one of somebody else: refused in one sentence, and all is as it was."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.desk.desk_machine import DeskMachine, DeskMachineError
from kiosk.protocol import exits

# What a person may have in a folder, under the very names that we use.
MINE = (
    *("log/mine.txt", "books/mine.txt", "books/ledger.db", "screens/mine.png", "certificates/mine.pdf"),
    *("receipts/mine.png", "altered/mine.pdf", "summary.json", "truth.json", "journal.jsonl", "trust.cbor"),
    *("trust-root.pem", "machine", "ko/attract.default.png", "gallery.json", "gallery.html", "contact.pdf"),
    *("land-sample.pdf", "land-sample-1.png"),
)
FILLING = (
    ("demo", "--headless"),
    ("demo", "--tour"),
    ("demo", "--power-cut"),
    ("screens", "--only", "attract", "--lang", "ko", "--mode", "default"),
    ("gallery", "--only", "land"),
    ("template", "preview", "land"),
)
every_command = pytest.mark.parametrize("command", FILLING, ids=" ".join)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after the folder is not what is looked at here."""

    def start(_self: DeskMachine) -> None:
        raise DeskMachineError("not today")

    monkeypatch.setattr(DeskMachine, "start", start)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands, words)
    return done.exit_code, done.output


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): os.fsencode(one.readlink()) if one.is_symlink() else one.read_bytes()
        for one in folder.rglob("*")
        if one.is_symlink() or one.is_file()
    }


@every_command
def test_a_folder_of_somebody_else_is_refused_and_nothing_in_it_touched(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    for name in MINE:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"my own {name}")
    before = tree(tmp_path)
    code, said = run(*command, "--out", str(tmp_path))
    assert tree(tmp_path) == before
    assert code == exits.USAGE
    assert "were not made by this command" in said
    assert "--out" in said


@every_command
def test_a_link_is_refused_and_nothing_behind_it_touched(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    code, said = run(*command, "--out", str(tmp_path / "link"))
    assert tree(tmp_path) == {"link": os.fsencode(tmp_path / "mine")}
    assert code == exits.USAGE
    assert "is a link to" in said


@every_command
def test_a_file_is_refused_and_stays(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("my own")
    code, said = run(*command, "--out", str(tmp_path / "file"))
    assert tree(tmp_path) == {"file": b"my own"}
    assert code == exits.USAGE
    assert "is a file" in said


@pytest.mark.parametrize("command", FILLING[3:], ids=" ".join)
def test_a_folder_that_it_made_it_fills_again_and_leaves_what_was_added(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(*command, "--out", str(out))[0] == 0
    made = set(tree(out))
    (out / "my-notes.txt").write_text("my own")
    assert run(*command, "--out", str(out))[0] == 0
    assert set(tree(out)) == made | {"my-notes.txt"}
    code, said = run("demo", "--headless", "--out", str(out))
    assert code == exits.USAGE
    assert "was made by kiosk" in said
