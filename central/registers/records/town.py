"""What the synthetic town's offices hold in item form: invented throughout, and consistent with its people."""

from collections.abc import Iterator

from central.registers.hours import WELFARE_REGISTER
from central.registers.records import welfare
from central.registers.records.record import Record
from central.registers.residents.record import Population

REGISTERS = (WELFARE_REGISTER,)


def records(seed: int, people: Population) -> Iterator[Record]:
    """Every record of every register, the same for the same seed."""
    yield from welfare.records(seed, people)
