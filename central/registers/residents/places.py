"""Where somebody has lived, in order of time: a person's stays laid over the addresses of their households."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from central.registers.residents.record import Household, Person

RECENT_YEARS = 5


class Place(Struct, frozen=True):
    """An address as the register writes it, from `since` until `until` ("": still), and in whose household."""

    household: int
    address: str
    since: str
    until: str
    reason: str


def places(person: Person, homes: Mapping[int, Household]) -> list[Place]:
    """Every place, the oldest first; the last is today's, unless the person has died."""
    lived: list[Place] = []
    for stay in person.stays:
        addresses = homes[stay.household].addresses
        ends = (*(later.since for later in addresses[1:]), "")
        for address, end in zip(addresses, ends, strict=True):
            until = min(filter(None, (end, stay.until)), default="")
            since = max(address.since, stay.since)
            if not until or since < until:
                reason = address.reason if since == address.since else stay.reason
                lived.append(Place(stay.household, address.dwelling.written(until), since, until, reason))
    return lived


def past(lived: list[Place], choice: str, today: date) -> list[Place]:
    """Those that were left: `none` of them, the `recent` ones that ended in the last five years, or `all`."""
    if choice == "none":
        return []
    # Days compare as text, so 29 February needs no rule of its own.
    since = f"{today.year - RECENT_YEARS}{today:-%m-%d}" if choice == "recent" else ""
    return [place for place in lived if place.until > since]
