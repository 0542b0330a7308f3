"""Reading the resident register for a certificate: from an identified person to the data to be printed, or a refusal.

Whose paper it is comes from identification alone. The refusal codes are the kiosk's message keys: register-closed,
register-down, person-deceased, record-moving, record-under-change, address-protected, not-identified, options-invalid.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from msgspec import Struct

from central.clock import SEOUL
from central.registers.refusal import RefusedError
from central.registers.residents.book import ResidentBook
from central.registers.residents.copy import HouseholdRecord, certificate_data
from central.registers.residents.record import RecordState

_STATES = {RecordState.MOVING: "record-moving", RecordState.CHANGING: "record-under-change"}


log = structlog.get_logger("central.registers")


class Certificate(Struct, frozen=True):
    """A certificate's data, and the id of the person whose record it was read from, as the record itself has it."""

    person: int
    data: dict[str, Any]


async def read_certificate(
    book: ResidentBook, person: int, options: Mapping[str, str], now: datetime
) -> Certificate:
    """One certificate as the register stands now. Raises RefusedError."""
    found = await book.read(person, now)
    if found.closed:
        raise RefusedError(found.closed)
    if found.person is None or found.record is None:
        raise RefusedError("person-deceased" if found.person else "not-identified")
    if found.person.id not in {one.id for one in found.record.members}:
        log.error("a household was read in which the person does not live")
        raise RefusedError("internal")
    if code := _standing(found.record):
        raise RefusedError(code)
    data = certificate_data(found.record, found.person, options, now.astimezone(SEOUL).date())
    if not any(row["name"] == found.person.name for row in (*data["members"], *data["cohabitants"])):
        raise RefusedError("options-invalid")  # a cohabitant who left the cohabitants out is on no line of it
    return Certificate(found.person.id, data)


def _standing(record: HouseholdRecord) -> str:
    """Why this household cannot be certified by a machine. One protected member's address is everybody's."""
    if code := _STATES.get(record.household.state, ""):
        return code
    return "address-protected" if any(one.protected for one in record.members) else ""
