"""What a ledger says: its orders, positions, journal, what waits for central, what breaks a rule. Writes nothing."""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

from drivers.contract import CoinPosition, NotePosition
from kiosk.ledger.schema import INVARIANTS
from kiosk.ledger.step import BundlePointer, HopperFill, hopper_name
from kiosk.order.counters import Counters
from kiosk.order.model import Order
from kiosk.protocol.courier import JournalRow
from kiosk.protocol.steps import whole_steps


class Reading:
    """Questions to one open ledger. Each is answered from the file."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def about(self, name: str) -> str:
        """One of the few facts about the ledger itself (machine, copied-seq …); "" when it isn't there."""
        row = self.db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def has_order(self, name: str) -> bool:
        """Whether there was an order of this name, as far back as the ledger goes."""
        return self.db.execute("SELECT 1 FROM orders WHERE id = ?", (name,)).fetchone() is not None

    def open_order(self) -> Order | None:
        """The one order that is under way, if a crash left one."""
        query = "SELECT body FROM orders WHERE state NOT IN ('CLOSED', 'CARD-DUE')"
        row = self.db.execute(query).fetchone()
        return msgspec.json.decode(row[0], type=Order) if row else None

    def waiting_orders(self) -> list[Order]:
        """Orders that wait for nothing but the payment terminal's word, oldest first."""
        rows = self.db.execute("SELECT body FROM orders WHERE state = 'CARD-DUE' ORDER BY id").fetchall()
        return [msgspec.json.decode(row[0], type=Order) for row in rows]

    def last_order(self) -> Order | None:
        """The newest order, whatever its state; None before the first."""
        row = self.db.execute("SELECT body FROM orders ORDER BY id DESC LIMIT 1").fetchone()
        return msgspec.json.decode(row[0], type=Order) if row else None

    def orders(self) -> list[Order]:
        """All orders, oldest first (reports, reconciliation, tests)."""
        rows = self.db.execute("SELECT body FROM orders ORDER BY id").fetchall()
        return [msgspec.json.decode(row[0], type=Order) for row in rows]

    def order_ids(self) -> list[str]:
        """Of all orders, the newest first."""
        return [row[0] for row in self.db.execute("SELECT id FROM orders ORDER BY id DESC").fetchall()]

    def order(self, name: str) -> Order | None:
        """The order of that id."""
        row = self.db.execute("SELECT body FROM orders WHERE id = ?", (name,)).fetchone()
        return msgspec.json.decode(row[0], type=Order) if row else None

    def coin_position(self) -> CoinPosition | None:
        """How far the acceptor's events are booked; None on a machine that has never seen a coin."""
        row = self.db.execute("SELECT body FROM positions WHERE device = 'coin'").fetchone()
        return msgspec.json.decode(row[0], type=CoinPosition) if row else None

    def note_position(self) -> NotePosition | None:
        """How far the validator's events are booked; None on a machine that has never had one."""
        row = self.db.execute("SELECT body FROM positions WHERE device = 'note'").fetchone()
        return msgspec.json.decode(row[0], type=NotePosition) if row else None

    def hopper_fill(self, hopper: int = 0) -> HopperFill | None:
        """The last filling of that hopper; None before the first."""
        row = self.db.execute(
            "SELECT body FROM positions WHERE device = ?", (hopper_name(hopper),)
        ).fetchone()
        return msgspec.json.decode(row[0], type=HopperFill) if row else None

    def bundle_pointer(self) -> BundlePointer | None:
        """What core serves from; None on a machine that has only what it was shipped with."""
        row = self.db.execute("SELECT body FROM positions WHERE device = 'bundle'").fetchone()
        return msgspec.json.decode(row[0], type=BundlePointer) if row else None

    def counters(self) -> Counters:
        """Where the lifetime counters stood at the last row of an order, or when they were last looked at."""
        row = self.db.execute("SELECT body FROM positions WHERE device = 'counters'").fetchone()
        return msgspec.json.decode(row[0], type=Counters) if row else Counters()

    def outbox(self, limit: int) -> tuple[JournalRow, ...]:
        """The oldest rows that central has not acknowledged, up to the end of a step."""
        found = self.db.execute(
            "SELECT seq, boot, at_ms, mono_ms, kind, body, prev, hash FROM journal "
            "WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT ?) ORDER BY seq",
            (limit + 1,),
        )
        rows = tuple(_journal_row(row) for row in found)
        return whole_steps(rows[:limit], rows[limit] if len(rows) > limit else None)

    def waits_for_central(self, seq: int) -> bool:
        """Whether that row is one of those that central has not acknowledged."""
        return self.db.execute("SELECT 1 FROM outbox WHERE seq = ?", (seq,)).fetchone() is not None

    def outbox_depth(self) -> tuple[int, int]:
        """How many rows wait, and the wall time (ms) of the oldest (0: none)."""
        depth, oldest = self.db.execute("SELECT count(*), min(seq) FROM outbox").fetchone()
        if not depth:
            return 0, 0
        at_ms: int = self.db.execute("SELECT at_ms FROM journal WHERE seq = ?", (oldest,)).fetchone()[0]
        return depth, at_ms

    def journal(self) -> Iterator[JournalRow]:
        """The whole journal, oldest first."""
        for row in self.db.execute("SELECT * FROM journal ORDER BY seq"):
            yield _journal_row(row)

    def rows(self, first: int, last: int) -> Iterator[JournalRow]:
        """Rows `first` to `last` of the journal, as far as they are there."""
        for row in self.db.execute(
            "SELECT * FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last)
        ):
            yield _journal_row(row)

    def owed(self) -> int:
        """KRW of the claims that nobody has said to be over. What was paid of one in part, central knows."""
        query = "SELECT coalesce(sum(amount), 0) FROM claims WHERE settled_seq IS NULL"
        owed: int = self.db.execute(query).fetchone()[0]
        return owed

    def violations(self) -> list[str]:
        """Names of the invariants that the ledger's own rows break; empty in a sound machine."""
        return [name for name, query in INVARIANTS.items() if self.db.execute(query).fetchone() is not None]


def _journal_row(row: Any) -> JournalRow:
    seq, boot, at_ms, mono_ms, kind, body, prev, hashed = row
    return JournalRow(seq, boot, at_ms, mono_ms, kind, msgspec.Raw(body.encode()), prev, hashed)
