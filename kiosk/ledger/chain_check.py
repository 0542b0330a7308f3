"""Whether a ledger's journal is whole: each row follows from the one before it, across what was dropped too."""

import sqlite3
from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

from kiosk.protocol.chain import GENESIS, row_hash

_ROWS_AT_ONCE = 500


class Chain(Struct, frozen=True):
    """What was found. `first`..`seq` are the rows that are there, `head` the last one's hash; `dropped` rows are known
    by the ends of their segments only. `broken` is the first seq that does not follow, 0 when all do.
    """

    first: int
    seq: int
    head: str
    rows: int
    dropped: int
    broken: int = 0


def check_chain(db: sqlite3.Connection, breathe: Callable[[], None] | None = None) -> Chain:
    """Read the whole journal. `breathe` is called every few hundred rows. Raises sqlite3.DatabaseError."""
    ends = _ends(db)
    seq, head, broken = _dropped(db, ends)
    first, rows = seq + 1, 0
    dropped = seq
    heads = {last: hashed for _, last, _, hashed, gone in ends if not gone}
    for number, prev, row_head, expected in _rows(db, breathe):
        rows += 1
        if not broken and (number != seq + 1 or prev != head or row_head != expected):
            broken = number
        if not broken and heads.get(number, row_head) != row_head:
            broken = number
        seq, head = number, row_head
    if not broken and any(last > seq for last in heads):
        broken = seq + 1
    return Chain(first, seq, head, rows, dropped, broken)


def _ends(db: sqlite3.Connection) -> list[tuple[int, int, str, str, int]]:
    return db.execute("SELECT first, last, prev, head, dropped FROM segments ORDER BY first").fetchall()


def _dropped(db: sqlite3.Connection, ends: list[tuple[int, int, str, str, int]]) -> tuple[int, str, int]:
    """Where the rows that are there must go on, and the first break among the segments' ends (0: none)."""
    seq, head, at, broken = 0, GENESIS, (0, GENESIS), 0
    for first, last, prev, hashed, gone in ends:
        if not broken and (first != seq + 1 or prev != head or (gone and at != (seq, head))):
            broken = first
        seq, head = last, hashed
        if gone:
            at = (last, hashed)
    return at[0], at[1], broken


def _rows(db: sqlite3.Connection, breathe: Callable[[], None] | None) -> Iterator[tuple[int, str, str, str]]:
    """seq, prev, hash, and the hash that its content gives."""
    cursor = db.execute("SELECT seq, boot, at_ms, mono_ms, kind, body, prev, hash FROM journal ORDER BY seq")
    while found := cursor.fetchmany(_ROWS_AT_ONCE):
        if breathe is not None:
            breathe()
        for seq, boot, at_ms, mono_ms, kind, body, prev, hashed in found:
            # The body is stored as it is hashed: canonical.
            raw = msgspec.Raw(body.encode())
            expected = row_hash(prev, seq=seq, boot=boot, at_ms=at_ms, mono_ms=mono_ms, kind=kind, body=raw)
            yield seq, prev, hashed, expected
