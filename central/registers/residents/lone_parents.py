"""Parents who raise their children alone, besides the families that the town's lives bring about (residents/town.py).

There nobody dies before the children are grown, and nobody parts. They have a register of their own while it is
written, so that all the others' lives stay what they are.
"""

import random
from datetime import date, timedelta

from central.registers.residents.life import Register
from central.registers.residents.living import Living, after
from central.registers.residents.names import draw_name, draw_surname
from central.registers.residents.number import Numbers
from central.registers.residents.record import Household, Person

FIRST_ID = 90_001  # beyond all others
_FAMILIES = 12
_LAST_BIRTH = date(2024, 12, 31)


def lone_parents(
    seed: int, numbers: Numbers, last_day: date
) -> tuple[tuple[Person, ...], tuple[Household, ...]]:
    """Them, their children and the spouses they have lost, with their households."""
    rng = random.Random(f"{seed}:lone-parents")
    register = Register(rng, numbers, FIRST_ID, last_day, restless=False)
    for _ in range(_FAMILIES):
        _family(rng, register)
    return register.written()


def _family(rng: random.Random, register: Register) -> None:
    female = rng.random() < 0.75
    born = date(1980, 1, 1) + timedelta(days=rng.randrange(22 * 365))
    parent = register.person(draw_name(rng, draw_surname(rng)), born, female=female)
    register.enter(parent, after(born, rng.uniform(19.2, 21)))
    first = after(born, rng.uniform(21.5, 23))
    lost = _spouse(rng, register, parent, first) if rng.random() < 0.4 or not female else None
    last = first
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        if last < _LAST_BIRTH:
            _child(rng, register, parent, lost, last)
        last = after(last, rng.uniform(1.5, 4))
    if lost is not None:
        register.die(lost, min(last, register.end - timedelta(days=200)))


def _spouse(rng: random.Random, register: Register, parent: Living, wedding: date) -> Living:
    born = after(parent.born, rng.uniform(-2, 1.5))
    other = register.person(draw_name(rng, draw_surname(rng)), born, female=not parent.female)
    register.enter(other, wedding - timedelta(days=200))
    register.marry(parent, other, wedding - timedelta(days=30))
    return other


def _child(rng: random.Random, register: Register, parent: Living, lost: Living | None, day: date) -> None:
    """Of an unmarried mother's child the register names no father."""
    mother, father = (parent, lost) if parent.female else (lost, parent)
    name = draw_name(rng, (father or parent).name[0])
    child = register.person(name, day, female=rng.random() < 0.5, parents=(father, mother))
    assert parent.home is not None
    register.born(child, parent.home, day)
