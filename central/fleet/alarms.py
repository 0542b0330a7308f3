"""What somebody must look at. An alarm is raised once and counts when it happens again; it is never taken back.

chain-broken            a machine's journal does not fit what central holds (a cloned or restored disk, tampering)
journal-back            a heartbeat's journal head is behind, or another than, the one known before
delivered-after-void    M4: a document ended twice; the first word stays
void-after-delivered    the same the other way round
delivered-unknown       delivery of a document that was never issued
number-mismatch         machine and central name different numbers for one key
fee-mismatch            M2: the fee kept is not the sum of the delivered copies' fees
money-mismatch          M1: coins in are not fee kept + coins out + claim
closed-twice            an order ended a second time, with other figures
order-disputed          the machine could not prove what happened: a person must look
issue-disputed          the same for one copy
surplus                 coins or sheets moved that no order asked for
counter-implausible     a device's lifetime counter went where no coin or sheet can have taken it
device-exchanged        another device answers than the one that answered last
redeemed-too-much       a machine paid out more than was held for it
event-body              a journal row of a known kind that says nothing readable
ledger-rebuilt          a machine's ledger was lost and brought back from a copy or from here
day-differs             at the close of a day a device had counted otherwise than the journal says
seal-unknown            somebody showed a seal of ours whose number central never gave
"""

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.store.schema import alarm


async def raise_alarm(connection: AsyncConnection, kiosk: str, code: str, subject: str, now_ms: int) -> None:
    """Record the alarm in this transaction. `subject` is an order, a key or a seq; never personal data."""
    again = (
        update(alarm)
        .where(alarm.c.kiosk == kiosk, alarm.c.code == code, alarm.c.subject == subject)
        .values(last_ms=now_ms, times=alarm.c.times + 1)
    )
    if (await connection.execute(again)).rowcount == 0:
        first = {"kiosk": kiosk, "code": code, "subject": subject, "first_ms": now_ms, "last_ms": now_ms}
        await connection.execute(insert(alarm), [first])
