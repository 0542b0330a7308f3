"""One image: mounted with the kernel's own replay, the ledger opened by the product, held against what was told."""

import sqlite3
import subprocess
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import UNSET, Struct

from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.problems import LedgerError
from kiosk.protocol import journal
from tests.crash.blocks.images import Image
from tests.crash.blocks.log import Mark
from tests.crash.blocks.mounts import MountError, ext4
from tests.crash.blocks.recording import FSCK, LEDGER
from tests.crash.blocks.worker import opened, position, record


class Found(StrEnum):
    """What the next boot meets."""

    ALL = "all that was acknowledged"
    LOST = "acknowledged commits are lost"
    DAMAGED = "damaged"


class Verdict(Struct, frozen=True):
    """What was found, and in which words. `repaired`: the kernel mounts it only after a repair of the file system."""

    found: Found
    why: str = ""
    repaired: bool = False


def trial(image: Image, folder: Path) -> Verdict:
    """Let the machine boot from this image, and go on working. `folder` has room for it."""
    disk, place = folder / "disk", folder / "place"
    place.mkdir(exist_ok=True)
    disk.write_bytes(image.disk)
    try:
        return _boot(image, disk, place)
    except MountError:
        # A superblock that is torn between its two sectors: no journal brings it back, since it leads to the journal.
        _repair(disk)
        return msgspec.structs.replace(_boot(image, disk, place), repaired=True)


def _repair(disk: Path) -> None:
    """What it returns is another matter than whether it helps: the mount that follows says so."""
    subprocess.run([*FSCK, disk], capture_output=True, check=False)


def _boot(image: Image, disk: Path, place: Path) -> Verdict:
    with ext4(disk, place):
        try:
            ledger = opened(place / LEDGER)
            with closing(ledger.db.conn):
                return _held_against(image.told, ledger)
        except (LedgerError, sqlite3.Error) as error:
            return Verdict(Found.DAMAGED, str(error))


def _held_against(told: Mark, ledger: Ledger) -> Verdict:
    db = ledger.db.conn
    chain = check_chain(db)
    if chain.broken or ledger.violations():
        return Verdict(Found.DAMAGED, f"row {chain.broken} does not follow; {ledger.violations()}")
    if half := _half(ledger):
        return Verdict(Found.DAMAGED, half)
    head = db.execute("SELECT hash FROM journal WHERE seq = ?", (told.seq,)).fetchone()
    if told.seq and head != (told.head,):
        return Verdict(Found.LOST, f"{told.seq} rows were acknowledged, {chain.seq} are there")
    if any(row.seq <= told.sent for row in ledger.outbox(1)):
        return Verdict(Found.LOST, f"rows up to {told.sent} are at central and would be sent again")
    ledger.commit((journal.Boot(),))
    return Verdict(Found.ALL)


def _half(ledger: Ledger) -> str:
    """How the last step is there in one table and not in another; "" if it is whole."""
    order = ledger.last_order()
    rows = list(ledger.journal())
    if order is None or not rows:
        return "" if order is None and not rows else "an order without a row, or a row without an order"
    said = journal.decode(rows[-1].kind, rows[-1].body)
    if msgspec.structs.replace(said, kept=UNSET) != record(order):
        return f"the order is {order.state} with {order.credit} KRW, and the journal ends with {said}"
    if ledger.coin_position() != position(order):
        return f"booked are {ledger.coin_position()}, and the order has {order.coins} coins"
    return ""
