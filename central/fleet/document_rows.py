"""The final word on each document, as machines report it (M4).

The first final word stays; a second one that contradicts it raises an alarm and changes nothing.
"""

from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.engine import RowMapping

from central.fleet.row_context import RowContext
from central.store.schema import issue
from central.vocabulary.alarms import Alarm
from kiosk.protocol.journal import IssueDelivered, IssueVoid


async def delivered(row: RowContext, fact: IssueDelivered) -> None:
    """A person took the paper."""
    stored = await _issue(row, fact.key)
    if stored is None or (stored["number"] is None and stored["final"] != "void"):
        await row.alarm(Alarm.DELIVERED_UNKNOWN, fact.key)
    elif stored["final"] == "void":
        await row.alarm(Alarm.DELIVERED_AFTER_VOID, fact.key)
    elif stored["number"] != fact.number:
        await row.alarm(Alarm.NUMBER_MISMATCH, fact.key)
    elif not stored["final"]:
        await _finish(row, fact.key, "delivered", "")


async def void(row: RowContext, fact: IssueVoid) -> None:
    """The document does not exist; a key that central never saw becomes a tombstone."""
    stored = await _issue(row, fact.key)
    if stored is None:
        await row.connection.execute(insert(issue), [_tombstone(row, fact)])
        return
    if stored["final"] == "delivered":
        await row.alarm(Alarm.VOID_AFTER_DELIVERED, fact.key)
        return
    if fact.number and fact.number != stored["number"]:
        await row.alarm(Alarm.NUMBER_MISMATCH, fact.key)
    if not stored["final"]:
        await _finish(row, fact.key, "void", fact.reason)


def _tombstone(row: RowContext, fact: IssueVoid) -> dict[str, str | int]:
    return {
        "kiosk": row.kiosk,
        "key": fact.key,
        "order_id": fact.order,
        "line": fact.line,
        "copy": fact.copy,
        "status": "voided",
        "issued_ms": row.now_ms,
        "final": "void",
        "final_reason": fact.reason,
        "final_ms": row.at_ms,
    }


async def _finish(row: RowContext, key: str, final: Literal["delivered", "void"], reason: str) -> None:
    mine = (issue.c.kiosk == row.kiosk, issue.c.key == key, issue.c.final == "")
    word = {"final": final, "final_reason": reason, "final_ms": row.at_ms}
    await row.connection.execute(update(issue).where(*mine).values(**word))


async def _issue(row: RowContext, key: str) -> RowMapping | None:
    query = select(issue.c.number, issue.c.final).where(issue.c.kiosk == row.kiosk, issue.c.key == key)
    return (await row.connection.execute(query)).mappings().one_or_none()
