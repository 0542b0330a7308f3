"""Orders and redemptions as machines report them: how they opened and ended, and whether the money adds up (M1, M2)."""

from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import RowMapping

from central.claims.book import Ended, enter, write_off
from central.fleet.row_context import RowContext
from central.store.schema import issue, orders
from central.vocabulary.alarms import Alarm
from kiosk.protocol.journal import OrderClosed, OrderOpened

MOST_UNSEEN = 100_000  # KRW: more than a pocketful of coins is looked at by a person before a machine pays it


async def opened(row: RowContext, fact: OrderOpened) -> None:
    """The order is known from now on; one that central knows already stays as it is."""
    if await _order(row, fact.order) is None:
        fresh = {"kiosk": row.kiosk, "order_id": fact.order, "opened_ms": row.at_ms}
        await row.connection.execute(insert(orders), [fresh])


async def closed(row: RowContext, fact: OrderClosed) -> None:
    """The first end of an order stays. Another one that says something else is an alarm, and changes nothing."""
    figures: dict[str, Any] = {
        "outcome": fact.outcome,
        "fee": fact.fee,
        "credit": fact.credit,
        "paid": fact.paid,
        "claim": fact.claim,
        "reason": fact.reason,
        "captured": _captured(fact),
        "reversed": fact.reversed or 0,
    }
    stored = await _order(row, fact.order)
    if stored is None:
        fresh = {"kiosk": row.kiosk, "order_id": fact.order, "opened_ms": row.at_ms}
        await row.connection.execute(insert(orders), [fresh])
    elif stored["outcome"]:
        if any(stored[name] != value for name, value in figures.items()):
            await row.alarm(Alarm.CLOSED_TWICE, fact.order)
        return
    mine = (orders.c.kiosk == row.kiosk, orders.c.order_id == fact.order)
    await row.connection.execute(update(orders).where(*mine).values(**figures, closed_ms=row.at_ms))
    await _settle_claims(row, fact)
    await _judge_money(row, fact)


async def _settle_claims(row: RowContext, fact: OrderClosed) -> None:
    """What is owed is entered in the book; what a redemption paid is written off."""
    end = Ended(
        kiosk=row.kiosk,
        order=fact.order,
        claim=fact.claim,
        paid=fact.paid,
        holder=fact.holder or "",
        disputed=fact.outcome == "DISPUTED" or (fact.claim > 0 and not _believable(fact)),
        reason=fact.reason,
        at_ms=row.at_ms,
    )
    if not fact.redeems:
        if not await enter(row.connection, end):
            await row.alarm(Alarm.CLOSED_TWICE, fact.order)
    elif not await write_off(row.connection, end):
        await row.alarm(Alarm.REDEEMED_TOO_MUCH, fact.order)


def _adds_up(fact: OrderClosed) -> bool:
    return fact.credit + _captured(fact) == fact.fee + fact.paid + fact.claim


def _captured(fact: OrderClosed) -> int:
    """What its card was charged (KRW); 0 for an order in cash."""
    return fact.captured or 0


def _believable(fact: OrderClosed) -> bool:
    """Whether a claim may be paid by a machine without a person having looked: it adds up, and is no fortune."""
    return _adds_up(fact) and fact.claim <= MOST_UNSEEN


async def _judge_money(row: RowContext, fact: OrderClosed) -> None:
    """M1 and M2 on an order as it was reported."""
    if fact.outcome == "DISPUTED":
        await row.alarm(Alarm.ORDER_DISPUTED, fact.order)
    elif not fact.redeems and not _adds_up(fact):
        await row.alarm(Alarm.MONEY_MISMATCH, fact.order)
    delivered = select(func.coalesce(func.sum(issue.c.fee), 0)).where(
        issue.c.kiosk == row.kiosk, issue.c.order_id == fact.order, issue.c.final == "delivered"
    )
    if (await row.connection.execute(delivered)).scalar_one() != fact.fee:
        await row.alarm(Alarm.FEE_MISMATCH, fact.order)


async def _order(row: RowContext, order: str) -> RowMapping | None:
    query = select(orders).where(orders.c.kiosk == row.kiosk, orders.c.order_id == order)
    return (await row.connection.execute(query)).mappings().one_or_none()
