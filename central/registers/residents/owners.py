"""Who of the land register's owners is a resident: people with a resident number at an address of the district."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from central.registers.parcel import Parcel
from central.registers.residents.record import Dwelling
from central.registers.residents.roads import dwelling_at

_COMPANY = "110111-"


class Owner(Struct, frozen=True):
    """One owner: name, what the land register shows of the number (`510304-2`), and where it says they lived when."""

    name: str
    start: str
    homes: tuple[tuple[date, Dwelling], ...]


def owners_of(parcels: Iterable[Parcel]) -> list[Owner]:
    """Every such person once, in the order of names and numbers; homes in order of time."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for parcel in parcels:
        for entry in parcel.owners:
            if entry.reg_no and not entry.reg_no.startswith(_COMPANY) and dwelling_at(entry.address):
                who = entry.name.partition(" 외 ")[0], entry.reg_no[:8]
                found.setdefault(who, set()).add((entry.date, entry.address))
    return [Owner(*who, _homes(entries)) for who, entries in sorted(found.items())]


def _homes(entries: set[tuple[str, str]]) -> tuple[tuple[date, Dwelling], ...]:
    homes = []
    for day, address in sorted(entries):
        dwelling = dwelling_at(address)
        if dwelling is not None:
            homes.append((date.fromisoformat(day), dwelling))
    return tuple(homes)
