"""What journal rows mean to central: how orders opened and ended, and the final word on each document (M1, M2, M4).

The first final word stays; a second one that contradicts it raises an alarm and changes nothing. Kinds not named here
are only stored.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from central.alarms import raise_alarm
from central.claims.book import Ended, enter, write_off
from central.claims.cases import told
from central.clock import believed_ms
from central.store.schema import issue, orders
from central.vocabulary.alarms import Alarm
from kiosk.protocol.courier import JournalRow

MOST_UNSEEN = 100_000  # KRW: more than a pocketful of coins is looked at by a person before a machine pays it
Name = Annotated[str, Meta(max_length=200)]
Outcome = Annotated[str, Meta(min_length=1, max_length=200)]  # an order without one is open
Sum = Annotated[int, Meta(ge=0, le=10**12)]


class IssueEvent(Struct, frozen=True):
    """issue-delivered, issue-void, issue-disputed: one copy and its key; `number` is empty when it never came."""

    key: Name
    order: Name = ""
    line: Sum = 0
    copy: Sum = 0
    number: Name = ""
    reason: Name = ""


class OrderOpened(Struct, frozen=True):
    """order-opened."""

    order: Name


class OrderClosed(Struct, frozen=True):
    """order-closed: `fee` kept, `credit` in, `paid` out, `claim` owed; `captured` and `reversed` on a card. KRW.

    `holder`: the pseudonym of who was identified. `redeems`: it was about claims of earlier orders, not about papers.
    """

    order: Name
    outcome: Outcome
    fee: Sum
    credit: Sum
    paid: Sum
    claim: Sum
    reason: Name = ""
    captured: Sum = 0
    reversed: Sum = 0
    holder: Name = ""
    redeems: bool = False


class Surplus(Struct, frozen=True):
    """surplus, counter-implausible, device-exchanged: `what` (a counter or a kind of money) moved for nobody."""

    what: Name


class CaseKnown(Struct, frozen=True):
    """case-resolved: the machine knows what became of a claim."""

    case: Sum
    verdict: Name


class BundleEvent(Struct, frozen=True):
    """bundle-refused, bundle-not-taken: a machine could not take over what was published, and why."""

    why: Name


class LedgerRebuilt(Struct, frozen=True):
    """ledger-rebuilt: a machine's ledger was lost and brought back; `missing` rows of it nobody has."""

    missing: Sum = 0


class DayClosed(Struct, frozen=True):
    """day-closed: the close `number` of a machine; `differs` when a device counted otherwise than the journal."""

    number: Sum
    differs: bool = False


class _Fact(Struct, frozen=True):
    """Where a row stands: whose it is and when. `at_ms` is when it happened as far as central believes the machine."""

    connection: AsyncConnection
    kiosk: str
    at_ms: int
    now_ms: int

    async def alarm(self, code: Alarm, subject: str) -> None:
        """Somebody must look."""
        await raise_alarm(self.connection, self.kiosk, code, subject[:100], self.now_ms)


async def interpret(connection: AsyncConnection, kiosk: str, row: JournalRow, body: Any, now_ms: int) -> None:
    """Take the meaning of one new row into the tables, in the transaction that stores it."""
    known = _KINDS.get(row.kind)
    if known is None:
        return
    shape, act = known
    fact = _Fact(connection, kiosk, believed_ms(row.at_ms, now_ms), now_ms)
    try:
        value = msgspec.convert(body, shape)
    except msgspec.ValidationError:
        await fact.alarm(Alarm.EVENT_BODY, f"seq {row.seq}")
        return
    await act(fact, value)


async def _opened(fact: _Fact, event: OrderOpened) -> None:
    if await _order(fact, event.order) is None:
        row = {"kiosk": fact.kiosk, "order_id": event.order, "opened_ms": fact.at_ms}
        await fact.connection.execute(insert(orders), [row])


async def _closed(fact: _Fact, event: OrderClosed) -> None:
    figures: dict[str, Any] = msgspec.structs.asdict(event)
    order = figures.pop("order")
    del figures["holder"], figures["redeems"]
    stored = await _order(fact, order)
    if stored is None:
        row = {"kiosk": fact.kiosk, "order_id": order, "opened_ms": fact.at_ms}
        await fact.connection.execute(insert(orders), [row])
    elif stored["outcome"]:
        if any(stored[name] != value for name, value in figures.items()):
            await fact.alarm(Alarm.CLOSED_TWICE, order)
        return
    mine = (orders.c.kiosk == fact.kiosk, orders.c.order_id == order)
    await fact.connection.execute(update(orders).where(*mine).values(**figures, closed_ms=fact.at_ms))
    await _settle_claims(fact, event)
    await _judge_money(fact, event)


async def _settle_claims(fact: _Fact, event: OrderClosed) -> None:
    """What is owed is entered in the book; what a redemption paid is written off."""
    end = Ended(
        kiosk=fact.kiosk,
        order=event.order,
        claim=event.claim,
        paid=event.paid,
        holder=event.holder,
        disputed=event.outcome == "DISPUTED" or (event.claim > 0 and not _believable(event)),
        reason=event.reason,
        at_ms=fact.at_ms,
    )
    if not event.redeems:
        if not await enter(fact.connection, end):
            await fact.alarm(Alarm.CLOSED_TWICE, event.order)
    elif not await write_off(fact.connection, end):
        await fact.alarm(Alarm.REDEEMED_TOO_MUCH, event.order)


def _believable(event: OrderClosed) -> bool:
    """Whether a claim may be paid by a machine without a person having looked: it adds up, and is no fortune."""
    adds_up = event.credit + event.captured == event.fee + event.paid + event.claim
    return adds_up and event.claim <= MOST_UNSEEN


async def _judge_money(fact: _Fact, event: OrderClosed) -> None:
    """M1 and M2 on an order as it was reported."""
    if event.outcome == "DISPUTED":
        await fact.alarm(Alarm.ORDER_DISPUTED, event.order)
    elif not event.redeems and event.credit + event.captured != event.fee + event.paid + event.claim:
        await fact.alarm(Alarm.MONEY_MISMATCH, event.order)
    delivered = select(func.coalesce(func.sum(issue.c.fee), 0)).where(
        issue.c.kiosk == fact.kiosk, issue.c.order_id == event.order, issue.c.final == "delivered"
    )
    if (await fact.connection.execute(delivered)).scalar_one() != event.fee:
        await fact.alarm(Alarm.FEE_MISMATCH, event.order)


async def _delivered(fact: _Fact, event: IssueEvent) -> None:
    stored = await _issue(fact, event.key)
    if stored is None or (stored["number"] is None and stored["final"] != "void"):
        await fact.alarm(Alarm.DELIVERED_UNKNOWN, event.key)
    elif stored["final"] == "void":
        await fact.alarm(Alarm.DELIVERED_AFTER_VOID, event.key)
    elif stored["number"] != event.number:
        await fact.alarm(Alarm.NUMBER_MISMATCH, event.key)
    elif not stored["final"]:
        await _finish(fact, event, "delivered")


async def _void(fact: _Fact, event: IssueEvent) -> None:
    """The document does not exist; a key that central never saw becomes a tombstone."""
    stored = await _issue(fact, event.key)
    if stored is None:
        row = {
            "kiosk": fact.kiosk,
            "key": event.key,
            "order_id": event.order,
            "line": event.line,
            "copy": event.copy,
            "status": "voided",
            "issued_ms": fact.now_ms,
            "final": "void",
            "final_reason": event.reason,
            "final_ms": fact.at_ms,
        }
        await fact.connection.execute(insert(issue), [row])
        return
    if stored["final"] == "delivered":
        await fact.alarm(Alarm.VOID_AFTER_DELIVERED, event.key)
        return
    if event.number and event.number != stored["number"]:
        await fact.alarm(Alarm.NUMBER_MISMATCH, event.key)
    if not stored["final"]:
        await _finish(fact, event, "void")


async def _disputed(fact: _Fact, event: IssueEvent) -> None:
    await fact.alarm(Alarm.ISSUE_DISPUTED, event.key)


async def _surplus(fact: _Fact, event: Surplus) -> None:
    await fact.alarm(Alarm.SURPLUS, event.what)


async def _implausible(fact: _Fact, event: Surplus) -> None:
    await fact.alarm(Alarm.COUNTER_IMPLAUSIBLE, event.what)


async def _exchanged(fact: _Fact, event: Surplus) -> None:
    await fact.alarm(Alarm.DEVICE_EXCHANGED, event.what)


async def _case_known(fact: _Fact, event: CaseKnown) -> None:
    await told(fact.connection, fact.kiosk, event.case, event.verdict, fact.now_ms)


async def _bundle(fact: _Fact, event: BundleEvent) -> None:
    await fact.alarm(Alarm.BUNDLE_REFUSED, event.why)


async def _rebuilt(fact: _Fact, event: LedgerRebuilt) -> None:
    await fact.alarm(Alarm.LEDGER_REBUILT, f"missing {event.missing}")


async def _day(fact: _Fact, event: DayClosed) -> None:
    if event.differs:
        await fact.alarm(Alarm.DAY_DIFFERS, f"close {event.number}")


async def _finish(fact: _Fact, event: IssueEvent, final: str) -> None:
    mine = (issue.c.kiosk == fact.kiosk, issue.c.key == event.key, issue.c.final == "")
    word = {"final": final, "final_reason": event.reason, "final_ms": fact.at_ms}
    await fact.connection.execute(update(issue).where(*mine).values(**word))


async def _issue(fact: _Fact, key: str) -> RowMapping | None:
    query = select(issue.c.number, issue.c.final).where(issue.c.kiosk == fact.kiosk, issue.c.key == key)
    return (await fact.connection.execute(query)).mappings().one_or_none()


async def _order(fact: _Fact, order: str) -> RowMapping | None:
    query = select(orders).where(orders.c.kiosk == fact.kiosk, orders.c.order_id == order)
    return (await fact.connection.execute(query)).mappings().one_or_none()


_KINDS: dict[str, tuple[type[Struct], Callable[[_Fact, Any], Awaitable[None]]]] = {
    "order-opened": (OrderOpened, _opened),
    "order-closed": (OrderClosed, _closed),
    "issue-delivered": (IssueEvent, _delivered),
    "issue-void": (IssueEvent, _void),
    "issue-disputed": (IssueEvent, _disputed),
    "surplus": (Surplus, _surplus),
    "counter-implausible": (Surplus, _implausible),
    "device-exchanged": (Surplus, _exchanged),
    "case-resolved": (CaseKnown, _case_known),
    "bundle-refused": (BundleEvent, _bundle),
    "bundle-not-taken": (BundleEvent, _bundle),
    "ledger-rebuilt": (LedgerRebuilt, _rebuilt),
    "day-closed": (DayClosed, _day),
}
