"""A folder of somebody else stays as it is; of ours only what we made is taken away; two at once there can't be."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.console.output_folder import MARK, OutputError, OutputFolder, holder
from kiosk.protocol import exits

MAKER = "kiosk demo"
FILLING = (
    "import signal, sys; from pathlib import Path; from kiosk.console.output_folder import OutputFolder\n"
    "out = OutputFolder.take(Path(sys.argv[1]), 'kiosk demo'); out.file('a/mine').write_text('half')\n"
    "print('taken', flush=True); signal.pause()"
)


def tree(folder: Path) -> dict[str, str]:
    """Every name below it with what it is and holds."""
    return {str(one.relative_to(folder)): _what(one) for one in folder.rglob("*")}


def _what(one: Path) -> str:
    if one.is_symlink():
        return f"-> {one.readlink()}"
    return "folder" if one.is_dir() else one.read_text() if one.is_file() else "something else"


def refusal(path: Path, maker: str = MAKER) -> OutputError:
    with pytest.raises(OutputError) as told:
        OutputFolder.take(path, maker)
    assert "\n" not in str(told.value)
    assert "--out" in str(told.value)
    return told.value


def fill(path: Path, *names: str, maker: str = MAKER) -> None:
    with OutputFolder.take(path, maker) as out:
        for name in names:
            out.file(name).write_text("made")


def test_a_new_folder_is_ours_and_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("new/below", "empty"):
        fill(tmp_path / name, "screens/01.png")
        assert tree(tmp_path / name)["screens/01.png"] == "made"


@pytest.mark.parametrize("name", ["log/mine.txt", "books/ledger.db", ".hidden", "summary.json"])
def test_a_folder_with_something_in_it_is_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("my own")
    before = tree(tmp_path)
    assert refusal(tmp_path).exit_code == exits.USAGE
    assert tree(tmp_path) == before


def test_what_was_made_before_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    fill(tmp_path, "screens/01.png", "log/core.log", "summary.json")
    (tmp_path / "screens" / "my-notes.txt").write_text("my own")
    (tmp_path / "mine").mkdir()
    fill(tmp_path, "screens/02.png")
    left = tree(tmp_path)
    del left[MARK]
    assert left == {
        "screens": "folder",
        "screens/my-notes.txt": "my own",
        "screens/02.png": "made",
        "mine": "folder",
    }


def test_what_is_kept_is_still_ours_the_next_time(tmp_path: Path) -> None:
    fill(tmp_path, "a.pdf", "b.pdf")
    with OutputFolder.take(tmp_path, MAKER, keep=True) as out:
        out.file("a.pdf").write_text("again")
    assert (tmp_path / "a.pdf").read_text() == "again"
    assert (tmp_path / "b.pdf").read_text() == "made"
    fill(tmp_path)
    assert set(tree(tmp_path)) == {MARK}


class FullDisk:
    """On which one write to a mark fails, or is cut short: the `fails_at`th from 0."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fails_at: int, *, short: bool) -> None:
        self.writes, self._fails_at, self._short = 0, fails_at, short
        self._write, self._pwrite = os.write, os.pwrite
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(os, "pwrite", self.pwrite)

    def write(self, descriptor: int, what: bytes) -> int:
        return self._write(descriptor, self._fitting(descriptor, what))

    def pwrite(self, descriptor: int, what: bytes, at: int) -> int:
        return self._pwrite(descriptor, self._fitting(descriptor, what), at)

    def _fitting(self, descriptor: int, what: bytes) -> bytes:
        if Path(os.readlink(f"/proc/self/fd/{descriptor}")).name != MARK:
            return what
        self.writes += 1
        if self.writes - 1 != self._fails_at:
            return what
        if self._short:
            return what[: len(what) // 2]
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("short", [False, True], ids=["no-room", "half-a-write"])
@pytest.mark.parametrize("keep", [False, True], ids=["anew", "kept"])
def test_on_a_full_disk_nothing_that_is_ours_is_forgotten(
    keep: bool, short: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = 0
    while True:
        out = tmp_path / str(failed)
        fill(out, "a.pdf", "b/c.pdf")
        before = tree(out)
        with monkeypatch.context() as patched:
            disk = FullDisk(patched, failed, short=short)
            with contextlib.suppress(OutputError):
                OutputFolder.take(out, MAKER, keep=keep).close()
                assert disk.writes <= failed, "nobody was told of it"
                break
        if keep or not failed:
            assert tree(out) == before, "something was touched"
        assert holder(out) is None
        fill(out)
        assert set(tree(out)) == {MARK}, "something was forgotten"
        failed += 1
    assert failed == (1 if keep else 2)


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.pdf")
    FullDisk(monkeypatch, 0, short=False)
    told = refusal(tmp_path)
    assert "has no room left" in str(told)
    assert told.exit_code == exits.MISSING


def test_half_a_line_spoils_no_mark_that_is_kept(tmp_path: Path) -> None:
    fill(tmp_path, "a.pdf")
    with (tmp_path / MARK).open("a") as mark:
        mark.write('"half-a-li')
    OutputFolder.take(tmp_path, MAKER, keep=True).close()
    fill(tmp_path)
    assert set(tree(tmp_path)) == {MARK}


def test_a_mark_does_not_grow_with_each_time_that_a_folder_is_filled(tmp_path: Path) -> None:
    sizes = set()
    for _ in range(3):
        fill(tmp_path, *(f"{number}.png" for number in range(20)))
        sizes.add((tmp_path / MARK).stat().st_size)
    assert len(sizes) == 1


def test_a_file_of_somebody_else_under_a_name_of_ours_is_not_written_over(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "summary.json").write_text("my own")
    with OutputFolder.take(tmp_path, MAKER) as out, pytest.raises(OutputError, match="is not ours"):
        out.file("summary.json")
    assert (tmp_path / "summary.json").read_text() == "my own"


def test_what_another_command_made_is_not_ours(tmp_path: Path) -> None:
    fill(tmp_path, "ko/pay.png", maker="kiosk screens")
    before = tree(tmp_path)
    assert "was made by kiosk screens" in str(refusal(tmp_path))
    assert tree(tmp_path) == before


def test_a_link_a_file_and_a_dead_link_are_refused(tmp_path: Path) -> None:
    fill(tmp_path / "there", "kept.txt")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_text("my own")
    before = tree(tmp_path)
    assert "is a link to" in str(refusal(tmp_path / "link"))
    assert "is a link to" in str(refusal(tmp_path / "dead"))
    assert "is a file" in str(refusal(tmp_path / "file"))
    # Asked again, these end the same.
    assert refusal(tmp_path / "file" / "below").exit_code == exits.USAGE
    assert refusal(tmp_path / ("long" * 100)).exit_code == exits.USAGE
    assert tree(tmp_path) == before


def test_nothing_is_taken_away_or_written_through_a_link(tmp_path: Path) -> None:
    fill(tmp_path / "out", "screens/01.png", "a.txt")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "01.png").write_text("my own")
    (tmp_path / "out" / "screens" / "01.png").unlink()
    (tmp_path / "out" / "screens").rmdir()
    (tmp_path / "out" / "screens").symlink_to(mine)
    with OutputFolder.take(tmp_path / "out", MAKER) as out:
        with pytest.raises(OutputError, match="in the way"):
            out.file("screens/02.png")
        (tmp_path / "out" / "a.txt").symlink_to(mine / "01.png")
        with pytest.raises(OutputError, match="is not ours"):
            out.file("a.txt")
    assert tree(mine) == {"01.png": "my own"}


def test_a_file_of_ours_that_became_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    fill(tmp_path / "out", "a.pdf")
    (tmp_path / "mine").write_text("my own")
    (tmp_path / "out" / "a.pdf").unlink()
    (tmp_path / "out" / "a.pdf").symlink_to(tmp_path / "mine")
    with OutputFolder.take(tmp_path / "out", MAKER, keep=True) as out:
        out.file("a.pdf").write_text("again")
    assert (tmp_path / "mine").read_text() == "my own"


@pytest.mark.parametrize(
    "mark",
    [
        '{"kind": "something else"}\n',
        "not JSON\n",
        "[" * 100_000 + "\n",
        '{"kind": "an output folder of Changgu", "made_by": "kiosk demo"}\n"../mine"\n',
        '{"kind": "an output folder of Changgu", "made_by": "kiosk demo"}\n"/etc/passwd"\n',
        '{"kind": "an output folder of Changgu", "made_by": "kiosk demo"}\n[1]\n',
    ],
)
def test_a_mark_that_we_did_not_write_is_no_mark(tmp_path: Path, mark: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "mine").write_text("my own")
    (tmp_path / "out" / MARK).write_text(mark)
    before = tree(tmp_path)
    assert "not a mark of ours" in str(refusal(tmp_path / "out"))
    assert tree(tmp_path) == before


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda mark: os.symlink("/etc/hostname", mark)])
def test_what_is_no_file_is_no_mark(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / MARK)
    assert refusal(tmp_path).exit_code == exits.USAGE  # asked again, it ends the same


def test_where_one_has_no_right_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_right(*_arguments: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", no_right)
    told = refusal(tmp_path / "new")
    assert "can't be written (Permission denied)" in str(told)
    assert told.exit_code == exits.MISSING


def test_a_name_is_known_before_its_file_is_there(tmp_path: Path) -> None:
    """Where a process was killed between the two, or in the middle of the line, the folder can be used again."""
    with OutputFolder.take(tmp_path, MAKER) as out:
        out.file("never-written")
    with (tmp_path / MARK).open("a") as mark:
        mark.write('"half-a-li')
    fill(tmp_path, "again")
    assert set(tree(tmp_path)) == {MARK, "again"}


def test_a_second_one_is_refused_with_the_first_ones_number_and_a_dead_one_is_in_nobodys_way(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    assert holder(out) is None
    first = subprocess.Popen([sys.executable, "-c", FILLING, str(out)], stdout=subprocess.PIPE)
    assert first.stdout is not None
    assert first.stdout.readline() == b"taken\n"
    before = tree(out)
    told = refusal(out)
    assert told.exit_code == exits.MISSING
    assert f"process {first.pid};" in str(told)
    assert holder(out) == first.pid
    assert tree(out) == before
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close()
    assert holder(out) is None
    fill(out, "b")
    assert set(tree(out)) == {MARK, "b"}


def test_a_link_of_ours_is_taken_away_and_not_what_it_leads_to(tmp_path: Path) -> None:
    there = tmp_path / "there"
    fill(there, "kept")
    with OutputFolder.take(tmp_path / "out", MAKER) as out:
        out.link("machine", there)
    with OutputFolder.take(tmp_path / "out", MAKER) as out:
        assert not os.path.lexists(tmp_path / "out" / "machine")
        out.link("machine", there)
        out.remove("machine")
    assert not os.path.lexists(tmp_path / "out" / "machine")
    assert (there / "kept").exists()
