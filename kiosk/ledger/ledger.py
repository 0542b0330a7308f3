"""Every durable step: journal rows, order, issues, claim, position and outbox in one transaction, or nothing.

Owned by core's one deciding thread; no other thread or process writes the file, and what makes the second copy only
reads through this connection. What can be asked is in reading.py, what a step is made of in step.py. SQL goes through
sqlite-utils' `Database.execute`; its table API is not used here (it re-reads the schema at each call, and its first
upsert would create a probe table in the ledger).
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from drivers.contract import CoinPosition, NotePosition
from kiosk.ledger.migrations import immediate
from kiosk.ledger.opening import connect, prepare
from kiosk.ledger.problems import LedgerError, is_full
from kiosk.ledger.reading import Reading
from kiosk.ledger.step import BundlePointer, HopperFill, Step, Surplus, hopper_name
from kiosk.ledger.totals import Totals
from kiosk.order.counters import Counters
from kiosk.order.model import Issue, Order, OrderOutcome, OrderState
from kiosk.protocol import journal
from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.chain import GENESIS, row_hash


class Stamp(Struct, frozen=True):
    """When a row was written: the boot it belongs to, wall clock and monotonic clock in ms."""

    boot: str
    at_ms: int
    mono_ms: int


class Ledger(Reading):
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
        opened = connection or connect(uri or str(file), uri=uri is not None)
        super().__init__(Database(opened, execute_plugins=False))
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

    def note_about(self, name: str, value: str) -> None:
        """Keep one of the few facts about the ledger itself."""
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
        records: Sequence[journal.Row],
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
        which = hopper_name(hopper.hopper if hopper is not None else 0)
        stood = self.counters()
        if counters is None and order is not None and records:
            # As far as its rows tell, an order accounts for what moved: whoever looks after it begins there.
            counters = order.counters
        if counters == stood:
            counters = None
        kept = {"coin": position, "note": note, which: hopper, "bundle": bundle, "counters": counters}
        known: dict[str, Struct] = {name: value for name, value in kept.items() if value}
        step = Step(tuple(records), order, known, surplus, also, stood)
        try:
            self._take(step)
        except sqlite3.OperationalError as error:
            if not is_full(error) or not self.on_full():
                raise
            self._take(step)

    def _take(self, step: Step) -> None:
        stamp = self._stamp()
        seq, head = self._seq, self._head
        with immediate(self._db):
            for fact in step.with_kept():
                seq += 1
                head = self._append(seq, head, fact, stamp)
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

    def _append(self, seq: int, prev: str, fact: journal.Row, stamp: Stamp) -> str:
        kind, body = journal.kind_of(fact), journal.body_of(fact)
        hashed = row_hash(
            prev,
            seq=seq,
            boot=stamp.boot,
            at_ms=stamp.at_ms,
            mono_ms=stamp.mono_ms,
            kind=kind,
            body=body,
        )
        self._db.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, stamp.boot, stamp.at_ms, stamp.mono_ms, kind, canonical_json(body).decode(), prev, hashed),
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

    @property
    def head(self) -> tuple[int, str]:
        """The journal's last seq and hash."""
        return self._seq, self._head

    def open_order(self) -> Order | None:
        """The one order that is under way, if a crash left one; its copies are known to be written as they are."""
        order = super().open_order()
        if order is not None:
            self._written = {issue.key: issue for issue in order.issues}
        return order

    def acknowledge(self, seq: int) -> None:
        """Central holds every row up to `seq`."""
        with immediate(self._db):
            self._db.execute("DELETE FROM outbox WHERE seq <= ?", (seq,))

    def send_again(self, after: int) -> bool:
        """Central has nothing behind row `after`: all of it is for central again. False: not all of it is here."""
        with immediate(self._db):
            there = "SELECT 1 FROM journal WHERE seq = ?"
            if self._db.execute(there, (after + 1,)).fetchone() is None:
                return False
            self._db.execute("INSERT OR IGNORE INTO outbox SELECT seq FROM journal WHERE seq > ?", (after,))
        return True

    def totals(self) -> dict[str, int]:
        """Money and paper since the ledger began: orders, fee, credit, paid, claims, surplus (KRW and counts)."""
        return self._totals.read()

    def checkpoint(self) -> None:
        """Bring everything from the write-ahead file into the ledger itself: before the machine is turned off."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Fold the WAL into the file and let go of it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.conn.close()


def claim_code(order_id: str) -> str:
    """What is printed on a claim slip: the last eight characters of the order's ULID, 4-4. Names no person."""
    return f"{order_id[-8:-4]}-{order_id[-4:]}"


def _no_room() -> bool:
    return False
