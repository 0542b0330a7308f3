"""A copy on a stick is looked at on any desk, and a ledger is rebuilt in one way of two."""

import shutil
import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.commands import ledger_rebuild
from kiosk.commands.commands import commands
from kiosk.console.output_folder import OutputFolder
from kiosk.ledger.copies import COPY, take_copy
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.rebuild import RebuildError
from kiosk.protocol import exits
from kiosk.settings import RUN_VARIABLE
from tests.rig.machines import machine_folder
from tests.unit.ledger.trade import open_shop, sell


def typed(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(commands, ["ledger", *map(str, words)])
    return done.exit_code, done.output


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the ledger of YDP-0063, on a desk without a machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN_VARIABLE, str(tmp_path / "no-machine"))
    (tmp_path / "ledger").mkdir()
    ledger = Ledger(tmp_path / "ledger" / "ledger.db", lambda: Stamp("B", 1, 1), machine="YDP-0063")
    open_shop(ledger)
    sell(ledger, "01S001")
    take_copy(ledger, tmp_path / "copy", lambda: None)
    ledger.close()
    (made,) = (tmp_path / "copy").iterdir()
    return Path(shutil.copy(made, tmp_path / "stick.db"))


def test_a_copy_on_a_stick_is_checked_on_a_desk_without_a_machine(stick: Path) -> None:
    code, said = typed("check", stick)
    assert code == 0, said
    assert said.startswith("YDP-0063: rows 1 to ")


def test_on_a_machine_it_has_to_be_a_copy_of_its_own_ledger(stick: Path, tmp_path: Path) -> None:
    code, said = typed("check", stick, "--run", machine_folder(tmp_path))
    assert (code, "is a copy of YDP-0063's ledger, not of x's" in said) == (exits.WRONG, True), said


def test_what_is_no_copy_is_told_by_its_own_name(stick: Path) -> None:
    words, other = stick.with_name("words.txt"), stick.with_name("other.db")
    words.write_text("no ledger at all " * 100)
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE mine (a)")
    for file in (words, other):
        code, said = typed("check", file)
        assert (code, f"{file} is no copy of a ledger; name one" in said) == (exits.USAGE, True), said
    code, said = typed("check", stick.with_name("gone.db"))
    assert (code, "gone.db is not there; name one that is" in said) == (exits.USAGE, True), said


def test_the_own_copy_of_a_machine_that_has_none_yet_is_missing(tmp_path: Path) -> None:
    code, said = typed("check", "--run", machine_folder(tmp_path))
    assert (code, f"{COPY} is not there" in said) == (exits.MISSING, True), said


def test_a_ledger_is_rebuilt_in_one_way(tmp_path: Path) -> None:
    run = machine_folder(tmp_path)
    assert "say one of --from-copy and --from-central" in typed("rebuild", "--run", run)[1]
    code, said = typed("rebuild", "--from-copy", "--from-central", "--run", run)
    assert (code, "say only one of --from-copy and --from-central" in said) == (exits.USAGE, True)


@pytest.mark.parametrize(
    ("why", "code"),
    [
        ("running", exits.MISSING),
        ("central-silent", exits.MISSING),
        ("disk", exits.MISSING),
        ("forked", exits.WRONG),
    ],
)
def test_what_can_be_mended_is_asked_again_and_what_was_found_is_not(
    why: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, why)
    ended, said = typed("rebuild", "--from-copy", "--run", machine_folder(tmp_path))
    assert (ended, f"{why}: as it is" in said) == (code, True), said


def test_whose_demo_runs_is_told_to_end_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "running")
    with OutputFolder.take(tmp_path / "out", "kiosk demo") as folder:
        folder.link("machine", machine_folder(tmp_path))
        ended, said = typed("rebuild", "--from-copy", "--run", tmp_path / "out")
    assert ended == exits.MISSING
    assert "running: it is the machine of a demo, which runs; end the demo first." in said


def refuse(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    """A rebuild that ends so."""

    def rebuild(*_: object, **_more: object) -> None:
        raise RebuildError(why, "as it is")

    monkeypatch.setattr(ledger_rebuild, "rebuild_here", rebuild)
    monkeypatch.setattr(ledger_rebuild, "from_central", nullcontext)
