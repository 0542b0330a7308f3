"""Faults planted into what is owed and paid back: into central's book and desk of claims, and into core."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from central.claims import book, claim_service
from central.store.schema import claim, redemption
from kiosk.order import recovery
from kiosk.order.model import Order, OrderState, Policy
from kiosk.order.saga import Move, Saga, Stage, close

_resume = recovery.resume
_hold_for = claim_service.hold_for
_write_off = book.write_off


async def _nothing_written_off(connection: AsyncConnection, end: book.Ended) -> bool:
    """What came out is owed as before."""
    return await _write_off(connection, msgspec.structs.replace(end, paid=0))


async def _without_tombstone(connection: AsyncConnection, *asked: Any) -> Any:
    """A redemption that is over holds again when a late request asks for it."""
    await connection.execute(delete(redemption).where(redemption.c.state == "closed"))
    return await _hold_for(connection, *asked)


async def _of_anybody(connection: AsyncConnection, _holder: str) -> list[RowMapping]:
    """Whoever asks is given what is owed to anybody."""
    query = select(claim).where(claim.c.state.in_(("open", "reserved"))).order_by(claim.c.id)
    return list((await connection.execute(query)).mappings())


def _unpaid_at_boot(order: Order, policy: Policy, now_ms: int) -> Move:
    """A redemption that was paying when the power failed is taken to have paid nothing."""
    if order.redeems and order.state is OrderState.PAYING:
        return close(Saga(order, policy, Stage.WEIGHING, live=False))
    return _resume(order, policy, now_ms)


PLANTED: dict[str, Callable[[], list[Any]]] = {
    "what was paid back is not written off": lambda: [
        mock.patch.object(book, "write_off", _nothing_written_off)
    ],
    "central forgets that a redemption is over": lambda: [
        mock.patch.object(claim_service, "hold_for", _without_tombstone)
    ],
    "central gives anybody's money": lambda: [mock.patch.object(claim_service, "_of", _of_anybody)],
    "boot assumes a redemption unpaid": lambda: [mock.patch.object(recovery, "resume", _unpaid_at_boot)],
}
