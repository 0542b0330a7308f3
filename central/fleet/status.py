"""Heartbeats: one row a machine, its latest state; and what silence means.

Silence is the alarm: nobody calls when a machine dies. Heard within 90 s it is alive, then grey (a network's hiccup),
late after 5 minutes, silent after an hour.
"""

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.alarms import raise_alarm
from central.authority.trust_lists import TrustLists
from central.bundles.required import Required
from central.claims.cases import untold
from central.clock import Clock, plausible, to_ms
from central.fleet.beat import Beat, head_seq, stored_beat
from central.store.database import Database
from central.store.schema import event, machine
from central.vocabulary.alarms import Alarm
from kiosk.protocol.central import HeartbeatReply

GREY_AFTER_S = 90
LATE_AFTER_S = 5 * 60
SILENT_AFTER_S = 60 * 60
SKEW_S = 30


class Silence(StrEnum):
    """How long a machine has not been heard from."""

    ALIVE = "alive"
    GREY = "grey"
    LATE = "late"
    SILENT = "silent"
    NEVER = "never"


def silence(age_s: float | None) -> Silence:
    """What an age of the last heartbeat means; None: there never was one."""
    if age_s is None:
        return Silence.NEVER
    if age_s <= GREY_AFTER_S:
        return Silence.ALIVE
    if age_s <= LATE_AFTER_S:
        return Silence.GREY
    return Silence.LATE if age_s <= SILENT_AFTER_S else Silence.SILENT


class Known(Struct, frozen=True):
    """A machine's row. `beat` is None where what was stored is not to be read."""

    kiosk: str
    received_ms: int
    alive_since_ms: int
    beat: Beat | None


class HeartbeatStore:
    """Where heartbeats arrive."""

    def __init__(self, database: Database, clock: Clock, required: Required, lists: TrustLists) -> None:
        self._database = database
        self._clock = clock
        self._required = required
        self._lists = lists

    async def take(self, beat: Beat) -> HeartbeatReply:
        """Keep the machine's state and tell it the time. No number in it is a reason not to."""
        now_ms = to_ms(self._clock())
        async with self._database.writing() as connection:
            await _keep(connection, beat, now_ms)
            if await _head_contradicts(connection, beat):
                await raise_alarm(
                    connection, beat.kiosk, Alarm.JOURNAL_BACK, f"seq {beat.journal_seq}", now_ms
                )
            resolved = await untold(connection, beat.kiosk)
        newest = str(self._required.now.newest or "")
        return HeartbeatReply(
            server_time_ms=now_ms, catalogue=newest, trust=self._lists.now.version, resolved=resolved
        )


async def known_machines(connection: AsyncConnection) -> dict[str, Known]:
    """Every machine that was ever heard from, by id."""
    rows = await connection.execute(select(machine))
    return {
        row.kiosk: Known(row.kiosk, row.received_ms, row.alive_since_ms, stored_beat(row.heartbeat))
        for row in rows
    }


async def _keep(connection: AsyncConnection, beat: Beat, now_ms: int) -> None:
    query = select(machine)
    before = (await connection.execute(query.where(machine.c.kiosk == beat.kiosk))).one_or_none()
    seq = head_seq(beat)
    unbroken = before is not None and now_ms - before.received_ms <= GREY_AFTER_S * 1000
    row = {
        "received_ms": now_ms,
        "alive_since_ms": before.alive_since_ms if before is not None and unbroken else now_ms,
        "journal_seq": max(seq or 0, before.journal_seq if before is not None else 0),
        "heartbeat": msgspec.json.encode(beat),
    }
    if not _tells_time(beat, now_ms) and not _known_wrong(before):
        await raise_alarm(connection, beat.kiosk, Alarm.CLOCK_WRONG, "heartbeat", now_ms)
    if before is None:
        await connection.execute(insert(machine), [{"kiosk": beat.kiosk, **row}])
        return
    await connection.execute(update(machine).where(machine.c.kiosk == beat.kiosk).values(**row))
    if seq is not None and seq < before.journal_seq:
        await raise_alarm(connection, beat.kiosk, Alarm.JOURNAL_BACK, f"seq {seq}", now_ms)


def _tells_time(beat: Beat, received_ms: int) -> bool:
    return beat.at_ms is not None and plausible(beat.at_ms, received_ms)


def _known_wrong(before: Row[Any] | None) -> bool:
    """Whether the heartbeat before told a wrong time, too: then the alarm has been raised."""
    told = stored_beat(before.heartbeat) if before is not None else None
    return told is not None and before is not None and not _tells_time(told, before.received_ms)


async def _head_contradicts(connection: AsyncConnection, beat: Beat) -> bool:
    """Whether central holds another row at the seq that the machine calls its head."""
    query = select(event.c.hash).where(event.c.kiosk == beat.kiosk, event.c.seq == head_seq(beat))
    held = (await connection.execute(query)).scalar_one_or_none()
    return held is not None and held != beat.journal_head
