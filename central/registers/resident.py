"""Reading the resident register for a certificate: from an identified person to the data to be printed, or a refusal.

Whose paper it is comes from identification alone. The refusal codes are the kiosk's message keys: register-closed,
register-down, person-deceased, record-moving, record-under-change, address-protected, not-identified, options-invalid.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from msgspec import Struct

from central.clock import SEOUL
from central.registers.refusal import RefusedError
from central.registers.residents import abstract, copy
from central.registers.residents.book import Reading, ResidentBook
from central.registers.residents.copy import HouseholdRecord
from central.registers.residents.record import Person, RecordState

_STATES = {RecordState.MOVING: "record-moving", RecordState.CHANGING: "record-under-change"}


log = structlog.get_logger("central.registers")


class Certificate(Struct, frozen=True):
    """A certificate's data, and the id of the person whose record it was read from, as the record itself has it."""

    person: int
    data: dict[str, Any]


async def read_certificate(
    book: ResidentBook, code: str, person: int, options: Mapping[str, str], now: datetime
) -> Certificate:
    """One certificate of the type `code` as the register stands now. Raises RefusedError."""
    paper = _PAPERS.get(code)
    if paper is None:
        raise RefusedError("type-unknown")
    return await paper(book, person, options, now)


async def household_copy(
    book: ResidentBook, person: int, options: Mapping[str, str], now: datetime
) -> Certificate:
    """The copy of the household's record (등본). Raises RefusedError."""
    one, record = _certifiable(await book.read(person, now))
    data = copy.certificate_data(record, one, options, now.astimezone(SEOUL).date())
    if not any(row["name"] == one.name for row in (*data["members"], *data["cohabitants"])):
        raise RefusedError("options-invalid")  # a cohabitant who left the cohabitants out is on no line of it
    return Certificate(one.id, data)


async def person_abstract(
    book: ResidentBook, person: int, options: Mapping[str, str], now: datetime
) -> Certificate:
    """The abstract of the person's own record (초본). Raises RefusedError."""
    found = await book.read(person, now, life=True)
    one, _ = _certifiable(found)
    assert found.life is not None
    if found.life.guarded and options["history"] != "none":
        raise RefusedError("address-protected")  # an earlier address of this person is where the other lives
    return Certificate(one.id, abstract.certificate_data(found.life, options, now.astimezone(SEOUL).date()))


Paper = Callable[[ResidentBook, int, Mapping[str, str], datetime], Awaitable[Certificate]]
_PAPERS: Final[Mapping[str, Paper]] = {
    "resident-household": household_copy,
    "resident-abstract": person_abstract,
}


def _certifiable(found: Reading) -> tuple[Person, HouseholdRecord]:
    """The person and the household, when a machine may certify them."""
    if found.closed:
        raise RefusedError(found.closed)
    if found.person is None or found.record is None:
        raise RefusedError("person-deceased" if found.person else "not-identified")
    if found.person.id not in {one.id for one in found.record.members}:
        log.error("a household was read in which the person does not live")
        raise RefusedError("internal")
    if code := standing(found.record):
        raise RefusedError(code)
    return found.person, found.record


def standing(record: HouseholdRecord) -> str:
    """Why this household, and its address on any paper, cannot be certified by a machine; "" when it can.

    One protected member's address is everybody's.
    """
    if code := _STATES.get(record.household.state, ""):
        return code
    return "address-protected" if any(one.protected for one in record.members) else ""
