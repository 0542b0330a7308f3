"""Reading an item-form register for a person's certificate: their record, less what they did not choose, or a refusal.

Whose paper it is comes from identification alone, and who they are from the resident register, so that no two registers
can differ in it. The refusal codes are the kiosk's message keys: register-closed, register-down, person-deceased,
not-identified, address-protected, record-moving, record-under-change, no-record.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from central.clock import SEOUL
from central.registers.records.book import RecordBook
from central.registers.records.record import Record, RecordState
from central.registers.records.source import Source
from central.registers.records.view import chosen
from central.registers.refusal import RefusedError, pick
from central.registers.resident import Certificate, standing
from central.registers.residents.book import Reading, ResidentBook
from central.registers.residents.copy import HouseholdRecord
from central.registers.residents.kinship import COHABITANT, rank, relation
from central.registers.residents.record import Person
from kiosk.protocol.certificates import TypeFile

ADDRESS: Final = "address"


class PersonalDesk:
    """The offices whose registers hold one record or several of a person."""

    def __init__(self, residents: ResidentBook, records: RecordBook) -> None:
        self._residents = residents
        self._records = records

    async def read_certificate(
        self,
        kind: TypeFile,
        source: Source,
        person: int,
        options: Mapping[str, str],
        now: datetime,
        which: str = "",
    ) -> Certificate:
        """One certificate as the register stands now. Raises RefusedError; WhichError where they have several."""
        living = await self._residents.read(person, now)
        if living.closed:
            raise RefusedError(living.closed)
        if living.person is None or living.record is None:
            raise RefusedError("person-deceased" if living.person else "not-identified")
        if ADDRESS in source.person.values() and (code := standing(living.record)):
            raise RefusedError(code)
        found = await self._records.of_person(kind.register, source.record, person, now)
        if found.closed:
            raise RefusedError(found.closed)
        record = _the_record(found.records, source, which)
        items = {**record.items, **_of_person(source, living, living.person)}
        data = chosen(items, source.rule, options, now.astimezone(SEOUL).year)
        fixed = {"title": kind.name.ko, "options": dict(options), **source.fixed}
        return Certificate(record.person, {**data, **fixed})


def _the_record(records: tuple[Record, ...], source: Source, which: str) -> Record:
    """The one that can be certified."""
    standing = [record for record in records if record.state is not RecordState.CLOSED]
    if not standing:
        raise RefusedError("no-record")
    told = source.which
    found = next((record for record in standing if record.state is RecordState.CHANGING), standing[0])
    if told is not None:
        found = pick(standing, which, told.what, lambda record: told.offer(record.items), found.person)
    if found.state is RecordState.CHANGING:
        raise RefusedError("record-under-change")
    return found


def _of_person(source: Source, reading: Reading, one: Person) -> dict[str, Any]:
    """The fields that the resident register fills."""
    assert reading.record is not None
    record = reading.record
    home = record.household
    known: dict[str, Callable[[], Any]] = {
        "name": lambda: one.name,
        "hanja": lambda: one.hanja,
        "resident_number": lambda: one.number,
        "born": lambda: one.born,
        ADDRESS: lambda: home.addresses[-1].dwelling.written(""),
        "head": lambda: record.head.name,
        "members": lambda: _members(record),
    }
    return {field: known[what]() for field, what in source.person.items()}


def _members(record: HouseholdRecord) -> list[dict[str, str]]:
    """Who belongs to the household, in the order of its register, without who only lodges there."""
    rows = sorted(
        ((relation(record.head, one, record.kin), one) for one in record.members),
        key=lambda row: rank(row[0], row[1].born),
    )
    family = [(word, one) for word, one in rows if word != COHABITANT]
    return [
        {"no": str(no), "relation": word, "name": one.name, "resident_number": one.number}
        for no, (word, one) in enumerate(family, 1)
    ]
