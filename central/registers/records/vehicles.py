"""The vehicle register (자동차등록원부, 자동차관리법 제7조): a record for each car of the town's people."""

import random
from collections.abc import Iterable, Iterator
from typing import Final

from central.registers.records.garage import KNOWN, Car
from central.registers.records.record import Record
from central.registers.records.vehicle_entries import Chances, inspected_until, parts
from central.registers.residents.record import Population

VEHICLE: Final = "vehicle"
_SEIZED, _PLEDGED = 0.08, 0.15


def records(seed: int, people: Population, cars: Iterable[Car]) -> Iterator[Record]:
    """Every car's record, its owner's, by its plate."""
    numbers = {card.person: card.number for card in people.cards}
    for car in cars:
        certain = numbers.get(car.held.owner.id, "") in KNOWN
        rng = random.Random(f"{seed}:vehicle:{car.plate}")
        yield Record(VEHICLE, _items(rng, car, certain), car.plate, car.held.owner.id)


def _items(rng: random.Random, car: Car, certain: bool) -> dict[str, object]:
    """`certain`: it is pledged, or was."""
    make, held = car.make, car.held
    chances = Chances(_SEIZED, 1.0 if certain else _PLEDGED, (make.price * 2 // 10, make.price * 7 // 10))
    return {
        "plate": car.plate,
        "model": make.name,
        "kind": make.kind,
        "use": "자가용",
        "vin": car.vin,
        "spec": car.spec,
        "engine": make.engine,
        "year": f"{car.made.year}년",
        "color": car.color,
        "made": car.made.isoformat(),
        "first": held.first.isoformat(),
        "inspected_until": inspected_until(held.first, (4, 2) if make.cc else (2, 1)),
        **parts(rng, held, car.home, chances),
    }
