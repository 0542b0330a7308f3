"""One ledger on the disk that forgets: commits, a power cut at one act of the disk, and what is found afterwards."""

import random
import sqlite3
from enum import StrEnum
from pathlib import Path

from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.problems import LedgerError
from kiosk.protocol import journal
from tests.crash import vfs
from tests.crash.disk import Disk, Image

STEPS = 12
CHECKPOINT_EVERY = 5


class Found(StrEnum):
    """What the next boot meets."""

    ALL = "all that was acknowledged"
    LOST = "acknowledged commits are lost"
    CORRUPT = "the file is damaged"


class _Cut(BaseException):
    pass


class _Countdown:
    """Ends the world at act `at` (0: never), and counts."""

    def __init__(self, at: int) -> None:
        self._at, self.acts, self.over = at, 0, False

    def __call__(self, _what: str) -> None:
        self.acts += 1
        if self.over or self.acts == self._at:
            self.over = True
            raise _Cut


def open_ledger(disk: Disk) -> Ledger:
    """The product's ledger on this disk. Raises LedgerError."""
    return Ledger(Path("ledger"), lambda: Stamp("boot", 0, 0), uri=vfs.uri(vfs.mount(disk)))


def set_up() -> dict[str, bytes]:
    """The disk of a machine that was never used."""
    disk = Disk({}, lambda _what: None, random.Random(0))
    open_ledger(disk).close()
    return disk.cut(Image.NONE)


def acts_of_a_whole_run(files: dict[str, bytes]) -> int:
    """How many acts of the disk there are to cut at."""
    countdown = _Countdown(0)
    _work(Disk(files, countdown, random.Random(0)))
    return countdown.acts


def trial(files: dict[str, bytes], cut: int, image: Image, lies: float = 0.0) -> Found:
    """Work until the power fails at act `cut`; look at what is left; work on."""
    disk = Disk(files, _Countdown(cut), random.Random(cut), lies)
    acknowledged = _work(disk)
    left = disk.cut(image)
    try:
        ledger = open_ledger(Disk(left, lambda _what: None, random.Random(0)))
    except LedgerError:
        return Found.CORRUPT
    try:
        seq, _hash = ledger.head
        rows = [row.seq for row in ledger.journal()]
        whole = rows == list(range(1, seq + 1)) and not ledger.violations()
        ledger.commit((journal.Boot(),))
    except sqlite3.DatabaseError:
        return Found.CORRUPT
    finally:
        ledger._db.conn.close()
    if not whole:
        return Found.CORRUPT
    return Found.ALL if seq >= acknowledged else Found.LOST


def _work(disk: Disk) -> int:
    """Commit until the end, or the power's; how many commits were acknowledged."""
    acknowledged, ledger = 0, None
    try:
        ledger = open_ledger(disk)
        for step in range(1, STEPS + 1):
            ledger.commit((journal.Survey(step),))
            acknowledged = step
            if step % CHECKPOINT_EVERY == 0:
                ledger._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except (sqlite3.Error, LedgerError):
        assert vfs.broken, "something else than the power failed"
    disk.leave()
    if ledger is not None:
        ledger._db.conn.close()
    vfs.broken.clear()
    return acknowledged
