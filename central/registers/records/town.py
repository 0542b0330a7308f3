"""What the synthetic town's offices hold in item form: invented throughout, consistent with its people and its land."""

from collections.abc import Iterable, Iterator

from central.registers.buildings import town as buildings
from central.registers.hours import (
    BUILDING_REGISTER,
    FACTORY_REGISTER,
    FAMILY_REGISTER,
    FARMLAND_REGISTER,
    LOCAL_TAX_REGISTER,
    MACHINERY_REGISTER,
    MILITARY_REGISTER,
    NATIONAL_TAX_REGISTER,
    REAL_ESTATE_REGISTRY,
    VEHICLE_REGISTER,
    WELFARE_REGISTER,
)
from central.registers.parcel import Parcel
from central.registers.records import (
    disability,
    factory,
    family_relation,
    farmland,
    garage,
    local_tax,
    machinery,
    merit,
    military,
    national_tax,
    single_parent,
    unpaid,
    vehicles,
    welfare,
)
from central.registers.records.businesses import businesses
from central.registers.records.record import Record
from central.registers.residents.record import Population

REGISTERS = (
    WELFARE_REGISTER,
    LOCAL_TAX_REGISTER,
    MILITARY_REGISTER,
    FARMLAND_REGISTER,
    FAMILY_REGISTER,
    NATIONAL_TAX_REGISTER,
    FACTORY_REGISTER,
    BUILDING_REGISTER,
    REAL_ESTATE_REGISTRY,
    VEHICLE_REGISTER,
    MACHINERY_REGISTER,
)


def records(seed: int, people: Population, parcels: Iterable[Parcel]) -> Iterator[Record]:
    """Every record of every register, the same for the same seed."""
    land = tuple(parcels)
    yield from welfare.records(seed, people)
    yield from disability.records(seed, people)
    yield from single_parent.records(seed, people)
    yield from merit.records(seed, people)
    cars = tuple(garage.cars(seed, people))
    assessed = list(local_tax.records(seed, people, land, cars))
    yield from assessed
    yield from unpaid.clearances(people, assessed)
    yield from vehicles.records(seed, people, cars)
    yield from machinery.records(seed, people)
    yield from military.records(seed, people)
    yield from farmland.records(seed, people, land)
    yield from family_relation.records(seed, people)
    owned = businesses(seed, people, land)
    yield from national_tax.records(seed, people, owned)
    yield from factory.records(seed, people, land, owned)
    yield from buildings.records(seed, people, land)
