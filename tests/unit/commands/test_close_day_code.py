"""`kiosk ledger close-day` has a code of its own where not every device was counted; `day` shows a close once more."""

import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.commands.ledger_commands import close_code
from kiosk.core.admin_socket import SOCKET
from kiosk.ipc.json_lines import Server
from kiosk.ledger.day import DayMark, Meter, compare
from kiosk.ledger.tally import Tally
from kiosk.protocol import exits
from kiosk.settings import Printer, Settings
from tests.rig.machines import machine_folder

SETTINGS = Settings(
    "K", "/nowhere", "", "", "", "", "https://central.test", Printer("ipp://printer.test/ipp")
)
BEFORE = {"coins-in": 10, "coins-out": 5, "sheets": 100, "retracts": 7}


def closed(**now: int | None) -> dict[str, Any]:
    """A day on which nothing was sold, as core tells it; `now` are the counts of devices that answer otherwise."""
    mark = DayMark("2025-11-25", 1, 0, 0, {what: Meter(what, count) for what, count in BEFORE.items()})
    counts = {**BEFORE, **{what.replace("_", "-"): count for what, count in now.items()}}
    meters = {what: Meter(what, count) for what, count in counts.items() if count is not None}
    lines = compare(Tally(), mark, meters)
    sums = dict.fromkeys(("first", "last", "orders", "claims", "open_claims"), 0)
    said = {"since_ms": 0, "until_ms": 0, "differs": any(line.differs for line in lines), "by": "hand"}
    close = {"date": "2025-11-26", "number": 2, **sums, "money": {}, **said}
    return {**close, "lines": msgspec.to_builtins(lines)}


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ({}, 0),
        ({"sheets": None}, exits.UNCOUNTED),
        ({"sheets": 101}, exits.WRONG),
        ({"sheets": None, "coins_in": 11}, exits.WRONG),
        (dict.fromkeys(("coins_in", "coins_out", "sheets", "retracts"), None), exits.UNCOUNTED),
    ],
)
def test_what_was_not_counted_is_neither_agreement_nor_difference(now: dict[str, Any], code: int) -> None:
    assert close_code(closed(**now), SETTINGS) == code


def test_what_is_counted_for_the_first_time_agrees_with_nothing_yet() -> None:
    lines = compare(Tally(), None, {what: Meter(what, count) for what, count in BEFORE.items()})
    assert {line.why for line in lines} == {"first"}
    assert close_code({**closed(), "lines": msgspec.to_builtins(lines)}, SETTINGS) == exits.UNCOUNTED


class Machine:
    """A machine that has closed day 2, and whose receipt printer is not there."""

    def __init__(self, close: dict[str, Any], slip: str) -> None:
        self.close, self.slip, self.refused = close, slip, ""
        self.asked: list[dict[str, Any]] = []
        self.told: dict[str, Any] = {}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        match request["do"]:
            case "close-day":
                return {"begun": not self.refused, "why": self.refused, "number": 2}
            case "day":
                return {"close": self.close if request["number"] in (0, 2) else None}
            case "print-day":
                return {"begun": True}
            case _:
                return {"closing": "closed", "close": self.close, "slip": self.slip, **self.told}

    def words(self, word: str) -> list[dict[str, Any]]:
        return [asked for asked in self.asked if asked["do"] == word]


def said_by(machine: Machine, *words: str) -> tuple[int, str, str]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as place:
        run = machine_folder(Path(place))
        (run / "sock").mkdir()
        server = Server(run / "sock" / SOCKET, machine.answer)
        server.start()
        done = CliRunner().invoke(commands, ["ledger", *words, "--run", str(run)])
        server.stop()
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("now", "code"), [({}, exits.MISSING), ({"sheets": None}, exits.UNCOUNTED), ({"sheets": 101}, 1)]
)
def test_a_slip_that_does_not_come_out_hides_nothing_and_is_printed_again_by_its_number(
    now: dict[str, Any], code: int
) -> None:
    machine = Machine(closed(**now), "failed")
    ended, _, said = said_by(machine, "close-day", "--print", "--lang", "en")
    assert ended == code
    assert "close 2 is in the ledger; its slip did not come out;" in said
    assert said.rstrip().endswith("print it again: kiosk ledger day 2 --print.")
    machine.slip = "printed"
    ended, shown, said = said_by(machine, "day", "2", "--print", "--lang", "en")
    assert (ended, said) == (0, "")
    assert "Close number  2" in shown
    assert [(asked["number"], asked["lang"]) for asked in machine.words("print-day")] == [(2, "en")] * 2
    assert len(machine.words("close-day")) == 1


def test_a_closed_day_is_shown_again_and_one_that_is_not_there_is_told() -> None:
    machine = Machine(closed(), "none")
    ended, shown, _ = said_by(machine, "day", "--lang", "en")
    assert (ended, "Close number  2" in shown) == (0, True)
    ended, shown, said = said_by(machine, "day", "9")
    assert (ended, shown) == (exits.WRONG, "")
    assert "the ledger has no close 9; `kiosk ledger state` says which was the last." in said
    assert machine.words("print-day") == machine.words("close-day") == []


def test_who_closes_a_closed_day_is_told_its_number() -> None:
    machine = Machine(closed(), "none")
    machine.refused = "closed"
    ended, shown, said = said_by(machine, "close-day")
    assert (ended, shown) == (exits.WRONG, "")
    assert "nothing was booked since close 2 of today" in said
    assert "`kiosk ledger day 2` shows it" in said


def test_settings_that_do_not_load_close_no_day(tmp_path: Path) -> None:
    run = machine_folder(tmp_path)
    (run / "kiosk.toml").write_text("what?")
    done = CliRunner().invoke(commands, ["ledger", "close-day", "--run", str(run)])
    assert (done.exit_code, "not valid TOML" in done.stderr) == (exits.USAGE, True)


def test_how_the_ledger_stands_says_when_the_last_day_was_closed() -> None:
    state: dict[str, Any] = {"seq": 10, "outbox": 0, "segments": 2, "dropped": 1, "open_rows": 4, "day": 7}
    state |= {"copy-age-s": 60, "copied_seq": 9, "copy_trouble": "", "copy_held_ms": 0.0, "room-mb": 9}
    state |= {"room-low": 0, "day_ms": 1_764_039_600_000}
    machine = Machine(closed(), "none")
    machine.told = state
    _, shown, _ = said_by(machine, "state")
    assert "last close     number 7, 2025-11-25 12:00; `kiosk ledger day` shows it" in shown
    assert "0.0 ms" not in shown
    assert "2 closed, 1 of them let go of when they were old; 4 rows since the last one" in shown
