"""The fleet in one table: for each machine what somebody on duty must know, drawn from one view of the database."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.clock import start_of_day_ms, to_ms
from central.fleet.status import SKEW_S, Known, Silence, known_machines, silence
from central.store.schema import alarm, claim, issue, orders
from kiosk.protocol.central import Heartbeat, TypeHealth

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
    """A device that is not well: its name and the reason's code."""

    device: str
    reason: str


class MachineLine(Struct, frozen=True):
    """One row. `age_s` is how long ago it was heard, `clock_off_s` how far its clock is from central's."""

    kiosk: str
    silence: Silence
    age_s: int | None
    alive_s: int
    clock_off_s: int
    beat: Heartbeat | None
    troubles: tuple[Trouble, ...]
    unsellable: tuple[TypeHealth, ...]
    sheets: int | None
    coins: int | None
    bin: int | None
    sums: Sums
    alarms: tuple[AlarmLine, ...]


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
    beat = known.heartbeat
    age_s = max(0, (now_ms - known.received_ms) // 1000)
    off_s = (beat.at_ms - known.received_ms) // 1000
    counters = {
        f"{status.device}.{name}": value for status in beat.devices for name, value in status.counters.items()
    }
    return MachineLine(
        kiosk=name,
        silence=silence(age_s),
        age_s=age_s,
        alive_s=max(0, (known.received_ms - known.alive_since_ms) // 1000),
        clock_off_s=off_s if abs(off_s) > SKEW_S else 0,
        beat=beat,
        troubles=_troubles(beat),
        unsellable=tuple(kind for kind in beat.types if not kind.sellable),
        sheets=counters.get("printer.tray"),
        coins=beat.counters.get("hopper"),
        bin=counters.get("presenter.bin"),
        sums=sums,
        alarms=alarms,
    )


def _troubles(beat: Heartbeat) -> tuple[Trouble, ...]:
    found = []
    for status in beat.devices:
        reasons = [reason.code.value for reason in status.reasons if reason.severity != "info"]
        if not reasons and status.state not in _WELL:
            reasons = [status.state.value]
        found += [Trouble(status.device, reason) for reason in reasons]
    return (*found, *(Trouble("ledger", reason) for reason in _ledger_troubles(beat)))


def _ledger_troubles(beat: Heartbeat) -> list[str]:
    """What ails a machine's ledger: room, and the second copy. One that says nothing of them is not judged."""
    counters, found = beat.counters, []
    if counters.get("room-low"):
        found.append("no-room")
    if counters.get("copy-failed"):
        found.append("copy-failed")
    age_s = counters.get("copy-age-s")
    if age_s is not None and age_s > COPY_LATE_S:
        found.append("copy-late")
    if age_s == -1 and beat.uptime_s > COPY_LATE_S:
        found.append("copy-never")
    return found


def _urgency(line: MachineLine) -> tuple[int, str]:
    """Silent and alarmed machines first, then those that sell less than they should."""
    if line.silence in (Silence.SILENT, Silence.LATE) or line.alarms:
        return 0, line.kiosk
    if line.silence is Silence.GREY or line.unsellable or line.troubles:
        return 1, line.kiosk
    return 2, line.kiosk


async def _sums(connection: AsyncConnection, midnight_ms: int) -> dict[str, Sums]:
    today = orders.c.closed_ms >= midnight_ms
    money = select(
        orders.c.kiosk,
        func.sum(case((today, 1), else_=0)),
        func.sum(case((today, orders.c.fee), else_=0)),
    ).group_by(orders.c.kiosk)
    owed = (
        select(claim.c.kiosk, func.count(), func.sum(claim.c.amount - claim.c.paid))
        .where(claim.c.state.in_(OWED))
        .group_by(claim.c.kiosk)
    )
    delivered = (
        select(issue.c.kiosk, func.count())
        .where(issue.c.final == "delivered", issue.c.final_ms >= midnight_ms)
        .group_by(issue.c.kiosk)
    )
    documents = {row[0]: row[1] for row in await connection.execute(delivered)}
    claims = {row[0]: (row[1], row[2]) for row in await connection.execute(owed)}
    return {
        kiosk: Sums(count, fee, documents.get(kiosk, 0), *claims.get(kiosk, (0, 0)))
        for kiosk, count, fee in await connection.execute(money)
    }


async def _alarms(connection: AsyncConnection) -> dict[str, tuple[AlarmLine, ...]]:
    found: dict[str, list[AlarmLine]] = {}
    for row in await connection.execute(select(alarm).order_by(alarm.c.last_ms.desc())):
        found.setdefault(row.kiosk, []).append(AlarmLine(row.code, row.subject, row.last_ms, row.times))
    return {kiosk: tuple(lines) for kiosk, lines in found.items()}
