"""Every durable step: journal rows, order, issues, claim, position and outbox in one transaction, or nothing.

Owned by core's one deciding thread; no other thread or process writes the file, and what makes the second copy only
reads through this connection. SQL goes through sqlite-utils' `Database.execute`; its table API is not used here (it
re-reads the schema at each call, and its first upsert would create a probe table in the ledger).
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from drivers.contract import CoinPosition, NotePosition
from kiosk.ledger.migrations import immediate
from kiosk.ledger.opening import connect, prepare
from kiosk.ledger.problems import LedgerError as LedgerError  # noqa: PLC0414  (known by this name)
from kiosk.ledger.schema import INVARIANTS
from kiosk.ledger.totals import Totals
from kiosk.order.counters import Counters
from kiosk.order.model import Issue, Order, OrderOutcome, OrderState
from kiosk.order.saga import Record
from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow

# Past these nothing of the order moves coins or paper any more.
_LEFT_BEHIND = (OrderState.CLOSED, OrderState.CARD_DUE)


class Stamp(Struct, frozen=True):
    """When a row was written: the boot it belongs to, wall clock and monotonic clock in ms."""

    boot: str
    at_ms: int
    mono_ms: int


class Surplus(Struct, frozen=True):
    """Money or paper that belongs to no order.

    `what` is coin (KRW), unknown-coin, coin-out, note (KRW), unknown-note, sheet or retract.
    """

    what: str
    amount: int


class HopperFill(Struct, frozen=True):
    """When a hopper was last filled: how many coins it held then, at which lifetime count of which hopper.

    `hopper` is which of the machine's hoppers, from 0.
    """

    serial: str
    coins: int
    dispensed: int
    hopper: int = 0


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


class _Step(NamedTuple):
    """What one commit is made of. `kept`: positions by device."""

    records: tuple[Record, ...]
    order: Order | None
    kept: dict[str, Struct]
    surplus: Surplus | None
    also: Callable[[int, str], None] | None

    @property
    def coins(self) -> int:
        """KRW of surplus coins and notes."""
        return (
            self.surplus.amount if self.surplus is not None and self.surplus.what in ("coin", "note") else 0
        )

    def with_kept(self) -> tuple[Record, ...]:
        """The records; the last one says what positions came with it, so that central's journal can give them back."""
        if not self.records or not self.kept:
            return self.records
        last = self.records[-1]
        said = {name: msgspec.to_builtins(value) for name, value in self.kept.items()}
        return (*self.records[:-1], Record(last.kind, {**last.body, "kept": said}))


class Ledger:
    """One open ledger. `stamp` is asked once a step.

    `uri` or `connection` (an open one) lead to another disk under SQLite; `file` then only names it. `machine`: whose
    ledger it has to be, "" for anybody's. `on_full` is asked for room when the disk has none; True: try again.
    """

    def __init__(
        self,
        file: Path,
        stamp: Callable[[], Stamp],
        *,
        uri: str | None = None,
        connection: sqlite3.Connection | None = None,
        machine: str = "",
    ) -> None:
        self.file = file
        self._stamp = stamp
        self.on_full: Callable[[], bool] = _no_room
        self.db = Database(
            connection or connect(uri or str(file), uri=uri is not None), execute_plugins=False
        )
        try:
            self.found_schema = prepare(self.db, file)
            self._belongs_to(machine)
        except BaseException:
            self.db.conn.close()
            raise
        self._db = self.db
        self._seq, self._head = self._read_head()
        self._written: dict[str, Issue] = {}
        self._totals = Totals(self.db)

    def _belongs_to(self, machine: str) -> None:
        """The first machine that opens a ledger is its owner; another's is refused. Raises LedgerError."""
        owner = self.about("machine")
        if machine and not owner:
            self.note_about("machine", machine)
        elif machine and owner != machine:
            cause = f"{self.file}: this is the ledger of {owner}, and this machine is {machine}; put the right one back"
            raise LedgerError(cause, "foreign")

    def about(self, name: str) -> str:
        """One of the few facts about the ledger itself (machine, copied-seq …); "" when it isn't there."""
        row = self.db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def note_about(self, name: str, value: str) -> None:
        """Keep such a fact."""
        with immediate(self.db):
            self.write_about(name, value)

    def write_about(self, name: str, value: str) -> None:
        """The same inside a transaction that is under way."""
        self.db.execute(
            "INSERT INTO about VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _read_head(self) -> tuple[int, str]:
        row = self._db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        if row is None:  # a journal of nothing but dropped segments
            row = self._db.execute("SELECT last, head FROM segments ORDER BY last DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, GENESIS)

    def commit(  # noqa: PLR0913  (all that may be durable in one step)
        self,
        records: Sequence[Record],
        order: Order | None = None,
        position: CoinPosition | None = None,
        surplus: Surplus | None = None,
        hopper: HopperFill | None = None,
        bundle: BundlePointer | None = None,
        counters: Counters | None = None,
        note: NotePosition | None = None,
        also: Callable[[int, str], None] | None = None,
    ) -> None:
        """One durable step. Returns when it is on the disk; raises sqlite3.Error with nothing changed.

        Raises LedgerError, likewise, for an order whose name one that is closed has already: it would take its place.
        `also` is called with the new head inside the transaction, for what else belongs to this step.
        """
        which = _hopper_name(hopper.hopper if hopper is not None else 0)
        if counters is None and order is not None and order.state in _LEFT_BEHIND:
            counters = order.counters  # between orders they are watched from where this one left them
        kept = {"coin": position, "note": note, which: hopper, "bundle": bundle, "counters": counters}
        step = _Step(
            tuple(records), order, {name: value for name, value in kept.items() if value}, surplus, also
        )
        try:
            self._take(step)
        except sqlite3.OperationalError as error:
            if not is_full(error) or not self.on_full():
                raise
            self._take(step)

    def _take(self, step: "_Step") -> None:
        stamp = self._stamp()
        seq, head = self._seq, self._head
        with immediate(self._db):
            for record in step.with_kept():
                seq += 1
                head = self._append(seq, head, record, stamp)
            before = self._totals.before(step.order)
            if step.order is not None:
                self.write_order(step.order, seq)
            for device, position in step.kept.items():
                self.write_position(device, msgspec.json.encode(position).decode())
            if step.surplus is not None:
                surplus = (seq, step.surplus.what, step.surplus.amount)
                self._db.execute("INSERT INTO surplus VALUES (?, ?, ?)", surplus)
            if step.also is not None:
                step.also(seq, head)
        self._seq, self._head = seq, head
        if step.order is not None:
            self._written = {issue.key: issue for issue in step.order.issues}
        self._totals.after(step.order, before, step.coins)

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

    def write_order(self, order: Order, seq: int) -> None:
        """An order and its issues as they are at row `seq`, inside the transaction that is under way."""
        body = msgspec.json.encode(order).decode()
        outcome = order.outcome.value if order.outcome else None
        written = self._db.execute(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "state = excluded.state, credit = excluded.credit, earned = excluded.earned, paid = excluded.paid, "
            "claim = excluded.claim, outcome = excluded.outcome, body = excluded.body, "
            "closed_seq = excluded.closed_seq WHERE orders.state <> 'CLOSED'",
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
                seq if order.state is OrderState.CLOSED else None,
            ),
        )
        if written.rowcount == 0:
            raise LedgerError(f"order {order.id} is closed: nothing can be entered under its name any more")
        for issue in order.issues:
            if self._written.get(issue.key) != issue:
                self._write_issue(order.id, issue)
        if order.state is OrderState.CLOSED and order.claim:
            disputed = order.outcome is OrderOutcome.DISPUTED
            self._db.execute(
                "INSERT INTO claims (order_id, code, amount, disputed) VALUES (?, ?, ?, ?)",
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

    def write_position(self, device: str, body: str) -> None:
        """How far a device is booked (JSON), inside the transaction that is under way."""
        self._db.execute(
            "INSERT INTO positions VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET body = excluded.body",
            (device, body),
        )

    # --- reading back -------------------------------------------------------------------------------------------------

    def has_order(self, name: str) -> bool:
        """Whether there was an order of this name, as far back as the ledger goes."""
        return self._db.execute("SELECT 1 FROM orders WHERE id = ?", (name,)).fetchone() is not None

    def open_order(self) -> Order | None:
        """The one order that is under way, if a crash left one."""
        query = "SELECT body FROM orders WHERE state NOT IN ('CLOSED', 'CARD-DUE')"
        row = self._db.execute(query).fetchone()
        if row is None:
            return None
        order = msgspec.json.decode(row[0], type=Order)
        self._written = {issue.key: issue for issue in order.issues}
        return order

    def waiting_orders(self) -> list[Order]:
        """Orders that wait for nothing but the payment terminal's word, oldest first."""
        rows = self._db.execute("SELECT body FROM orders WHERE state = 'CARD-DUE' ORDER BY id").fetchall()
        return [msgspec.json.decode(row[0], type=Order) for row in rows]

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

    def note_position(self) -> NotePosition | None:
        """How far the validator's events are booked; None on a machine that has never had one."""
        row = self._db.execute("SELECT body FROM positions WHERE device = 'note'").fetchone()
        return msgspec.json.decode(row[0], type=NotePosition) if row else None

    def hopper_fill(self, hopper: int = 0) -> HopperFill | None:
        """The last filling of that hopper; None before the first."""
        row = self._db.execute(
            "SELECT body FROM positions WHERE device = ?", (_hopper_name(hopper),)
        ).fetchone()
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
        with immediate(self._db):
            self._db.execute("DELETE FROM outbox WHERE seq <= ?", (seq,))

    def journal(self) -> Iterator[JournalRow]:
        """The whole journal, oldest first."""
        for row in self._db.execute("SELECT * FROM journal ORDER BY seq"):
            yield _journal_row(row)

    def rows(self, first: int, last: int) -> Iterator[JournalRow]:
        """Rows `first` to `last` of the journal, as far as they are there."""
        for row in self._db.execute(
            "SELECT * FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last)
        ):
            yield _journal_row(row)

    def owed(self) -> int:
        """KRW of the claims that nobody has said to be over. What was paid of one in part, central knows."""
        query = "SELECT coalesce(sum(amount), 0) FROM claims WHERE settled_seq IS NULL"
        owed: int = self._db.execute(query).fetchone()[0]
        return owed

    def totals(self) -> dict[str, int]:
        """Money and paper since the ledger began: orders, fee, credit, paid, claims, surplus (KRW and counts)."""
        return self._totals.read()

    def violations(self) -> list[str]:
        """Names of the invariants that the ledger's own rows break; empty in a sound machine."""
        return [name for name, query in INVARIANTS.items() if self._db.execute(query).fetchone() is not None]

    def checkpoint(self) -> None:
        """Bring everything from the write-ahead file into the ledger itself: before the machine is turned off."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Fold the WAL into the file and let go of it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.conn.close()


def _hopper_name(hopper: int) -> str:
    return "hopper" if hopper == 0 else f"hopper-{hopper + 1}"


def claim_code(order_id: str) -> str:
    """What is printed on a claim slip: the last eight characters of the order's ULID, 4-4. Names no person."""
    return f"{order_id[-8:-4]}-{order_id[-4:]}"


def _journal_row(row: Any) -> JournalRow:
    seq, boot, at_ms, mono_ms, kind, body, prev, hashed = row
    return JournalRow(seq, boot, at_ms, mono_ms, kind, msgspec.Raw(body.encode()), prev, hashed)


def is_full(error: sqlite3.Error) -> bool:
    """Whether this is the disk having no room: as SQLite says it, or as an I/O error of the WAL or its memory."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL


def _no_room() -> bool:
    return False
