"""What the tests read of a machine's journal is what is on the disk, although it is not copied each time."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.rig.scene import SETTLED_NS, Scene


class Disk:
    """A ledger with a journal and nothing else; each row is written at the time that is given."""

    def __init__(self, run: Path) -> None:
        self.run, self.copies = run, 0
        (run / "ledger").mkdir()
        self.file = run / "ledger" / "ledger.db"
        with closing(sqlite3.connect(self.file)) as db:
            db.execute("CREATE TABLE journal (seq INTEGER, mono_ms INTEGER, kind TEXT, body TEXT)")

    def write(self, kind: str, at_ns: int) -> None:
        with closing(sqlite3.connect(self.file)) as db, db:
            db.execute("INSERT INTO journal VALUES (1, 1, ?, '{}')", (kind,))
        os.utime(self.file, ns=(at_ns, at_ns))


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


@pytest.fixture
def scene(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Scene:
    scene = Scene(cast(Any, SimpleNamespace(run=disk.run, notes=str)))
    copy = scene.ledger_copy

    def counted() -> Any:
        disk.copies += 1
        return copy()

    monkeypatch.setattr(scene, "ledger_copy", counted)
    return scene


def kinds(scene: Scene) -> list[str]:
    return [row["kind"] for row in scene.journal()]


def test_what_nobody_has_written_is_copied_once(disk: Disk, scene: Scene) -> None:
    disk.write("first", time.time_ns() - 2 * SETTLED_NS)
    assert [kinds(scene), kinds(scene), kinds(scene)] == [["first"]] * 3
    assert disk.copies == 1


def test_a_row_that_was_written_since_is_there(disk: Disk, scene: Scene) -> None:
    long_ago = time.time_ns() - 9 * SETTLED_NS
    disk.write("first", long_ago)
    kinds(scene)
    disk.write("second", long_ago + SETTLED_NS)
    assert kinds(scene) == ["first", "second"]


def test_a_row_with_the_same_time_as_the_one_before_it_is_there(disk: Disk, scene: Scene) -> None:
    """Two writes within a tick of the kernel's clock; the file is as large as before."""
    now = time.time_ns()
    disk.write("first", now)
    kinds(scene)
    disk.write("second", now)
    assert kinds(scene) == ["first", "second"]
