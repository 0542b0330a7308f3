"""What central believes, as one JSON document: for holding it against a machine's ledger and physical truth.

issues       one object a key: kiosk, key, order, line, copy, type_code, status, code, number ("" without), sheets,
             fee, issued_ms, final ("", delivered, void), final_reason
orders       kiosk, order, outcome ("" while open), fee, credit, paid, claim, captured,
             reversed (a card's), reason, opened_ms, closed_ms
events_head  {kiosk: {seq, hash}}
notes        {kiosk: KRW}: what its journal says is in the box of notes
claims       kiosk, order, amount, paid, state, reason: what is or was owed about an order, to nobody by name
alarms       kiosk, code, subject, times, first_ms, last_ms
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.authority.keys import Folder
from central.store.engine import READ_ONLY, StoreError, open_engine
from central.store.schema import alarm, claim, event, issue, orders
from kiosk.protocol import journal
from kiosk.protocol.journal.money import NOTE_KINDS, note_value


async def export(folder: Folder) -> dict[str, Any]:
    """Read everything in one consistent view; a running server is not disturbed. Raises StoreError."""
    if not folder.database.exists():
        raise StoreError(f"{folder.database} is missing; run `central init` first")
    engine = open_engine(folder.database, READ_ONLY, any_text=True)
    try:
        async with engine.connect() as connection:
            return {
                "issues": [_issue(row) for row in await _rows(connection, issue)],
                "orders": [_order(row) for row in await _rows(connection, orders)],
                "events_head": await _heads(connection),
                "notes": await _notes(connection),
                "claims": [_claim(row) for row in await _rows(connection, claim)],
                "alarms": [
                    {key: row[key] for key in row if key != "id"} for row in await _rows(connection, alarm)
                ],
            }
    finally:
        await engine.dispose()


async def _rows(connection: AsyncConnection, table: Any) -> list[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


def _issue(row: dict[str, Any]) -> dict[str, Any]:
    plain = ("kiosk", "key", "line", "copy", "type_code", "status", "code", "sheets", "fee", "issued_ms")
    end = {name: row[name] for name in ("final", "final_reason")}
    return {
        **{name: row[name] for name in plain},
        "order": row["order_id"],
        "number": row["number"] or "",
        **end,
    }


def _claim(row: dict[str, Any]) -> dict[str, Any]:
    """Whose it is stays here: the pseudonym is nobody's business outside."""
    plain = ("kiosk", "amount", "paid", "state", "reason")
    return {"order": row["order_id"], **{name: row[name] for name in plain}}


def _order(row: dict[str, Any]) -> dict[str, Any]:
    return {("order" if name == "order_id" else name): value for name, value in row.items()}


async def _heads(connection: AsyncConnection) -> dict[str, dict[str, Any]]:
    last = select(event.c.kiosk, func.max(event.c.seq).label("seq")).group_by(event.c.kiosk).subquery()
    query = select(event.c.kiosk, event.c.seq, event.c.hash).join(
        last, (last.c.kiosk == event.c.kiosk) & (last.c.seq == event.c.seq)
    )
    return {row.kiosk: {"seq": row.seq, "hash": row.hash} for row in await connection.execute(query)}


async def _notes(connection: AsyncConnection) -> dict[str, int]:
    """Notes credited to orders, and those that belong to none."""
    query = select(event.c.kiosk, event.c.kind, event.c.body).where(event.c.kind.in_(NOTE_KINDS))
    found: dict[str, int] = {}
    for row in await connection.execute(query):
        found[row.kiosk] = found.get(row.kiosk, 0) + _note_of(row.kind, row.body)
    return {kiosk: value for kiosk, value in found.items() if value}


def _note_of(kind: str, text: str) -> int:
    """The value of the note that a row is about, KRW; 0: it is about none, or is not to be read."""
    try:
        return note_value(journal.decode(kind, text))
    except journal.BodyError:
        return 0
