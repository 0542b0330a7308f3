"""A ledger that is lost comes back as it lived: at each commit from its rows, and whole when the life is over.

What is compared at a commit is in tests/rebuilt.py. At the end the product's own rebuild writes a ledger anew, from
central's rows alone and from a copy of some boot and the rows since; both must say what the living one says. So must
one from rows that end in the midst of an order: where everything stood then.
"""

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.rebuild import RebuildError, Rebuilt, rebuild
from kiosk.ledger.replay import Replay
from kiosk.order.model import Order, OrderState, Policy
from kiosk.protocol import journal
from kiosk.protocol.central import JournalReply
from kiosk.protocol.chain import GENESIS
from tests.rebuilt import Levels, apart, levels, told, words

PAGE = 500
SOME = 7
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


class Moment(NamedTuple):
    """The last row of a step in the midst of an order: where everything stood then, and the copy there was."""

    seq: int
    levels: Levels
    copy: bytes


class Beside:
    """Goes along with the living ledger from each boot on. `copy` is the ledger as it was at the last boot.

    `midst`: the last step in the midst of an order whose row's number leaves `number` when parted by SOME.
    """

    def __init__(self, number: int) -> None:
        self._open: dict[str, Order] = {}
        self._number = number
        self._kept: dict[str, object] = {}
        self._told = 0
        self.copy = b""
        self.midst: Moment | None = None

    def booted(self, ledger: Ledger) -> None:
        """What a rebuild from a copy of this moment begins with."""
        under_way = ledger.open_order()
        left = (*ledger.waiting_orders(), *((under_way,) if under_way is not None else ()))
        self._open = {order.id: order for order in left}
        self.copy = ledger.db.conn.serialize()
        self._told, self._kept = ledger.head[0], _positions(ledger)

    def entered(self, ledger: Ledger, policy: Policy) -> str:
        """What this commit's rows do not tell of where everything stands; "" when they tell all of it."""
        last = ledger.head[0]
        if last == self._told:
            return ""
        replay = Replay(policy)
        replay.kept.update(self._kept)
        for row in ledger.rows(self._told + 1, last):
            replay.take(journal.decode(row.kind, row.body), row.at_ms)
        self._told, self._kept = last, replay.kept
        stands, order = _positions(ledger), ledger.open_order()
        if stands != replay.kept:
            names = [name for name in {*stands, *replay.kept} if stands.get(name) != replay.kept.get(name)]
            return "; ".join(f"{n}: {stands.get(n)} lives, {replay.kept.get(n)} comes back" for n in names)
        if order is None:
            return ""
        if order.counters not in (None, ledger.counters()):
            return f"counters: {order.counters} in the order, {ledger.counters()} come back"
        if last % SOME == self._number % SOME:
            self.midst = Moment(last, levels(ledger), self.copy)
        return ""

    def committed(self, records: Sequence[journal.Row], order: Order, policy: Policy) -> str:
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


def cut_back(
    ledger: Ledger, machine: str, policy: Policy, moment: Moment, copy: bytes | None
) -> Iterator[str]:
    """What a ledger whose rows end at that moment says of the levels otherwise than the living one did."""
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="cg", dir=place) as folder:
        part = Path(folder) / "ledger.part"
        file = _copy(Path(folder), copy, machine) if copy is not None else None
        try:
            rebuild(part, file, lambda after: _page(ledger, after, moment.seq), machine, _stamp, policy)
        except RebuildError as error:
            yield f"from rows up to {moment.seq} no ledger comes back: {error.code}: {error}"
            return
        found = Ledger(part, _stamp)
        try:
            back = levels(found)
        finally:
            found.close()
        if back != moment.levels:
            yield f"at row {moment.seq} {moment.levels} lived, {back} come back"


def _copy(folder: Path, copy: bytes, machine: str) -> Path:
    """As the product makes one: a file that says of itself that it is a copy."""
    file = folder / "copy.db"
    file.write_bytes(copy)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE").fetchone()
        about = (("second-copy", "1"), ("machine", machine))
        db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about)
    return file


def _page(ledger: Ledger, after: int, last: int = 0) -> JournalReply:
    """Central holds every row, or those up to `last`, and says so a page at a time."""
    seq, head = ledger.head
    if last:
        seq, head = next((row.seq, row.hash) for row in ledger.rows(last, last))
    return JournalReply(tuple(ledger.rows(after + 1, min(after + PAGE, seq))), seq, head or GENESIS, seq)


def _positions(ledger: Ledger) -> dict[str, object]:
    return {name: json.loads(body) for name, body in ledger.db.execute("SELECT * FROM positions")}


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
