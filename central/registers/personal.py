"""Reading an item-form register for a person's certificate: their record, less what they did not choose, or a refusal.

Whose paper it is comes from identification alone, and who they are from the resident register, so that no two registers
can differ in it. The refusal codes are the kiosk's message keys: register-closed, register-down, person-deceased,
not-identified, address-protected, record-moving, record-under-change, no-record, no-english-record, and what a
source.toml bars by.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from central.clock import SEOUL
from central.registers.records.book import RecordBook
from central.registers.records.paper import paper_data, the_record
from central.registers.records.source import Source
from central.registers.refusal import RefusedError
from central.registers.resident import Certificate, standing
from central.registers.residents.book import Reading, ResidentBook
from central.registers.residents.copy import HouseholdRecord
from central.registers.residents.kinship import COHABITANT, rank, relation
from central.registers.residents.record import Person
from central.registers.roman import address_in_english
from kiosk.protocol.certificates import ENGLISH, TypeFile

ADDRESS: Final = "address"
ROMAN_NAME: Final = "roman_name"


class PersonalRegister:
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
        record = the_record(found.records, source, which)
        items = {**record.items, **_of_person(source, living, living.person)}
        items[ENGLISH] = {**record.items.get(ENGLISH, {}), **_in_english(source, living, living.person)}
        data = paper_data(kind, source, items, options, now.astimezone(SEOUL).date())
        return Certificate(record.person, data)


def _of_person(source: Source, reading: Reading, one: Person) -> dict[str, Any]:
    """The fields that the resident register fills."""
    assert reading.record is not None
    record = reading.record
    home = record.household
    known: dict[str, Callable[[], Any]] = {
        "name": lambda: one.name,
        ROMAN_NAME: lambda: one.name,  # on a paper in Korean a rule drops it
        "hanja": lambda: one.hanja,
        "resident_number": lambda: one.number,
        "born": lambda: one.born,
        ADDRESS: lambda: home.addresses[-1].dwelling.written(""),
        "head": lambda: record.head.name,
        "members": lambda: _members(record),
    }
    return {field: known[what]() for field, what in source.person.items()}


def _in_english(source: Source, reading: Reading, one: Person) -> dict[str, str]:
    """The same fields as an English paper has them; the name in Korean stays beside the one in Roman letters."""
    assert reading.record is not None
    address = reading.record.household.addresses[-1].dwelling.written("")
    known = {ROMAN_NAME: one.roman, ADDRESS: address_in_english(address)}
    return {field: known[what] for field, what in source.person.items() if what in known}


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
