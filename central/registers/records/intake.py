"""Another agency's records, taken into the item-form registers from a file of JSON lines: its register needs no code.

A line is one record: `kind`, `items`, `key` where there are several of a kind, `resident_number` of whose it is (none
for what stands on a lot), `state`. One that is there already is replaced. All lines are taken in, or none.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from central.registers.hours import always_open, hours
from central.registers.records.book import record_row, records
from central.registers.records.record import Record, RecordState


class IntakeError(Exception):
    """A line can't be taken in; the message names it and what is wrong with it, and quotes nothing of it."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One line."""

    kind: str
    items: dict[str, Any]
    key: str = ""
    resident_number: str = ""
    state: RecordState = RecordState.LIVE


def read_entries(lines: Iterable[bytes], people: Mapping[str, int]) -> list[Record]:
    """The file as records; `people`: ids by resident number. Raises IntakeError."""
    return [_record(number, line, people) for number, line in enumerate(lines, 1) if line.strip()]


def take_in(connection: Connection, register: str, content: Iterable[Record]) -> None:
    """Enter or replace the records. A register that was not there yet is open around the clock from now on."""
    for record in content:
        row = record_row(record)
        same = [records.c[name] == row[name] for name in ("kind", "person", "key")]
        connection.execute(delete(records).where(*same))
        connection.execute(insert(records), [row])
    if not is_register(connection, register):
        always_open(connection, register)


def is_register(connection: Connection, register: str) -> bool:
    """Whether the file has a register of this name."""
    return (
        connection.execute(select(hours.c.register).where(hours.c.register == register)).first() is not None
    )


def _record(number: int, line: bytes, people: Mapping[str, int]) -> Record:
    try:
        entry = msgspec.json.decode(line, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        what = str(error) if isinstance(error, msgspec.ValidationError) else "not JSON"
        raise IntakeError(f"line {number} is no record: {what}") from None
    person = people.get(entry.resident_number, 0)
    if entry.resident_number and not person:
        raise IntakeError(f"line {number}: the resident register has nobody with this number")
    return Record(entry.kind, entry.items, entry.key, person, entry.state)
