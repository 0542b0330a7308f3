"""Where a command looks for the machine that it is about, and what it says when that does not come to an end."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.commands.asking import wait_until
from kiosk.commands.commands import commands
from kiosk.console.output_folder import OutputFolder
from kiosk.core.admin_socket import SOCKET
from kiosk.desk.machine_folder import make_directories, write_settings
from kiosk.ipc.json_lines import JsonLineError, Server
from kiosk.protocol.exits import MISSING, USAGE, WRONG
from kiosk.settings import RUN_VARIABLE
from tests.contract.commands.typed import with_option

# What is asked of a machine that runs, or about its ledger and forms.
FINDS_A_DEMO = {
    "kiosk cash counted": "60",
    "kiosk cash state": "",
    "kiosk catalogue apply": "",
    "kiosk catalogue list": "",
    "kiosk ledger check": "",
    "kiosk ledger close-day": "",
    "kiosk ledger copy": "",
    "kiosk ledger day": "",
    "kiosk ledger order": "K7M-2WX",
    "kiosk ledger rebuild": "--from-central",
    "kiosk ledger state": "",
}
# Without a word it names no machine at all.
ONLY_WHEN_NAMED = {"kiosk template test-page": ""}
# A program is told its own run directory.
OWN_FOLDER = {
    "kiosk core": "",
    "kiosk courier": "",
    "kiosk devices": "cash",
    "kiosk ui": "",
    "kiosk worker": "",
}
# It writes into the machine's settings, those of a demo as well, for as long as that runs.
WRITES = {"kiosk calibration set": "--small 2/8 --large 4/24 --printer abc"}
# It is about the folder of a demo itself; and the courier's, about bundles.
OTHERS = {"kiosk reconcile", "kiosk try-bundle"}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which a demo runs, as far as anybody can see; its machine answers that it can't."""
    place = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))

    def refuses(request: dict[str, Any]) -> dict[str, Any]:
        raise JsonLineError(f"the demo's machine was asked: {request['do']}")

    monkeypatch.chdir(place)
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    make_directories(place / "run", place / "paper")
    write_settings(place / "run", central_port=1, printer_uri="ipp://127.0.0.1:1/ipp/print")
    server = Server(place / "run" / "sock" / SOCKET, refuses)
    server.start()
    with OutputFolder.take(Path("demo-output"), "kiosk demo") as folder:
        folder.link("machine", place / "run")
        yield place
    server.stop()
    shutil.rmtree(place)


def typed(name: str, words: str, *more: str) -> Any:
    return CliRunner().invoke(commands, [*name.split()[1:], *words.split(), *more])


def test_each_command_with_a_run_directory_is_of_one_kind() -> None:
    assert sorted([*FINDS_A_DEMO, *WRITES, *ONLY_WHEN_NAMED, *OWN_FOLDER, *OTHERS]) == sorted(
        with_option("--run")
    )


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("named", [True, False], ids=["named", "not named"])
@pytest.mark.parametrize("name", FINDS_A_DEMO)
def test_what_is_asked_of_a_machine_reaches_the_demo_that_runs_here(name: str, named: bool) -> None:
    done = typed(name, FINDS_A_DEMO[name], *(["--run", "demo-output"] if named else []))
    machine = str(Path("run").resolve())
    assert machine in done.output.replace("\n", " ") or "the demo's machine was asked" in done.output
    assert done.exit_code in (WRONG, USAGE, MISSING)  # USAGE: it is not enrolled


@pytest.mark.usefixtures("desk")
def test_a_test_page_names_the_machine_of_a_demo_only_when_it_is_named() -> None:
    done = typed("kiosk template test-page", "", "--run", "demo-output")
    assert (done.exit_code, done.output) == (0, "test-page.pdf\n")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("named", [["--run", "demo-output"], []], ids=["named", "not named"])
def test_a_ground_is_picked_for_the_demo_that_runs_here(named: list[str]) -> None:
    (name,) = WRITES
    done = typed(name, WRITES[name], *named)
    file = Path("run").resolve() / "kiosk.toml"
    assert (done.exit_code, done.output) == (0, f"abc: 2/8 4/24, in {file}\n")
    assert '"abc" = "2/8 4/24"' in file.read_text("utf-8")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", OWN_FOLDER)
def test_who_is_told_an_own_folder_takes_it_as_it_is(name: str) -> None:
    done = typed(name, OWN_FOLDER[name], "--run", "demo-output")
    assert done.exit_code == USAGE
    assert re.search(r"demo-output/kiosk\.toml: cannot be read \(No such file", done.output)


def test_a_folder_of_a_demo_that_is_over_is_told(desk: Path) -> None:
    with OutputFolder.take(desk / "over", "kiosk demo"):
        pass
    done = typed("kiosk ledger state", "", "--run", "over")
    assert done.exit_code == MISSING
    assert "no demo fills over now" in done.output


def test_who_waited_in_vain_is_told_the_command_that_says_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kiosk.commands.asking.ask_machine", lambda *_: {})
    with pytest.raises(SystemExit) as ended:
        wait_until(tmp_path, "word", lambda _: False, 0.0, doing="It is done", later="kiosk group state")
    assert ended.value.code == WRONG
    assert capsys.readouterr().err.endswith("no end of it in 0 s; ask `kiosk group state` later.\n")
