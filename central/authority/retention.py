"""How long the authority keeps what it knows of an issue, and what is left of one that ran out.

공공기록물 관리에 관한 법률 시행령 제26조: the years are counted from 1 January after the year of the issue.
What ran out is emptied: that the key and the number were given out stays, for neither may ever be given again, and an
old paper must not look as if it had never been issued. Whose it was, what it was and its answer are gone.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import update

from central.clock import SEOUL, to_ms
from central.store.database import Database
from central.store.schema import issue
from kiosk.protocol.certificates import Retention

FOR_EVER: Final = 0
_NOTHING = {
    "type_code": "",
    "fingerprint": "",
    "code": "",
    "draft_hash": "",
    "sheets": 0,
    "fee": 0,
    "seal": "",
    "reply": b"",
    "final_reason": "",
    "subject": "",
    "waiver": "",
    "retain_until_ms": FOR_EVER,
}
_YEARS: Final[dict[Retention, int]] = {"1y": 1, "3y": 3, "5y": 5, "10y": 10, "30y": 30}


def retain_until(kind: Retention, issued: datetime) -> int:
    """The moment from which an issue is kept no longer, ms since 1970; FOR_EVER for what is permanent."""
    if kind == "permanent":
        return FOR_EVER
    first = issued.astimezone(SEOUL).year + 1
    return to_ms(datetime(first + _YEARS[kind], 1, 1, tzinfo=SEOUL))


async def purge(database: Database, now: datetime) -> int:
    """Empty every issue whose time is over; how many. Doing it again empties nothing more."""
    over = (issue.c.retain_until_ms != FOR_EVER, issue.c.retain_until_ms <= to_ms(now))
    async with database.writing() as connection:
        return (await connection.execute(update(issue).where(*over).values(_NOTHING))).rowcount
