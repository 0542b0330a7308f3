"""A ledger that is lost comes back as it lived: at each commit from its rows, and whole when the life is over.

What is compared at a commit is in tests/rebuilt.py. At the end the product's own rebuild writes a ledger anew, from
central's rows alone and from a copy of some boot and the rows since; both must say what the living one says.
"""

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.rebuild import RebuildError, Rebuilt, rebuild
from kiosk.order.model import Order, OrderState, Policy
from kiosk.order.saga import Record
from kiosk.protocol.central import JournalReply
from kiosk.protocol.chain import GENESIS
from tests.rebuilt import apart, told, words

PAGE = 500
MEMORY = Path("/dev/shm")
# Everything that must be the same, but for orders: their bodies have more than rows tell.
TABLES = {
    "claims": "SELECT order_id, code, amount, disputed, settled_seq FROM claims ORDER BY order_id",
    "surplus": "SELECT * FROM surplus ORDER BY seq",
    "positions": "SELECT * FROM positions ORDER BY device",
    "copies": "SELECT key, order_id, fee, sheets, state, number FROM issues ORDER BY key",
    "sums": "SELECT id, opened_ms, state, credit, earned, paid, claim, outcome, closed_seq FROM orders ORDER BY id",
    "segments": "SELECT first, last, prev, head FROM segments ORDER BY first",
}


class Beside:
    """Goes along with the living ledger from each boot on. `copy` is the ledger as it was at the last boot."""

    def __init__(self) -> None:
        self._open: dict[str, Order] = {}
        self.copy = b""

    def booted(self, ledger: Ledger) -> None:
        """What a rebuild from a copy of this moment begins with."""
        under_way = ledger.open_order()
        left = (*ledger.waiting_orders(), *((under_way,) if under_way is not None else ()))
        self._open = {order.id: order for order in left}
        self.copy = ledger.db.conn.serialize()

    def committed(self, records: Sequence[Record], order: Order, policy: Policy) -> str:
        """What this commit's rows do not tell of the order; "" when they tell all of it."""
        lost = apart(self._open.get(order.id), records, order, policy)
        if order.state is OrderState.CLOSED:
            self._open.pop(order.id, None)
        else:
            self._open[order.id] = order
        return lost


def come_back(
    ledger: Ledger, machine: str, policy: Policy, ways: Mapping[str, bytes | None]
) -> Iterator[str]:
    """What a rebuilt ledger says otherwise than this one, in which every order has ended. `ways`: from where it is
    rebuilt, with the copy that is there.
    """
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="cg", dir=place) as folder:
        part = Path(folder) / "ledger.part"
        for way, copy in ways.items():
            file = _copy(Path(folder), copy, machine) if copy is not None else None
            try:
                done = rebuild(part, file, lambda after: _page(ledger, after), machine, _stamp, policy)
            except RebuildError as error:
                yield f"from {way} no ledger comes back: {error.code}: {error}"
                continue
            yield from (f"from {way}: {wrong}" for wrong in _differs(ledger, part, done))


def _copy(folder: Path, copy: bytes, machine: str) -> Path:
    """As the product makes one: a file that says of itself that it is a copy."""
    file = folder / "copy.db"
    file.write_bytes(copy)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE").fetchone()
        about = (("second-copy", "1"), ("machine", machine))
        db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about)
    return file


def _page(ledger: Ledger, after: int) -> JournalReply:
    """Central holds every row, and says so a page at a time."""
    seq, head = ledger.head
    return JournalReply(tuple(ledger.rows(after + 1, after + PAGE)), seq, head or GENESIS, seq)


def _stamp() -> Stamp:
    return Stamp("rebuilt", 0, 0)


def _rows(ledger: Ledger, query: str) -> list[tuple[object, ...]]:
    """What a table says; JSON by what it says, not by how it is written."""
    return [
        tuple(json.loads(value) if str(value).startswith("{") else value for value in row)
        for row in ledger.db.execute(query)
    ]


def _differs(lived: Ledger, part: Path, done: Rebuilt) -> Iterator[str]:
    if done.unproved or done.missing or done.violations:
        yield f"unproved {done.unproved}, missing {done.missing}, breaks {done.violations}"
    found = Ledger(part, _stamp)
    try:
        for table, query in TABLES.items():
            lives, back = (_rows(one, query) for one in (lived, found))
            if lives != back:
                apart = [pair for pair in zip(lives, back, strict=False) if pair[0] != pair[1]]
                yield f"{table}: {len(lives)} live, {len(back)} come back, the first apart: {apart[:1]}"
        for order, other in zip(lived.orders(), found.orders(), strict=False):
            if told(order) != told(other) or words(order) != words(other):
                yield f"order {order.id[-6:]}: {words(order)} {told(order)} comes back as {words(other)} {told(other)}"
    finally:
        found.close()
