"""The command line says what is wrong in a sentence, and starts a program without loading its own libraries."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import cli
from kiosk.programs.names import PROGRAMS
from kiosk.protocol import exits
from tests.rig.machines import machine_folder


def kiosk(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


def test_plain_commands_go_straight_to_the_program() -> None:
    run = Path("/r")
    assert cli.plain_command(["core", "--run", "/r"]) == ("core", "", run)
    assert cli.plain_command(["devices", "cash", "--run", "/r"]) == ("devices", "cash", run)
    assert cli.plain_command(["--run", "/r", "worker"]) == ("worker", "", run)


@pytest.mark.parametrize(
    "typed",
    [[], ["--help"], ["core", "--help"], ["devices"], ["devices", "usb"], ["core", "--run"], ["demo"]],
)
def test_anything_else_is_for_the_command_line_proper(typed: list[str]) -> None:
    assert cli.plain_command(typed) is None


def test_a_missing_machine_is_a_sentence_with_a_next_step(tmp_path: Path) -> None:
    done = kiosk("courier", "--run", str(tmp_path))
    assert done.returncode == exits.USAGE
    assert done.stderr.startswith(f"kiosk: {tmp_path}/kiosk.toml: cannot be read")
    assert "--run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_courier_that_was_never_enrolled_says_how_to(tmp_path: Path) -> None:
    run = machine_folder(tmp_path)
    done = kiosk("courier", "--run", str(run))
    assert done.returncode == exits.USAGE
    assert "pki/kiosk.pem can't be read; enrol this machine" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_bus_names_those_there_are(tmp_path: Path) -> None:
    done = kiosk("devices", "usb", "--run", str(tmp_path))
    assert done.returncode == exits.USAGE
    assert "cash, printer, receipt" in done.stderr


def test_help_lists_every_command_and_the_exit_codes() -> None:
    done = kiosk("--help")
    assert done.returncode == 0
    for name in (*PROGRAMS, "demo", "verify", "reconcile", "screens", "bench", "Exit codes"):
        assert name in done.stdout


def test_a_program_loads_neither_typer_nor_another_programs_libraries(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['kiosk', 'courier', '--run', sys.argv[1]]\n"
        "from kiosk import cli\n"
        "from kiosk.programs import courier\n"
        "try: cli.app()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('typer', 'rich', 'PySide6', 'sqlite3', 'serial', 'typst') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, timeout=50
    )
    assert done.stdout == "[]\n"
