"""A fault of the world ends a command in a sentence; a mistake of ours leaves its traceback; results are never lost."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from kiosk.endings import Stopped, endings, existing_folder, naming
from kiosk.protocol import exits
from kiosk.protocol.exits import FAULTS, MISSING, fault_of
from kiosk.protocol.fault import RefusalError


def store_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return error


def ended(act: Callable[[], object], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(typer.Exit) as caught, endings("kiosk"):
        act()
    return caught.value.exit_code, capsys.readouterr().err


def raising(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
def test_each_fault_of_the_operating_system_is_one_sentence_with_a_remedy(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    fault = FAULTS[number]
    code, said = ended(raising(OSError(number, os.strerror(number), "/srv/place")), capsys)
    assert said == f"kiosk: /srv/place {fault.cause}; {fault.mend}\n"
    assert code == fault.code in (exits.USAGE, exits.MISSING)


@pytest.mark.parametrize("code", [13, 10 | 19 << 8, 14, 8, 5, 11], ids=str)
def test_a_fault_of_a_database_is_told_also_through_sqlalchemy(
    code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = ended(raising(store_error(code)), capsys)
    wrapped = ended(raising(OperationalError("SELECT 1", {}, store_error(code))), capsys)
    assert plain == wrapped
    assert plain[0] == MISSING


@pytest.mark.parametrize(
    "mistake",
    [
        KeyError("x"),
        AssertionError(),
        TypeError("x"),
        ValueError("x"),
        OSError(errno.EBADF, "Bad file descriptor"),
        OSError(errno.EINVAL, "Invalid argument"),
        store_error(1),  # SQLITE_ERROR: a statement that is wrong
        store_error(19),  # SQLITE_CONSTRAINT
        OperationalError("SELECT x", {}, store_error(1)),
        sqlite3.ProgrammingError("closed"),
    ],
    ids=lambda error: (
        f"{type(error).__name__}-{getattr(error, 'sqlite_errorcode', '') or getattr(error, 'errno', '')}"
    ),
)
def test_a_mistake_of_ours_leaves_its_traceback(mistake: Exception) -> None:
    with pytest.raises(type(mistake)) as caught, endings("kiosk"):
        raise mistake
    assert caught.value is mistake
    assert fault_of(mistake) is None


def test_who_wants_to_see_where_a_fault_was_met_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(exits.TRACEBACK_VARIABLE, "1")
    with pytest.raises(FileNotFoundError), endings("kiosk"):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "/srv/place")


def test_a_refusal_keeps_its_own_words_unless_its_cause_is_that_somebody_has_no_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refused(number: int) -> Callable[[], object]:
        def act() -> object:
            cause = OSError(number, os.strerror(number), "/srv/key")
            raise RefusalError("/srv/key cannot be read; make it first") from cause

        return act

    assert ended(refused(errno.ENOENT), capsys) == (2, "kiosk: /srv/key cannot be read; make it first\n")
    code, said = ended(refused(errno.EACCES), capsys)
    assert (code, "not yours to use" in said) == (3, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_clears_up_like_ctrl_c_and_a_second_one_disturbs_nobody_who_does(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    cleared: list[str] = []

    def act() -> object:
        try:
            os.kill(os.getpid(), number)
            pytest.fail("nothing happened")
        finally:
            os.kill(os.getpid(), number)
            cleared.append("all of it")
        return None

    before = signal.getsignal(number)
    code, said = ended(act, capsys)
    assert (code, said.count("\n"), cleared) == (128 + number, 1, ["all of it"])
    assert signal.getsignal(number) is before


def test_ctrl_c_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(raising(KeyboardInterrupt()), capsys) == (130, "kiosk: stopped (Ctrl-C)\n")
    assert issubclass(Stopped, KeyboardInterrupt)


@pytest.fixture
def deaf() -> Iterator[None]:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("deaf")
def test_under_nohup_a_closed_terminal_ends_nothing() -> None:
    with endings("kiosk"):
        os.kill(os.getpid(), signal.SIGHUP)


def test_a_write_without_a_name_gets_that_of_its_place() -> None:
    with pytest.raises(OSError, match="/srv/out") as caught, naming(Path("/srv/out")):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == "/srv/out"


def test_a_folder_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    assert existing_folder(None) is None
    assert existing_folder(tmp_path) == tmp_path
    with pytest.raises(FileNotFoundError):
        existing_folder(tmp_path / "gone")
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        existing_folder(tmp_path / "file")


def test_wrong_words_are_a_sentence_that_says_where_the_right_ones_stand() -> None:
    from kiosk.apps.commands import commands

    done = CliRunner().invoke(commands, ["ledger", "close-day", "--land", "ko"])
    assert done.exit_code == 2
    assert "--help` says what there is" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_is_still_help() -> None:
    from kiosk.apps.commands import commands

    done = CliRunner().invoke(commands, ["ledger"])
    assert "close-day" in done.output
    assert "kiosk:" not in done.output


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = f"{sys.executable} -m kiosk.cli catalogue list | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=50)
    assert done.stderr == ""
