"""Cases: what the machine could not prove, whom no card identified, and money that a silent machine holds. A person
looks at the evidence and decides once, with a reason; the machine is told, and its journal says that it was. It is
told likewise of a claim that some machine has paid.

claim     it is owed: its holder gets it at any machine; where nobody was identified, the office pays it
paid      the office has paid it by hand
kept      the paper was handed over: its fee stays, what was put in besides is owed
void      nothing is owed, nothing was delivered
"""

from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from central.problems import SetupError
from central.store.schema import claim, event, issue, orders
from kiosk.protocol.claims import Resolution

NEEDS_A_PERSON = ("case", "counter")
MAX_WHY = 400


class Verdict(StrEnum):
    """What can be decided."""

    CLAIM = "claim"
    PAID = "paid"
    KEPT = "kept"
    VOID = "void"


REDEEMED = "redeemed"
"""What a machine is told where no person decided: another machine, or itself, has paid it."""
_STATE_AFTER: dict[Verdict, str] = {Verdict.PAID: "paid", Verdict.KEPT: "kept", Verdict.VOID: "void"}


class CaseError(SetupError):
    """This can't be decided, or not so; the message says why and what to do."""


class Case(Struct, frozen=True):
    """A case as it is shown: its order, what is still owed (KRW), and why a person has to look.

    `known`: somebody was identified. Nothing here says who.
    """

    number: int
    kiosk: str
    order: str
    owed: int
    state: str
    reason: str
    known: bool
    opened_ms: int
    by_kiosk: str = ""
    verdict: str = ""
    why: str = ""


class Evidence(Struct, frozen=True):
    """What the machine reported about the order: its journal rows, its sums, its documents."""

    rows: tuple[tuple[int, int, str, str], ...]
    money: dict[str, int]
    documents: tuple[tuple[str, str, str], ...]


async def open_cases(connection: AsyncConnection, now_ms: int) -> list[Case]:
    """What waits for a person, the oldest first."""
    query = select(claim).where(_waits(now_ms)).order_by(claim.c.opened_ms, claim.c.id)
    return [_case(row) for row in (await connection.execute(query)).mappings()]


async def all_cases(connection: AsyncConnection, now_ms: int) -> list[Case]:
    """These, and what persons have decided so far."""
    query = select(claim).where(or_(_waits(now_ms), claim.c.verdict != "")).order_by(claim.c.id)
    return [_case(row) for row in (await connection.execute(query)).mappings()]


async def case_of(connection: AsyncConnection, number: int) -> Case:
    """One of them, or any claim by its number. Raises CaseError."""
    return _case(await _row(connection, number))


async def evidence_of(connection: AsyncConnection, case: Case) -> Evidence:
    """All that the machine reported of this order. No personal data is in it: there is none in a journal."""
    theirs = (event.c.kiosk == case.kiosk, event.c.body.contains(case.order, autoescape=True))
    query = (
        select(event.c.seq, event.c.at_ms, event.c.kind, event.c.body).where(*theirs).order_by(event.c.seq)
    )
    rows = tuple((row.seq, row.at_ms, row.kind, row.body) for row in await connection.execute(query))
    mine = (orders.c.kiosk == case.kiosk, orders.c.order_id == case.order)
    money = (await connection.execute(select(orders).where(*mine))).mappings().one_or_none()
    papers = select(issue.c.key, issue.c.number, issue.c.final).where(
        issue.c.kiosk == case.kiosk, issue.c.order_id == case.order
    )
    documents = tuple((row.key, row.number or "", row.final) for row in await connection.execute(papers))
    names = ("credit", "fee", "paid", "claim")
    return Evidence(rows, {name: money[name] for name in names} if money else {}, documents)


async def resolve(
    connection: AsyncConnection, number: int, verdict: Verdict, why: str, now_ms: int
) -> Resolution:
    """Decide a case, once. A disputed document ends with it: KEPT delivers it, anything else makes it void (M4).

    Raises CaseError.
    """
    if not why.strip() or len(why) > MAX_WHY:
        raise CaseError(f"say why, in at most {MAX_WHY} characters")
    row = await _row(connection, number)
    if not await _may_be_decided(connection, row, verdict, now_ms):
        raise CaseError(_why_not(row))
    if verdict in (Verdict.KEPT, Verdict.VOID) and row["state"] != "case":
        raise CaseError(f"case {number} is not disputed: the money is owed")
    kept = await _disputed_fee(connection, row) if verdict is Verdict.KEPT else 0
    amount = max(row["paid"], row["amount"] - kept)
    over = verdict is not Verdict.CLAIM and not (verdict is Verdict.KEPT and amount > row["paid"])
    state = _STATE_AFTER[verdict] if over else ("open" if row["holder"] else "counter")
    paid = amount if verdict is Verdict.PAID else row["paid"]
    values = {"state": state, "amount": amount, "paid": paid, "verdict": verdict.value, "why": why}
    fresh = {"by_kiosk": "", "by_order": "", "until_ms": 0, "resolved_ms": now_ms, "told_ms": 0}
    await connection.execute(update(claim).where(claim.c.id == number).values(**values, **fresh))
    if row["state"] == "case":
        await _end_documents(connection, row, verdict, why, now_ms)
    return _word_of(await _row(connection, number))


async def untold(connection: AsyncConnection, kiosk: str) -> tuple[Resolution, ...]:
    """What became of claims of this machine's orders and its journal does not say yet."""
    news = or_(claim.c.resolved_ms > 0, claim.c.state == "paid")
    query = select(claim).where(claim.c.kiosk == kiosk, news, claim.c.told_ms == 0)
    rows = (await connection.execute(query.order_by(claim.c.id).limit(20))).mappings()
    return tuple(_word_of(row) for row in rows)


async def told(connection: AsyncConnection, kiosk: str, number: int, verdict: str, now_ms: int) -> None:
    """The machine's journal says that it knows; of an earlier word about this claim only, it has to be told again."""
    mine = (claim.c.id == number, claim.c.kiosk == kiosk)
    row = (await connection.execute(select(claim).where(*mine))).mappings().one_or_none()
    if row is not None and _word_of(row).verdict == verdict:
        await connection.execute(update(claim).where(*mine).values(told_ms=now_ms))


def _word_of(row: RowMapping) -> Resolution:
    """The last word on a claim, and what is owed after it."""
    redeemed = row["state"] == "paid" and row["verdict"] != Verdict.PAID
    left = 0 if row["state"] in _STATE_AFTER.values() else row["amount"] - row["paid"]
    return Resolution(row["id"], row["order_id"], REDEEMED if redeemed else row["verdict"], left)


def _waits(now_ms: int) -> ColumnElement[bool]:
    """Disputed, payable by hand only, or held by a machine that has not said for too long what became of it."""
    late = (claim.c.state == "reserved") & (claim.c.until_ms < now_ms)
    return or_(claim.c.state.in_(NEEDS_A_PERSON), late)


async def _may_be_decided(
    connection: AsyncConnection, row: RowMapping, verdict: Verdict, now_ms: int
) -> bool:
    """What is owed may be paid by hand, too, as long as no machine holds it; and that is all that may be done to it."""
    waits = select(claim.c.id).where(claim.c.id == row["id"], _waits(now_ms))
    if (await connection.execute(waits)).scalar_one_or_none() is not None:
        return verdict is Verdict.PAID or row["state"] != "counter"
    return row["state"] == "open" and verdict is Verdict.PAID


def _why_not(row: RowMapping) -> str:
    number, by = row["id"], row["by_kiosk"]
    match row["state"]:
        case "reserved":
            return f"{by} may be paying claim {number} this moment; wait for its word"
        case "open":
            return f"claim {number} is owed and waits for its holder; the office may only pay it (--as paid)"
        case "counter":
            return f"claim {number} is owed, and nobody was identified: the office pays it (--as paid)"
        case state:
            return f"case {number} is over: {state}"


async def _disputed_fee(connection: AsyncConnection, row: RowMapping) -> int:
    """The fee of what has a number and no final word (KRW)."""
    query = select(func.coalesce(func.sum(issue.c.fee), 0)).where(
        issue.c.kiosk == row["kiosk"],
        issue.c.order_id == row["order_id"],
        issue.c.status == "issued",
        issue.c.final == "",
    )
    fee: int = (await connection.execute(query)).scalar_one()
    return fee


async def _end_documents(
    connection: AsyncConnection, row: RowMapping, verdict: Verdict, why: str, now_ms: int
) -> None:
    """Documents of the order without a final word get it; a final word that is there stays."""
    final = "delivered" if verdict is Verdict.KEPT else "void"
    theirs = (issue.c.kiosk == row["kiosk"], issue.c.order_id == row["order_id"], issue.c.final == "")
    word: dict[str, Any] = {"final": final, "final_reason": f"case {row['id']}: {why}"[:200]}
    await connection.execute(update(issue).where(*theirs).values(**word, final_ms=now_ms))


async def _row(connection: AsyncConnection, number: int) -> RowMapping:
    query = select(claim).where(claim.c.id == number)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise CaseError(f"there is no case {number}; `central cases list` shows what there is")
    return row


def _case(row: RowMapping) -> Case:
    return Case(
        number=row["id"],
        kiosk=row["kiosk"],
        order=row["order_id"],
        owed=row["amount"] - row["paid"],
        state=row["state"],
        reason=row["reason"],
        known=bool(row["holder"]),
        opened_ms=row["opened_ms"],
        by_kiosk=row["by_kiosk"],
        verdict=row["verdict"],
        why=row["why"],
    )
