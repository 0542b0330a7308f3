"""What the synthetic town's offices hold in item form: invented throughout, consistent with its people and its land."""

from collections.abc import Iterable, Iterator

from central.registers.hours import (
    FARMLAND_REGISTER,
    LOCAL_TAX_REGISTER,
    MACHINERY_REGISTER,
    MILITARY_REGISTER,
    VEHICLE_REGISTER,
    WELFARE_REGISTER,
)
from central.registers.parcel import Parcel
from central.registers.records import farmland, garage, local_tax, machinery, military, vehicles, welfare
from central.registers.records.record import Record
from central.registers.residents.record import Population

REGISTERS = (
    WELFARE_REGISTER,
    LOCAL_TAX_REGISTER,
    MILITARY_REGISTER,
    FARMLAND_REGISTER,
    VEHICLE_REGISTER,
    MACHINERY_REGISTER,
)


def records(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Record]:
    """Every record of every register, the same for the same seed."""
    land = tuple(parcels)
    yield from welfare.records(seed, people)
    cars = tuple(garage.cars(seed, people))
    yield from local_tax.records(seed, people, land, cars)
    yield from vehicles.records(seed, people, cars)
    yield from machinery.records(seed, people)
    yield from military.records(seed, people)
    yield from farmland.records(seed, people, land)
