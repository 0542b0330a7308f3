"""The desk at which a machine asks for somebody's money: who was identified gets it held for one machine alone.

The decision is one write transaction, so of two machines that ask at once one gets it. What is held stays held until
the machine that holds it reports the end of its redemption: after a power cut nobody else knows whether coins came out.
Past HOLD_S without a word it is a person's case (cases.py), never paid again by itself.
"""

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from central.authority.identity import Identities
from central.clock import Clock, to_ms
from central.problems import ProblemError
from central.registers.refusal import RefusedError
from central.store.database import Database
from central.store.schema import claim, redemption
from kiosk.protocol.claims import ClaimsAnswer, ClaimsRequest, Owed

HOLD_S = 30 * 60


class ClaimService:
    """Holds claims for redemptions."""

    def __init__(self, database: Database, identities: Identities, clock: Clock) -> None:
        self._database, self._identities, self._clock = database, identities, clock

    async def hold(self, request: ClaimsRequest) -> ClaimsAnswer:
        """What this redemption holds from now on. The same each time. Raises ProblemError 410 once it is closed."""
        now = self._clock()
        try:
            person = await self._identities.person_of(request, now)
        except RefusedError as refused:
            return ClaimsAnswer(code=refused.code)
        holder = self._identities.pseudonym(person)
        async with self._database.writing() as connection:
            return await hold_for(connection, request, holder, to_ms(now))


async def hold_for(
    connection: AsyncConnection, request: ClaimsRequest, holder: str, now_ms: int
) -> ClaimsAnswer:
    """The decision itself, in the caller's transaction."""
    mine = (redemption.c.kiosk == request.kiosk, redemption.c.order_id == request.order)
    known = (await connection.execute(select(redemption.c.state).where(*mine))).scalar_one_or_none()
    if known == "closed":
        raise ProblemError(410, "redemption-closed", "the machine has reported the end of this redemption")
    rows = await _of(connection, holder)
    if known is not None:
        held = [row for row in rows if (row["by_kiosk"], row["by_order"]) == (request.kiosk, request.order)]
        return _answer(held, rows)
    chosen: list[RowMapping] = []
    for row in rows:
        if row["state"] == "open" and _sum([*chosen, row]) <= request.most:
            chosen.append(row)
    if chosen:
        marked = {"state": "reserved", "by_kiosk": request.kiosk, "by_order": request.order}
        which = claim.c.id.in_([row["id"] for row in chosen])
        await connection.execute(update(claim).where(which).values(**marked, until_ms=now_ms + HOLD_S * 1000))
        new: dict[str, Any] = {"kiosk": request.kiosk, "order_id": request.order, "state": "reserved"}
        await connection.execute(insert(redemption), [new])
    return _answer(chosen, rows)


async def _of(connection: AsyncConnection, holder: str) -> list[RowMapping]:
    query = (
        select(claim)
        .where(claim.c.holder == holder, claim.c.state.in_(("open", "reserved")))
        .order_by(claim.c.opened_ms, claim.c.id)
    )
    return list((await connection.execute(query)).mappings())


def _answer(held: list[RowMapping], rows: list[RowMapping]) -> ClaimsAnswer:
    elsewhere = _sum([row for row in rows if row not in held])
    owed = tuple(Owed(row["kiosk"], row["order_id"], row["amount"] - row["paid"]) for row in held)
    return ClaimsAnswer(owed, "" if held else _why_not(rows), elsewhere)


def _why_not(rows: list[RowMapping]) -> str:
    if not rows:
        return "no-claim"
    return "claim-too-large" if any(row["state"] == "open" for row in rows) else "claim-reserved"


def _sum(rows: list[RowMapping]) -> int:
    return sum(row["amount"] - row["paid"] for row in rows)
