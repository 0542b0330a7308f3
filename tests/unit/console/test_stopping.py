"""A stop that was asked for is not lost, wherever the signal came, and nobody who clears up is disturbed by it."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.console import stopping
from kiosk.console.stopping import Stopped, held, stop_behind, stoppable, undisturbed

TOLD_S = 20.0


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_AGAIN_S", 0.01)


def struck(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


def waits() -> None:
    """What goes on for a long time, if nothing comes."""
    threading.Event().wait(TOLD_S)


class Falls:
    """Is struck while it is taken away."""

    def __del__(self) -> None:
        struck()


def in_a_destructor() -> None:
    Falls()
    gc.collect()


def in_what_swallows_all() -> None:
    with contextlib.suppress(BaseException):
        struck()


def in_an_import(folder: Path) -> None:
    (folder / "struck_here.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nwhole = True\n"
    )
    import struck_here  # type: ignore[import-not-found]

    assert struck_here.whole, "the import came to its end"


def stopped_by(*acts: Callable[[], None]) -> int:
    """The signal that ends them, one after the other."""

    def do() -> None:
        for act in acts:
            act()

    with pytest.raises(Stopped) as caught, stoppable():
        do()
    return caught.value.number


@pytest.mark.parametrize("where", [in_a_destructor, in_what_swallows_all])
def test_one_that_was_lost_comes_again(where: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    assert stopped_by(where, waits) == signal.SIGTERM
    assert capsys.readouterr().err == ""


def test_one_that_comes_in_an_import_waits_for_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert stopped_by(lambda: in_an_import(tmp_path), waits) == signal.SIGTERM
    assert sys.modules.pop("struck_here").whole


def test_one_that_comes_while_a_library_works_is_told_behind_it() -> None:
    done = []

    def work() -> None:
        with held():
            struck()
            done.append("all of it")

    assert stopped_by(work) == signal.SIGTERM
    assert done == ["all of it"]


def test_a_second_one_does_not_wait_for_a_library() -> None:
    def work() -> None:
        with held():
            struck(signal.SIGHUP)
            struck(signal.SIGTERM)
            pytest.fail("it was not told")

    assert stopped_by(work) == signal.SIGHUP


def test_what_a_library_says_of_a_stop_in_the_middle_of_it_is_that_stop() -> None:
    def work() -> None:
        with held():
            struck()
            raise TypeError("incompatible arguments")

    assert stopped_by(work) == signal.SIGTERM
    torn = TypeError("incompatible arguments")
    torn.__cause__ = Stopped(signal.SIGINT)
    assert stop_behind(torn) is torn.__cause__
    assert stop_behind(TypeError("of itself")) is None


def test_nobody_who_clears_up_is_disturbed_again() -> None:
    cleared = []
    with stoppable():
        in_what_swallows_all()
        with undisturbed():
            threading.Event().wait(0.1)  # as long as ten more would take
            cleared.append("all of it")
        threading.Event().wait(0.1)
    assert cleared == ["all of it"]


def test_what_is_on_its_way_is_not_raised_again() -> None:
    cleared = []

    def work() -> None:
        try:
            struck()
        finally:
            threading.Event().wait(0.1)
            cleared.append("all of it")

    assert stopped_by(work) == signal.SIGTERM
    assert cleared == ["all of it"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("kiosk reconcile --out {place}", 3),
        ("kiosk --help", 0),
        ("central --help", 0),
        ("central nothing", 2),
    ],
)
def test_a_closed_stream_leads_nowhere_and_the_exit_code_stays(
    tmp_path: Path, words: str, code: int, closed: str
) -> None:
    program, _, rest = words.format(place=tmp_path).partition(" ")
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m {program} {rest} {closed}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == (1 if code and "2>" not in closed else 0)


STRUCK_EARLY = """
import os, signal, sys
from kiosk.console import heed
heed.begin()
for _ in range({times}):
    os.kill(os.getpid(), signal.SIGTERM)
sys.argv = ["kiosk", {word!r}]
from kiosk.cli import app
app()
"""


@pytest.mark.parametrize("word", ["courier", "--help"], ids=["a program", "a command"])
def test_one_that_came_before_the_imports_is_told_behind_them(word: str) -> None:
    code = STRUCK_EARLY.format(times=1, word=word)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "")
    assert done.stderr == "kiosk: stopped (SIGTERM)\n"


def test_a_second_one_before_that_ends_it_at_once() -> None:
    code = STRUCK_EARLY.format(times=2, word="--help")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGTERM, "", "")
