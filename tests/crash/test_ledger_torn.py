"""Power that fails at any act of the disk: in a migration, in the close of a day, while a segment is let go."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.days import close_day
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.migrations import SCHEMA_VERSION
from kiosk.ledger.problems import LedgerError
from kiosk.ledger.segments import close_segment, drop, segments
from kiosk.protocol.courier import JournalRow
from tests.crash import vfs
from tests.crash.disk import Disk, Image
from tests.unit.ledger.test_migrations import HEAD, OLD, TOTALS
from tests.unit.ledger.trade import MORNING_MS, Clock, open_shop, sell

NAME = "ledger.db"


class Cut(BaseException):
    """The mains are gone."""


class Countdown:
    """Ends the world at act `at` (0: never), and counts."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.acts, self.over = at, 0, False

    def __call__(self, _what: str) -> None:
        self.acts += 1
        if self.over or self.acts == self.at:
            self.over = True
            raise Cut


def opened(disk: Disk) -> Ledger:
    return Ledger(Path("nowhere"), Clock().stamp, uri=vfs.uri(vfs.mount(disk), NAME))


def struck(files: dict[str, bytes], at: int, work: Callable[[Ledger], None]) -> tuple[Disk, int]:
    """Open the ledger and work until the power fails; the disk, and how many acts there were."""
    countdown = Countdown(at)
    disk = Disk(files, countdown, random.Random(at))
    ledger = None
    try:
        ledger = opened(disk)
        work(ledger)
    except (sqlite3.Error, LedgerError):
        assert vfs.broken, "something else than the power failed"
    acts = countdown.acts
    disk.leave()
    if ledger is not None:
        ledger.db.conn.close()
    vfs.broken.clear()
    return disk, acts


def every_cut(
    files: dict[str, bytes], work: Callable[[Ledger], None], image: Image, look: Callable[[Ledger], object]
) -> set[object]:
    """What `look` finds after each cut, on whatever the disk has kept."""
    _, acts = struck(files, 0, work)
    assert acts > 15
    found = set()
    for at in range(1, acts + 1):
        disk, _ = struck(files, at, work)
        ledger = opened(Disk(disk.cut(image), lambda _what: None, random.Random(0)))
        chain = check_chain(ledger.db.conn)
        assert (chain.broken, ledger.violations()) == (0, []), f"cut at act {at} of {acts}"
        found.add(look(ledger))
        ledger.db.conn.close()
    return found


@pytest.mark.parametrize("image", list(Image))
def test_a_migration_is_done_or_not_and_loses_nothing(image: Image) -> None:
    def look(ledger: Ledger) -> tuple[object, ...]:
        assert ledger.db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        return ledger.head, tuple(ledger.totals().values()), ledger.outbox_depth()[0]

    found = every_cut({NAME: OLD.read_bytes()}, lambda _ledger: None, image, look)
    assert found == {(HEAD, tuple(TOTALS.values()), 26)}


@pytest.fixture(scope="module")
def shop() -> dict[str, bytes]:
    """A machine after a day, everything at central and in the second copy."""
    disk = Disk({}, lambda _what: None, random.Random(0))
    ledger = opened(disk)
    open_shop(ledger)
    for number in range(4):
        sell(ledger, f"01A{number}", coins=(100, 100, 500))
    close_day(ledger, "2025-11-25", MORNING_MS, {}, "hour")
    close_segment(ledger, MORNING_MS)
    ledger.acknowledge(ledger.head[0])
    ledger.note_about("copied-seq", str(ledger.head[0]))
    ledger.close()
    return disk.cut(Image.NONE)


@pytest.mark.parametrize("image", list(Image))
def test_a_segment_is_gone_as_a_whole_or_there_as_a_whole(shop: dict[str, bytes], image: Image) -> None:
    def look(ledger: Ledger) -> tuple[object, ...]:
        (segment, *_) = segments(ledger)
        rows = [row.seq for row in ledger.journal()]
        assert rows[0] == (segment.last + 1 if segment.dropped else 1)
        assert len(ledger.orders()) == (0 if segment.dropped else 4)
        return tuple(ledger.totals().values())

    found = every_cut(shop, lambda ledger: drop(ledger, segments(ledger)[0]), image, look)
    assert found == {(4, 2000, 2800, 800, 0, 0)}


@pytest.mark.parametrize("image", list(Image))
def test_a_day_is_closed_once_or_not_yet(shop: dict[str, bytes], image: Image) -> None:
    def work(ledger: Ledger) -> None:
        close_day(ledger, "2025-11-26", MORNING_MS, {}, "hour")
        close_segment(ledger, MORNING_MS)

    def look(ledger: Ledger) -> int:
        after = close_day(ledger, "2025-11-27", MORNING_MS, {}, "hour")
        closes = [row for row in ledger.journal() if row.kind == "day-closed"]
        assert [close["number"] for close in map(body_of, closes)] == list(range(1, len(closes) + 1))
        return after.orders

    assert every_cut(shop, work, image, look) == {0}


def body_of(row: JournalRow) -> dict[str, int]:
    return msgspec.json.decode(row.body, type=dict[str, Any])
