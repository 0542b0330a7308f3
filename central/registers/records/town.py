"""What the synthetic town's offices hold in item form: invented throughout, consistent with its people and its land."""

from collections.abc import Iterable, Iterator

from central.registers.buildings import town as buildings
from central.registers.hours import (
    BUILDING_REGISTER,
    FARMLAND_REGISTER,
    LOCAL_TAX_REGISTER,
    MILITARY_REGISTER,
    REAL_ESTATE_REGISTRY,
    WELFARE_REGISTER,
)
from central.registers.parcel import Parcel
from central.registers.records import farmland, local_tax, military, welfare
from central.registers.records.record import Record
from central.registers.residents.record import Population

REGISTERS = (
    WELFARE_REGISTER,
    LOCAL_TAX_REGISTER,
    MILITARY_REGISTER,
    FARMLAND_REGISTER,
    BUILDING_REGISTER,
    REAL_ESTATE_REGISTRY,
)


def records(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Record]:
    """Every record of every register, the same for the same seed."""
    land = tuple(parcels)
    yield from welfare.records(seed, people)
    yield from local_tax.records(seed, people, land)
    yield from military.records(seed, people)
    yield from farmland.records(seed, people, land)
    yield from buildings.records(seed, people, land)
