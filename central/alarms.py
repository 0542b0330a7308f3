"""Raises an alarm once, and counts when the same trouble happens again. It is never taken back.

Of one machine and code the newest `MOST` are kept one by one; those before them become one that counts (`EARLIER`).

What each code means, and what to do about it, is data: central/vocabulary/alarms.py.
"""

from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.store.schema import alarm
from central.vocabulary.alarms import EARLIER, Alarm

MOST: Final = 50


async def raise_alarm(
    connection: AsyncConnection, kiosk: str, code: Alarm, subject: str, now_ms: int
) -> None:
    """Record the alarm in this transaction. `subject` is an order, a key or a seq; never personal data."""
    again = (
        update(alarm)
        .where(alarm.c.kiosk == kiosk, alarm.c.code == code.value, alarm.c.subject == subject)
        .values(last_ms=now_ms, times=alarm.c.times + 1)
    )
    if (await connection.execute(again)).rowcount == 0:
        first = {
            "kiosk": kiosk,
            "code": code.value,
            "subject": subject,
            "first_ms": now_ms,
            "last_ms": now_ms,
        }
        await connection.execute(insert(alarm), [first])
        await _fold(connection, kiosk, code.value)


async def _fold(connection: AsyncConnection, kiosk: str, code: str) -> None:
    """Add up the alarms behind the newest `MOST`."""
    alike = (alarm.c.kiosk == kiosk, alarm.c.code == code)
    one_by_one = select(alarm.c.id).where(*alike, alarm.c.subject != EARLIER)
    newest = one_by_one.order_by(alarm.c.last_ms.desc(), alarm.c.id.desc()).limit(MOST)
    folded = (*alike, alarm.c.id.not_in(newest))
    sums = select(
        func.min(alarm.c.first_ms).label("first_ms"),
        func.max(alarm.c.last_ms).label("last_ms"),
        func.sum(alarm.c.times).label("times"),
        func.count().label("rows"),
    ).where(*folded)
    row = dict((await connection.execute(sums)).mappings().one())
    if row.pop("rows") > 0:
        await connection.execute(delete(alarm).where(*folded))
        await connection.execute(insert(alarm), [{"kiosk": kiosk, "code": code, "subject": EARLIER, **row}])
