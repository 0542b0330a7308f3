"""Closed segments: how an append-only journal can let go of what is old and stay provable.

A segment is a run of rows whose ends are written down: first and last seq, the hash before it and its last hash. The
row `segment-closed` says the same in the journal, so central knows it too. A segment goes as a whole, oldest first,
once central has acknowledged it, the verified second copy holds it, and its term is over; its ends stay for ever, so
the chain can be checked across the gap. The database's own triggers refuse any other deletion.
"""

import msgspec
from msgspec import Struct

from kiosk.ledger.days import last_day
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.totals import TOTALS
from kiosk.protocol import journal
from kiosk.protocol.chain import GENESIS

DAY_MS = 24 * 3_600_000


class Segment(Struct, frozen=True):
    """Rows `first` to `last`; `prev` is the hash before them, `head` the last one's. `closed_ms` is wall time."""

    first: int
    last: int
    prev: str
    head: str
    closed_ms: int
    dropped: bool = False


def segments(ledger: Ledger) -> tuple[Segment, ...]:
    """All of them, oldest first, the dropped ones too."""
    rows = ledger.db.execute(
        "SELECT first, last, prev, head, closed_ms, dropped FROM segments ORDER BY first"
    )
    return tuple(
        Segment(first, last, prev, head, closed_ms, bool(gone))
        for first, last, prev, head, closed_ms, gone in rows
    )


def open_rows(ledger: Ledger) -> int:
    """How many rows no segment holds yet."""
    last = ledger.db.execute("SELECT coalesce(max(last), 0) FROM segments").fetchone()[0]
    return ledger.head[0] - int(last)


def close_segment(ledger: Ledger, closed_ms: int) -> Segment | None:
    """Close what has been written since the last one, up to and without the row that says so; None: nothing was."""
    if not open_rows(ledger):
        return None
    last = ledger.db.execute("SELECT last, head FROM segments ORDER BY last DESC LIMIT 1").fetchone()
    before, prev = last or (0, GENESIS)
    seq, head = ledger.head
    segment = Segment(before + 1, seq, prev, head, closed_ms)
    said = journal.SegmentClosed(segment.first, segment.last, prev, head, closed_ms)

    def write(_seq: int, _head: str) -> None:
        ledger.db.execute(
            "INSERT INTO segments (first, last, prev, head, closed_ms) VALUES (?, ?, ?, ?, ?)",
            (segment.first, segment.last, segment.prev, segment.head, segment.closed_ms),
        )

    ledger.commit((said,), also=write)
    return segment


def droppable(ledger: Ledger, before_ms: int) -> Segment | None:
    """The oldest segment, if it was closed before `before_ms`, two others have it and its days are closed.

    Never with an order open.
    """
    oldest = ledger.db.execute(
        "SELECT first, last, prev, head, closed_ms FROM segments WHERE dropped = 0 ORDER BY first LIMIT 1"
    ).fetchone()
    if oldest is None or oldest[4] >= before_ms or ledger.open_order() is not None:
        return None
    segment = Segment(*oldest)
    unheard = ledger.db.execute("SELECT 1 FROM outbox WHERE seq <= ?", (segment.last,)).fetchone()
    day = last_day(ledger)
    counted = day.seq + 1 if day is not None else 0  # with the row that closed the day
    held = min(int(ledger.about("copied-seq") or 0), counted)
    return segment if unheard is None and held >= segment.last else None


def drop(ledger: Ledger, segment: Segment) -> None:
    """Let a segment go: its rows, and the orders that were over in or before it, claim included. One transaction.

    What they add up to is kept with the segment's ends. Raises sqlite3.IntegrityError for one that may not go.
    """

    def write(_seq: int, _head: str) -> None:
        db, last = ledger.db, segment.last
        sums = dict(zip(TOTALS, _sums(ledger, last), strict=True))
        text = msgspec.json.encode(sums).decode()
        db.execute("UPDATE segments SET dropped = 1, sums = ? WHERE first = ?", (text, segment.first))
        db.execute("DELETE FROM surplus WHERE seq <= ?", (last,))
        for statement in (_DROP_ISSUES, _DROP_CLAIMS, _DROP_ORDERS):
            db.execute(statement, {"last": last})
        db.execute("DELETE FROM journal WHERE seq BETWEEN ? AND ?", (segment.first, last))

    said = journal.SegmentDropped(segment.first, segment.last, segment.head)
    ledger.commit((said,), also=write)


# An order whose claim is open stays; one whose claim is over goes with the row that said so.
_DROP_ISSUES = (
    "DELETE FROM issues WHERE order_id IN (SELECT id FROM orders WHERE closed_seq <= :last AND id NOT IN "
    "(SELECT order_id FROM claims WHERE settled_seq IS NULL OR settled_seq > :last))"
)
_DROP_CLAIMS = (
    "DELETE FROM claims WHERE settled_seq <= :last "
    "AND order_id IN (SELECT id FROM orders WHERE closed_seq <= :last)"
)
_DROP_ORDERS = (
    "DELETE FROM orders WHERE closed_seq <= :last AND id NOT IN "
    "(SELECT order_id FROM claims WHERE settled_seq IS NULL OR settled_seq > :last)"
)
_SUM_ORDERS = (
    "SELECT count(*), coalesce(sum(earned), 0), coalesce(sum(credit), 0), coalesce(sum(paid), 0), "
    "coalesce(sum(claim), 0) FROM orders WHERE closed_seq <= :last AND id NOT IN "
    "(SELECT order_id FROM claims WHERE settled_seq IS NULL OR settled_seq > :last)"
)


def _sums(ledger: Ledger, last: int) -> tuple[int, ...]:
    orders = ledger.db.execute(_SUM_ORDERS, {"last": last}).fetchone()
    coins = ledger.db.execute(
        "SELECT coalesce(sum(amount), 0) FROM surplus WHERE what IN ('coin', 'note') AND seq <= ?", (last,)
    ).fetchone()
    return (*orders, coins[0])
