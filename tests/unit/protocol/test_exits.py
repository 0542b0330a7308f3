"""The exit codes of docs/commands.md are those of the code, each of them and no other."""

import re
import signal
from pathlib import Path

from kiosk.protocol import exits

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "commands.md").read_text("utf-8")
ROWS = dict(
    re.findall(r"^\| (\S[^|]*?) \| ([^|]+?) \|", PAGE.split("## How a command ends")[1].split("##")[0], re.M)
)
CODES = {name: code for name, code in vars(exits).items() if name.isupper() and isinstance(code, int)}


def test_the_table_has_each_code_once_and_no_other() -> None:
    assert len(set(CODES.values())) == len(CODES)
    plain = {str(code) for name, code in CODES.items() if name != "SIGNALLED"}
    assert set(ROWS) - {"code", "---"} == plain | {f"{exits.SIGNALLED} + n"}


def test_what_ends_a_command_from_outside_has_the_number_that_is_said() -> None:
    said = ROWS[f"{exits.SIGNALLED} + n"]
    for name, number in (("Ctrl-C", signal.SIGINT), ("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP)):
        assert re.search(rf"{name}(?: \([^)]*\))? {exits.SIGNALLED + number}\b", said)


def test_the_help_of_a_command_names_every_code_that_a_command_ends_with() -> None:
    for name, code in CODES.items():
        assert name == "MISTAKE" or re.search(rf"\b{code}\b", exits.HELP), name


def test_a_fault_of_the_world_is_mended_first_or_asked_otherwise() -> None:
    assert {fault.code for fault in exits.FAULTS.values()} == {exits.USAGE, exits.MISSING}
