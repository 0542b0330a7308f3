"""The item-form registers as their offices keep them: one database, a register's hours and outages of its own.

Other systems' data: the server only reads it, a clerk (`central clerk …`) writes it.
"""

import os
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    create_engine,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Row

from central.registers import hours
from central.registers.hours import always_open, asking, closed_by, looking
from central.registers.parcel import Lot
from central.registers.records.record import Record, RecordState
from central.store.engine import READ_ONLY, open_engine

metadata = MetaData()
records = Table(
    "record",
    metadata,
    Column("kind", String, primary_key=True),
    Column("person", Integer, primary_key=True),
    Column("key", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
_OPEN = looking()


class Reading(Struct, frozen=True):
    """What a register says at one moment: why it is closed ("" when it is not), and the records by their keys."""

    closed: str
    records: tuple[Record, ...] = ()


class RecordBook:
    """The registers, read only, as the file is now."""

    def __init__(self, file: Path) -> None:
        self._engine = open_engine(file, READ_ONLY, connections=2)

    async def close(self) -> None:
        """Let go of the file."""
        await self._engine.dispose()

    async def of_person(self, register: str, kind: str, person: int, now: datetime) -> Reading:
        """Whether the register answers now, and what it holds of that kind about somebody, in one view."""
        return await self.of_kinds(register, {kind}, person, now)

    async def of_kinds(self, register: str, kinds: Collection[str], person: int, now: datetime) -> Reading:
        """The same of several kinds of one register."""
        query = select(records).where(records.c.kind.in_(kinds), records.c.person == person)
        return await self._read(register, query, now)

    async def _read(self, register: str, query: Select[Any], now: datetime) -> Reading:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_OPEN, asking(register, now))).all()
            if closed := closed_by(rows, now):
                return Reading(closed)
            found = (await connection.execute(query.order_by(records.c.kind, records.c.key))).all()
        return Reading("", tuple(_record(row) for row in found))

    async def of_lot(self, register: str | None, kind: str, lot: Lot, now: datetime) -> Reading:
        """The same of what is on a lot: records whose key is its number and a path behind it (key_on_lot).
        `register` None: its hours are kept elsewhere, and were looked at.
        """
        there = records.c.key.between(key_on_lot(lot, ""), key_on_lot(lot, "\U0010ffff"))
        query = select(records).where(records.c.kind == kind, records.c.person == 0, there)
        async with self._engine.connect() as connection:
            if register is not None:
                rows = (await connection.execute(_OPEN, asking(register, now))).all()
                if closed := closed_by(rows, now):
                    return Reading(closed)
            found = (await connection.execute(query)).all()
        return Reading("", tuple(_record(row) for row in found))


def key_on_lot(lot: Lot, path: str) -> str:
    """The key of a record of what stands on a lot, by its path there (buildings/paths.py)."""
    return f"{lot.unique_no}/{path}"


def write_records(file: Path, registers: Iterable[str], content: Iterable[Record]) -> None:
    """Make the file with `content`, every register open around the clock. It is there whole, or not at all."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{unfinished}")
    metadata.create_all(engine)
    hours.metadata.create_all(engine)
    with engine.begin() as connection:
        rows = [record_row(record) for record in content]
        if rows:
            connection.execute(insert(records), rows)
        for register in registers:
            always_open(connection, register)
    engine.dispose()
    unfinished.chmod(0o600)
    os.replace(unfinished, file)


def set_state(connection: Connection, kind: str, person: int, state: RecordState) -> int:
    """A clerk takes somebody's records of a kind out for amendment, closes them, or puts them back; how many."""
    where = (records.c.kind == kind, records.c.person == person)
    return connection.execute(update(records).where(*where).values(state=state.value)).rowcount


def set_state_on_lot(
    connection: Connection, kind: str, unique_no: str, which: str, state: RecordState
) -> bool:
    """The same for one record of what is on a lot, by its path there. False: the register has none."""
    where = (records.c.kind == kind, records.c.person == 0, records.c.key == f"{unique_no}/{which}")
    return connection.execute(update(records).where(*where).values(state=state.value)).rowcount == 1


def _record(row: Row[Any]) -> Record:
    items = msgspec.json.decode(row.body, type=dict[str, Any])
    return Record(row.kind, items, row.key, row.person, RecordState(row.state))


def record_row(record: Record) -> dict[str, object]:
    """The record as its row."""
    return {
        "kind": record.kind,
        "person": record.person,
        "key": record.key,
        "state": record.state.value,
        "body": msgspec.json.encode(record.items),
    }
