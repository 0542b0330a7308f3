"""The records of the town's buildings, of all three registers: invented throughout, and of one town."""

from collections.abc import Iterable, Iterator

from central.registers.buildings import deeds, ledger, site_rights
from central.registers.buildings.sites import sites
from central.registers.parcel import Parcel
from central.registers.records.record import Record
from central.registers.residents.record import Population


def records(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Record]:
    """Lot by lot: the building register's sheets, the site rights, the registry's deeds."""
    for site in sites(seed, people, parcels):
        yield from ledger.records(site)
        yield from site_rights.records(site)
        yield from deeds.records(seed, site)
