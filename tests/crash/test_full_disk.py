"""A disk that is really full: no sale is opened in time; one that is open ends right, and nothing of it is lost."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.room import BALLAST, Room
from kiosk.order.model import OrderState
from kiosk.order.saga import Move
from tests.unit.ledger.trade import Clock, Sale, open_shop

SIZE_MB = 24
ROOM_MB = 6
BALLAST_MB = 4

KINDS: dict[str, dict[str, object]] = {
    "delivered": {"coins": (100, 100, 500)},
    "two copies": {"copies": 2, "sheets": 2, "coins": (500, 500)},
    "jam": {"sheets": 3, "jam_at": 2},
    "cancelled": {"coins": (100, 100), "cancel_after": 2},
}


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of its own of SIZE_MB; skips, with the reason, where none can be mounted."""
    disk = place / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a small file system can only be mounted by root")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "tmpfs", str(disk)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False, timeout=20)
    if done.returncode:
        pytest.skip(f"a small file system can't be mounted here: {done.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True, timeout=20)


class Shop:
    """A ledger on a small disk, with its ballast."""

    def __init__(self, disk: Path) -> None:
        self.disk = disk
        self.room = Room(disk, room_mb=ROOM_MB, ballast_mb=BALLAST_MB)
        self.room.settle()
        self.ledger = Ledger(disk / "ledger.db", Clock().stamp)
        self.ledger.on_full = self._release
        open_shop(self.ledger)
        self.emergencies = 0

    def _release(self) -> bool:
        self.emergencies += 1
        return self.room.release()

    def fill(self) -> None:
        """To the last byte."""
        handle = os.open(self.disk / "filler", os.O_WRONLY | os.O_CREAT)
        with os.fdopen(handle, "wb", buffering=0) as filler:
            for piece in (1 << 20, 1 << 12, 1):
                while True:
                    try:
                        filler.write(bytes(piece))
                    except OSError:
                        break

    def make_room(self) -> None:
        (self.disk / "filler").unlink(missing_ok=True)


class Filling(Sale):
    """The disk is full from the given commit of this order on."""

    shop: Shop
    full_at: int
    commits = 0

    def apply(self, move: Move) -> None:
        if move.records:
            if self.commits == self.full_at:
                self.shop.fill()
            self.commits += 1
        super().apply(move)


def sell(shop: Shop, name: str, full_at: int, knobs: dict[str, object]) -> Filling:
    sale = Filling(**knobs)  # type: ignore[arg-type]
    sale.ledger, sale.name, sale.at_ms, sale.shop, sale.full_at = shop.ledger, name, 0, shop, full_at
    sale.serve()
    return sale


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with small_disk(tmp_path) as disk:
        made = Shop(disk)
        yield made
        made.ledger.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_order_ends_right_on_a_disk_that_is_full_from_any_of_its_steps_on(
    shop: Shop, kind: str
) -> None:
    emergencies = 0
    for full_at in range(40):
        name = f"01{full_at:03}"
        sale = sell(shop, name, full_at, KINDS[kind])
        sale.check()
        order = shop.ledger.last_order()
        assert order is not None
        assert (order.id, order.state) == (name, OrderState.CLOSED)
        assert (order.credit, order.paid) == (sale.value_in, sale.dispensed * 100)
        if sale.commits <= full_at:
            break
        assert shop.room.low(), "another order would have been opened"
        emergencies += shop.emergencies
        shop.emergencies = 0
        shop.make_room()
        shop.room.settle()
        assert not shop.room.low()
        shop.ledger.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # the next one needs room anew
    assert emergencies > 3, "the disk was never full"
    assert check_chain(shop.ledger.db.conn).broken == 0
    assert shop.ledger.violations() == []


def test_without_ballast_the_same_order_can_not_end(shop: Shop) -> None:
    """What the ballast is for: the test above would see it missing."""
    shop.room.release()
    shop.ledger.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with pytest.raises(sqlite3.OperationalError, match="full"):
        sell(shop, "01A", 1, KINDS["delivered"])
    shop.make_room()


def test_a_sale_is_refused_while_there_is_still_room_for_an_open_one(shop: Shop) -> None:
    assert not shop.room.low()
    filler = shop.disk / "filler"
    size = (shop.room.free_mb() - ROOM_MB + 1) * 1_000_000
    filler.write_bytes(bytes(size))
    assert shop.room.low()
    assert (shop.disk / BALLAST).exists()
    sell(shop, "01A", 99, KINDS["two copies"]).check()
    assert shop.emergencies == 0


def test_the_ballast_is_laid_again_only_when_selling_stays_possible(shop: Shop) -> None:
    shop.room.release()
    assert shop.room.low()
    filler = shop.disk / "filler"
    filler.write_bytes(bytes((shop.room.free_mb() - ROOM_MB - BALLAST_MB + 1) * 1_000_000))
    shop.room.settle()
    assert not (shop.disk / BALLAST).exists()
    filler.unlink()
    shop.room.settle()
    assert (shop.disk / BALLAST).stat().st_blocks * 512 >= BALLAST_MB * 1_000_000
    assert not shop.room.low()
