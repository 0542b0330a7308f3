"""Raising an alarm: once, and counting when it happens again. It is never taken back.

What each code means, and what to do about it, is data: central/vocabulary/alarms.py.
"""

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.store.schema import alarm
from central.vocabulary.alarms import Alarm


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
