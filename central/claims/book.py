"""The book of claims: what a machine's journal enters in it, within the transaction that stores the journal's row.

An order that ends owing money becomes a claim, once. A redemption that ends is written off against the claims it held:
the hopper's evidence says how much was paid, the rest is owed as before, and what is not proved is a person's case.
"""

from msgspec import Struct
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.store.schema import claim, redemption


class Ended(Struct, frozen=True):
    """How an order ended, as the machine reported it. `claim` is owed, `paid` came out of the hopper, KRW."""

    kiosk: str
    order: str
    claim: int
    paid: int
    holder: str
    disputed: bool
    reason: str
    at_ms: int


async def enter(connection: AsyncConnection, end: Ended) -> bool:
    """Enter what is owed, or disputed, about an order, once. False: it stands in the book already, and stays so."""
    if not end.claim and not end.disputed:
        return True
    known = select(claim.c.id).where(claim.c.kiosk == end.kiosk, claim.c.order_id == end.order)
    if (await connection.execute(known)).scalar_one_or_none() is not None:
        return False
    owed = "open" if end.holder else "counter"
    row = {
        "kiosk": end.kiosk,
        "order_id": end.order,
        "amount": end.claim,
        "holder": end.holder,
        "state": "case" if end.disputed else owed,
        "reason": end.reason,
        "opened_ms": end.at_ms,
    }
    await connection.execute(insert(claim), [row])
    return True


async def write_off(connection: AsyncConnection, end: Ended) -> bool:
    """End a redemption. False: more was paid than it held, which somebody must look at."""
    mine = (redemption.c.kiosk == end.kiosk, redemption.c.order_id == end.order)
    known = (await connection.execute(select(redemption.c.state).where(*mine))).scalar_one_or_none()
    if known == "closed":
        return True
    if known is None:
        row = {"kiosk": end.kiosk, "order_id": end.order, "state": "closed", "paid": end.paid}
        await connection.execute(insert(redemption), [row])
        return end.paid == 0
    await connection.execute(update(redemption).where(*mine).values(state="closed", paid=end.paid))
    left = end.paid
    for row_id, owed, paid in await _held(connection, end.kiosk, end.order):
        part = min(left, owed - paid)
        left -= part
        unpaid = "case" if end.disputed else "open"
        state = "paid" if paid + part == owed else unpaid
        free = {"by_kiosk": "", "by_order": "", "until_ms": 0} if state == "open" else {}
        reason = {"reason": end.reason} if state == "case" else {}
        values = {"state": state, "paid": paid + part, "told_ms": 0, **free, **reason}
        await connection.execute(update(claim).where(claim.c.id == row_id).values(**values))
    return left == 0


async def _held(connection: AsyncConnection, kiosk: str, order: str) -> list[tuple[int, int, int]]:
    query = (
        select(claim.c.id, claim.c.amount, claim.c.paid)
        .where(claim.c.by_kiosk == kiosk, claim.c.by_order == order, claim.c.state == "reserved")
        .order_by(claim.c.opened_ms, claim.c.id)
    )
    return [(row.id, row.amount, row.paid) for row in await connection.execute(query)]
