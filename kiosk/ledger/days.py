"""Days in the ledger: where the last one ended, and closing one. One row, in one step with where the next begins."""

from collections.abc import Iterator

import msgspec
from msgspec import UNSET

from kiosk.ledger.day import DayMark, Meter, carry, compare
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.tally import MOVES, Tally
from kiosk.protocol.journal import DayClosed, DayOpened


def last_day(ledger: Ledger) -> DayMark | None:
    """Where the last day ended; None before the first."""
    row = ledger.db.execute("SELECT body FROM positions WHERE device = 'day'").fetchone()
    return msgspec.json.decode(row[0], type=DayMark) if row else None


def open_days(ledger: Ledger, date: str, at_ms: int, meters: dict[str, Meter]) -> None:
    """The first reading of a machine's meters: the first day is counted from here."""
    mark = DayMark(date, 0, ledger.head[0], at_ms, meters)
    _commit(ledger, DayOpened(date), mark)


def close_day(ledger: Ledger, date: str, at_ms: int, meters: dict[str, Meter], by: str) -> DayClosed:
    """Close what has happened since the last close. `by` is `hour` or `hand`. Closes are numbered for ever.

    A meter that does not answer now is counted from its last reading at the next close that hears it.
    """
    before = last_day(ledger)
    first = before.seq + 1 if before is not None else 1
    last = ledger.head[0]
    tally = Tally().add(ledger.rows(first, last))
    number = before.number + 1 if before is not None else 1
    lines = compare(tally, before, meters)
    close = DayClosed(
        date=date,
        number=number,
        first=first,
        last=last,
        orders=tally.orders,
        claims=tally.claims,
        open_claims=ledger.owed(),
        money=tally.money,
        lines=lines,
        since_ms=before.at_ms if before is not None else 0,
        until_ms=at_ms,
        differs=any(line.differs for line in lines),
        by=by,
    )
    mark = msgspec.structs.replace(
        carry(lines, before, meters), date=date, number=number, seq=last, at_ms=at_ms
    )
    _commit(ledger, close, mark)
    return close


def closed_days(ledger: Ledger) -> tuple[DayClosed, ...]:
    """Every close that is still in the journal, oldest first."""
    return tuple(_closes_backwards(ledger))[::-1]


def closed_day(ledger: Ledger, number: int) -> DayClosed | None:
    """That close, or the last one for 0, while it is in the journal. The last one costs core one row to read, an older
    one the way back to it.
    """
    mark = last_day(ledger)
    if mark is None:
        return None
    if number not in (0, mark.number):
        return next((close for close in _closes_backwards(ledger) if close.number == number), None)
    # It was written in the one step with the mark, as the row behind all that it counts.
    found = ledger.db.execute("SELECT kind, body FROM journal WHERE seq = ?", (mark.seq + 1,)).fetchone()
    return _close_of(found[1]) if found and found[0] == DayClosed.kind else None


def _closes_backwards(ledger: Ledger) -> Iterator[DayClosed]:
    for row in ledger.db.execute(
        "SELECT body FROM journal WHERE kind = ? ORDER BY seq DESC", (DayClosed.kind,)
    ):
        yield _close_of(row[0])


def _close_of(text: str) -> DayClosed:
    """The close as it was made, without where the next day begins."""
    return msgspec.structs.replace(msgspec.json.decode(text, type=DayClosed), kept=UNSET)


def closed_already(ledger: Ledger, date: str) -> DayClosed | None:
    """The last close, where another one of the same date could say nothing more: each device was compared then, and no
    money and no paper was booked since.
    """
    last, mark = closed_day(ledger, 0), last_day(ledger)
    if last is None or mark is None or (last.number, last.date) != (mark.number, date):
        return None
    compared = all(line.counted is not None for line in last.lines)
    booked = any(row.kind in MOVES for row in ledger.rows(mark.seq + 1, ledger.head[0]))
    return last if compared and not booked else None


def _commit(ledger: Ledger, fact: DayOpened | DayClosed, mark: DayMark) -> None:
    """The row says where the next day begins too: a ledger from central's rows goes on from there."""
    text = msgspec.json.encode(mark).decode()
    said = msgspec.structs.replace(fact, kept={"day": msgspec.to_builtins(mark)})
    ledger.commit((said,), also=lambda _seq, _head: ledger.write_position("day", text))
