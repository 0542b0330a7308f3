"""Reading the resident register for a certificate: from an identified person to the data to be printed, or a refusal.

Type `resident-household` (주민등록표 등본). Whose paper it is comes from identification alone; a subject in the request
is refused. The refusal codes are the kiosk's message keys: register-closed, register-down, person-deceased,
record-moving, record-under-change, address-protected, not-identified, subject-invalid, options-invalid.
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

TITLES = {"resident-household": "주민등록표 등본"}
_YES_NO = ("yes", "no")
_CHOICES = {
    "past_addresses": ("none", "recent", "all"),
    "formation": _YES_NO,
    "moved_in": _YES_NO,
    "names": _YES_NO,
    "relation": _YES_NO,
    "digits": ("none", "own", "all"),
    "cohabitants": _YES_NO,
}
_STATES = {RecordState.MOVING: "record-moving", RecordState.CHANGING: "record-under-change"}


log = structlog.get_logger("central.registers")


class Certificate(Struct, frozen=True):
    """A certificate's data, and the id of the person whose record it was read from, as the record itself has it."""

    person: int
    data: dict[str, Any]


def check_request(subject: Mapping[str, str], options: Mapping[str, str]) -> None:
    """Raise RefusedError for a subject, or for choices that the form does not have."""
    if subject:
        raise RefusedError("subject-invalid")
    if set(options) != set(_CHOICES) or any(options[name] not in values for name, values in _CHOICES.items()):
        raise RefusedError("options-invalid")


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
