"""What the tests read of a machine's journal is what is on the disk, although it is not copied each time."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.rig.scene import SETTLED_NS, Scene

LONG_AGO_NS = time.time_ns() - 9 * SETTLED_NS
# A write that is younger than whoever looks at it, however long they took.
JUST_NOW_NS = time.time_ns() + 3_600 * 10**9


class Disk:
    """A journal that a core holds open: rows are in the WAL alone, each written at the time that is given."""

    def __init__(self, run: Path) -> None:
        self.run, self.copies = run, 0
        (run / "ledger").mkdir()
        self.file, self.wal = run / "ledger" / "ledger.db", run / "ledger" / "ledger.db-wal"
        self._core = sqlite3.connect(self.file)
        self._core.execute("PRAGMA journal_mode=WAL")
        self._core.execute("CREATE TABLE journal (seq INTEGER, mono_ms INTEGER, kind TEXT, body TEXT)")
        self._core.commit()
        self._core.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._core.execute("PRAGMA wal_autocheckpoint=0")
        os.utime(self.file, ns=(LONG_AGO_NS, LONG_AGO_NS))

    def write(self, kind: str, at_ns: int) -> None:
        before = self.file.stat().st_mtime_ns
        with self._core as db:
            db.execute("INSERT INTO journal VALUES (1, 1, ?, '{}')", (kind,))
        assert self.file.stat().st_mtime_ns == before, "the row is in the ledger itself"
        os.utime(self.wal, ns=(at_ns, at_ns))

    def fold(self, at_ns: int) -> None:
        """What is in the WAL goes into the file; the next row is written over it."""
        self._core.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        for file in (self.file, self.wal):
            os.utime(file, ns=(at_ns, at_ns))

    def end(self) -> None:
        """In order: the WAL is folded into the file, and gone."""
        self._core.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path)
    yield disk
    disk.end()


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
    disk.write("first", LONG_AGO_NS)
    assert [kinds(scene), kinds(scene), kinds(scene)] == [["first"]] * 3
    assert disk.copies == 1


def test_a_row_that_was_written_since_is_there(disk: Disk, scene: Scene) -> None:
    disk.write("first", LONG_AGO_NS)
    kinds(scene)
    disk.write("second", LONG_AGO_NS + SETTLED_NS)
    assert kinds(scene) == ["first", "second"]


def test_a_row_with_the_same_time_and_size_as_the_one_before_it_is_there(disk: Disk, scene: Scene) -> None:
    """Two writes within a tick of the kernel's clock, the second one over what was folded into the ledger before."""
    disk.write("first", JUST_NOW_NS)
    disk.fold(JUST_NOW_NS)
    assert kinds(scene) == ["first"]
    size = disk.wal.stat().st_size
    disk.write("second", JUST_NOW_NS)
    assert disk.wal.stat().st_size == size
    assert kinds(scene) == ["first", "second"]


def test_no_row_is_missing_when_core_ends_between_the_copies_of_its_files(
    disk: Disk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.write("first", LONG_AGO_NS)
    disk.fold(LONG_AGO_NS)
    disk.write("second", LONG_AGO_NS)
    copy = shutil.copy

    def copied_late(source: Path, place: Path) -> object:
        if source == disk.wal:
            disk.end()
        return copy(source, place)

    monkeypatch.setattr(shutil, "copy", copied_late)
    assert kinds(scene) == ["first", "second"]


def test_a_ledger_that_core_has_not_made_yet_is_waited_for(
    disk: Disk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.write("first", LONG_AGO_NS)
    away = disk.file.rename(disk.file.with_name("not-yet"))
    copied = scene._copied

    def made_meanwhile(place: Path) -> bool:
        if done := copied(place):
            return done
        away.rename(disk.file)
        return False

    monkeypatch.setattr(scene, "_copied", made_meanwhile)
    with scene.ledger_copy() as copy, sqlite3.connect(copy) as db:
        assert db.execute("SELECT kind FROM journal").fetchall() == [("first",)]
