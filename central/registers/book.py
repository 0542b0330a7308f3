"""The land register as other offices keep it: a database of its own that the authority reads anew each time.

Another system's data: the server only reads it, a clerk (`central clerk …`) writes it. Opening hours and outages are
rows.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    create_engine,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection

from central.clock import SEOUL
from central.registers.parcel import Lot, Parcel
from central.store.engine import READ_ONLY, open_engine

LAND_REGISTER = "land"
_MINUTES_A_DAY = 24 * 60

metadata = MetaData()
parcels = Table(
    "parcel",
    metadata,
    Column("dong", String, primary_key=True),
    Column("mountain", Boolean, primary_key=True),
    Column("main", Integer, primary_key=True),
    Column("sub", Integer, primary_key=True),
    Column("record", LargeBinary, nullable=False),
)
# Minutes of the day in Seoul; a register without a row is closed. Monday is 1.
hours = Table(
    "hours",
    metadata,
    Column("register", String, primary_key=True),
    Column("weekday", Integer, primary_key=True),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
)
outages = Table(
    "outage",
    metadata,
    Column("register", String, primary_key=True),
    Column("since", String, primary_key=True),
    Column("until", String, nullable=False),
)

_THE_LOT = and_(
    parcels.c.dong == bindparam("dong"),
    parcels.c.mountain == bindparam("mountain"),
    parcels.c.main == bindparam("main"),
    parcels.c.sub == bindparam("sub"),
)
_ONE = select(parcels.c.record).where(_THE_LOT)
# A row for each outage (or one without), or none at all when the register is closed all day.
_LOOK = (
    select(hours.c.opens, hours.c.closes, outages.c.since, outages.c.until, parcels.c.record)
    .select_from(
        hours.outerjoin(outages, outages.c.register == hours.c.register).outerjoin(parcels, _THE_LOT),
    )
    .where(hours.c.register == bindparam("register"), hours.c.weekday == bindparam("weekday"))
)


class Reading(Struct, frozen=True):
    """What the register says at one moment: `closed` is empty, register-down or register-closed; then the parcel."""

    closed: str
    parcel: Parcel | None


class Book:
    """The register, read only, as the file is now."""

    def __init__(self, file: Path) -> None:
        self._engine = open_engine(file, READ_ONLY, connections=2)

    async def close(self) -> None:
        """Let go of the file."""
        await self._engine.dispose()

    async def read(self, register: str, lot: Lot, now: datetime) -> Reading:
        """Whether the register answers now, and what it holds of `lot`, in one look."""
        local = now.astimezone(SEOUL)
        asked = {"register": register, "weekday": local.isoweekday(), **msgspec.structs.asdict(lot)}
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_LOOK, asked)).all()
        if any(_moment(row.since) <= now < _moment(row.until) for row in rows if row.since):
            return Reading("register-down", None)
        minute = local.hour * 60 + local.minute
        if not rows or not rows[0].opens <= minute < rows[0].closes:
            return Reading("register-closed", None)
        record = rows[0].record
        return Reading("", None if record is None else msgspec.json.decode(record, type=Parcel))


def write_book(file: Path, content: Iterable[Parcel]) -> None:
    """Make the register's file with `content`, open around the clock. It is there whole, or not at all."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{unfinished}")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(parcels), [_row(parcel) for parcel in content])
        set_hours(connection, LAND_REGISTER, 0, _MINUTES_A_DAY)
    engine.dispose()
    unfinished.chmod(0o600)
    os.replace(unfinished, file)


def set_hours(connection: Connection, register: str, opens: int, closes: int) -> None:
    """The register answers from minute `opens` of each day until before minute `closes`."""
    connection.execute(hours.delete().where(hours.c.register == register))
    week = [{"register": register, "weekday": day, "opens": opens, "closes": closes} for day in range(1, 8)]
    connection.execute(insert(hours), week)


def add_outage(connection: Connection, register: str, since: datetime, until: datetime) -> None:
    """The register does not answer in [since, until)."""
    row = {"register": register, "since": since.isoformat(), "until": until.isoformat()}
    connection.execute(insert(outages), [row])


def end_outages(connection: Connection, register: str) -> None:
    """The register answers again."""
    connection.execute(outages.delete().where(outages.c.register == register))


def rewrite(connection: Connection, parcel: Parcel) -> bool:
    """Put the parcel's new record in the place of its old one. False: the register has no such parcel."""
    row = _row(parcel)
    record = row.pop("record")
    where = [parcels.c[name] == value for name, value in row.items()]
    return connection.execute(update(parcels).where(*where).values(record=record)).rowcount == 1


def read_parcel(connection: Connection, lot: Lot) -> Parcel | None:
    """A clerk's view of one parcel."""
    record = connection.execute(_ONE, msgspec.structs.asdict(lot)).scalar_one_or_none()
    return None if record is None else msgspec.json.decode(record, type=Parcel)


def _row(parcel: Parcel) -> dict[str, object]:
    return {**msgspec.structs.asdict(parcel.lot), "record": msgspec.json.encode(parcel)}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
