"""Every durable step: journal rows, order, issues, claim, position and outbox in one transaction, or nothing.

Owned by core's one deciding thread; no other thread or process touches the file. SQL goes through sqlite-utils'
`Database.execute`; its table API is not used here (it re-reads the schema at each call, and its first upsert would
create a probe table in the ledger).
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from drivers.contract import CoinPosition
from kiosk.ledger.schema import INVARIANTS, PRAGMAS, SCHEMA_VERSION, TABLES
from kiosk.order.counters import Counters
from kiosk.order.model import Issue, Order, OrderOutcome, OrderState
from kiosk.order.saga import Record
from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow


class LedgerError(Exception):
    """The ledger can't be trusted or opened; the machine stays out of service. The message says what to do."""


class Stamp(Struct, frozen=True):
    """When a row was written: the boot it belongs to, wall clock and monotonic clock in ms."""

    boot: str
    at_ms: int
    mono_ms: int


class Surplus(Struct, frozen=True):
    """Money or paper that belongs to no order: `what` is coin (KRW), unknown-coin, coin-out, sheet or retract."""

    what: str
    amount: int


class HopperFill(Struct, frozen=True):
    """When the hopper was last filled: how many coins it held then, at which lifetime count of which hopper."""

    serial: str
    coins: int
    dispensed: int


class BundlePointer(Struct, frozen=True):
    """What core serves from (`active`) and served from before (`previous`): kits, "" for what it was shipped with.

    `floor`: the highest version that ever served. `refused`: the kit that gave way last; it is not taken up again.
    `proved`: a worker has got ready with `active`.
    """

    active: str = ""
    previous: str = ""
    floor: int = 0
    refused: str = ""
    proved: bool = False


class Ledger:
    """One open ledger. `stamp` is asked once a step."""

    def __init__(self, file: Path, stamp: Callable[[], Stamp], *, uri: str | None = None) -> None:
        self._stamp = stamp
        try:
            connection = sqlite3.connect(uri or str(file), uri=uri is not None, isolation_level=None)
            self._db = Database(connection, execute_plugins=False)
            self._set_up()
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{file}: {error}; restore the second copy or call service") from error
        self._seq, self._head = self._read_head()
        self._written: dict[str, Issue] = {}

    def _set_up(self) -> None:
        for name, (value, expected) in PRAGMAS.items():
            self._db.execute(f"PRAGMA {name}={value}")
            found = self._db.execute(f"PRAGMA {name}").fetchone()[0]
            if found != expected:
                raise LedgerError(
                    f"PRAGMA {name} is {found!r} and must be {expected!r}; this SQLite can't be used"
                )
        if self._db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise LedgerError("the ledger file is damaged; restore the second copy or call service")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            with self._transaction():
                for statement in _statements(TABLES):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        elif version != SCHEMA_VERSION:
            raise LedgerError(
                f"the ledger has schema {version}, this program knows {SCHEMA_VERSION}; update first"
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.conn.in_transaction:
                self._db.conn.rollback()
            raise

    def _read_head(self) -> tuple[int, str]:
        row = self._db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, GENESIS)

    def commit(
        self,
        records: Sequence[Record],
        order: Order | None = None,
        position: CoinPosition | None = None,
        surplus: Surplus | None = None,
        hopper: HopperFill | None = None,
        bundle: BundlePointer | None = None,
        counters: Counters | None = None,
    ) -> None:
        """One durable step. Returns when it is on the disk; raises sqlite3.Error with nothing changed.

        Raises LedgerError, likewise, for an order whose name one that is closed has already: it would take its place.
        """
        stamp = self._stamp()
        seq, head = self._seq, self._head
        with self._transaction():
            for record in records:
                seq += 1
                head = self._append(seq, head, record, stamp)
            if order is not None:
                self._write_order(order)
            if position is not None:
                self._write_position("coin", position)
            if hopper is not None:
                self._write_position("hopper", hopper)
            if bundle is not None:
                self._write_position("bundle", bundle)
            if counters is not None:
                self._write_position("counters", counters)
            if surplus is not None:
                self._db.execute("INSERT INTO surplus VALUES (?, ?, ?)", (seq, surplus.what, surplus.amount))
        self._seq, self._head = seq, head
        if order is not None:
            self._written = {issue.key: issue for issue in order.issues}

    def _append(self, seq: int, prev: str, record: Record, stamp: Stamp) -> str:
        body = canonical_json(record.body).decode()
        hashed = row_hash(
            prev,
            seq=seq,
            boot=stamp.boot,
            at_ms=stamp.at_ms,
            mono_ms=stamp.mono_ms,
            kind=record.kind,
            body=record.body,
        )
        self._db.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, stamp.boot, stamp.at_ms, stamp.mono_ms, record.kind, body, prev, hashed),
        )
        self._db.execute("INSERT INTO outbox VALUES (?)", (seq,))
        return hashed

    def _write_order(self, order: Order) -> None:
        body = msgspec.json.encode(order).decode()
        outcome = order.outcome.value if order.outcome else None
        written = self._db.execute(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "state = excluded.state, credit = excluded.credit, earned = excluded.earned, paid = excluded.paid, "
            "claim = excluded.claim, outcome = excluded.outcome, body = excluded.body "
            "WHERE orders.state <> 'CLOSED'",
            (
                order.id,
                order.opened_ms,
                order.state.value,
                order.credit,
                order.earned,
                order.paid,
                order.claim,
                outcome,
                body,
            ),
        )
        if written.rowcount == 0:
            raise LedgerError(f"order {order.id} is closed: nothing can be entered under its name any more")
        for issue in order.issues:
            if self._written.get(issue.key) != issue:
                self._write_issue(order.id, issue)
        if order.state is OrderState.CLOSED and order.counters is not None:
            self._write_position("counters", order.counters)
        if order.state is OrderState.CLOSED and order.claim:
            disputed = order.outcome is OrderOutcome.DISPUTED
            self._db.execute(
                "INSERT INTO claims VALUES (?, ?, ?, ?)",
                (order.id, claim_code(order.id), order.claim, disputed),
            )

    def _write_issue(self, order_id: str, issue: Issue) -> None:
        self._db.execute(
            "INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET state = excluded.state, number = excluded.number",
            (
                issue.key,
                order_id,
                issue.line,
                issue.copy,
                issue.type_code,
                issue.fee,
                issue.sheets,
                issue.state.value,
                issue.number,
            ),
        )

    def _write_position(self, device: str, position: Struct) -> None:
        self._db.execute(
            "INSERT INTO positions VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET body = excluded.body",
            (device, msgspec.json.encode(position).decode()),
        )

    # --- reading back -------------------------------------------------------------------------------------------------

    def has_order(self, name: str) -> bool:
        """Whether there was an order of this name, ever."""
        return self._db.execute("SELECT 1 FROM orders WHERE id = ?", (name,)).fetchone() is not None

    def open_order(self) -> Order | None:
        """The one order that is not CLOSED, if a crash left one."""
        row = self._db.execute("SELECT body FROM orders WHERE state <> 'CLOSED'").fetchone()
        if row is None:
            return None
        order = msgspec.json.decode(row[0], type=Order)
        self._written = {issue.key: issue for issue in order.issues}
        return order

    def last_order(self) -> Order | None:
        """The newest order, whatever its state; None before the first."""
        row = self._db.execute("SELECT body FROM orders ORDER BY id DESC LIMIT 1").fetchone()
        return msgspec.json.decode(row[0], type=Order) if row else None

    def orders(self) -> list[Order]:
        """All orders, oldest first (reports, reconciliation, tests)."""
        rows = self._db.execute("SELECT body FROM orders ORDER BY id").fetchall()
        return [msgspec.json.decode(row[0], type=Order) for row in rows]

    def coin_position(self) -> CoinPosition | None:
        """How far the acceptor's events are booked; None on a machine that has never seen a coin."""
        row = self._db.execute("SELECT body FROM positions WHERE device = 'coin'").fetchone()
        return msgspec.json.decode(row[0], type=CoinPosition) if row else None

    def hopper_fill(self) -> HopperFill | None:
        """The last filling of the hopper; None before the first."""
        row = self._db.execute("SELECT body FROM positions WHERE device = 'hopper'").fetchone()
        return msgspec.json.decode(row[0], type=HopperFill) if row else None

    def bundle_pointer(self) -> BundlePointer | None:
        """What core serves from; None on a machine that has only what it was shipped with."""
        row = self._db.execute("SELECT body FROM positions WHERE device = 'bundle'").fetchone()
        return msgspec.json.decode(row[0], type=BundlePointer) if row else None

    def counters(self) -> Counters:
        """Where the lifetime counters stood when the last order closed, or when they were last looked at."""
        row = self._db.execute("SELECT body FROM positions WHERE device = 'counters'").fetchone()
        return msgspec.json.decode(row[0], type=Counters) if row else Counters()

    @property
    def head(self) -> tuple[int, str]:
        """The journal's last seq and hash."""
        return self._seq, self._head

    def outbox(self, limit: int) -> tuple[JournalRow, ...]:
        """The oldest rows that central has not acknowledged."""
        rows = self._db.execute(
            "SELECT seq, boot, at_ms, mono_ms, kind, body, prev, hash FROM journal "
            "WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT ?) ORDER BY seq",
            (limit,),
        )
        return tuple(_journal_row(row) for row in rows)

    def outbox_depth(self) -> tuple[int, int]:
        """How many rows wait, and the wall time (ms) of the oldest (0: none)."""
        depth, oldest = self._db.execute("SELECT count(*), min(seq) FROM outbox").fetchone()
        if not depth:
            return 0, 0
        at_ms: int = self._db.execute("SELECT at_ms FROM journal WHERE seq = ?", (oldest,)).fetchone()[0]
        return depth, at_ms

    def acknowledge(self, seq: int) -> None:
        """Central holds every row up to `seq`."""
        with self._transaction():
            self._db.execute("DELETE FROM outbox WHERE seq <= ?", (seq,))

    def journal(self) -> Iterator[JournalRow]:
        """The whole journal, oldest first."""
        for row in self._db.execute("SELECT * FROM journal ORDER BY seq"):
            yield _journal_row(row)

    def totals(self) -> dict[str, int]:
        """Money and paper since the ledger began: orders, fee, credit, paid, claims, surplus (KRW and counts)."""
        names = ("orders", "fee", "credit", "paid", "claim")
        row = self._db.execute(
            "SELECT count(*), coalesce(sum(earned), 0), coalesce(sum(credit), 0), coalesce(sum(paid), 0), "
            "coalesce(sum(claim), 0) FROM orders"
        ).fetchone()
        totals = dict(zip(names, row, strict=True))
        coins = self._db.execute(
            "SELECT coalesce(sum(amount), 0) FROM surplus WHERE what = 'coin'"
        ).fetchone()
        return {**totals, "surplus": coins[0]}

    def violations(self) -> list[str]:
        """Names of the invariants that the ledger's own rows break; empty in a sound machine."""
        return [name for name, query in INVARIANTS.items() if self._db.execute(query).fetchone() is not None]

    def close(self) -> None:
        """Fold the WAL into the file and let go of it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.conn.close()


def claim_code(order_id: str) -> str:
    """What is printed on a claim slip: the last eight characters of the order's ULID, 4-4. Names no person."""
    return f"{order_id[-8:-4]}-{order_id[-4:]}"


def _journal_row(row: Any) -> JournalRow:
    seq, boot, at_ms, mono_ms, kind, body, prev, hashed = row
    return JournalRow(seq, boot, at_ms, mono_ms, kind, msgspec.Raw(body.encode()), prev, hashed)


def _statements(script: str) -> Iterator[str]:
    """A script cut into statements; a trigger's body has semicolons of its own."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
