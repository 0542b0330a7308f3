"""A ledger from what is left: the second copy, central's journal, or both. It ends where central's ends, or later.

Nothing is believed: each row must follow from the one before it, and where copy and central both have a row it must be
the same. Never from the copy alone: the rows since that night have been given to central, and a machine that went on
from the copy would give out their numbers a second time.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

import msgspec
from msgspec import UNSET, Struct

from kiosk.ledger.chain_check import Chain, check_chain
from kiosk.ledger.claims import settle
from kiosk.ledger.copies import CopyError, read_copy
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.migrations import immediate
from kiosk.ledger.replay import Besides, Replay
from kiosk.ledger.unproved import end_unproved
from kiosk.order.counters import Counters
from kiosk.order.model import Order, Policy
from kiosk.protocol import journal
from kiosk.protocol.central import JournalReply
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow

Fetch = Callable[[int], JournalReply]
"""The page of central's journal after a seq. Raises RebuildError when central can't be asked."""


class RebuildError(Exception):
    """There is no ledger that could be proved. `code`: central-silent, central-broken, forked, copy-…, unknown-row,
    running.
    """

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code


class Rebuilt(Struct, frozen=True):
    """What was brought back. `copied` rows came with the copy, `fetched` from central; `missing` rows were written once
    (the machine told central so) and nobody has them. `unproved`: orders that ended DISPUTED, for want of their end.
    `unsent` rows of the copy have never reached central.
    """

    chain: Chain
    copied: int
    fetched: int
    unsent: int
    missing: int
    unproved: tuple[str, ...]
    violations: tuple[str, ...]


def rebuild(
    part: Path, copy: Path | None, fetch: Fetch, machine: str, stamp: Callable[[], Stamp], policy: Policy
) -> Rebuilt:
    """Write `part` anew and prove it. Raises RebuildError; `part` is then worth nothing. `policy`: what the machine
    takes, for what a coin or a note of unknown value is owed as.
    """
    copied = _lay_down(part, copy, machine)
    ledger = Ledger(part, stamp, machine=machine)
    try:
        builder = _Builder(ledger, fetch, policy)
        central = builder.bring_up(copied)
    finally:
        ledger.close()
    ledger = Ledger(part, stamp, machine=machine)
    try:
        return _finish(ledger, builder, central, copied, copy is not None)
    finally:
        ledger.close()


def _lay_down(part: Path, copy: Path | None, machine: str) -> int:
    """The copy, if there is one, made a ledger again; its last seq."""
    for file in part.parent.glob(part.name + "*"):
        file.unlink()
    if copy is None:
        return 0
    try:
        found = read_copy(copy, machine)
    except CopyError as error:
        raise RebuildError(f"copy-{error.code}", str(error)) from error
    part.write_bytes(copy.read_bytes())
    with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as db:
        db.execute("DELETE FROM about WHERE name = 'second-copy'")
    return found.chain.seq


class _Builder:
    """Brings a ledger up to central's last row."""

    def __init__(self, ledger: Ledger, fetch: Fetch, policy: Policy) -> None:
        self._ledger, self._fetch, self._policy = ledger, fetch, policy
        self._replay = Replay(policy)
        under_way = ledger.open_order()
        # In an older machine's copy only the order itself knows where they stood in the midst of it.
        in_it = under_way.counters if under_way is not None else None
        stood = in_it or ledger.counters()
        if stood != Counters():
            self._replay.kept["counters"] = msgspec.to_builtins(stood)
        for left in (*ledger.waiting_orders(), *((under_way,) if under_way is not None else ())):
            self._replay.orders[left.id] = left

    @property
    def left(self) -> tuple[Order, ...]:
        """Orders that no row ends."""
        return tuple(self._replay.orders.values())

    def ends(self) -> tuple[tuple[Order, tuple[journal.Row, ...]], ...]:
        """How each of them ends, and the rows that say so."""
        return tuple(end_unproved(order, self._policy) for order in self.left)

    def bring_up(self, copied: int) -> JournalReply:
        """Until nothing is left to fetch; central's last page. Raises RebuildError."""
        seq, head = self._ledger.head
        page = self._fetch(seq)
        if page.seq <= seq:
            self._must_agree(page)
        while page.rows:
            with immediate(self._ledger.db):
                for row in page.rows:
                    if row.seq != seq + 1 or row.prev != head or row.hash != _hash(row):
                        raise self._break(row, seq, copied)
                    self._enter(row)
                    seq, head = row.seq, row.hash
            page = self._fetch(seq)
        if page.seq > seq or (page.seq == seq and page.hash != head):
            raise RebuildError(
                "central-broken", f"central's journal ends at row {page.seq}; row {seq} was the last"
            )
        self._send_the_rest(page.seq)
        return page

    def _must_agree(self, page: JournalReply) -> None:
        """The copy goes as far as central, or further: central's last row is one of the copy's, or they have forked."""
        row = self._ledger.db.execute("SELECT hash FROM journal WHERE seq = ?", (page.seq,)).fetchone()
        end = self._ledger.db.execute("SELECT head FROM segments WHERE last = ?", (page.seq,)).fetchone()
        hashed = row or end or ((GENESIS,) if page.seq == 0 else None)
        if hashed is None or hashed[0] != page.hash:
            raise RebuildError(
                "forked", f"central's row {page.seq} is another one than the copy's; {_FROM_CENTRAL}"
            )

    def _break(self, row: JournalRow, seq: int, copied: int) -> RebuildError:
        if seq == copied and row.seq == seq + 1 and row.hash == _hash(row):
            cause = f"central's row {row.seq} does not follow the copy's last row; {_FROM_CENTRAL}"
            return RebuildError("forked", cause)
        return RebuildError(
            "central-broken", f"what central sent does not follow row {seq}; nothing was changed"
        )

    def _enter(self, row: JournalRow) -> None:
        ledger, body = self._ledger, bytes(row.body).decode()
        ledger.db.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.seq, row.boot, row.at_ms, row.mono_ms, row.kind, body, row.prev, row.hash),
        )
        fact = _fact(row)
        try:
            ended = self._replay.take(fact, row.at_ms)
        except ValueError as error:  # an outcome, or a payment's name, that no program of ours writes
            raise _unread(row, str(error)) from error
        if ended is not None:
            ledger.write_order(ended, row.seq)
        if isinstance(fact, Besides):
            _enter_besides(ledger, fact, row)

    def keep_positions(self) -> None:
        """How far the devices' events are booked, as the last rows that said so."""
        with immediate(self._ledger.db):
            for device, position in self._replay.kept.items():
                self._ledger.write_position(device, msgspec.json.encode(position).decode())

    def _send_the_rest(self, acked: int) -> None:
        """What central does not have is for it; what it has is not sent again."""
        with immediate(self._ledger.db):
            self._ledger.db.execute("DELETE FROM outbox WHERE seq <= ?", (acked,))
            self._ledger.db.execute(
                "INSERT OR IGNORE INTO outbox SELECT seq FROM journal WHERE seq > ?", (acked,)
            )
        self.keep_positions()


def _finish(
    ledger: Ledger, builder: _Builder, central: JournalReply, copied: int, from_copy: bool
) -> Rebuilt:
    """End what can't be proved, say so in the journal, and look at everything once more."""
    seq = ledger.head[0]
    missing = max(0, central.told - seq)
    for closed, records in builder.ends():
        ledger.commit(records, closed)
    unproved = tuple(order.id for order in builder.left)
    said = journal.LedgerRebuilt(
        source="copy" if from_copy else "central",
        copied=copied,
        central=central.seq,
        told=central.told,
        missing=missing,
        unproved=unproved,
    )
    ledger.commit((said,))
    chain = check_chain(ledger.db.conn)
    if chain.broken:
        raise RebuildError("central-broken", f"row {chain.broken} does not follow from the row before it")
    fetched, unsent = max(0, central.seq - copied), max(0, copied - central.seq)
    return Rebuilt(chain, copied, fetched, unsent, missing, unproved, tuple(ledger.violations()))


def _fact(row: JournalRow) -> journal.Row:
    """What the row says. Raises RebuildError where this program can't know what it changes."""
    try:
        return journal.decode(row.kind, row.body)
    except journal.UnknownKindError as error:
        cause = (
            f"row {row.seq} says {row.kind}, and this program does not know what that changes; {_THE_SAME}"
        )
        raise RebuildError("unknown-row", cause) from error
    except journal.BodyError as error:
        raise _unread(row, str(error)) from error


def _unread(row: JournalRow, why: str) -> RebuildError:
    cause = f"row {row.seq} ({row.kind}) does not say what this program expects ({why}); {_THE_SAME}"
    return RebuildError("unknown-row", cause)


def _enter_besides(ledger: Ledger, fact: Besides, row: JournalRow) -> None:
    """What a row changes beside the orders, which replay.py knows."""
    match fact:
        case journal.Surplus():
            told = (one for one in (fact.value, fact.count, fact.amount) if one is not UNSET)
            ledger.db.execute("INSERT INTO surplus VALUES (?, ?, ?)", (row.seq, fact.what, next(told, 0)))
        case journal.SegmentClosed():
            closed_ms = row.at_ms if fact.closed_ms is UNSET else fact.closed_ms
            ledger.db.execute(
                "INSERT INTO segments (first, last, prev, head, closed_ms) VALUES (?, ?, ?, ?, ?)",
                (fact.first, fact.last, fact.prev, fact.head, closed_ms),
            )
        case journal.CaseResolved():
            settle(ledger.db, fact, row.seq)
        case _:
            assert_never(fact)


_THE_SAME = "use the one that wrote it"
_FROM_CENTRAL = "take `--from-central`, and keep this copy for whoever looks into it"


def _hash(row: JournalRow) -> str:
    return row_hash(
        row.prev,
        seq=row.seq,
        boot=row.boot,
        at_ms=row.at_ms,
        mono_ms=row.mono_ms,
        kind=row.kind,
        body=row.body,
    )
