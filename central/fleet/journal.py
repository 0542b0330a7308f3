"""A machine's journal at central: taken in gap-free, checked link by link, interpreted once, in one transaction.

A row is kept as it was written, its time too: the hash is over it. A time that cannot be (decision 0035) is an alarm.
"""

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.alarms import raise_alarm
from central.clock import Clock, plausible, to_ms
from central.fleet.interpret import interpret
from central.problems import ProblemError
from central.store.database import Database
from central.store.schema import event
from central.vocabulary.alarms import Alarm
from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow

MAX_ROWS = 500
_MAX_INTEGER = 2**53
_MAX_NAME = 100
_MAX_NESTED = 32


class _BrokenError(Exception):
    """Row `seq` does not follow what central holds."""

    def __init__(self, seq: int, acked: int) -> None:
        super().__init__(seq)
        self.seq = seq
        self.acked = acked


class Head(Struct, frozen=True):
    """The last row of a machine that central holds; seq 0 before the first."""

    seq: int
    hash: str


class Checked(Struct, frozen=True):
    """A row whose hash is right, with its body read."""

    row: JournalRow
    body: object


class Journals:
    """Where machines' journals arrive."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def take(self, kiosk: str, rows: tuple[JournalRow, ...]) -> int:
        """Store what is new; the seq up to which everything is held. Raises ProblemError (409 chain-broken)."""
        if len(rows) > MAX_ROWS:
            raise ProblemError(413, "too-many-rows", f"at most {MAX_ROWS} journal rows at once")
        checked = [_check(row) for row in rows]
        now_ms = to_ms(self._clock())
        try:
            async with self._database.writing() as connection:
                return await _store(connection, kiosk, checked, now_ms)
        except _BrokenError as broken:
            async with self._database.writing() as connection:
                await raise_alarm(connection, kiosk, Alarm.CHAIN_BROKEN, f"seq {broken.seq}", now_ms)
            detail = f"row {broken.seq} does not follow row {broken.acked}; the machine's disk needs a look"
            raise ProblemError(409, "chain-broken", detail, acked=broken.acked) from None


async def head_of(connection: AsyncConnection, kiosk: str) -> Head:
    """Where a machine's journal stands."""
    query = (
        select(event.c.seq, event.c.hash).where(event.c.kiosk == kiosk).order_by(event.c.seq.desc()).limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return Head(0, GENESIS) if row is None else Head(row.seq, row.hash)


async def _store(connection: AsyncConnection, kiosk: str, rows: list[Checked], now_ms: int) -> int:
    head = await head_of(connection, kiosk)
    known = await _hashes(connection, kiosk, [checked.row.seq for checked in rows])
    fresh: list[Checked] = []
    for checked in rows:
        row = checked.row
        if row.seq <= head.seq and not fresh:
            if known.get(row.seq) != row.hash:
                raise _BrokenError(row.seq, head.seq)
            continue
        last = fresh[-1].row if fresh else head
        if row.seq != last.seq + 1 or row.prev != last.hash or not _hash_fits(checked):
            raise _BrokenError(row.seq, head.seq)
        fresh.append(checked)
    if fresh:
        await connection.execute(insert(event), [_stored(kiosk, checked, now_ms) for checked in fresh])
    if any(not plausible(checked.row.at_ms, now_ms) for checked in fresh):
        await raise_alarm(connection, kiosk, Alarm.CLOCK_WRONG, "journal", now_ms)
    for checked in fresh:
        await interpret(connection, kiosk, checked.row, checked.body, now_ms)
    return fresh[-1].row.seq if fresh else head.seq


async def _hashes(connection: AsyncConnection, kiosk: str, seqs: list[int]) -> dict[int, str]:
    query = select(event.c.seq, event.c.hash).where(event.c.kiosk == kiosk, event.c.seq.in_(seqs))
    return {row.seq: row.hash for row in await connection.execute(query)}


def _check(row: JournalRow) -> Checked:
    """Bounds and a readable body. Raises ProblemError."""
    integers = (row.seq, row.at_ms, row.mono_ms)
    texts = (row.boot, row.kind, row.prev, row.hash)
    try:
        body = msgspec.json.decode(row.body)
        canonical_json(body)
    except (ValueError, OverflowError, RecursionError, TypeError, msgspec.MsgspecError) as error:
        raise ProblemError(
            400, "body-invalid", "a journal row's body is not JSON that can be written again"
        ) from error
    if _nested(body) > _MAX_NESTED:
        raise ProblemError(400, "body-invalid", "a journal row's body is nested too deeply")
    if not all(0 <= value < _MAX_INTEGER for value in integers) or any(
        len(text) > _MAX_NAME for text in texts
    ):
        raise ProblemError(400, "body-invalid", "a journal row's numbers or names are out of bounds")
    if not row.prev.isascii():
        raise ProblemError(400, "body-invalid", "prev is 64 hex digits")
    return Checked(row, body)


def _nested(value: object, at: int = 0) -> int:
    """How deep lists and objects lie in each other; no further than one more than is allowed."""
    if at > _MAX_NESTED or not isinstance(value, dict | list):
        return at
    inner = value.values() if isinstance(value, dict) else value
    return max((_nested(one, at + 1) for one in inner), default=at + 1)


def _hash_fits(checked: Checked) -> bool:
    row = checked.row
    right = row_hash(
        row.prev,
        seq=row.seq,
        boot=row.boot,
        at_ms=row.at_ms,
        mono_ms=row.mono_ms,
        kind=row.kind,
        body=checked.body,
    )
    return right == row.hash


def _stored(kiosk: str, checked: Checked, now_ms: int) -> dict[str, Any]:
    row = checked.row
    return {
        "kiosk": kiosk,
        "seq": row.seq,
        "boot": row.boot,
        "at_ms": row.at_ms,
        "mono_ms": row.mono_ms,
        "kind": row.kind,
        "body": canonical_json(checked.body).decode("utf-8"),
        "prev": row.prev,
        "hash": row.hash,
        "received_ms": now_ms,
    }
