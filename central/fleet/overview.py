"""The fleet in one table: for each machine what somebody on duty must know, drawn from one view of the database.

Whatever stands in the database makes a table: codes that this central does not know, numbers and times that cannot be,
a heartbeat that cannot be read. A page that fails shows nobody anything.
"""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Float, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.clock import DAY_MS, start_of_day_ms, to_ms
from central.fleet.beat import Beat, BeatDevice, BeatType
from central.fleet.status import SKEW_S, Known, Silence, known_machines, silence
from central.store.schema import alarm, claim, issue, orders
from central.vocabulary.alarms import Severity, alarm_kind
from central.vocabulary.devices import LEDGER
from central.vocabulary.reasons import COPY_FAILED, COPY_LATE, COPY_NEVER, NO_ROOM

OWED = ("open", "reserved", "counter", "case")
_WELL = frozenset({"ready", "busy", "degraded"})  # the device states of kiosk.protocol in which work goes on


COPY_LATE_S = 2 * 24 * 3600  # two nights without a good second copy


class Sums(Struct, frozen=True):
    """A machine's day and what it owes. KRW and counts."""

    orders_today: int = 0
    fee_today: int = 0
    documents_today: int = 0
    claims: int = 0
    claim_sum: int = 0


class AlarmLine(Struct, frozen=True):
    """One alarm: code, what it is about, since and last, how often."""

    code: str
    subject: str
    last_ms: int
    times: int


class Trouble(Struct, frozen=True):
    """A device that is not well: its name and the reason's code, or its state's where it gives no reason."""

    device: str
    reason: str


class MachineLine(Struct, frozen=True):
    """One row. `age_s` is how long ago it was heard, `clock_off_s` how far its clock is from central's.

    `beat` is None where it was never heard, and where what it said is not to be read (`age_s` tells them apart).
    `unknown`: which of `sheets`, `coins`, `bin` the machine told with a number that can't be.
    """

    kiosk: str
    silence: Silence
    age_s: int | None
    alive_s: int
    clock_off_s: int
    beat: Beat | None
    troubles: tuple[Trouble, ...]
    unsellable: tuple[BeatType, ...]
    sheets: int | None
    coins: int | None
    bin: int | None
    sums: Sums
    alarms: tuple[AlarmLine, ...]
    unknown: frozenset[str] = frozenset()


async def overview(connection: AsyncConnection, enrolled: list[str], now: datetime) -> list[MachineLine]:
    """Every machine that was enrolled or heard from, the ones that need somebody first."""
    known = await known_machines(connection)
    sums = await _sums(connection, start_of_day_ms(now))
    alarms = await _alarms(connection)
    names = sorted({*enrolled, *known, *alarms})
    lines = [
        _line(name, known.get(name), sums.get(name, Sums()), alarms.get(name, ()), to_ms(now))
        for name in names
    ]
    return sorted(lines, key=_urgency)


def _line(
    name: str, known: Known | None, sums: Sums, alarms: tuple[AlarmLine, ...], now_ms: int
) -> MachineLine:
    if known is None:
        return MachineLine(name, Silence.NEVER, None, 0, 0, None, (), (), None, None, None, sums, alarms)
    beat = known.beat
    age_s = max(0, (now_ms - known.received_ms) // 1000)
    alive_s = max(0, (known.received_ms - known.alive_since_ms) // 1000)
    if beat is None:
        return MachineLine(
            name, silence(age_s), age_s, alive_s, 0, None, (), (), None, None, None, sums, alarms
        )
    off_s = 0 if beat.at_ms is None else (beat.at_ms - known.received_ms) // 1000
    counters = {
        f"{device.device}.{name}": value for device in beat.devices for name, value in device.counters.items()
    }
    told = {"sheets": "printer.tray", "bin": "presenter.bin"}
    unknown = {shown for shown, counter in told.items() if counter in counters and counters[counter] is None}
    if "hopper" in beat.counters and beat.counters["hopper"] is None:
        unknown.add("coins")
    return MachineLine(
        kiosk=name,
        silence=silence(age_s),
        age_s=age_s,
        alive_s=alive_s,
        clock_off_s=off_s if abs(off_s) > SKEW_S else 0,
        beat=beat,
        troubles=_troubles(beat),
        unsellable=tuple(kind for kind in beat.types if not kind.sellable),
        sheets=counters.get("printer.tray"),
        coins=beat.counters.get("hopper"),
        bin=counters.get("presenter.bin"),
        sums=sums,
        alarms=alarms,
        unknown=frozenset(unknown),
    )


def _troubles(beat: Beat) -> tuple[Trouble, ...]:
    of_devices = (Trouble(device.device, code) for device in beat.devices for code in _ails(device))
    return (*of_devices, *(Trouble(LEDGER, reason) for reason in _ledger_troubles(beat)))


def _ails(device: BeatDevice) -> list[str]:
    reasons = [reason.code for reason in device.reasons if reason.severity != "info"]
    return reasons if reasons or device.state in _WELL else [device.state]


def _ledger_troubles(beat: Beat) -> list[str]:
    """What ails a machine's ledger: room, and the second copy. One that says nothing of them is not judged."""
    counters, found = beat.counters, []
    if counters.get("room-low"):
        found.append(NO_ROOM)
    if counters.get("copy-failed"):
        found.append(COPY_FAILED)
    age_s = counters.get("copy-age-s")
    if age_s is not None and age_s > COPY_LATE_S:
        found.append(COPY_LATE)
    if age_s == -1 and (beat.uptime_s or 0) > COPY_LATE_S:
        found.append(COPY_NEVER)
    return found


def _urgency(line: MachineLine) -> tuple[int, str]:
    """Silent and alarmed machines first, then those that sell less than they should."""
    if line.silence in (Silence.SILENT, Silence.LATE) or line.alarms:
        return 0, line.kiosk
    unreadable = line.beat is None and line.silence is not Silence.NEVER
    if line.silence is Silence.GREY or line.unsellable or line.troubles or unreadable:
        return 1, line.kiosk
    return 2, line.kiosk


async def _sums(connection: AsyncConnection, midnight_ms: int) -> dict[str, Sums]:
    """Of each machine its day. Money is added up as floats: exact up to 2**53 KRW, and no overflow beyond."""
    today = _on_the_day(orders.c.closed_ms, midnight_ms)
    money = select(
        orders.c.kiosk,
        func.sum(case((today, 1), else_=0)),
        func.sum(cast(case((today, orders.c.fee), else_=0), Float)),
    ).group_by(orders.c.kiosk)
    owed = (
        select(claim.c.kiosk, func.count(), func.sum(cast(claim.c.amount - claim.c.paid, Float)))
        .where(claim.c.state.in_(OWED))
        .group_by(claim.c.kiosk)
    )
    delivered = (
        select(issue.c.kiosk, func.count())
        .where(issue.c.final == "delivered", _on_the_day(issue.c.final_ms, midnight_ms))
        .group_by(issue.c.kiosk)
    )
    documents = {row[0]: row[1] for row in await connection.execute(delivered)}
    claims = {row[0]: (row[1], int(row[2])) for row in await connection.execute(owed)}
    takings = {row[0]: (row[1], int(row[2])) for row in await connection.execute(money)}
    return {
        kiosk: Sums(*takings.get(kiosk, (0, 0)), documents.get(kiosk, 0), *claims.get(kiosk, (0, 0)))
        for kiosk in {*takings, *claims, *documents}
    }


def _on_the_day(column: ColumnElement[int], midnight_ms: int) -> ColumnElement[bool]:
    """From midnight to midnight: a time far in the future is not today."""
    return (column >= midnight_ms) & (column < midnight_ms + DAY_MS)


async def _alarms(connection: AsyncConnection) -> dict[str, tuple[AlarmLine, ...]]:
    """By machine: the urgent ones first, then the newest."""
    found: dict[str, list[AlarmLine]] = {}
    for row in await connection.execute(select(alarm).order_by(alarm.c.last_ms.desc())):
        found.setdefault(row.kiosk, []).append(AlarmLine(row.code, row.subject, row.last_ms, row.times))
    return {kiosk: tuple(sorted(lines, key=_pressing)) for kiosk, lines in found.items()}


def _pressing(line: AlarmLine) -> bool:
    return alarm_kind(line.code).severity is not Severity.URGENT
