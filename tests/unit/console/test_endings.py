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

from kiosk.console.endings import endings
from kiosk.console.named import existing_file, existing_folder, naming, writing
from kiosk.console.stopping import Stopped
from kiosk.protocol import exits
from kiosk.protocol.exits import FAULTS, MISSING, fault_of
from kiosk.protocol.fault import EnvironmentFault, RefusalError


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


def refused_over(number: int) -> RefusalError:
    refused = RefusalError("/srv/key cannot be read; make it first")
    refused.__cause__ = OSError(number, os.strerror(number), "/srv/key")
    return refused


ONE_OF_EACH_BRANCH = [
    KeyboardInterrupt(),
    Stopped(signal.SIGTERM),
    typer.BadParameter("there is no such word"),
    RefusalError("there is no such place; name another"),
    refused_over(errno.EACCES),
    EnvironmentFault("the tray is empty; fill it"),
    FileNotFoundError(errno.ENOENT, "No such file or directory", "/srv/place"),
    store_error(13),
    OperationalError("SELECT 1", {}, store_error(5)),
]


@pytest.mark.parametrize("fault", ONE_OF_EACH_BRANCH, ids=repr)
def test_who_asks_where_a_fault_was_met_sees_it_above_the_usual_end(
    fault: BaseException, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, sentence = ended(raising(fault), capsys)
    assert sentence.count("\n") == 1
    monkeypatch.setenv(exits.TRACEBACK_VARIABLE, "1")
    again, said = ended(raising(fault), capsys)
    assert again == code
    assert "Traceback (most recent call last):\n" in said
    assert "in act\n" in said
    assert said.endswith(f"\n{sentence}")


BROKEN = """
import threading
from kiosk.commands.commands import commands
from central.cli import app
{happens}
def forgets():
    {mistake}
def on_a_thread():
    other = threading.Thread(target=forgets)
    other.start()
    other.join()
    print("all is well")
for program, group in (("kiosk", commands), ("central", app)):
    group.command("break", rich_help_panel=program == "kiosk" and "Documents" or "The server")({which})
{{"kiosk": commands, "central": app}}[{program!r}](["break"])
"""


def broken(
    program: str, which: str, mistake: str = "1 / 0", happens: str = ""
) -> subprocess.CompletedProcess[str]:
    """A real process, in which a command of ours makes a mistake."""
    code = BROKEN.format(program=program, which=which, mistake=mistake, happens=happens)
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=50, env=buffered
    )


@pytest.mark.parametrize("which", ["forgets", "on_a_thread"])
@pytest.mark.parametrize("program", ["kiosk", "central"])
def test_a_command_that_breaks_ends_with_a_code_that_is_no_answer(program: str, which: str) -> None:
    done = broken(program, which)
    assert done.returncode == exits.MISTAKE == 70, done.stderr
    assert done.stderr.count("Traceback (most recent call last):") == 1
    assert "in forgets" in done.stderr
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        ("raise BrokenPipeError(32, 'Broken pipe')", "BrokenPipeError: [Errno 32] Broken pipe"),
        ("raise OSError(9, 'Bad file descriptor')", "OSError: [Errno 9] Bad file descriptor"),
    ],
    ids=["a pipe that is not its output", "a descriptor"],
)
def test_an_error_of_the_operating_system_that_is_a_mistake_of_ours_is_one(mistake: str, says: str) -> None:
    done = broken("kiosk", "forgets", mistake)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (exits.MISTAKE, says)


@pytest.mark.parametrize(
    ("mistake", "code"), [("1 / 0", exits.MISTAKE), ("open('/gone')", exits.USAGE)], ids=["mistake", "fault"]
)
def test_an_end_that_can_not_be_told_either_still_has_its_code(mistake: str, code: int) -> None:
    happens = "import os; full = os.open('/dev/full', os.O_WRONLY); os.dup2(full, 1); os.dup2(full, 2)"
    done = broken("kiosk", "forgets", f"print('half of it'); {mistake}", happens)
    assert (done.returncode, done.stderr) == (code, "")


def test_an_answer_on_a_thread_that_ends_itself_is_no_mistake() -> None:
    done = broken("kiosk", "on_a_thread", "raise SystemExit(0)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "all is well\n", "")


def test_a_refusal_keeps_its_own_words_unless_its_cause_is_that_somebody_has_no_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    usual = "kiosk: /srv/key cannot be read; make it first\n"
    assert ended(raising(refused_over(errno.ENOENT)), capsys) == (2, usual)
    code, said = ended(raising(refused_over(errno.EACCES)), capsys)
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
    went_on = False
    with endings("kiosk"):
        os.kill(os.getpid(), signal.SIGHUP)
        went_on = True
    assert went_on


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
    with pytest.raises(RefusalError, match="file is a file; name a folder"):
        existing_folder(tmp_path / "file")


def test_wrong_words_are_a_sentence_that_says_where_the_right_ones_stand() -> None:
    from kiosk.commands.commands import commands

    done = CliRunner().invoke(commands, ["ledger", "close-day", "--land", "ko"])
    assert done.exit_code == 2
    assert "--help` says what there is" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_is_still_help() -> None:
    from kiosk.commands.commands import commands

    done = CliRunner().invoke(commands, ["ledger"])
    assert "close-day" in done.output
    assert "kiosk:" not in done.output


@pytest.mark.parametrize("buffered", [True, False], ids=["told at the end", "told line by line"])
def test_a_reader_that_goes_away_is_no_fault_and_no_answer(buffered: bool) -> None:
    # `true` reads nothing, and is gone long before the command has loaded what it needs.
    python = f"env -u PYTHONUNBUFFERED {sys.executable}" if buffered else f"{sys.executable} -u"
    command = f"{python} -m kiosk.cli catalogue list --json | true"
    done = subprocess.run(
        ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert (done.returncode, done.stderr) == (exits.SIGNALLED + signal.SIGPIPE, "")


def test_a_result_that_finds_no_room_is_no_result() -> None:
    happens = "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 1)"
    done = broken("kiosk", "forgets", "print('all is well')", happens)
    assert (done.returncode, done.stderr.count("\n")) == (exits.MISSING, 1)
    assert "the output has no room left" in done.stderr


def test_a_file_that_is_made_names_the_folder_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "gone" / "page.pdf"
    with pytest.raises(FileNotFoundError) as caught, writing(file):
        file.write_bytes(b"")
    assert caught.value.filename == str(tmp_path / "gone")
    link = tmp_path / "link.pdf"
    link.symlink_to(tmp_path / "gone" / "page.pdf")
    with pytest.raises(FileNotFoundError) as caught, writing(link):
        link.write_bytes(b"")
    assert caught.value.filename == str(link)


def test_a_file_that_is_named_has_to_be_there_and_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert existing_file(None) is None
    assert existing_file(tmp_path / "pipe") == tmp_path / "pipe"
    with pytest.raises(FileNotFoundError):
        existing_file(tmp_path / "gone")
    with pytest.raises(IsADirectoryError, match=tmp_path.name):
        existing_file(tmp_path)
