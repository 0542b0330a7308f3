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

from central.registers import hours
from central.registers.hours import LAND_REGISTER, always_open, asking, closed_by, looking
from central.registers.maps.book import Around, Boundary, around, boundary_of, write_map
from central.registers.maps.plane import Window
from central.registers.parcel import Lot, Parcel
from central.store.engine import READ_ONLY, open_engine

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

_THE_LOT = and_(
    parcels.c.dong == bindparam("dong"),
    parcels.c.mountain == bindparam("mountain"),
    parcels.c.main == bindparam("main"),
    parcels.c.sub == bindparam("sub"),
)
_ONE = select(parcels.c.record).where(_THE_LOT)
_LOOK = looking(parcels.c.record, parcel=(parcels, _THE_LOT))


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
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_LOOK, {**asking(register, now), **_asked(lot)})).all()
        if closed := closed_by(rows, now):
            return Reading(closed, None)
        record = rows[0].record
        return Reading("", None if record is None else msgspec.json.decode(record, type=Parcel))

    async def boundary(self, lot: Lot) -> Boundary | None:
        """Where the lot lies on the map; None for a lot that is on no map."""
        async with self._engine.connect() as connection:
            return await boundary_of(connection, lot)

    async def around(self, window: Window) -> Around:
        """What the map shows in a window."""
        async with self._engine.connect() as connection:
            return await around(connection, window)


def write_book(file: Path, content: Iterable[Parcel]) -> None:
    """Make the register's file with `content` and its map, open around the clock. It is there whole, or not at all."""
    known = tuple(content)
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{unfinished}")
    metadata.create_all(engine)
    hours.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(parcels), [_row(parcel) for parcel in known])
        write_map(connection, known)
        always_open(connection, LAND_REGISTER)
    engine.dispose()
    unfinished.chmod(0o600)
    os.replace(unfinished, file)


def rewrite(connection: Connection, parcel: Parcel) -> bool:
    """Put the parcel's new record in the place of its old one. False: the register has no such parcel."""
    row = _row(parcel)
    record = row.pop("record")
    where = [parcels.c[name] == value for name, value in row.items()]
    return connection.execute(update(parcels).where(*where).values(record=record)).rowcount == 1


def read_parcel(connection: Connection, lot: Lot) -> Parcel | None:
    """A clerk's view of one parcel."""
    record = connection.execute(_ONE, _asked(lot)).scalar_one_or_none()
    return None if record is None else msgspec.json.decode(record, type=Parcel)


def _row(parcel: Parcel) -> dict[str, object]:
    return {**_asked(parcel.lot), "record": msgspec.json.encode(parcel)}


def _asked(lot: Lot) -> dict[str, object]:
    return msgspec.structs.asdict(lot)
