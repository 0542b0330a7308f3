"""What a technician types to give a printer its screens, and what is left in kiosk.toml."""

import fcntl
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from kiosk.commands.calibration import with_ground
from kiosk.commands.commands import commands
from kiosk.settings import load

REPO = Path(__file__).resolve().parents[3]
SERIAL = "urn:uuid:4b1d0f8e-0000-1000-8000-001b2c3d4e5f"


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(commands, ["calibration", *map(str, words)])
    return result.exit_code, result.output


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    (tmp_path / "kiosk.toml").write_text((REPO / "config/kiosk.toml").read_text("utf-8"), "utf-8")
    return tmp_path


def pick(machine: Path, small: str, large: str, printer: str = SERIAL) -> tuple[int, str]:
    return run("set", "--small", small, "--large", large, "--printer", printer, "--run", machine)


def test_the_sheet_is_a_document(tmp_path: Path) -> None:
    code, said = run("page", "--out", tmp_path / "sheet.pdf")
    assert (code, said.strip()) == (0, str(tmp_path / "sheet.pdf"))
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert run("page", "--out", tmp_path / "no" / "sheet.pdf")[0] == 2


def test_a_printers_screens_are_written_down_and_read_and_the_rest_stays(machine: Path) -> None:
    before = (machine / "kiosk.toml").read_text("utf-8")
    assert pick(machine, "2/6", "4/20") == (0, f"{SERIAL}: 2/6 4/20, in {machine / 'kiosk.toml'}\n")
    assert pick(machine, "2/10", "4/28", "other")[0] == 0
    assert pick(machine, "2/8", "4/16")[0] == 0
    settings = load(machine / "kiosk.toml")
    assert settings.printer.ground == {"other": "2/10 4/28", SERIAL: "2/8 4/16"}
    assert (machine / "kiosk.toml").read_text("utf-8").startswith(before.rstrip())
    assert [file.name for file in machine.iterdir()] == ["kiosk.toml"]


def test_what_is_no_pair_or_no_serial_changes_nothing(machine: Path) -> None:
    before = (machine / "kiosk.toml").read_bytes()
    assert pick(machine, "4/24", "2/8")[0] == 2
    assert pick(machine, "2/8", "4/24", 'x" = 1')[0] == 2
    assert run("set", "--small", "2/8", "--large", "4/24", "--printer", "x", "--run", machine / "no")[0] == 2
    assert (machine / "kiosk.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("small", "large", "said"), [("a", "4/24", "--small 'a'"), ("2/8", "4", "--large '4'")]
)
def test_a_screen_that_is_none_is_told_with_its_option(
    machine: Path, small: str, large: str, said: str
) -> None:
    code, told = pick(machine, small, large)
    assert code == 2
    assert f"{said} is not like {'2/8' if small == 'a' else '4/24'}: the dots, then their pitch" in told


@pytest.mark.parametrize(
    "header",
    ["[printer.ground]", "[ground]", "[ printer . ground ]  # by kiosk calibration", "[ground] # by hand"],
)
def test_the_line_stays_in_its_table_when_another_follows(header: str) -> None:
    text = with_ground(f'a = 1\n{header}\n"one" = "2/8 4/24"\n\n[later]\nb = 2\n', "two", "2/6 4/20")
    assert text == f'a = 1\n{header}\n"one" = "2/8 4/24"\n"two" = "2/6 4/20"\n\n[later]\nb = 2\n'


@pytest.mark.parametrize("ground", ["", '\n[ground]\n"other" = "2/10 4/28"\n'])
def test_a_file_in_the_former_form_is_written_on_and_read(machine: Path, ground: str) -> None:
    file = machine / "kiosk.toml"
    flat = 'kiosk_id = "K"\nsite = "s"\nmachine = "1"\nmunicipality = "m"\nhelp_phone = "1"\n'
    flat += 'central_url = "https://central.example"\nprinter_uri = "ipp://192.0.2.10/"\nhopper_fill = 90\n'
    file.write_text(flat + ground)
    before = load(file)
    assert pick(machine, "2/6", "4/20")[0] == 0
    assert file.read_text("utf-8").startswith(flat + ground)
    written = before.printer.ground | {SERIAL: "2/6 4/20"}
    assert load(file) == replace(before, printer=replace(before.printer, ground=written))


def test_a_ground_that_is_written_in_another_way_changes_nothing(machine: Path) -> None:
    file = machine / "kiosk.toml"
    text = file.read_text("utf-8").replace("[printer.ground]", "")
    file.write_text(text.replace("[printer]", '[printer]\nground = {"other" = "2/10 4/28"}'), "utf-8")
    before = file.read_bytes()
    assert load(file).printer.ground == {"other": "2/10 4/28"}
    code, said = pick(machine, "2/6", "4/20")
    assert code == 2
    assert "not valid TOML" in said
    assert file.read_bytes() == before


def test_what_another_one_wrote_while_this_one_waited_for_the_file_stays(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = machine / "kiosk.toml"

    def waits(_handle: int, how: int) -> None:
        assert how == fcntl.LOCK_EX
        file.write_text(with_ground(file.read_text("utf-8"), "other", "2/10 4/28"), "utf-8")

    monkeypatch.setattr(fcntl, "flock", waits)
    assert pick(machine, "2/6", "4/20")[0] == 0
    assert load(file).printer.ground == {"other": "2/10 4/28", SERIAL: "2/6 4/20"}
