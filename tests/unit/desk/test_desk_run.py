"""A desk's run directory is gone at its end; what a killed process left is known by its lock, and nothing else goes."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.console import output_folder
from kiosk.desk import desk_run

HOLDING = (
    "import signal, sys; from pathlib import Path; from kiosk.desk import desk_run\n"
    "desk_run.temporary = lambda: Path(sys.argv[1])\n"
    "with desk_run.run_directory() as run: (run / 'big').mkdir(); print(run, flush=True); signal.pause()"
)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own, however long its path."""
    monkeypatch.setattr(desk_run, "temporary", lambda: tmp_path)
    return tmp_path


def left_by_a_killed_one(temporary: Path) -> Path:
    process = subprocess.Popen([sys.executable, "-c", HOLDING, str(temporary)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    run = Path(process.stdout.readline().decode().strip())
    desk_run.clear_dead(temporary)
    assert run.exists(), "its process lives"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return run


def fill_one_and(error: type[BaseException]) -> None:
    with desk_run.run_directory() as run:
        (run / "log").mkdir()
        (run / "log" / "core.log").write_text("words")
        raise error


def test_it_is_gone_at_the_end_whatever_the_end_was(temporary: Path) -> None:
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error):
            fill_one_and(error)
    with desk_run.run_directory() as run:
        assert run.stat().st_mode & 0o077 == 0
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_goes_and_a_living_ones_stays(temporary: Path) -> None:
    left = left_by_a_killed_one(temporary)
    assert left.exists()
    with desk_run.run_directory() as mine:
        assert not left.exists()
        with desk_run.run_directory() as another:
            assert mine.exists()
            assert another != mine


def test_what_is_not_surely_a_dead_ones_stays(temporary: Path) -> None:
    there = temporary / "elsewhere"
    (there / "kept").mkdir(parents=True)
    (there / output_folder.DESK_LOCK).write_text("")
    (temporary / f"{desk_run.PREFIX}link").symlink_to(there)
    (temporary / f"{desk_run.PREFIX}without-a-lock").mkdir()
    (temporary / f"{desk_run.PREFIX}a-file").write_text("my own")
    linked = temporary / f"{desk_run.PREFIX}lock-is-a-link"
    linked.mkdir()
    (linked / output_folder.DESK_LOCK).symlink_to(there / output_folder.DESK_LOCK)
    before = sorted(temporary.rglob("*"))
    desk_run.clear_dead(temporary)
    assert sorted(temporary.rglob("*")) == before


def test_a_folder_whose_path_is_too_long_for_a_socket_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/var/folders/" + "long" * 20)
    assert desk_run.temporary() == Path("/tmp")
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/var/tmp")
    assert desk_run.temporary() == Path("/var/tmp")
