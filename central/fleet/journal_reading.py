"""A machine's journal as central holds it, in pages."""

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.fleet.journal import head_of
from central.store.schema import event, machine
from kiosk.protocol.central import JournalReply
from kiosk.protocol.courier import JournalRow

PAGE_ROWS = 500
PAGE_BYTES = 512 * 1024


async def read_journal(connection: AsyncConnection, kiosk: str, after: int) -> JournalReply:
    """The rows that follow seq `after`, as many as fit a page, and how far everything goes."""
    query = select(event).where(event.c.kiosk == kiosk, event.c.seq > after).order_by(event.c.seq)
    rows: list[JournalRow] = []
    size = 0
    for found in await connection.execute(query.limit(PAGE_ROWS)):
        size += len(found.body.encode()) + 256
        if rows and size > PAGE_BYTES:
            break
        body = msgspec.Raw(found.body.encode())
        rows.append(
            JournalRow(
                found.seq, found.boot, found.at_ms, found.mono_ms, found.kind, body, found.prev, found.hash
            )
        )
    head = await head_of(connection, kiosk)
    told = (await connection.execute(select(machine.c.journal_seq).where(machine.c.kiosk == kiosk))).scalar()
    return JournalReply(tuple(rows), head.seq, head.hash, told or 0)
