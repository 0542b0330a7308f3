"""Nonces: given out for one machine and order, good once and for a minute. Using one takes it out of the table."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.clock import to_ms
from central.store.schema import challenge
from kiosk.protocol.identity import NONCE_BYTES, ChallengeCall, ChallengeReply, IdentityRequest

NONCE_S = 60
MOST = 20  # of one machine, which has one visitor at a time
_AGE: ColumnElement[int] = literal_column("challenge.rowid")  # times may be equal


async def give(
    connection: AsyncConnection, call: ChallengeCall, now: datetime, chance: Callable[[int], bytes]
) -> ChallengeReply:
    """A fresh nonce; those that nobody used in time go, and the machine's oldest past `MOST`."""
    nonce = chance(NONCE_BYTES)
    until = to_ms(now + timedelta(seconds=NONCE_S))
    row = {"nonce": nonce.hex(), "kiosk": call.kiosk, "order_id": call.order, "until_ms": until}
    await connection.execute(delete(challenge).where(challenge.c.until_ms < to_ms(now)))
    mine = challenge.c.kiosk == call.kiosk
    newest = select(challenge.c.nonce).where(mine).order_by(_AGE.desc()).limit(MOST - 1)
    await connection.execute(delete(challenge).where(mine, challenge.c.nonce.not_in(newest)))
    await connection.execute(insert(challenge), [row])
    return ChallengeReply(nonce, NONCE_S)


async def use(connection: AsyncConnection, request: IdentityRequest, now_ms: int) -> bool:
    """Use the nonce up. False: it was never given to this machine and order, or was used, or is too old."""
    mine = and_(
        challenge.c.nonce == request.nonce.hex(),
        challenge.c.kiosk == request.kiosk,
        challenge.c.order_id == request.order,
    )
    # Kept as one statement: whoever takes the row away has it.
    taken = await connection.execute(delete(challenge).where(mine).returning(challenge.c.until_ms))
    until = taken.scalar_one_or_none()
    return until is not None and now_ms < until
